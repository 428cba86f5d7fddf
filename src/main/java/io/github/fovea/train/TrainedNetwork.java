package io.github.fovea.train;

import io.github.fovea.graph.Graph;
import io.github.fovea.model.Domain;
import io.github.fovea.model.StoredModel;
import java.util.List;
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
        double baselinePsnr, boolean complete) {

    /// {@return the model to write to a file}
    ///
    /// @param name         name of the model
    /// @param licence      SPDX identifier or a sentence; empty if unknown
    /// @param trainingData what it was trained on; empty if unknown
    /// @param attributions names to be credited, see [TrainingCredits]
    /// @param figures      measured quality by what was measured
    /// @param createdBy    the command that made it
    public StoredModel toModel(
            String name, String licence, String trainingData, List<String> attributions, Map<String, String> figures,
            String createdBy) {
        return new StoredModel(name, network, graph.inputChannels() == 1 ? Domain.LUMA : Domain.RGB, graph, parameters, licence,
                trainingData, attributions, figures, createdBy);
    }
}
