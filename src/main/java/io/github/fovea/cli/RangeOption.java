package io.github.fovea.cli;

import io.github.fovea.onnx.OnnxModels;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/// The option of every command that takes the network of an ONNX file for one that enlarges pictures.
final class RangeOption {
    @Option(names = "--range", paramLabel = "MAX",
            description = "Samples that the network of an ONNX file takes: 1 (from 0 to 1) or 255 (default: found from "
                    + "the network).")
    private Integer range;

    /// {@return the largest sample of the network in an ONNX file: 1, 255, or [OnnxModels#INFERRED]}
    ///
    /// @param models the models that the command names, bundled ones or files
    /// @throws IllegalArgumentException if it is anything else, or none of the models is an ONNX file
    int maximum(List<String> models) {
        if (range == null) {
            return OnnxModels.INFERRED;
        }
        if (range != 1 && range != 255) {
            throw new IllegalArgumentException("--range " + range + ", wanted 1 or 255");
        }
        if (models.stream().noneMatch(model -> OnnxModels.named(Path.of(model)))) {
            throw new IllegalArgumentException("--range is for networks of ONNX files, "
                    + (models.isEmpty() ? "and --model names none" : "which " + String.join(", ", models)
                    + (models.size() == 1 ? " is not" : " are not")) + "; leave it out");
        }
        return range;
    }
}
