package io.github.fovea.onnx;

import io.github.fovea.error.MalformedFileException;
import io.github.fovea.flow.Constant;
import io.github.fovea.flow.ElementType;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// A tensor of a file. Its head is read first; memory for the numbers is taken once the shape, the type and the bytes
/// that are there agree.
///
/// @param name  its name; may be empty
/// @param value its value
record TensorMessage(String name, Constant value) {
    /// Most elements of a tensor.
    static final int MAX_ELEMENTS = 1 << 28;
    /// Longest name of anything, in bytes.
    static final int MAX_NAME_BYTES = 4096;

    private static final int DIMS = 1;
    private static final int DATA_TYPE = 2;
    private static final int SEGMENT = 3;
    private static final int NAME = 8;
    private static final int RAW_DATA = 9;
    private static final int EXTERNAL_DATA = 13;
    private static final int DATA_LOCATION = 14;
    private static final int[] TYPED_FIELDS = {4, 5, 6, 7, 10, 11};

    /// {@return the tensor of a message}
    ///
    /// @param reader stands before the message's first field
    static TensorMessage read(ProtoReader reader) throws MalformedFileException {
        int[] dims = new int[Constant.MAX_RANK];
        int[] rank = new int[1];
        long code = 0;
        String name = "";
        ProtoReader.Range raw = null;
        int[] counts = new int[RAW_DATA + 3];
        boolean external = false;
        while (reader.next()) {
            switch (reader.field()) {
                case DIMS -> reader.repeated(0, "an extent", extent -> addDim(reader, dims, rank, extent));
                case DATA_TYPE -> code = reader.integer("the type of a tensor");
                case SEGMENT -> throw reader.malformed(reader.offset(),
                        "a tensor in segments, which no program writes; export the model again");
                case NAME -> name = reader.text("the name of a tensor", MAX_NAME_BYTES);
                case RAW_DATA -> raw = reader.bytes("the numbers of a tensor");
                case EXTERNAL_DATA -> {
                    external = true;
                    reader.skip();
                }
                case DATA_LOCATION -> external |= reader.integer("data_location") != 0;
                default -> {
                    int field = reader.field();
                    if (Arrays.stream(TYPED_FIELDS).anyMatch(typed -> typed == field)) {
                        counts[field] += reader.count(field == 4 ? 4 : field == 10 ? 8 : 0, "the numbers of a tensor");
                    } else {
                        reader.skip();
                    }
                }
            }
        }
        String what = "tensor " + ProtoReader.quoted(name);
        int at = reader.range().begin();
        if (external) {
            throw reader.malformed(at, what
                    + " keeps its numbers in another file; save the model in one file (onnx.save with "
                    + "save_as_external_data=False)");
        }
        TensorType type = TensorType.of(code);
        if (type == null) {
            throw reader.malformed(at, what + " is of type " + TensorType.name(code)
                    + ", wanted FLOAT, FLOAT16, BFLOAT16, DOUBLE, BOOL or an integer type of 8 to 64 bits");
        }
        int[] shape = Arrays.copyOf(dims, rank[0]);
        int elements = elements(reader, what, shape);
        long held = raw != null ? raw.length() / type.rawBytes() : counts[type.typedField()];
        if (held != elements || raw != null && raw.length() % type.rawBytes() != 0) {
            throw reader.malformed(raw != null ? raw.begin() : at, what + " of shape " + Arrays.toString(shape)
                    + " and type " + type + " needs " + elements + " elements, the file holds "
                    + (raw != null ? raw.length() + " bytes" : held + " elements")
                    + "; the file is damaged, copy it again");
        }
        return new TensorMessage(name, raw != null ? fromRaw(reader, type, shape, elements, raw)
                : fromTyped(reader, type, shape, elements));
    }

    private static void addDim(ProtoReader reader, int[] dims, int[] rank, long extent) throws MalformedFileException {
        if (rank[0] == Constant.MAX_RANK) {
            throw reader.malformed(reader.offset(), "a tensor of more than " + Constant.MAX_RANK + " extents");
        }
        if (extent < 0 || extent > MAX_ELEMENTS) {
            throw reader.malformed(reader.offset(), "a tensor's extent is " + extent + ", wanted 0 to " + MAX_ELEMENTS);
        }
        dims[rank[0]++] = (int) extent;
    }

    private static int elements(ProtoReader reader, String what, int[] shape) throws MalformedFileException {
        long elements = 1;
        boolean empty = Arrays.stream(shape).anyMatch(extent -> extent == 0);
        for (int extent : shape) {
            elements *= extent; // both factors are at most 2^28
            if (elements > MAX_ELEMENTS && !empty) {
                throw reader.malformed(reader.range().begin(), what + " of shape " + Arrays.toString(shape)
                        + " has more than " + MAX_ELEMENTS + " elements");
            }
            elements = Math.min(elements, MAX_ELEMENTS);
        }
        return empty ? 0 : (int) elements;
    }

    private static Constant fromRaw(ProtoReader reader, TensorType type, int[] shape, int elements,
            ProtoReader.Range raw) {
        ByteBuffer buffer = reader.buffer(raw);
        Numbers numbers = new Numbers(type, elements);
        for (int i = 0; i < elements; i++) {
            numbers.take(switch (type.rawBytes()) {
                case 1 -> buffer.get();
                case 2 -> buffer.getShort();
                case 4 -> buffer.getInt();
                default -> buffer.getLong();
            });
        }
        return numbers.constant(shape);
    }

    /// Reads the message a second time, now that there is memory for the numbers.
    private static Constant fromTyped(ProtoReader reader, TensorType type, int[] shape, int elements)
            throws MalformedFileException {
        Numbers numbers = new Numbers(type, elements);
        ProtoReader again = reader.inside(reader.range());
        while (again.next()) {
            if (again.field() == type.typedField()) {
                again.repeated(type.typedBytes(), "the numbers of a tensor", numbers::take);
            } else {
                again.skip();
            }
        }
        return numbers.constant(shape);
    }

    /// Numbers on their way into an array.
    private static final class Numbers {
        private final TensorType type;
        private final float[] floats;
        private final long[] longs;
        private int next;

        Numbers(TensorType type, int elements) {
            this.type = type;
            floats = type.elements() == ElementType.FLOAT ? new float[elements] : null;
            longs = type.elements() == ElementType.FLOAT ? null : new long[elements];
        }

        void take(long bits) {
            if (floats != null) {
                floats[next++] = type.real(bits);
            } else {
                longs[next++] = type.integer(bits);
            }
        }

        Constant constant(int[] shape) {
            return new Constant(type.elements(), shape, floats, longs);
        }
    }
}
