package io.github.fovea.pipeline;

import io.github.fovea.backend.Backend;
import io.github.fovea.backend.WorkingMemory;
import io.github.fovea.model.MetaModel;
import io.github.fovea.model.MetaPoint;
import io.github.fovea.model.TexturePoint;
import io.github.fovea.model.TexturePoints;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/// Operating points of a session that take a path for each texture class of the frame, over resident paths.
///
/// @param network the paths
/// @param routes  how classes are found; a route map gives them where a publisher has made one
/// @param shares  share of a frame's pixels that is expected in each class
/// @param points  the points in any order; bicubic everywhere is among them
public record TextureLadder(RoutedNetwork network, RouteOptions routes, List<Double> shares,
        List<TexturePoint> points) {
    /// How far bicubic is taken to lie behind the cheapest point where nothing says it, and a point behind the next, in
    /// dB.
    private static final double STEP = 0.5;

    /// Copies the lists and checks that points fit the network.
    ///
    /// @throws IllegalArgumentException if a point names a path that the network does not have, or has another number
    ///                                  of classes
    public TextureLadder {
        shares = List.copyOf(shares);
        points = List.copyOf(points);
        if (shares.size() != network.classes()) {
            throw new IllegalArgumentException(shares.size() + " shares of texture classes, " + network.name() + " has "
                    + network.classes() + " classes");
        }
        for (TexturePoint point : points) {
            if (point.paths().size() != shares.size() || Collections.max(point.paths()) >= network.paths()) {
                throw new IllegalArgumentException("operating point " + point.name() + " takes the paths "
                        + point.paths()
                        + ", wanted one for each of " + shares.size() + " classes, up to " + (network.paths() - 1));
            }
        }
    }

    /// {@return the points of a meta-graph: those by texture class, each sub-graph for the whole frame, and bicubic}
    ///
    /// @param model          a model with points by texture class
    /// @param backend        what runs it
    /// @param memory         the working memory of every thread that will run rectangles
    /// @param maxMemoryBytes bound of the working memory of all threads together
    /// @throws IllegalArgumentException if the model has no points by texture class
    public static TextureLadder of(MetaModel model, Backend backend, List<WorkingMemory> memory, long maxMemoryBytes) {
        TexturePoints texture = model.texture().orElseThrow(() -> new IllegalArgumentException("model " + model.name()
                + " has no operating points by texture class"));
        List<TexturePoint> points = new ArrayList<>();
        points.add(new TexturePoint("bicubic", Collections.nCopies(texture.classes(), 0), model.bicubic()));
        for (int i = 0; i < model.points().size(); i++) {
            MetaPoint point = model.points().get(i);
            points.add(new TexturePoint(point.name(), Collections.nCopies(texture.classes(), i + 1), point.psnr()));
        }
        points.addAll(texture.points());
        return new TextureLadder(RoutedNetwork.compile(model, texture.routing(), backend, memory, maxMemoryBytes),
                RouteOptions.DEFAULT, texture.shares(), points);
    }

    /// {@return the points of a dynamic model: class k is what the model, or the publisher's route map, sends to path
    /// k. With less time no class takes more than a cheaper path, down to bicubic everywhere; with more time smooth
    /// classes take deeper ones, up to the deepest everywhere}
    ///
    /// Nobody has measured these points; their order is certain, since every class takes at least the path that it
    /// takes at the point before. What is expected of them in dB is a mere number of that order.
    ///
    /// @param network the paths of a dynamic model
    /// @param routes  how classes are found
    public static TextureLadder of(RoutedNetwork network, RouteOptions routes) {
        int deepest = network.paths() - 1;
        List<TexturePoint> points = new ArrayList<>();
        for (int most = 0; most <= deepest; most++) {
            int bound = most;
            add(points, most == 0 ? "bicubic" : most == deepest ? "as routed" : "up to path " + most,
                    IntStream.rangeClosed(0, deepest).mapToObj(c -> Math.min(c, bound)).toList());
        }
        for (int least = 1; least <= deepest; least++) {
            int bound = least;
            add(points, least == deepest ? "path " + least + " everywhere" : "from path " + least,
                    IntStream.rangeClosed(0, deepest).mapToObj(c -> Math.max(c, bound)).toList());
        }
        return new TextureLadder(network, routes, Collections.nCopies(deepest + 1, 1.0 / (deepest + 1)), points);
    }

    private static void add(List<TexturePoint> points, String name, List<Integer> paths) {
        points.add(new TexturePoint(name, paths, 30 + STEP * points.size()));
    }
}
