package io.github.fovea.patch;

/// A part of a picture: computed from `read`, of which only `core` is kept.
///
/// @param core the pixels that this tile gives
/// @param read the pixels that it needs for that: the core and a halo of the receptive radius, clipped at the picture
public record Tile(Region core, Region read) {}
