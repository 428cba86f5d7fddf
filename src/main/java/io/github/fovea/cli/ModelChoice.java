package io.github.fovea.cli;

import io.github.fovea.model.DynamicModel;
import io.github.fovea.model.ModelFile;
import io.github.fovea.model.Models;
import io.github.fovea.model.StoredModel;
import io.github.fovea.onnx.OnnxModels;
import io.github.fovea.pipeline.PictureNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// What `--model` names: a bundled model, a file, or plain bicubic.
final class ModelChoice {
    /// The name of no network at all.
    static final String BICUBIC = "bicubic";

    private ModelChoice() {}

    /// {@return the network of the planned engine asked for, of a model of several paths the deepest; empty for plain
    /// bicubic}
    ///
    /// @param name   a bundled model's name, a file, or `bicubic`; `null` to choose by the factor
    /// @param factor the larger of the factors along both axes
    /// @throws IOException if the file cannot be read or is malformed
    static Optional<StoredModel> open(String name, double factor) throws IOException {
        return open(name, factor, OnnxModels.INFERRED);
    }

    /// {@return the network of the planned engine asked for, of a model of several paths the deepest; empty for plain
    /// bicubic}
    ///
    /// @param name    a bundled model's name, a file, or `bicubic`; `null` to choose by the factor
    /// @param factor  the larger of the factors along both axes
    /// @param maximum largest sample of the network in an ONNX file: 1, 255, or [OnnxModels#INFERRED]
    /// @throws IOException if the file cannot be read or is malformed
    static Optional<StoredModel> open(String name, double factor, int maximum) throws IOException {
        if (name == null) {
            return factor <= 1 ? Optional.empty() : Optional.of(Models.open(general(factor)));
        }
        if (name.equals(BICUBIC)) {
            return Optional.empty();
        }
        if (Models.names().contains(name)) {
            return Optional.of(Models.open(name));
        }
        Path file = Path.of(name);
        if (!isFile(file)) {
            throw new IllegalArgumentException("\"" + name
                    + "\" is neither a model file nor a bundled model; the bundled ones are "
                    + String.join(", ", Models.names()) + " and " + BICUBIC);
        }
        return Optional.of(OnnxModels.named(file) ? OnnxModels.read(file, maximum)
                : deepest(ModelFile.readDynamic(file)));
    }

    /// {@return whether there is something that may hold a model: a file, or a pipe}
    ///
    /// @param file what a user named
    static boolean isFile(Path file) {
        return Files.exists(file) && !Files.isDirectory(file);
    }

    /// {@return the network asked for, whichever engine runs it, of a model of several paths the deepest; empty for
    /// plain bicubic}
    ///
    /// @param name    a bundled model's name, a file, or `bicubic`; `null` to choose by the factor
    /// @param factor  the larger of the factors along both axes
    /// @param maximum largest sample of the network in an ONNX file: 1, 255, or [OnnxModels#INFERRED]
    /// @throws IOException if the file cannot be read or is malformed
    static Optional<PictureNetwork> network(String name, double factor, int maximum) throws IOException {
        return name != null && OnnxModels.named(Path.of(name)) && Files.exists(Path.of(name))
                ? Optional.of(PictureNetwork.read(Path.of(name), maximum))
                : open(name, factor, maximum).map(PictureNetwork.Planned::new);
    }

    /// {@return the deepest path of a model: what does where nothing is routed}
    private static StoredModel deepest(DynamicModel model) {
        return model.path(model.paths().size());
    }

    /// {@return the model asked for with all its paths; empty for plain bicubic and for ONNX files, which have one}
    ///
    /// @param name a bundled model's name, a file, or `bicubic`
    /// @throws IOException if the file cannot be read or is malformed
    static Optional<DynamicModel> dynamic(String name) throws IOException {
        if (name.equals(BICUBIC)) {
            return Optional.empty();
        }
        if (Models.names().contains(name)) {
            return Optional.of(DynamicModel.of(Models.open(name)));
        }
        Path file = Path.of(name);
        return isFile(file) && !OnnxModels.named(file) ? Optional.of(ModelFile.readDynamic(file)) : Optional.empty();
    }

    /// {@return the name of the smallest general model that reaches a factor, or of the largest there is}
    ///
    /// @param factor the larger of the factors along both axes
    static String general(double factor) {
        String best = null;
        for (int scale = 2; scale <= 4; scale++) {
            String name = "general-x" + scale;
            if (Models.names().contains(name)) {
                best = name;
                if (scale >= factor - 1e-9) {
                    break;
                }
            }
        }
        if (best == null) {
            throw new IllegalArgumentException("this build has no bundled models; give --model FILE or --model "
                    + BICUBIC);
        }
        return best;
    }
}
