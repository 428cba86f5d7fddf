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
import java.util.stream.Collectors;

/// The tensor entries of a safetensors header, checked against the file and against the shapes that are wanted, before
/// any of the data is read.
///
/// @param entries  the entries by name, in the order of the checksum: the parameters, segments, [#SCALES]
/// @param dataSize bytes of all tensors together
record Tensors(Map<String, Entry> entries, int dataSize) {
    /// Name of the tensor of the scales of all [Quantised] weights, channel after channel.
    static final String SCALES = "quantised.scales";

    /// {@return whether the format itself uses a name, so that no parameter may have it}
    static boolean reserved(String name) {
        return name.equals(ModelFile.METADATA) || name.equals(SCALES) || SegmentTensors.named(name);
    }

    /// How numbers are stored.
    enum Type {
        F32(4), F16(2), BF16(2), I32(4), I8(1);

        /// Bytes of a number.
        final int bytes;

        Type(int bytes) {
            this.bytes = bytes;
        }
    }

    /// One tensor.
    ///
    /// @param name     its name
    /// @param type     how its numbers are stored
    /// @param channels extent of its first axis
    /// @param begin    offset of its first byte in the data
    /// @param end      offset after its last byte
    record Entry(String name, Type type, int channels, long begin, long end) {
        /// {@return how many numbers it has}
        int elements() {
            return (int) ((end - begin) / type.bytes);
        }
    }

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
        for (String name : header.keySet()) {
            if (!name.equals(ModelFile.METADATA) && !name.equals(SCALES) && !wanted.containsKey(name)) {
                throw unknown(name, where);
            }
        }
        Map<String, Entry> entries = new LinkedHashMap<>();
        int channels = 0;
        for (Map.Entry<String, int[]> parameter : wanted.entrySet()) {
            Entry entry = entry(parameter.getKey(), header, parameter.getValue(), where);
            entries.put(parameter.getKey(), entry);
            channels += entry.type() == Type.I8 ? entry.channels() : 0;
        }
        if (channels > 0) {
            entries.put(SCALES, entry(SCALES, header, new int[] {channels}, where));
        } else if (header.containsKey(SCALES)) {
            throw unknown(SCALES, where);
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

    private static MalformedFileException unknown(String name, String where) {
        return new MalformedFileException(where, -1, "tensor " + JsonTree.printable(name)
                + " is no parameter of the graph; export the model again");
    }

    private static Entry entry(String name, Map<String, Object> header, int[] wanted, String where)
            throws MalformedFileException {
        String at = where + ": tensor " + JsonTree.printable(name);
        if (!header.containsKey(name)) {
            throw new MalformedFileException(where, -1, "tensor " + JsonTree.printable(name)
                    + ", which the graph names, is missing; export the model again");
        }
        Map<?, ?> fields = JsonTree.map(header.get(name), "it", at);
        List<Type> types = switch (name) {
            case SegmentTensors.PLACES -> List.of(Type.I32);
            case SCALES -> List.of(Type.BF16);
            default -> Quantised.shaped(wanted) ? List.of(Type.F32, Type.F16, Type.I8) : List.of(Type.F32, Type.F16);
        };
        String label = JsonTree.string(fields, "dtype", at);
        Type type = types.stream().filter(known -> known.name().equals(label)).findFirst().orElseThrow(
                () -> JsonTree.wrong(at, "dtype", label, types.stream().map(Type::name).collect(
                        Collectors.joining(" or ")) + "; convert the tensors"));
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
        return new Entry(name, type, wanted[0], begin, end);
    }

    /// {@return the numbers of each parameter}
    ///
    /// @param data      all data
    /// @param dataStart byte offset of the data in the file
    /// @param where     what to call the file in errors
    Map<String, float[]> parameters(byte[] data, long dataStart, String where) throws MalformedFileException {
        float[] scales = entries.containsKey(SCALES) ? decode(entries.get(SCALES), data, dataStart, where)
                : new float[0];
        for (int i = 0; i < scales.length; i++) {
            if (scales[i] < 0) {
                throw new MalformedFileException(where, dataStart + entries.get(SCALES).begin()
                        + (long) i * Type.BF16.bytes, "scale " + i + " of the quantised weights is " + scales[i]
                        + ", wanted 0 or more; the file is damaged, copy it again");
            }
        }
        Map<String, float[]> parameters = new LinkedHashMap<>();
        int channel = 0;
        for (Entry entry : entries.values()) {
            if (entry.type() == Type.I8) {
                byte[] codes = new byte[entry.elements()];
                bytes(entry, data).get(codes);
                float[] own = Arrays.copyOfRange(scales, channel, channel + entry.channels());
                parameters.put(entry.name(), finite(new Quantised(codes, own).values(), entry, dataStart, where));
                channel += entry.channels();
            } else if (!reserved(entry.name())) {
                parameters.put(entry.name(), decode(entry, data, dataStart, where));
            }
        }
        return parameters;
    }

    /// {@return the numbers of a tensor of floating point}
    ///
    /// @param entry     which tensor
    /// @param data      all data
    /// @param dataStart byte offset of the data in the file
    /// @param where     what to call the file in errors
    static float[] decode(Entry entry, byte[] data, long dataStart, String where) throws MalformedFileException {
        ByteBuffer buffer = bytes(entry, data);
        float[] values = new float[entry.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (entry.type()) {
                case F32 -> buffer.getFloat();
                case F16 -> Float.float16ToFloat(buffer.getShort());
                case BF16 -> Float.intBitsToFloat(buffer.getShort() << 16);
                case I32, I8 -> throw new AssertionError("not floating point");
            };
        }
        return finite(values, entry, dataStart, where);
    }

    private static float[] finite(float[] values, Entry entry, long dataStart, String where)
            throws MalformedFileException {
        for (int i = 0; i < values.length; i++) {
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
