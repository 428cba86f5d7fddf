package io.github.fovea.model;

import io.github.fovea.graph.Graph;
import io.github.fovea.network.MetaGraph;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// A meta-graph with its weights, and the sub-graphs between which a session moves.
///
/// @param name       name of the model; 1 to 200 characters
/// @param meta       the meta-graph
/// @param parameters the weights by name; what [MetaGraph#parameters] names and nothing else, all finite. The map is copied
///                   into that order; the arrays are not copied and must not be changed
/// @param points     1 to [#MAX_POINTS] operating points of rising cost and quality
/// @param measure    what the points' quality was measured on, like `Set5 Y-PSNR x2`
/// @param bicubic    the quality of plain bicubic on that measure, in dB, below that of every point
/// @param origin     where the weights come from
public record MetaModel(String name, MetaGraph meta, Map<String, float[]> parameters, List<MetaPoint> points, String measure,
        double bicubic, Origin origin) {
    /// Most operating points.
    public static final int MAX_POINTS = 64;

    /// Checks everything that the parameters' descriptions promise.
    ///
    /// @throws IllegalArgumentException naming the point or parameter that is wrong
    public MetaModel {
        StoredModel.checkName("model", name);
        Objects.requireNonNull(meta, "meta");
        Objects.requireNonNull(measure, "measure");
        Objects.requireNonNull(origin, "origin");
        points = List.copyOf(points);
        checkPoints(meta, points, bicubic);
        parameters = StoredModel.checkedParameters(meta.parameters(), parameters);
    }

    static void checkPoints(MetaGraph meta, List<MetaPoint> points, double bicubic) {
        if (points.isEmpty() || points.size() > MAX_POINTS) {
            throw new IllegalArgumentException(points.size() + " operating points, wanted 1 to " + MAX_POINTS);
        }
        Set<String> names = new HashSet<>();
        long macs = 0;
        double psnr = bicubic;
        for (MetaPoint point : points) {
            StoredModel.checkName("point", point.name());
            meta.check(point.vector());
            long costs = meta.subGraph(point.vector()).macsPerPixel();
            if (!names.add(point.name()) || costs <= macs || !(point.psnr() > psnr)) {
                throw new IllegalArgumentException("operating point " + point.name() + " of " + costs
                        + " multiply-adds per LR pixel and " + point.psnr() + " dB, wanted a name of its own, more than " + macs
                        + " multiply-adds and more than " + psnr + " dB, as the point before it has");
            }
            macs = costs;
            psnr = point.psnr();
        }
    }

    /// {@return the point of a name}
    ///
    /// @param pointName the name
    /// @throws IllegalArgumentException if there is none; the message lists those there are
    public MetaPoint point(String pointName) {
        return points.stream().filter(point -> point.name().equals(pointName)).findFirst().orElseThrow(
                () -> new IllegalArgumentException("model " + name + " has no operating point " + pointName + ", there are "
                        + String.join(", ", points.stream().map(MetaPoint::name).toList())));
    }

    /// {@return a sub-graph as a model that stands alone, with copies of its slices of the weights}
    ///
    /// @param point the operating point
    public StoredModel standAlone(MetaPoint point) {
        Graph graph = meta.subGraph(point.vector());
        Map<String, int[]> stored = meta.parameters();
        Map<String, float[]> own = new LinkedHashMap<>();
        graph.parameters().forEach((parameter, shape) -> own.put(parameter,
                MetaGraph.slice(parameters.get(parameter), stored.get(parameter), shape)));
        Map<String, String> figures = new LinkedHashMap<>(origin.figures());
        figures.put(measure, String.format(java.util.Locale.ROOT, "%.2f", point.psnr()));
        return new StoredModel(name, meta.name(), domain(), graph, own, origin.licence(), origin.trainingData(),
                origin.attributions(), figures, origin.createdBy());
    }

    /// {@return luma or RGB}
    public Domain domain() {
        return meta.channels() == 1 ? Domain.LUMA : Domain.RGB;
    }

    /// {@return what a switch from a point to the next one up touches, in nodes}
    ///
    /// @param index index of the lower point
    public int changedNodes(int index) {
        return meta.changedNodes(points.get(index).vector(), points.get(index + 1).vector());
    }
}
