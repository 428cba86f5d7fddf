package io.github.fovea.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.onnxruntime.OrtException;
import io.github.fovea.backend.CpuBackend;
import io.github.fovea.backend.KernelTables;
import io.github.fovea.flow.Constant;
import io.github.fovea.pipeline.TensorNetwork;
import java.io.IOException;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A graph of half precision that pads its picture to a multiple of four at run time, beside ONNX Runtime.
class HalfPrecisionTest {
    @ParameterizedTest
    @CsvSource({"8,12", "9,7", "5,14"})
    void paddedAtRunTime(int height, int width) throws IOException, OrtException {
        SplittableRandom random = new SplittableRandom(7);
        float[] weights = new float[4 * 9];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) random.nextDouble(-0.3, 0.3);
        }
        byte[] model = new OnnxWriter().opset(13).input("x", OnnxWriter.FLOAT, 1, 1, "h", "w").output("y", OnnxWriter.FLOAT, 1, 1, 8, 8)
                .node("Shape", "s", "x").constant("four", new long[] {4}, 1).constant("a2", new long[] {2}, 1)
                .constant("a4", new long[] {4}, 1).constant("a0", new long[] {0}, 1).node("Slice", "hw", "s", "a2", "a4", "a0")
                .node("Mod", "over", "hw", "four").node("Sub", "rest", "four", "over").node("Mod", "more", "rest", "four")
                .constant("six", new long[6], 6).node("Concat", "pads", "six", "more").integer("axis", 0)
                .node("Cast", "half", "x").integer("to", 10).node("Pad", "padded", "half", "pads").string("mode", "reflect")
                .initializer(OnnxWriter.halves("w", weights, 4, 1, 3, 3)).node("Conv", "c", "padded", "w")
                .integers("pads", 1, 1, 1, 1).node("DepthToSpace", "d", "c").integer("blocksize", 2).string("mode", "CRD")
                .node("Cast", "y", "d").integer("to", 1).model();
        float[] in = new float[height * width];
        for (int i = 0; i < in.length; i++) {
            in[i] = (float) random.nextDouble();
        }
        TensorNetwork network = TensorNetwork.of(OnnxFile.read(model, "half").graph(), "half", new CpuBackend(KernelTables.scalar()));
        float[] got = network.run(Map.of("x", Constant.of(new int[] {1, 1, height, width}, in))).get("y").floats();
        assertArrayEquals(OnnxRuntime.run(model, in, 1, 1, height, width), got, 2e-3f);
    }
}
