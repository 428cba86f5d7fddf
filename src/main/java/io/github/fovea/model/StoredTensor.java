package io.github.fovea.model;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// A tensor as it stands in a file.
///
/// @param name  its name
/// @param type  how its numbers are stored
/// @param shape its shape
/// @param bytes its numbers, little-endian, row-major
record StoredTensor(String name, Tensors.Type type, int[] shape, byte[] bytes) {
    /// {@return all tensors of a model in the order of its checksum, each in the smallest form that loses nothing}
    ///
    /// @param shapes     shape of each parameter
    /// @param parameters the numbers of each of them
    /// @param segments   how they change along the video
    static List<StoredTensor> of(Map<String, int[]> shapes, Map<String, float[]> parameters, Segments segments) {
        List<StoredTensor> tensors = new ArrayList<>();
        List<float[]> scales = new ArrayList<>();
        shapes.forEach((name, shape) -> {
            float[] values = parameters.get(name);
            if (Quantised.shaped(shape)) {
                Quantised quantised = Quantised.of(shape, values);
                if (equal(quantised.values(), values)) {
                    scales.add(quantised.scales());
                    tensors.add(new StoredTensor(name, Tensors.Type.I8, shape, quantised.codes()));
                    return;
                }
            }
            tensors.add(floats(name, shape, values));
        });
        if (segments.count() > 0) {
            int[] shape = {segments.count(), segments.numbers()};
            tensors.add(new StoredTensor(SegmentTensors.PLACES, Tensors.Type.I32, shape, places(segments)));
            tensors.add(floats(SegmentTensors.VALUES, shape, joined(List.of(segments.values()))));
        }
        if (!scales.isEmpty()) {
            float[] all = joined(scales);
            tensors.add(new StoredTensor(Tensors.SCALES, Tensors.Type.BF16, new int[] {all.length},
                    bytes(Tensors.Type.BF16, all)));
        }
        return tensors;
    }

    private static StoredTensor floats(String name, int[] shape, float[] values) {
        float[] halves = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            halves[i] = Precision.half(values[i]);
        }
        Tensors.Type type = equal(halves, values) ? Tensors.Type.F16 : Tensors.Type.F32;
        return new StoredTensor(name, type, shape, bytes(type, values));
    }

    /// Bit for bit: zero has two signs.
    private static boolean equal(float[] a, float[] b) {
        for (int i = 0; i < a.length; i++) {
            if (Float.floatToRawIntBits(a[i]) != Float.floatToRawIntBits(b[i])) {
                return false;
            }
        }
        return true;
    }

    /// {@return numbers as little-endian bytes}
    ///
    /// @param type   floating point of some kind, which has these numbers
    /// @param values the numbers
    static byte[] bytes(Tensors.Type type, float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(type.bytes * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            switch (type) {
                case F32 -> bytes.putFloat(value);
                case F16 -> bytes.putShort(Float.floatToFloat16(value));
                case BF16 -> bytes.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
                case I32, I8 -> throw new AssertionError("not floating point");
            }
        }
        return bytes.array();
    }

    /// {@return the places of segments as little-endian bytes}
    ///
    /// @param segments the segments
    static byte[] places(Segments segments) {
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * segments.count() * segments.numbers())
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int[] places : segments.places()) {
            for (int place : places) {
                bytes.putInt(place);
            }
        }
        return bytes.array();
    }

    private static float[] joined(List<float[]> parts) {
        float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
        int next = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, next, part.length);
            next += part.length;
        }
        return all;
    }

    /// {@return tensors in the order of a file: wide numbers first, as safetensors' own writer does, so that each
    /// number lies at a multiple of its size}
    ///
    /// @param tensors the tensors
    static List<StoredTensor> ordered(List<StoredTensor> tensors) {
        return tensors.stream().sorted(Comparator.comparingInt((StoredTensor tensor) -> -tensor.type.bytes)).toList();
    }

    /// Writes the entry of the header.
    ///
    /// @param json  the header
    /// @param begin where the tensor begins in the data
    /// @return where it ends
    long describe(JsonGenerator json, long begin) throws IOException {
        long end = begin + bytes.length;
        json.writeObjectFieldStart(name);
        json.writeStringField("dtype", type.name());
        json.writeFieldName("shape");
        json.writeArray(shape, 0, shape.length);
        json.writeFieldName("data_offsets");
        json.writeArray(new long[] {begin, end}, 0, 2);
        json.writeEndObject();
        return end;
    }
}
