package io.github.fovea.model;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.fovea.error.MalformedFileException;
import io.github.fovea.json.JsonTree;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// How [Segments] stand in a file: object `segments` of the description, and two tensors `[segments][numbers]`.
///
/// @param starts  the frame with which each segment begins
/// @param numbers numbers that a segment changes
record SegmentTensors(List<Integer> starts, int numbers) {
    /// Name of the tensor of places.
    static final String PLACES = "segments.places";
    /// Name of the tensor of values.
    static final String VALUES = "segments.values";

    static void write(Segments segments, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeNumberField("numbers", segments.numbers());
        json.writeArrayFieldStart("starts");
        for (int start : segments.starts()) {
            json.writeNumber(start);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    /// {@return the description's part, checked before anything is allocated for the tensors}
    static SegmentTensors read(Object element, String where) throws MalformedFileException {
        String at = where + ": segments";
        Map<?, ?> fields = JsonTree.map(element, "segments", at);
        List<Integer> starts = new ArrayList<>();
        for (Object start : JsonTree.list(fields, "starts", at)) {
            starts.add(Math.clamp(JsonTree.whole(start, "a start", at), -1, Integer.MAX_VALUE));
        }
        int numbers = JsonTree.integer(fields, "numbers", at);
        try {
            if (starts.isEmpty()) {
                throw new IllegalArgumentException("no segments, wanted at least one");
            }
            Segments.checkNumbers(starts.size(), numbers);
            Segments.checkStarts(starts);
        } catch (IllegalArgumentException e) {
            throw new MalformedFileException(at, -1, e.getMessage() + "; overfit the model again");
        }
        return new SegmentTensors(starts, numbers);
    }

    /// {@return whether a tensor is one of these}
    static boolean named(String tensor) {
        return tensor.equals(PLACES) || tensor.equals(VALUES);
    }

    /// Adds the shapes of both tensors to those of the parameters.
    void addShapes(Map<String, int[]> wanted) {
        wanted.put(PLACES, new int[] {starts.size(), numbers});
        wanted.put(VALUES, new int[] {starts.size(), numbers});
    }

    /// {@return the segments; that they fit the model is checked by the model}
    Segments decode(Tensors tensors, byte[] data, long dataStart, String where) throws MalformedFileException {
        float[] all = Tensors.decode(tensors.entries().get(VALUES), data, dataStart, where);
        ByteBuffer whole = Tensors.bytes(tensors.entries().get(PLACES), data);
        int[][] places = new int[starts.size()][numbers];
        float[][] values = new float[starts.size()][numbers];
        for (int s = 0; s < places.length; s++) {
            for (int i = 0; i < numbers; i++) {
                places[s][i] = whole.getInt();
            }
            System.arraycopy(all, s * numbers, values[s], 0, numbers);
        }
        try {
            return new Segments(starts, places, values);
        } catch (IllegalArgumentException e) {
            throw new MalformedFileException(where + ": segments", -1, e.getMessage()
                    + "; the file is damaged, copy it again");
        }
    }
}
