package io.github.fovea.model;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How the weights of a model change along its video: from the first frame of each segment on, a few numbers have other
/// values (EMT, ECCV 2022: masked updates). Every segment starts from the model's own weights, the base, so that any
/// frame can be played without those before it. Values replace the base's bit for bit, and the base itself is never
/// changed.
///
/// Numbers are counted through all parameters in the order of [io.github.fovea.network.DynamicNetwork#parameters]: the
/// first number of the first parameter is 0. Immutable as long as nobody changes the arrays.
///
/// @param starts the frame with which each segment begins: the first with frame 0, ascending; empty for none
/// @param places `[segment][k]`, the numbers that a segment changes, ascending; as many in each segment
/// @param values `[segment][k]`, what these numbers are, finite
public record Segments(List<Integer> starts, int[][] places, float[][] values) {
    /// A model whose weights stay as they are.
    public static final Segments NONE = new Segments(List.of(), new int[0][], new float[0][]);
    /// Most segments of a model.
    public static final int MAX_SEGMENTS = 20_000;
    /// Most numbers that a segment changes.
    public static final int MAX_NUMBERS = 1 << 20;
    /// Most numbers that all segments change together.
    public static final int MAX_ALL_NUMBERS = 1 << 26;

    /// Checks what can be checked without the model.
    ///
    /// @throws IllegalArgumentException naming the segment that is wrong
    public Segments {
        starts = List.copyOf(starts);
        if (places.length != starts.size() || values.length != starts.size()) {
            throw new IllegalArgumentException(starts.size() + " segments, places of " + places.length
                    + " and values of " + values.length);
        }
        int count = places.length == 0 ? 0 : places[0].length;
        checkNumbers(starts.size(), count);
        checkStarts(starts);
        for (int s = 0; s < places.length; s++) {
            if (places[s].length != count || values[s].length != count) {
                throw new IllegalArgumentException("segment " + s + " changes " + places[s].length + " numbers and has "
                        + values[s].length + " values, the first segment changes " + count);
            }
            for (int i = 0; i < count; i++) {
                if (places[s][i] < 0 || i > 0 && places[s][i] <= places[s][i - 1]) {
                    throw new IllegalArgumentException("segment " + s + " changes number " + places[s][i] + (i == 0 ? ""
                            : " after " + places[s][i - 1]) + ", wanted ascending ones from 0 on");
                }
                if (!Float.isFinite(values[s][i])) {
                    throw new IllegalArgumentException("segment " + s + " sets a number to " + values[s][i]
                            + ", wanted finite numbers");
                }
            }
        }
    }

    /// Checks the beginnings of segments.
    ///
    /// @throws IllegalArgumentException naming the segment that is wrong
    static void checkStarts(List<Integer> starts) {
        for (int s = 0; s < starts.size(); s++) {
            if (s == 0 ? starts.get(0) != 0 : starts.get(s) <= starts.get(s - 1)) {
                throw new IllegalArgumentException("segment " + s + " begins with frame " + starts.get(s)
                        + (s == 0 ? ", wanted 0" : ", not after the one before it (" + starts.get(s - 1) + ")"));
            }
        }
    }

    /// Checks how many segments there are, and how many numbers they change.
    ///
    /// @param segments segments of a model
    /// @param count    numbers that each of them changes
    /// @throws IllegalArgumentException if they are more than a model may have, or segments change none
    public static void checkNumbers(int segments, int count) {
        if (segments > MAX_SEGMENTS) {
            throw new IllegalArgumentException(segments + " segments, wanted at most " + MAX_SEGMENTS);
        }
        if (segments > 0 && count < 1 || count > MAX_NUMBERS || (long) segments * count > MAX_ALL_NUMBERS) {
            throw new IllegalArgumentException(segments + " segments change " + count + " numbers each, wanted 1 to "
                    + MAX_NUMBERS + ", and at most " + MAX_ALL_NUMBERS + " together");
        }
    }

    /// Checks that every number is one of a model.
    ///
    /// @param elements numbers of the model
    /// @throws IllegalArgumentException naming the segment that is wrong
    void check(long elements) {
        for (int s = 0; s < places.length; s++) {
            int last = places[s][places[s].length - 1];
            if (last >= elements) {
                throw new IllegalArgumentException("segment " + s + " changes number " + last + ", the model has "
                        + elements);
            }
        }
    }

    /// {@return how many segments there are}
    public int count() {
        return starts.size();
    }

    /// {@return how many numbers a segment changes; 0 without segments}
    public int numbers() {
        return places.length == 0 ? 0 : places[0].length;
    }

    /// {@return the segment that a frame belongs to; -1 without segments}
    ///
    /// @param frame number of the frame, from 0
    public int at(long frame) {
        int low = 0;
        int high = starts.size() - 1;
        while (low < high) {
            int middle = low + high + 1 >>> 1;
            if (starts.get(middle) <= frame) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    /// {@return the weights of a segment: arrays that it changes are copies, all others those of the base}
    ///
    /// @param base    the model's weights, in the order in which numbers are counted
    /// @param segment its number
    public Map<String, float[]> parameters(Map<String, float[]> base, int segment) {
        Map<String, float[]> all = new LinkedHashMap<>();
        int next = 0;
        int from = 0;
        for (Map.Entry<String, float[]> parameter : base.entrySet()) {
            float[] changed = parameter.getValue();
            for (; next < places[segment].length && places[segment][next] < from + changed.length; next++) {
                if (changed == parameter.getValue()) {
                    changed = changed.clone();
                }
                changed[places[segment][next] - from] = values[segment][next];
            }
            all.put(parameter.getKey(), changed);
            from += changed.length;
        }
        return all;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Segments that && starts.equals(that.starts) && Arrays.deepEquals(places, that.places)
                && Arrays.deepEquals(values, that.values);
    }

    @Override
    public int hashCode() {
        return 31 * starts.hashCode() + Arrays.deepHashCode(values);
    }

    @Override
    public String toString() {
        return count() + " segments of " + numbers() + " numbers";
    }
}
