/// Level 4: the model file. Bytes of a `.fovea` file (or the name of a bundled one) come in and a checked graph with
/// its parameters goes out; and back. docs/model-format.md describes the format.
package io.github.fovea.model;
