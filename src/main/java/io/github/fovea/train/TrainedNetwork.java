package io.github.fovea.train;

import io.github.fovea.graph.Graph;
import java.util.Map;

/// What training made.
///
/// @param network      name of the network
/// @param graph        the network
/// @param parameters   its parameters by name, folded and averaged
/// @param steps        steps done
/// @param nanos        time spent
/// @param heldOutPsnr  PSNR in dB on what was held out, NaN where nothing was
/// @param baselinePsnr the same for the network's skip alone, NaN where it has none
/// @param complete     whether training came to its end, or was stopped by its listener
public record TrainedNetwork(
        String network, Graph graph, Map<String, float[]> parameters, long steps, long nanos, double heldOutPsnr,
        double baselinePsnr, boolean complete) {}
