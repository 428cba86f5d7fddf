package io.github.fovea.cli;

import io.github.fovea.media.AtomicOutput;
import io.github.fovea.model.ModelFile;
import io.github.fovea.model.StoredModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// Means that `evaluate --record` writes into the file of the model that was measured.
///
/// @param file  the model file
/// @param set   name of the pictures, like `Set5`
/// @param scale the factor
record RecordedFigures(Path file, String set, int scale) {
    /// Checks before anything is measured that the figures can be written.
    ///
    /// @param model the `--model` that was given
    /// @param input what is measured
    /// @param scale the factor
    /// @throws IllegalArgumentException if the model is no `.fovea` file, a meta-graph or one of several paths
    /// @throws IOException              if the file cannot be read or written
    static RecordedFigures of(String model, Path input, int scale) throws IOException {
        Path file = Path.of(model);
        if (!model.endsWith(ModelFile.ENDING) || !Files.isRegularFile(file)) {
            throw new IllegalArgumentException("--record with --model " + model
                    + ", wanted a .fovea file to write the figures into");
        }
        if (ModelFile.readMeta(file).isPresent()) {
            throw new IllegalArgumentException("--record with " + file
                    + ": a search has measured its operating points; leave --record out");
        }
        if (ModelFile.readDynamic(file).paths().size() > 1) {
            throw new IllegalArgumentException("--record with " + file
                    + ": it has several paths, and figures are those of one network");
        }
        AtomicOutput.check(file, true);
        String name = input.toAbsolutePath().normalize().getFileName().toString();
        int dot = name.lastIndexOf('.');
        return new RecordedFigures(file, dot > 0 && Files.isRegularFile(input) ? name.substring(0, dot) : name, scale);
    }

    /// Writes the means of a network.
    ///
    /// @param psnr mean Y-PSNR in dB
    /// @param ssim mean SSIM of luma
    /// @throws IOException if the file cannot be read or written; it is then as it was
    void write(double psnr, double ssim) throws IOException {
        StoredModel model = ModelFile.read(file);
        Map<String, String> figures = new LinkedHashMap<>(model.figures());
        figures.put(measure("PSNR"), String.format(Locale.ROOT, "%.2f", psnr));
        figures.put(measure("SSIM"), String.format(Locale.ROOT, "%.4f", ssim));
        AtomicOutput.write(file, true, temporary -> ModelFile.write(model.withFigures(figures), temporary));
    }

    private String measure(String metric) {
        return set + " Y-" + metric + " x" + scale;
    }
}
