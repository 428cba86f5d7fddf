package io.github.fovea.flow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.github.fovea.backend.KernelTables;
import io.github.fovea.onnx.OnnxFile;
import io.github.fovea.onnx.OnnxWriter;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Pads that are longer than what they repeat, which ONNX Runtime refuses or reads from other memory: as numpy's `pad` does,
/// with which ONNX defines the operator.
class PadTest {
    @ParameterizedTest
    @CsvSource({"reflect, 3, 232123212321232", "reflect, 1, 111111111111", "wrap, 3, 312312312312312", "edge, 3, 111111112333333"})
    void goesOnRepeating(String mode, int length, String wanted) throws IOException {
        float[] x = new float[length];
        for (int i = 0; i < length; i++) {
            x[i] = i + 1;
        }
        byte[] model = new OnnxWriter().opset(19).input("x", OnnxWriter.FLOAT, "n").output("y", OnnxWriter.FLOAT)
                .constant("p", new long[] {7, length == 1 ? 4 : 5}, 2).node("Pad", "y", "x", "p").string("mode", mode).model();
        float[] got = FlowPlan.of(OnnxFile.read(model, "pad").graph()).compile(KernelTables.scalar())
                .run(Map.of("x", Constant.of(new int[] {length}, x))).get("y").floats();
        float[] numbers = new float[wanted.length()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = wanted.charAt(i) - '0';
        }
        assertArrayEquals(numbers, got);
    }
}
