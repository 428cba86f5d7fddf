package io.github.fovea.train;

import io.github.fovea.model.StoredModel;
import java.util.Map;

/// Weights to start from. Parameters that the new network has with the same name and number of values are taken over;
/// the others (the tail, when the scale differs) start as always.
///
/// @param name       where the weights come from
/// @param parameters values by parameter name
public record WarmStart(String name, Map<String, float[]> parameters) {
    /// Copies the map.
    public WarmStart {
        parameters = Map.copyOf(parameters);
    }

    /// {@return whether these are a meta-graph's: it has a tail for every node that may be the last}
    boolean isMetaGraph() {
        return parameters.keySet().stream().anyMatch(name -> name.startsWith("tail.") && name.indexOf('.', 5) > 0);
    }

    /// {@return the weights of a model}
    ///
    /// @param model a model whose network has the same form, width and depth; the scale may differ
    public static WarmStart of(StoredModel model) {
        return new WarmStart(model.name(), model.parameters());
    }
}
