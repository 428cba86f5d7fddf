/// Level 1: when values exist and where they lie. Takes steps with the values that they read and write, and the values'
/// sizes; gives an [io.github.fovea.arena.Order] of the steps that needs little memory at once, and a
/// [io.github.fovea.arena.Packing] of the values in one array, planned once for all sizes.
package io.github.fovea.arena;
