package io.github.fovea.train;

import io.github.fovea.network.DynamicNetwork;
import java.util.List;
import java.util.Map;

/// What overfitting made.
///
/// @param network     the paths
/// @param parameters  the parameters of all paths by name, averaged and rounded to [OverfitOptions#precision]
/// @param starts      for each path the model that it started from, empty where from bicubic
/// @param steps       steps done
/// @param nanos       time spent
/// @param curve       the training curve, its first point before the first step
/// @param bicubicPsnr PSNR-Y in dB of bicubic enlargement on the frames of the curve
/// @param complete    whether training came to its end, or was stopped by its listener
/// @param plateau     whether it ended early because held-out frames gained no more
public record OverfittedNetwork(
        DynamicNetwork network, Map<String, float[]> parameters, List<String> starts, long steps, long nanos,
        List<CurvePoint> curve, double bicubicPsnr, boolean complete, boolean plateau) {
    /// Copies the lists.
    public OverfittedNetwork {
        starts = List.copyOf(starts);
        curve = List.copyOf(curve);
    }
}
