package io.github.fovea.cli;

import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/// Reads what stands behind options, and says what was wanted in a user's words; picocli's own speak of Java's types.
final class OptionConverters {
    private OptionConverters() {}

    /// Gives the converters to a command and those below it.
    ///
    /// @param line the command
    static void register(CommandLine line) {
        line.registerConverter(Integer.class, OptionConverters::integer);
        line.registerConverter(int.class, OptionConverters::integer);
        line.registerConverter(Long.class, OptionConverters::whole);
        line.registerConverter(long.class, OptionConverters::whole);
        line.registerConverter(Double.class, OptionConverters::number);
        line.registerConverter(double.class, OptionConverters::number);
        line.registerConverter(Path.class, OptionConverters::path);
    }

    private static int integer(String text) {
        try {
            return Integer.parseInt(text.strip());
        } catch (NumberFormatException _) {
            throw noWholeNumber(text, Integer.MAX_VALUE);
        }
    }

    private static long whole(String text) {
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException _) {
            throw noWholeNumber(text, Long.MAX_VALUE);
        }
    }

    private static TypeConversionException noWholeNumber(String text, long most) {
        boolean tooLong = text.strip().matches("[+-]?\\d+");
        return new TypeConversionException("'" + text + "', wanted a whole number" + (tooLong ? " up to " + most : ""));
    }

    private static double number(String text) {
        // Java would take numbers of other forms too, such as "2d" and "0x1p3".
        if (!text.strip().matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?")) {
            throw new TypeConversionException("'" + text + "', wanted a number");
        }
        return Double.parseDouble(text.strip());
    }

    private static Path path(String text) {
        if (text.isEmpty()) {
            throw new TypeConversionException("'', wanted the name of a file or folder");
        }
        return Path.of(text);
    }
}
