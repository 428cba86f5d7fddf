package io.github.fovea.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;

/// ONNX Runtime on the same network, with all its optimisations, input and result bound to direct buffers that stay.
final class RivalEngine implements Rival {
    private final Slice slice = new Slice();
    private final OrtSession session;
    private final OnnxTensor picture;
    private final OnnxTensor result;
    private final FloatBuffer resultBuffer;

    RivalEngine(EngineCase what) throws OrtException {
        OrtEnvironment environment = Rival.onnxRuntime();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
            options.setIntraOpNumThreads(what.threads());
            options.setInterOpNumThreads(1);
            session = environment.createSession(OnnxBytes.of(what.graph(), what.parameters()), options);
        }
        int scale = what.graph().scale();
        FloatBuffer in = direct(what.picture().length);
        in.put(what.picture()).rewind();
        picture = OnnxTensor.createTensor(environment, in,
                new long[] {1, what.graph().inputChannels(), what.height(), what.width()});
        resultBuffer = direct(what.resultElements());
        result = OnnxTensor.createTensor(environment, resultBuffer,
                new long[] {1, what.graph().outputChannels(), (long) what.height() * scale, (long) what.width() * scale});
    }

    private static FloatBuffer direct(int elements) {
        return ByteBuffer.allocateDirect(Float.BYTES * elements).order(ByteOrder.nativeOrder()).asFloatBuffer();
    }

    /// Runs one frame; [#result] has its result then.
    void run() throws OrtException {
        session.run(Map.of("x", picture), Map.of("y", result)).close();
    }

    @Override
    public double nanos(double seconds) throws OrtException {
        return slice.run(this::run, seconds);
    }

    @Override
    public FloatBuffer result() {
        return resultBuffer;
    }

    @Override
    public void close() throws OrtException {
        picture.close();
        result.close();
        session.close();
    }
}
