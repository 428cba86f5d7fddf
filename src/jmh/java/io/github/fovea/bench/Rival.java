package io.github.fovea.bench;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import java.io.IOException;
import java.nio.FloatBuffer;

/// Another engine with the network, the picture and the threads of an [EngineCase].
interface Rival extends AutoCloseable {
    /// Runs frames for some time, at least one.
    ///
    /// @return the median of their times in nanoseconds
    double nanos(double seconds) throws OrtException, IOException;

    /// {@return ONNX Runtime, without its warnings about initialisers that it has folded}
    static OrtEnvironment onnxRuntime() {
        return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "fovea-bench");
    }

    /// {@return the result of a frame, planar; one has been run before}
    FloatBuffer result() throws IOException;

    @Override
    void close() throws OrtException, IOException;
}
