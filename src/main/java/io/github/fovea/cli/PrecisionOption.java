package io.github.fovea.cli;

import io.github.fovea.model.Precision;
import java.util.Locale;
import picocli.CommandLine.Option;

/// How exactly a command that makes a model keeps its weights.
final class PrecisionOption {
    @Option(names = "--precision", paramLabel = "NAME",
            description = "How exactly weights are kept: f32, f16, or i8, which takes three tenths of the bytes of f32 "
                    + "(default: f32, of overfit f16). What is measured is measured as it is kept.")
    private Precision precision;

    /// {@return the option as it was given, with a space before it; empty where it was not}
    String words() {
        return precision == null ? "" : " --precision " + precision.name().toLowerCase(Locale.ROOT);
    }

    /// {@return the precision asked for}
    ///
    /// @param usual the precision where none is asked for
    Precision or(Precision usual) {
        return precision == null ? usual : precision;
    }
}
