/// Level 0: where tensors lie in memory. Shapes, layouts and views of `float[]` arenas; no arithmetic.
package io.github.fovea.tensor;
