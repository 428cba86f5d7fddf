package io.github.fovea.pipeline;

import io.github.fovea.route.RouteMap;

/// How a player routes.
///
/// @param map     the publisher's choice, or `null` to decide from each LR frame
/// @param quality share of the multiply-adds that the deepest path takes for a whole frame, 0 to 1, that a frame may
///                spend; NaN for what the model (or the map) was made for
/// @param halo    whether rectangles read their surroundings, so that they have no seams; without, cells are patches of
///                the paper, each enlarged as if it were a picture of its own
/// @param reuse   codes of 8 bit by which every LR sample of a region may differ from what the region was last computed
///                from, for its result to be kept; 0 for exact equality
public record RouteOptions(RouteMap map, double quality, boolean halo, int reuse) {
    /// The usual way: as the model says, exact.
    public static final RouteOptions DEFAULT = new RouteOptions(null, Double.NaN, true, 0);

    /// Checks ranges.
    public RouteOptions {
        if (quality < 0 || quality > 1) {
            throw new IllegalArgumentException("quality " + quality
                    + ", wanted 0 (bicubic) to 1 (the deepest path everywhere)");
        }
        if (reuse < 0 || reuse > 255) {
            throw new IllegalArgumentException("reuse threshold " + reuse + ", wanted 0 (exactly equal) to 255 codes");
        }
    }

    /// {@return these options with another map}
    ///
    /// @param map the map, or `null`
    public RouteOptions withMap(RouteMap map) {
        return new RouteOptions(map, quality, halo, reuse);
    }
}
