package io.github.fovea.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads a number of bytes: `800M`, `1.5G`, `262144`.
final class SizeConverter implements ITypeConverter<Long> {
    private static final Pattern SIZE = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*([KMGT]?)(?:i?B)?",
            Pattern.CASE_INSENSITIVE);

    @Override
    public Long convert(String text) {
        Matcher match = SIZE.matcher(text.strip());
        if (!match.matches()) {
            throw new TypeConversionException("'" + text
                    + "' is no size; wanted a number of bytes such as 800M or 1.5G");
        }
        int power = match.group(2).isEmpty() ? 0 : " KMGT".indexOf(Character.toUpperCase(match.group(2).charAt(0)));
        double bytes = Double.parseDouble(match.group(1)) * Math.pow(1024, power);
        if (bytes < 1 || bytes > Long.MAX_VALUE / 4.0) {
            throw new TypeConversionException("'" + text + "' is out of range; wanted 1 byte to an exabyte");
        }
        return (long) bytes;
    }
}
