package io.github.fovea.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import io.github.fovea.backend.Backends;
import io.github.fovea.backend.CpuBackend;
import io.github.fovea.flow.Constant;
import io.github.fovea.pipeline.TensorNetwork;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Models that others trained, of the data folder, against their golden outputs, and against ONNX Runtime at odd sizes.
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

    private static float[] run(byte[] model, float[] in, int... shape) throws IOException {
        TensorNetwork network = TensorNetwork.of(OnnxFile.read(model, "model").graph(), "model", (CpuBackend) Backends.automatic());
        return network.run(Map.of(network.inputs().getFirst().name(), Constant.of(shape, in))).get(network.outputs().getFirst())
                .floats();
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
    @CsvSource({"ESPCN_x2,1,48,60", "ESPCN_x4,1,48,60", "FSRCNN_x2,1,48,60", "realesr-animevideov3-x4,3,48,60",
            "span_ch28_x4,3,48,60", "superres_pytorch_tutorial_b,1,224,224", "waifu2x-upconv7photo-noise0_scale2.0x,3,48,60"})
    void goldenOutputs(String name, int channels, int height, int width) throws IOException {
        assertClose(floats(folder().resolve(name + ".out.f32")), run(Files.readAllBytes(folder().resolve(name + ".onnx")),
                floats(folder().resolve(name + ".in.f32")), 1, channels, height, width), name);
    }

    @ParameterizedTest
    @CsvSource({"ESPCN_x2,1", "ESPCN_x4,1", "FSRCNN_x2,1", "realesr-animevideov3-x4,3", "span_ch28_x4,3",
            "waifu2x-upconv7photo-noise0_scale2.0x,3", "bench-small,3", "bench-big,3"})
    void oddSizes(String name, int channels) throws IOException, OrtException {
        byte[] model = Files.readAllBytes(folder().resolve(name + ".onnx"));
        for (int[] size : new int[][] {{1, 1}, {5, 3}, {17, 31}}) {
            int rows = size[0] + (name.startsWith("waifu2x") ? 14 : 0); // which loses 7 pixels on each side
            int columns = size[1] + (name.startsWith("waifu2x") ? 14 : 0);
            float[] in = picture(channels, rows, columns);
            assertClose(OnnxRuntime.run(model, in, 1, channels, rows, columns), run(model, in, 1, channels, rows, columns),
                    name + " at " + columns + "x" + rows);
        }
    }

    /// A corner of a real picture: noise drives networks far out of the range that they were made for.
    private static float[] picture(int channels, int rows, int columns) throws IOException {
        float[] whole = floats(folder().resolve((channels == 1 ? "ESPCN_x2" : "span_ch28_x4") + ".in.f32"));
        float[] part = new float[channels * rows * columns];
        for (int i = 0; i < part.length; i++) {
            part[i] = whole[(i / (rows * columns) * 48 + i / columns % rows) * 60 + i % columns];
        }
        return part;
    }

    /// The planned engine runs those whose operators it has; the others run as the file has them.
    @ParameterizedTest
    @CsvSource({"ESPCN_x2,false", "FSRCNN_x2,true", "realesr-animevideov3-x4,true", "span_ch28_x4,false",
            "superres_pytorch_tutorial_b,true", "waifu2x-upconv7photo-noise0_scale2.0x,false", "bench-small,true",
            "bench-big,true"})
    void lowered(String name, boolean lowered) throws IOException {
        assertEquals(lowered, Lowering.of(OnnxFile.read(folder().resolve(name + ".onnx")).graph()) instanceof Lowering.Lowered);
    }
}
