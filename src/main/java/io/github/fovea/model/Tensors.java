package io.github.fovea.model;

import io.github.fovea.error.MalformedFileException;
import io.github.fovea.json.JsonTree;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The tensor entries of a safetensors header, checked against the file and against the shapes that are wanted, before
/// any of the data is read.
///
/// @param entries  the entries by name
/// @param dataSize bytes of all tensors together
record Tensors(Map<String, Entry> entries, int dataSize) {
    /// How numbers are stored.
    enum Type {
        F32(4), F16(2), I32(4);

        final int bytes;

        Type(int bytes) {
            this.bytes = bytes;
        }
    }

    /// One tensor.
    ///
    /// @param name  its name
    /// @param type  how its numbers are stored
    /// @param begin offset of its first byte in the data
    /// @param end   offset after its last byte
    record Entry(String name, Type type, long begin, long end) {}

    /// Reads and checks the entries.
    ///
    /// @param header    the whole header
    /// @param wanted    the shape of each parameter that is wanted
    /// @param dataBytes bytes that follow the header, or -1 if unknown
    /// @param dataStart byte offset of the data in the file
    /// @param where     what to call the file in errors
    static Tensors read(Map<String, Object> header, Map<String, int[]> wanted, long dataBytes, long dataStart,
            String where)
            throws MalformedFileException {
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (Map.Entry<String, Object> field : header.entrySet()) {
            if (!field.getKey().equals(ModelFile.METADATA)) {
                int[] shape = wanted.get(field.getKey());
                if (shape == null) {
                    throw new MalformedFileException(where, -1, "tensor " + JsonTree.printable(field.getKey())
                            + " is no parameter of the graph; export the model again");
                }
                entries.put(field.getKey(), entry(field.getKey(), field.getValue(), shape, where));
            }
        }
        for (String name : wanted.keySet()) {
            if (!entries.containsKey(name)) {
                throw new MalformedFileException(where, -1, "tensor " + JsonTree.printable(name)
                        + ", which the graph names, is missing; export the "
                        + "model again");
            }
        }
        List<Entry> byPlace = new ArrayList<>(entries.values());
        byPlace.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long end = 0;
        String before = "the header";
        for (Entry entry : byPlace) {
            if (entry.begin() != end) {
                throw new MalformedFileException(where, dataStart + Math.min(entry.begin(), end), "tensor "
                        + JsonTree.printable(entry.name())
                        + " begins at " + entry.begin() + " of the data, but " + before + " ends at " + end
                        + ": tensors "
                        + (entry.begin() < end ? "overlap" : "leave a hole") + "; export the model again");
            }
            end = entry.end();
            before = "tensor " + JsonTree.printable(entry.name());
        }
        if (end > ModelFile.MAX_DATA_BYTES) {
            throw new MalformedFileException(where, -1, "tensors take " + end + " bytes, wanted at most "
                    + ModelFile.MAX_DATA_BYTES);
        }
        if (dataBytes >= 0 && dataBytes != end) {
            throw new MalformedFileException(where, dataStart + Math.min(end, dataBytes), "the file holds " + dataBytes
                    + " bytes of tensors, the header describes " + end + (dataBytes < end
                    ? "; the file is truncated, copy it again" : "; more follows than is described"));
        }
        return new Tensors(entries, (int) end);
    }

    private static Entry entry(String name, Object value, int[] wanted, String where) throws MalformedFileException {
        String at = where + ": tensor " + JsonTree.printable(name);
        Map<?, ?> fields = JsonTree.map(value, "it", at);
        boolean whole = name.equals(SegmentTensors.PLACES);
        Type type = switch (JsonTree.string(fields, "dtype", at)) {
            case "F32" -> Type.F32;
            case "F16" -> Type.F16;
            case "I32" -> Type.I32;
            default -> null;
        };
        if (type == null || whole != (type == Type.I32)) {
            throw JsonTree.wrong(at, "dtype", fields.get("dtype"), (whole ? "I32" : "F32 or F16")
                    + "; convert the tensors");
        }
        List<?> extents = JsonTree.list(fields, "shape", at);
        boolean same = extents.size() == wanted.length;
        // The graph has bounded each extent, so this cannot overflow: 4096 x 4096 x 5 x 5.
        long elements = 1;
        for (int i = 0; same && i < wanted.length; i++) {
            same = JsonTree.whole(extents.get(i), "an extent", at) == wanted[i];
            elements *= wanted[i];
        }
        if (!same) {
            List<String> texts = new ArrayList<>();
            for (Object extent : extents.subList(0, Math.min(8, extents.size()))) {
                texts.add(Long.toString(JsonTree.whole(extent, "an extent", at)));
            }
            throw new MalformedFileException(at, -1, "shape is " + texts + (extents.size() > 8 ? " and longer" : "")
                    + ", the graph wants " + Arrays.toString(wanted) + "; export the model again");
        }
        List<?> offsets = JsonTree.list(fields, "data_offsets", at);
        if (offsets.size() != 2) {
            throw JsonTree.wrong(at, "data_offsets", offsets, "two numbers");
        }
        long begin = JsonTree.whole(offsets.get(0), "the begin of data_offsets", at);
        long end = JsonTree.whole(offsets.get(1), "the end of data_offsets", at);
        if (end - begin != elements * type.bytes) {
            throw new MalformedFileException(at, -1, "data_offsets " + begin + " to " + end + " span " + (end - begin)
                    + " bytes, "
                    + elements + " numbers of type " + type + " need " + elements * type.bytes
                    + "; export the model again");
        }
        return new Entry(name, type, begin, end);
    }

    /// {@return the numbers of a tensor}
    ///
    /// @param entry     which tensor
    /// @param data      all data
    /// @param dataStart byte offset of the data in the file
    /// @param where     what to call the file in errors
    static float[] decode(Entry entry, byte[] data, long dataStart, String where) throws MalformedFileException {
        int count = (int) ((entry.end() - entry.begin()) / entry.type().bytes);
        ByteBuffer buffer = bytes(entry, data);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = switch (entry.type()) {
                case F32 -> buffer.getFloat();
                case F16 -> Float.float16ToFloat(buffer.getShort());
                case I32 -> throw new AssertionError("whole numbers are no weights");
            };
            if (!Float.isFinite(values[i])) {
                throw new MalformedFileException(where, dataStart + entry.begin() + (long) i * entry.type().bytes,
                        "tensor " + JsonTree.printable(entry.name()) + " holds " + values[i] + " at index " + i
                        + ", wanted finite numbers; the training went wrong or the file is damaged");
            }
        }
        return values;
    }

    /// {@return the bytes of a tensor}
    ///
    /// @param entry which tensor
    /// @param data  all data
    static ByteBuffer bytes(Entry entry, byte[] data) {
        return ByteBuffer.wrap(data, (int) entry.begin(), (int) (entry.end() - entry.begin()))
                .order(ByteOrder.LITTLE_ENDIAN);
    }
}
