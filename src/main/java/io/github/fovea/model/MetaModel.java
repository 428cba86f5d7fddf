package io.github.fovea.model;

import io.github.fovea.graph.Graph;
import io.github.fovea.network.MetaGraph;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// A meta-graph with its weights, and the sub-graphs between which a session moves.
///
/// @param name       name of the model; 1 to 200 characters
/// @param meta       the meta-graph
/// @param parameters the weights by name, all finite: tensors that [MetaGraph#parameters] names. Those that no point
///                   uses are left out. The map is copied into that order; the arrays are not copied and must not be
///                   changed
/// @param points     1 to [#MAX_POINTS] operating points of rising cost and quality
/// @param measure    what the points' quality was measured on, like `Set5 Y-PSNR x2`
/// @param bicubic    the quality of plain bicubic on that measure, in dB, below that of every point
/// @param origin     where the weights come from
/// @param texture    operating points that take a path for each texture class, over the points above as paths; empty
///                   where a sub-graph always serves the whole frame
public record MetaModel(String name, MetaGraph meta, Map<String, float[]> parameters, List<MetaPoint> points,
        String measure, double bicubic, Origin origin, Optional<TexturePoints> texture) {
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
        if (texture.isPresent()) {
            texture.get().check(macsPerPixel(meta, points));
        }
        Map<String, float[]> used = new LinkedHashMap<>(parameters);
        Map<String, int[]> shapes = shapes(meta, points);
        used.keySet().removeIf(parameter -> !shapes.containsKey(parameter) && meta.parameters().containsKey(parameter));
        parameters = StoredModel.checkedParameters(shapes, used);
    }

    static Map<String, int[]> shapes(MetaGraph meta, List<MetaPoint> points) {
        return meta.parameters(points.stream().map(MetaPoint::vector).toList());
    }

    /// {@return the shapes of the [#parameters] by name}
    public Map<String, int[]> shapes() {
        return shapes(meta, points);
    }

    /// Makes a model whose points serve whole frames.
    ///
    /// @param name       name of the model; 1 to 200 characters
    /// @param meta       the meta-graph
    /// @param parameters the weights by name
    /// @param points     operating points of rising cost and quality
    /// @param measure    what the points' quality was measured on
    /// @param bicubic    the quality of plain bicubic on that measure, in dB
    /// @param origin     where the weights come from
    public MetaModel(String name, MetaGraph meta, Map<String, float[]> parameters, List<MetaPoint> points,
            String measure, double bicubic, Origin origin) {
        this(name, meta, parameters, points, measure, bicubic, origin, Optional.empty());
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
                        + " multiply-adds per LR pixel and " + point.psnr()
                        + " dB, wanted a name of its own, more than " + macs
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
                () -> new IllegalArgumentException("model " + name + " has no operating point " + pointName
                + ", there are "
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
        figures.put(measure, String.format(Locale.ROOT, "%.2f", point.psnr()));
        return new StoredModel(name, meta.name(), domain(), graph, own, origin.licence(), origin.trainingData(),
                origin.attributions(), figures, origin.createdBy());
    }

    /// {@return luma or RGB}
    public Domain domain() {
        return meta.channels() == 1 ? Domain.LUMA : Domain.RGB;
    }

    /// {@return how many numbers are stored; what points share counts once}
    public long parameterElements() {
        return parameters.values().stream().mapToLong(values -> values.length).sum();
    }

    /// {@return what a switch from a point to the next one up touches, in nodes}
    ///
    /// @param index index of the lower point
    public int changedNodes(int index) {
        return meta.changedNodes(points.get(index).vector(), points.get(index + 1).vector());
    }

    /// {@return multiply-adds per LR pixel of each path that points by texture name: bicubic, then the points in order}
    public long[] macsPerPixel() {
        return macsPerPixel(meta, points);
    }

    static long[] macsPerPixel(MetaGraph meta, List<MetaPoint> points) {
        long[] macs = new long[points.size() + 1];
        for (int i = 1; i < macs.length; i++) {
            macs[i] = meta.subGraph(points.get(i - 1).vector()).macsPerPixel();
        }
        return macs;
    }

    /// {@return bytes of the weights that a point by texture class reads; what its paths share counts once}
    ///
    /// @param point the point
    long parameterBytes(TexturePoint point) {
        Map<String, Long> elements = new HashMap<>();
        for (int path : point.paths()) {
            if (path > 0) {
                meta.subGraph(points.get(path - 1).vector()).parameters().forEach((parameter, shape) ->
                        elements.merge(parameter, Arrays.stream(shape).asLongStream().reduce(1, (a, b) -> a * b),
                                Math::max));
            }
        }
        return Float.BYTES * elements.values().stream().mapToLong(Long::longValue).sum();
    }

    /// {@return what a switch between two points by texture class touches, in nodes, over all classes; a class that
    /// begins or ends to be bicubic counts all nodes}
    ///
    /// @param a a point
    /// @param b another
    public int changedNodes(TexturePoint a, TexturePoint b) {
        int changed = 0;
        for (int c = 0; c < a.paths().size(); c++) {
            int from = a.paths().get(c);
            int to = b.paths().get(c);
            changed += from == to ? 0 : from == 0 || to == 0 ? meta.nodes() + 2
                    : meta.changedNodes(points.get(from - 1).vector(), points.get(to - 1).vector());
        }
        return changed;
    }
}
