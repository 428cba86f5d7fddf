package io.github.fovea.kernel;

import io.github.fovea.graph.Graph;
import io.github.fovea.graph.Interpolation;
import java.util.EnumMap;
import java.util.Map;

/// Weights of an enlargement by an integer factor. The output pixel `scale * i + phase` of a row is
///
/// `sum over k of weight(phase, k) * in[i + first(phase) + k]`,
///
/// with pixel centres at half-integers: output pixel `p` lies at `(p + 0.5) / scale - 0.5` of the input. Weights are
/// computed in double and sum to 1 per phase. Every phase has the same number of taps; `first` differs.
public final class ResizeWeights {
    private static final Map<Interpolation, ResizeWeights[]> CACHE = cache();

    private final int taps;
    private final int[] first;
    private final float[] weights;

    private ResizeWeights(Interpolation interpolation, int scale) {
        taps = switch (interpolation) {
            case NEAREST -> 1;
            case BILINEAR -> 2;
            case BICUBIC -> 4;
        };
        first = new int[scale];
        weights = new float[scale * taps];
        for (int phase = 0; phase < scale; phase++) {
            double position = (phase + 0.5) / scale - 0.5;
            int left = (int) Math.floor(position);
            double fraction = position - left;
            first[phase] = interpolation == Interpolation.NEAREST ? 0 : left - (taps / 2 - 1);
            for (int k = 0; k < taps; k++) {
                weights[phase * taps + k] = (float) switch (interpolation) {
                    case NEAREST -> 1;
                    case BILINEAR -> 1 - Math.abs(fraction - k);
                    case BICUBIC -> Interpolation.keys(fraction - (k - 1), -0.5);
                };
            }
        }
    }

    private static Map<Interpolation, ResizeWeights[]> cache() {
        Map<Interpolation, ResizeWeights[]> cache = new EnumMap<>(Interpolation.class);
        for (Interpolation interpolation : Interpolation.values()) {
            ResizeWeights[] byScale = new ResizeWeights[Graph.MAX_SCALE + 1];
            for (int scale = 1; scale <= Graph.MAX_SCALE; scale++) {
                byScale[scale] = new ResizeWeights(interpolation, scale);
            }
            cache.put(interpolation, byScale);
        }
        return cache;
    }

    /// {@return the weights of an enlargement; allocates nothing}
    ///
    /// @param interpolation how values between pixels are found
    /// @param scale         the factor, 1 to 16
    public static ResizeWeights of(Interpolation interpolation, int scale) {
        if (scale < 1 || scale > Graph.MAX_SCALE) {
            throw new IllegalArgumentException("resize by " + scale + ", wanted 1 to " + Graph.MAX_SCALE);
        }
        return CACHE.get(interpolation)[scale];
    }

    /// {@return the number of weights of a phase: 1, 2 or 4}
    public int taps() {
        return taps;
    }

    /// {@return where a phase's first tap lies, counted from the input pixel that the output pixel is in}
    ///
    /// @param phase position of the output pixel in its input pixel, `[0, scale)`
    public int first(int phase) {
        return first[phase];
    }

    /// {@return weight `tap` of a phase}
    ///
    /// @param phase position of the output pixel in its input pixel, `[0, scale)`
    /// @param tap   index of the tap, `[0, taps)`
    public float weight(int phase, int tap) {
        return weights[phase * taps + tap];
    }
}
