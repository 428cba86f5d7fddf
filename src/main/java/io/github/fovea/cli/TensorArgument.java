package io.github.fovea.cli;

import io.github.fovea.error.MalformedFileException;
import io.github.fovea.flow.Constant;
import io.github.fovea.flow.ElementType;
import io.github.fovea.tensor.TensorView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A tensor that the command line names: `--input [NAME=]FILE --shape [NAME=]1x3x48x60[:int64]`.
///
/// @param name  the input of the network; empty where it is not named
/// @param file  holds the numbers, raw and little-endian
/// @param shape extents, outermost first
/// @param type  what the numbers are: 32-bit floats, 64-bit integers, or truth values of one byte
record TensorArgument(String name, Path file, int[] shape, ElementType type) {
    /// {@return the tensors of a command line}
    ///
    /// @param inputs what the options `--input` say
    /// @param shapes what the options `--shape` say
    /// @throws IllegalArgumentException if they do not fit together
    static List<TensorArgument> of(List<String> inputs, List<String> shapes) {
        Map<String, String> files = named(inputs, "--input");
        Map<String, String> forms = named(shapes, "--shape");
        List<TensorArgument> arguments = new ArrayList<>();
        for (Map.Entry<String, String> input : files.entrySet()) {
            String form = forms.remove(input.getKey());
            if (form == null) {
                throw new IllegalArgumentException("--input " + input.getKey() + (input.getKey().isEmpty() ? "" : "=")
                        + input.getValue() + " has no --shape" + (input.getKey().isEmpty() ? "" : " " + input.getKey()
                        + "=..."));
            }
            int colon = form.indexOf(':');
            String type = colon < 0 ? "float32" : form.substring(colon + 1).toLowerCase(Locale.ROOT);
            arguments.add(new TensorArgument(input.getKey(), Path.of(input.getValue()),
                    extents(colon < 0 ? form : form.substring(0, colon)), switch (type) {
                        case "float32" -> ElementType.FLOAT;
                        case "int64" -> ElementType.LONG;
                        case "bool" -> ElementType.BOOLEAN;
                        default -> throw new IllegalArgumentException("--shape " + form + ": elements of type " + type
                                + ", wanted float32, int64 or bool");
                    }));
        }
        if (!forms.isEmpty()) {
            throw new IllegalArgumentException("--shape " + forms.keySet().iterator().next()
                    + " has no --input of that name");
        }
        return arguments;
    }

    private static Map<String, String> named(List<String> options, String option) {
        Map<String, String> named = new LinkedHashMap<>();
        for (String text : options) {
            int equals = text.indexOf('=');
            String name = equals < 0 ? "" : text.substring(0, equals);
            if (named.put(name, text.substring(equals + 1)) != null) {
                throw new IllegalArgumentException(option + " " + text
                        + ": a second one of that name; name several inputs as " + option + " NAME=...");
            }
        }
        return named;
    }

    private static int[] extents(String text) {
        if (text.isEmpty()) {
            return new int[0];
        }
        try {
            int[] extents = Arrays.stream(text.split("x", -1)).mapToInt(Integer::parseInt).toArray();
            long elements = 1;
            for (int extent : extents) {
                elements = extent < 0 || elements > Integer.MAX_VALUE ? Long.MAX_VALUE : elements * extent;
            }
            if (elements > TensorView.MAX_ELEMENTS) {
                throw new IllegalArgumentException("--shape " + text + ": extents start at 0, and a tensor has at most "
                        + TensorView.MAX_ELEMENTS + " elements");
            }
            return extents;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--shape " + text + ", wanted extents like 1x3x48x60", e);
        }
    }

    /// {@return the number of elements}
    int elements() {
        return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }

    private ByteBuffer bytes(int elementBytes) throws IOException {
        long wanted = (long) elements() * elementBytes;
        long held = Files.size(file);
        if (held != wanted || wanted > TensorView.MAX_ELEMENTS) {
            throw new MalformedFileException(file.toString(), -1, held + " bytes, a tensor of shape " + text(shape)
                    + " has "
                    + wanted + " (raw, little-endian, " + elementBytes + " bytes an element); give its --shape");
        }
        return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    }

    /// {@return the tensor that the file holds}
    ///
    /// @throws MalformedFileException if the file's size is not that of the shape
    /// @throws IOException            if it cannot be read
    Constant constant() throws IOException {
        return switch (type) {
            case FLOAT -> {
                ByteBuffer bytes = bytes(Float.BYTES);
                float[] floats = new float[elements()];
                bytes.asFloatBuffer().get(floats);
                yield Constant.of(shape, floats);
            }
            case LONG -> {
                ByteBuffer bytes = bytes(Long.BYTES);
                long[] longs = new long[elements()];
                bytes.asLongBuffer().get(longs);
                yield Constant.of(shape, longs);
            }
            case BOOLEAN -> {
                ByteBuffer bytes = bytes(1);
                long[] longs = new long[elements()];
                for (int i = 0; i < longs.length; i++) {
                    longs[i] = bytes.get() != 0 ? 1 : 0;
                }
                yield new Constant(type, shape, null, longs);
            }
        };
    }

    /// {@return extents as the command line writes them, like `1x3x96x120`}
    ///
    /// @param shape extents, outermost first
    static String text(int[] shape) {
        return String.join("x", Arrays.stream(shape).mapToObj(Integer::toString).toList());
    }
}
