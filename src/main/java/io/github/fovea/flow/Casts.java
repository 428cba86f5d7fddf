package io.github.fovea.flow;

/// `Cast`: numbers of one ONNX element type as another. Tensors here are float, integer or truth values only, so a cast
/// to a narrower type rounds or wraps as that type would and keeps the result in the wide one. What a graph computes
/// between two casts is not rounded: arithmetic that a file declares in half precision runs in float.
final class Casts {
    private Casts() {}

    /// {@return the type that a node casts to}
    static DataType target(FlowNode node) {
        long to = new Attributes(node).integer("to", 0);
        DataType type = DataType.of(to);
        if (type == null) {
            throw new IllegalArgumentException("casts to element type " + to
                    + ", wanted a float, an integer or a truth value");
        }
        return type;
    }

    static Kernel kernel(FlowNode node) {
        DataType to = target(node);
        return (in, out) -> run(in[0], out[0], to);
    }

    /// Casts every element.
    static void run(Tensor in, Tensor out, DataType to) {
        int n = out.elements();
        for (int i = 0; i < n; i++) {
            if (out.isFloat()) {
                out.floats[out.from + i] = rounded(in.isFloat() ? in.floats[in.from + i] : in.at(i), to);
            } else if (to == DataType.BOOL) {
                out.longs[out.from + i] = (in.isFloat() ? in.floats[in.from + i] != 0 : in.at(i) != 0) ? 1 : 0;
            } else {
                out.longs[out.from + i] = wrapped(in.isFloat() ? whole(in.floats[in.from + i], to) : in.at(i), to);
            }
        }
    }

    private static float rounded(float x, DataType to) {
        return switch (to) {
            case FLOAT16 -> Float.float16ToFloat(Float.floatToFloat16(x));
            case BFLOAT16 -> Float.isNaN(x) ? x : brain(Float.floatToRawIntBits(x));
            default -> x;
        };
    }

    /// The nearest float of which only the upper half of the bits is set, ties to even.
    private static float brain(int bits) {
        return Float.intBitsToFloat(bits + 0x7fff + (bits >>> 16 & 1) & 0xffff_0000);
    }

    /// Truncates. ONNX leaves open what numbers beyond the type become: as ONNX Runtime has it on x86, its
    /// instructions' answer for "no such integer", the least one, where the type has 32 or 64 signed bits or is
    /// narrower.
    private static long whole(float x, DataType to) {
        return switch (to) {
            case UINT32, UINT64 -> (long) x;
            case INT64 -> x >= -0x1p63f && x < 0x1p63f ? (long) x : Long.MIN_VALUE;
            default -> x >= -0x1p31f && x < 0x1p31f ? (long) x : Integer.MIN_VALUE;
        };
    }

    private static long wrapped(long value, DataType to) {
        return switch (to) {
            case UINT8 -> value & 0xff;
            case INT8 -> (byte) value;
            case UINT16 -> value & 0xffff;
            case INT16 -> (short) value;
            case INT32 -> (int) value;
            case UINT32 -> value & 0xffff_ffffL;
            default -> value;
        };
    }
}
