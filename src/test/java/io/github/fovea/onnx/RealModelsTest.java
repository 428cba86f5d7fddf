package io.github.fovea.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import io.github.fovea.backend.Backends;
import io.github.fovea.pipeline.TensorRunner;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Models that others trained, of the data folder, that the planned engine runs: against their golden outputs, and against
/// ONNX Runtime at odd sizes.
class RealModelsTest {
    private static Path folder() {
        Path folder = Path.of(System.getProperty("fovea.data", "../shared/data")).resolve("onnx");
        Assumptions.assumeTrue(Files.isDirectory(folder), "no ONNX models in " + folder);
        return folder;
    }

    static float[] floats(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        float[] floats = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(floats);
        return floats;
    }

    private static TensorRunner runner(byte[] model) throws IOException {
        Lowering.Lowered lowered = assertInstanceOf(Lowering.Lowered.class, Lowering.of(OnnxFile.read(model, "model").graph()));
        return new TensorRunner(lowered.graph(), lowered.parameters(), lowered.low(), lowered.high(), Backends.automatic());
    }

    static void assertClose(float[] wanted, float[] got, String what) {
        assertEquals(wanted.length, got.length, what);
        double largest = 0;
        for (int i = 0; i < wanted.length; i++) {
            largest = Math.max(largest, Math.abs(wanted[i] - got[i]));
        }
        assertTrue(largest < 1e-4, what + " differs by " + largest);
    }

    @ParameterizedTest
    @CsvSource({"FSRCNN_x2,1,48,60,2", "realesr-animevideov3-x4,3,48,60,4", "superres_pytorch_tutorial_b,1,224,224,3"})
    void goldenOutputs(String name, int channels, int height, int width, int scale) throws IOException {
        TensorRunner runner = runner(Files.readAllBytes(folder().resolve(name + ".onnx")));
        int[] shape = {1, channels, height, width};
        assertArrayEquals(new int[] {1, channels, height * scale, width * scale}, runner.outputShape(shape));
        assertClose(floats(folder().resolve(name + ".out.f32")),
                runner.run(floats(folder().resolve(name + ".in.f32")), shape), name);
    }

    @ParameterizedTest
    @CsvSource({"FSRCNN_x2,1", "realesr-animevideov3-x4,3", "bench-small,3", "bench-big,3"})
    void oddSizes(String name, int channels) throws IOException, OrtException {
        byte[] model = Files.readAllBytes(folder().resolve(name + ".onnx"));
        TensorRunner runner = runner(model);
        SplittableRandom random = new SplittableRandom(4);
        for (int[] size : new int[][] {{1, 1}, {5, 3}, {17, 31}}) {
            float[] in = new float[channels * size[0] * size[1]];
            for (int i = 0; i < in.length; i++) {
                in[i] = (float) random.nextDouble();
            }
            assertClose(OnnxRuntime.run(model, in, 1, channels, size[0], size[1]),
                    runner.run(in, new int[] {1, channels, size[0], size[1]}), name + " at " + size[1] + "x" + size[0]);
        }
    }
}
