/// Level 1: pictures in memory. Planes of integer samples, what they mean (layout, bit depth, colour description), and
/// the conversions between colour spaces.
package io.github.fovea.frame;
