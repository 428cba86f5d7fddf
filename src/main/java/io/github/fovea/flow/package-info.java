/// Level 5: any operator graph, as files of other programs hold them, made ready to run. Constants and nodes come in; shapes
/// are proven, order and memory planned once for all input shapes, and an executable comes out.
package io.github.fovea.flow;
