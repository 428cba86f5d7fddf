package io.github.fovea.cli;

import io.github.fovea.onnx.OnnxModels;
import picocli.CommandLine.Option;

/// The option of every command that takes the network of an ONNX file for one that enlarges pictures.
final class RangeOption {
    @Option(names = "--range", paramLabel = "MAX",
            description = "Samples that the network of an ONNX file takes: 1 (from 0 to 1) or 255 (default: found from "
                    + "the network).")
    private Integer range;

    /// {@return the largest sample of the network in an ONNX file: 1, 255, or [OnnxModels#INFERRED]}
    ///
    /// @throws IllegalArgumentException if it is anything else
    int maximum() {
        if (range != null && range != 1 && range != 255) {
            throw new IllegalArgumentException("--range " + range + ", wanted 1 or 255");
        }
        return range == null ? OnnxModels.INFERRED : range;
    }
}
