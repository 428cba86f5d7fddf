/// Level 6: ONNX files. Bytes come in; operator graphs of [io.github.fovea.flow] go out, and, where a graph is a plain
/// super-resolution network, a model that the planned engine runs.
package io.github.fovea.onnx;
