/// Level 7: wires the stages together. Frames come in from `media`, are cut into tiles, run through a compiled network
/// on a set of worker threads, and go out again; progress, cancellation and timing of every stage live here.
package io.github.fovea.pipeline;
