package io.github.fovea.train;

import io.github.fovea.network.DynamicNetwork;
import io.github.fovea.network.NetworkPath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// First weights of the paths of a dynamic network, taken from other models where names and shapes agree.
///
/// A path that is deeper than the model gets its further 3x3 layers as identities (slope 1), so that it begins as good
/// as the model is. Nothing is taken from a model whose first layer does not fit: later layers would mean nothing.
final class PathStarts {
    private PathStarts() {}

    /// Overwrites first weights.
    ///
    /// @param network    the paths
    /// @param layout     where parameters lie
    /// @param starts     the models
    /// @param parameters the weights, changed
    /// @return for each path the name of its model, or an empty text
    static List<String> apply(DynamicNetwork network, ParameterLayout layout, List<WarmStart> starts,
            float[] parameters) {
        List<String> names = new ArrayList<>();
        Set<String> set = new HashSet<>();
        // The deepest first: a trunk that paths share comes from its model.
        for (NetworkPath path : network.paths().reversed()) {
            WarmStart best = null;
            for (WarmStart start : starts) {
                if (fits(path, layout, start) && (best == null || compare(path, layout, start, best) > 0)) {
                    best = start;
                }
            }
            names.addFirst(best == null ? "" : best.name());
            if (best != null) {
                take(path, layout, best, parameters, set);
            }
        }
        return names;
    }

    private static boolean agrees(String name, ParameterLayout layout, WarmStart start) {
        float[] values = start.parameters().get(DynamicNetwork.plainName(name));
        return values != null && values.length == layout.elements(name);
    }

    private static boolean fits(NetworkPath path, ParameterLayout layout, WarmStart start) {
        return agrees(path.graph().parameters().keySet().iterator().next(), layout, start);
    }

    /// A model that is taken over whole is better than one that is cut off, which makes no sense of its input any more;
    /// then more numbers are better, and of models that give equally many the smaller one.
    private static int compare(NetworkPath path, ParameterLayout layout, WarmStart a, WarmStart b) {
        long takenA = taken(path, layout, a);
        long takenB = taken(path, layout, b);
        int byWhole = Boolean.compare(takenA == elements(a), takenB == elements(b));
        int byTaken = byWhole != 0 ? byWhole : Long.compare(takenA, takenB);
        return byTaken != 0 ? byTaken : Long.compare(elements(b), elements(a));
    }

    private static long taken(NetworkPath path, ParameterLayout layout, WarmStart start) {
        return path.graph().parameters().keySet().stream().filter(name -> agrees(name, layout, start))
                .mapToLong(layout::elements).sum();
    }

    private static long elements(WarmStart start) {
        return start.parameters().values().stream().mapToLong(values -> values.length).sum();
    }

    private static void take(
            NetworkPath path, ParameterLayout layout, WarmStart start, float[] parameters, Set<String> set) {
        Map<String, int[]> shapes = path.graph().parameters();
        for (Map.Entry<String, int[]> parameter : shapes.entrySet()) {
            String name = parameter.getKey();
            if (!set.add(name)) {
                continue;
            }
            int from = layout.offset(name);
            if (agrees(name, layout, start)) {
                float[] values = start.parameters().get(DynamicNetwork.plainName(name));
                System.arraycopy(values, 0, parameters, from, values.length);
            } else if (further(name, shapes)) {
                identity(name, parameter.getValue(), parameters, from);
            }
        }
    }

    /// Whether a parameter belongs to a body layer with a slope, which can be an identity.
    private static boolean further(String name, Map<String, int[]> shapes) {
        String layer = name.substring(0, name.lastIndexOf('.'));
        int[] weights = shapes.get(layer + ".weight");
        return DynamicNetwork.plainName(layer).matches("body\\.\\d+") && shapes.containsKey(layer + ".slope")
                && weights != null && weights.length == 4 && weights[0] == weights[1];
    }

    private static void identity(String name, int[] shape, float[] parameters, int from) {
        int count = 1;
        for (int extent : shape) {
            count *= extent;
        }
        Arrays.fill(parameters, from, from + count, name.endsWith(".slope") ? 1f : 0f);
        if (name.endsWith(".weight")) {
            int taps = shape[2] * shape[3];
            for (int o = 0; o < shape[0]; o++) {
                parameters[from + (o * shape[1] + o) * taps + taps / 2] = 1;
            }
        }
    }
}
