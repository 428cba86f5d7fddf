package io.github.fovea.model;

import io.github.fovea.graph.Graph;
import io.github.fovea.network.DynamicNetwork;
import io.github.fovea.network.NetworkPath;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// All that a `.fovea` file can hold: one to four paths over one set of weights, and how a player chooses between them.
/// Path 0, bicubic, is always there and takes no place; element `p - 1` of the list is path `p`. A [StoredModel] is the
/// model of one path that serves the whole picture.
///
/// @param name       name of the model; 1 to 200 characters
/// @param network    name of the dynamic network's shape, see [DynamicNetwork]
/// @param domain     luma or RGB, the same for all paths
/// @param paths      1 to 4 paths of rising cost and equal scale
/// @param parameters the weights of all paths by name; what [DynamicNetwork#parameters] names and nothing else, all
///                   finite. The map is copied into that order; the arrays are not copied and must not be changed
/// @param routing    how a player finds the path of each cell
/// @param origin     where the weights come from
/// @param segments   how the weights change along the video; [Segments#NONE] where they do not
public record DynamicModel(String name, String network, Domain domain, List<NetworkPath> paths,
        Map<String, float[]> parameters, Routing routing, Origin origin, Segments segments) {
    /// Checks everything that the parameters' descriptions promise.
    ///
    /// @throws IllegalArgumentException naming the path, parameter or field that is wrong
    public DynamicModel {
        StoredModel.checkName("model", name);
        Objects.requireNonNull(network, "network");
        Objects.requireNonNull(domain, "domain");
        Objects.requireNonNull(origin, "origin");
        paths = List.copyOf(paths);
        checkPaths(paths, domain);
        routing.check(paths.size());
        parameters = StoredModel.checkedParameters(DynamicNetwork.parameters(paths), parameters);
        segments.check(parameters.values().stream().mapToLong(values -> values.length).sum());
    }

    /// Makes a model whose weights are the same for all frames.
    ///
    /// @param name       see the record
    /// @param network    see the record
    /// @param domain     see the record
    /// @param paths      see the record
    /// @param parameters see the record
    /// @param routing    see the record
    /// @param origin     see the record
    /// @throws IllegalArgumentException naming the path, parameter or field that is wrong
    public DynamicModel(String name, String network, Domain domain, List<NetworkPath> paths,
            Map<String, float[]> parameters, Routing routing, Origin origin) {
        this(name, network, domain, paths, parameters, routing, origin, Segments.NONE);
    }

    /// {@return this model with weights that change along the video}
    ///
    /// @param newSegments how they do
    /// @throws IllegalArgumentException if they are not of this model
    public DynamicModel with(Segments newSegments) {
        return new DynamicModel(name, network, domain, paths, parameters, routing, origin, newSegments);
    }

    /// {@return the model as it is in one segment, a model whose weights stay as they are}
    ///
    /// @param segment number of the segment, or -1 for the base
    public DynamicModel segment(int segment) {
        return new DynamicModel(name, network, domain, paths,
                segment < 0 ? parameters : segments.parameters(parameters, segment), routing, origin);
    }

    /// Checks that paths fit together.
    ///
    /// @throws IllegalArgumentException naming the path that is wrong
    static void checkPaths(List<NetworkPath> paths, Domain domain) {
        if (paths.isEmpty() || paths.size() > DynamicNetwork.MAX_PATHS) {
            throw new IllegalArgumentException("model has " + paths.size() + " paths, wanted 1 to "
                    + DynamicNetwork.MAX_PATHS + " besides bicubic");
        }
        Set<String> names = new HashSet<>();
        for (NetworkPath path : paths) {
            StoredModel.checkName("path", path.name());
            Graph graph = path.graph();
            if (!names.add(path.name())) {
                throw new IllegalArgumentException("two paths are called " + path.name() + ", wanted different names");
            }
            StoredModel.checkChannels(graph, domain);
            if (graph.scale() != paths.getFirst().graph().scale()) {
                throw new IllegalArgumentException("path " + path.name() + " enlarges by " + graph.scale() + ", path "
                        + paths.getFirst().name() + " by " + paths.getFirst().graph().scale()
                        + ", wanted equal scales");
            }
        }
        for (int i = 1; i < paths.size(); i++) {
            if (paths.get(i).graph().macsPerPixel() < paths.get(i - 1).graph().macsPerPixel()) {
                throw new IllegalArgumentException("path " + paths.get(i).name()
                        + " is cheaper than the path before it, wanted the cheapest first");
            }
        }
    }

    /// {@return a model of one path as the dynamic model that sends everything there}
    ///
    /// @param model the model
    public static DynamicModel of(StoredModel model) {
        return new DynamicModel(model.name(), model.network(), model.domain(),
                List.of(new NetworkPath("path1", model.network(), model.graph())), model.parameters(),
                Routing.onePath(), model.origin());
    }

    /// {@return one path as a model of its own, over the same arrays}
    ///
    /// @param number 1 to the number of paths; bicubic has no weights
    public StoredModel path(int number) {
        if (number < 1 || number > paths.size()) {
            throw new IllegalArgumentException("path " + number + " of model " + name + ", wanted 1 to "
                    + paths.size());
        }
        NetworkPath path = paths.get(number - 1);
        Map<String, float[]> own = new LinkedHashMap<>();
        path.graph().parameters().keySet().forEach(parameter -> own.put(parameter, parameters.get(parameter)));
        return new StoredModel(name, path.network(), domain, path.graph(), own, origin.licence(), origin.trainingData(),
                origin.attributions(), origin.figures(), origin.createdBy());
    }

    /// {@return the factor between input and output}
    public int scale() {
        return paths.getFirst().graph().scale();
    }

    /// {@return multiply-adds per LR pixel of a path; 0 for bicubic, path 0}
    ///
    /// @param number 0 to the number of paths
    public long macsPerPixel(int number) {
        return number == 0 ? 0 : paths.get(number - 1).graph().macsPerPixel();
    }
}
