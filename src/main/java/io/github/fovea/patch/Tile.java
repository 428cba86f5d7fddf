package io.github.fovea.patch;

import io.github.fovea.plan.Plan;

/// A part of a picture: computed from `read`, of which only `core` is kept.
///
/// @param core the pixels that this tile gives
/// @param read the pixels that it needs for that: the core and a halo of the receptive radius, clipped at the picture
public record Tile(Region core, Region read) {
    /// {@return the tile of a part of a picture, which gives the bits that the whole picture gives: it begins at multiples
    /// of the plan's alignments}
    ///
    /// @param plan   the plan that will run
    /// @param core   the part
    /// @param width  columns of the picture
    /// @param height rows of the picture
    public static Tile of(Plan plan, Region core, int width, int height) {
        return new Tile(core, core.grow(plan.columnRadius(), plan.rowRadius(), plan.columnAlignment(),
                plan.rowAlignment(), width, height));
    }
}
