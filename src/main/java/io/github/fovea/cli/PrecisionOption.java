package io.github.fovea.cli;

import io.github.fovea.model.Precision;
import picocli.CommandLine.Option;

/// How exactly a command that makes a model keeps its weights.
final class PrecisionOption {
    @Option(names = "--precision", paramLabel = "NAME",
            description = "How exactly weights are kept: f32, f16, or i8, which takes a quarter of the bytes of f32 "
                    + "(default: of convert f32, of overfit f16). What is measured is measured as it is kept.")
    private Precision precision;

    /// {@return the precision asked for}
    ///
    /// @param usual the precision where none is asked for
    Precision or(Precision usual) {
        return precision == null ? usual : precision;
    }
}
