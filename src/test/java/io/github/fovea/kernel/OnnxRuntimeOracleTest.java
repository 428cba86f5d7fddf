package io.github.fovea.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.fovea.backend.KernelTables;
import io.github.fovea.graph.Interpolation;
import io.github.fovea.onnx.OnnxWriter;
import io.github.fovea.tensor.Layout;
import io.github.fovea.tensor.RandomFloats;
import io.github.fovea.tensor.TensorView;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Our definitions against an independent engine: ONNX Runtime computes each operator on the same numbers. Data lie in
/// [-1, 1] and sums have at most 1,200 terms, so 1e-4 is far above rounding and far below any misplaced weight.
class OnnxRuntimeOracleTest {
    private static final int HEIGHT = 11;
    private static final int WIDTH = 19;
    private static final double TOLERANCE = 1e-4;

    private final KernelTable scalar = KernelTables.scalar();
    private final SplittableRandom random = new SplittableRandom(2026);

    @ParameterizedTest
    @CsvSource({"1,16,16", "3,1,16", "3,16,4", "3,17,9", "5,1,4", "5,12,16"})
    void conv(int size, int in, int out) throws OrtException {
        float[] weights = numbers(out * in * size * size);
        float[] bias = numbers(out);
        float[] x = numbers(in * HEIGHT * WIDTH);
        float[] wanted = run(new OnnxWriter().node("Conv", "y", "x", "w", "b")
                .integers("kernel_shape", size, size).integers("pads", size / 2, size / 2, size / 2, size / 2)
                .constant("w", weights, out, in, size, size).constant("b", bias, out), x, in, out, 1);
        Conv kernel = scalar.conv(size);
        float[] packed = new float[kernel.packedElements(in, out)];
        kernel.pack(weights, 0, in, out, packed, 0);
        TensorView result = TensorView.allocate(Layout.BLOCKED16, out, HEIGHT, WIDTH, 0);
        kernel.run(tensor(x, in, size / 2), packed, 0, padded(bias), null, result, 0, HEIGHT, null, 0);
        compare(wanted, result, 0);
    }

    @Test
    void depthwiseConv() throws OrtException {
        float[] weights = numbers(20 * 9);
        float[] bias = numbers(20);
        float[] x = numbers(20 * HEIGHT * WIDTH);
        float[] wanted = run(new OnnxWriter().node("Conv", "y", "x", "w", "b")
                .integers("kernel_shape", 3, 3).integers("pads", 1, 1, 1, 1).integer("group", 20)
                .constant("w", weights, 20, 1, 3, 3).constant("b", bias, 20), x, 20, 20, 1);
        float[] packed = new float[scalar.depthwise3x3().packedElements(20)];
        scalar.depthwise3x3().pack(weights, 0, 20, packed);
        TensorView result = TensorView.allocate(Layout.BLOCKED16, 20, HEIGHT, WIDTH, 0);
        scalar.depthwise3x3().run(tensor(x, 20, 1), packed, padded(bias), null, result, 0, HEIGHT);
        compare(wanted, result, 0);
    }

    @Test
    void pRelu() throws OrtException {
        float[] slopes = numbers(20);
        float[] x = numbers(20 * HEIGHT * WIDTH);
        float[] wanted = run(new OnnxWriter().node("PRelu", "y", "x", "s").constant("s", slopes, 20, 1, 1), x, 20, 20, 1);
        TensorView result = TensorView.allocate(Layout.BLOCKED16, 20, HEIGHT, WIDTH, 0);
        scalar.activation().run(tensor(x, 20, 0), padded(slopes), result, 0, HEIGHT);
        compare(wanted, result, 0);
    }

    @Test
    void leakyRelu() throws OrtException {
        float[] x = numbers(3 * HEIGHT * WIDTH);
        float[] wanted = run(new OnnxWriter().node("LeakyRelu", "y", "x").real("alpha", 0.125f), x, 3, 3, 1);
        float[] slopes = new float[16];
        Arrays.fill(slopes, 0.125f);
        TensorView result = TensorView.allocate(Layout.BLOCKED16, 3, HEIGHT, WIDTH, 0);
        scalar.activation().run(tensor(x, 3, 0), slopes, result, 0, HEIGHT);
        compare(wanted, result, 0);
    }

    @ParameterizedTest
    @CsvSource({"2,1", "3,1", "4,3"})
    void pixelShuffle(int scale, int channels) throws OrtException {
        int in = channels * scale * scale;
        float[] x = numbers(in * HEIGHT * WIDTH);
        float[] wanted = run(new OnnxWriter().node("DepthToSpace", "y", "x")
                .integer("blocksize", scale).string("mode", "CRD"), x, in, channels, scale);
        TensorView result = TensorView.allocate(Layout.PLANAR, channels, scale * HEIGHT, scale * WIDTH, 0);
        scalar.pixelShuffle().run(tensor(x, in, 0), scale, result, 0, HEIGHT);
        compare(wanted, result, 0);
    }

    /// ONNX Runtime repeats the edge pixel where we mirror, so cubic agrees from two input pixels inside the edge on.
    @ParameterizedTest
    @CsvSource({"BICUBIC,2,2", "BICUBIC,3,2", "BICUBIC,4,2", "BILINEAR,2,0", "BILINEAR,3,0", "NEAREST,2,0", "NEAREST,3,0"})
    void resize(Interpolation interpolation, int scale, int margin) throws OrtException {
        float[] x = numbers(2 * HEIGHT * WIDTH);
        OnnxWriter writer = new OnnxWriter().node("Resize", "y", "x", "", "scales")
                .constant("scales", new float[] {1, 1, scale, scale}, 4)
                .string("coordinate_transformation_mode", "half_pixel");
        switch (interpolation) {
            case NEAREST -> writer.string("mode", "nearest").string("nearest_mode", "round_prefer_floor");
            case BILINEAR -> writer.string("mode", "linear");
            case BICUBIC -> writer.string("mode", "cubic").real("cubic_coeff_a", -0.5f);
        }
        float[] wanted = run(writer, x, 2, 2, scale);
        TensorView result = TensorView.allocate(Layout.PLANAR, 2, scale * HEIGHT, scale * WIDTH, 0);
        TensorView in = TensorView.allocate(Layout.PLANAR, 2, HEIGHT, WIDTH, 0);
        copy(x, in);
        scalar.resize().run(in, interpolation, scale, result, 0, HEIGHT);
        compare(wanted, result, scale * margin);
    }

    private float[] numbers(int count) {
        return RandomFloats.of(random, count, 1);
    }

    private static float[] padded(float[] values) {
        return Arrays.copyOf(values, (values.length + 15) / 16 * 16);
    }

    private static TensorView tensor(float[] x, int channels, int border) {
        TensorView view = TensorView.allocate(Layout.BLOCKED16, channels, HEIGHT, WIDTH, border);
        copy(x, view);
        return view;
    }

    private static void copy(float[] x, TensorView view) {
        for (int i = 0; i < x.length; i++) {
            view.set(i / (HEIGHT * WIDTH), i / WIDTH % HEIGHT, i % WIDTH, x[i]);
        }
    }

    private static float[] run(OnnxWriter writer, float[] x, int in, int out, int scale) throws OrtException {
        long[] shape = {1, in, HEIGHT, WIDTH};
        byte[] model = writer.input("x", OnnxWriter.FLOAT, 1, in, HEIGHT, WIDTH)
                .output("y", OnnxWriter.FLOAT, 1, out, scale * HEIGHT, scale * WIDTH).model();
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            try (OrtSession session = environment.createSession(model, options);
                    OnnxTensor tensor = OnnxTensor.createTensor(environment, FloatBuffer.wrap(x), shape);
                    OrtSession.Result result = session.run(Map.of("x", tensor))) {
                FloatBuffer values = ((OnnxTensor) result.get(0)).getFloatBuffer();
                float[] copy = new float[values.remaining()];
                values.get(copy);
                return copy;
            }
        }
    }

    private static void compare(float[] wanted, TensorView got, int margin) {
        int height = got.height();
        int width = got.width();
        assertEquals(wanted.length, got.channels() * height * width);
        for (int c = 0; c < got.channels(); c++) {
            for (int y = margin; y < height - margin; y++) {
                for (int x = margin; x < width - margin; x++) {
                    assertEquals(wanted[(c * height + y) * width + x], got.get(c, y, x), TOLERANCE,
                            "c=" + c + " y=" + y + " x=" + x);
                }
            }
        }
    }
}
