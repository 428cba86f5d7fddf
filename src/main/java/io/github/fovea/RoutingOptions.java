package io.github.fovea;

import io.github.fovea.pipeline.RouteOptions;
import io.github.fovea.route.RouteMap;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/// Which part of a frame of video takes which path of a [Model]. Immutable; start from [#defaults()].
///
/// A frame is cut into cells. Each goes down one path: 0 is plain bicubic, the last is the deepest and dearest. With a
/// model of one network there are just these two.
///
/// @param quality share of the multiply-adds that the deepest path takes for a whole frame, 0 (bicubic) to 1, that a
///                frame may spend; the cells where that gains most get it. Empty: as the model, or its route map, was
///                made for
/// @param routes  file of the route map that came with the video, which says every cell's path. Beside `quality`, a
///                share that the map exceeds is spent on a part of it, what a larger one leaves on top of it, up to the
///                deepest path everywhere. Empty: the file beside the model where it belongs to the video, else each
///                frame decides
/// @param halo    whether cells see their surroundings, so that no seams show; without, as in the Dy-DCA paper, each is
///                enlarged as if it were a picture of its own
/// @param reuse   codes of 8 bit, 0 to 255, by which every sample that a cell's result depends on may differ from what
///                it was last computed from, for the result to be kept; 0 keeps what is exactly equal, and changes no
///                bit
public record RoutingOptions(OptionalDouble quality, Optional<Path> routes, boolean halo, int reuse) {
    /// Checks the ranges.
    public RoutingOptions {
        Objects.requireNonNull(quality, "quality");
        Objects.requireNonNull(routes, "routes");
        internal(quality, halo, reuse, null);
    }

    /// {@return the usual way: as the model was made for, without seams, exactly equal cells kept}
    public static RoutingOptions defaults() {
        return new RoutingOptions(OptionalDouble.empty(), Optional.empty(), true, 0);
    }

    /// {@return these options with a bound of the work}
    ///
    /// @param newQuality share of the deepest path's multiply-adds, 0 to 1
    public RoutingOptions withQuality(double newQuality) {
        return new RoutingOptions(OptionalDouble.of(newQuality), routes, halo, reuse);
    }

    /// {@return these options with a route map}
    ///
    /// @param newRoutes the map's file
    public RoutingOptions withRoutes(Path newRoutes) {
        return new RoutingOptions(quality, Optional.of(newRoutes), halo, reuse);
    }

    /// {@return these options with or without what surrounds a cell}
    ///
    /// @param newHalo whether cells see their surroundings
    public RoutingOptions withHalo(boolean newHalo) {
        return new RoutingOptions(quality, routes, newHalo, reuse);
    }

    /// {@return these options with another threshold of what counts as unchanged}
    ///
    /// @param newReuse codes of 8 bit, 0 to 255
    public RoutingOptions withReuse(int newReuse) {
        return new RoutingOptions(quality, routes, halo, newReuse);
    }

    RouteOptions internal(RouteMap map) {
        return internal(quality, halo, reuse, map);
    }

    private static RouteOptions internal(OptionalDouble quality, boolean halo, int reuse, RouteMap map) {
        if (quality.isPresent() && Double.isNaN(quality.getAsDouble())) {
            throw new IllegalArgumentException("quality NaN, wanted 0 (bicubic) to 1 (the deepest path everywhere)");
        }
        return new RouteOptions(map, quality.orElse(Double.NaN), halo, reuse);
    }
}
