package io.github.fovea;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import io.github.fovea.onnx.OnnxRuntime;
import io.github.fovea.onnx.OnnxWriter;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// ONNX files through the public API, those that the planned engine runs and those that it does not.
class OnnxModelTest {
    @TempDir
    private Path folder;

    private final SplittableRandom random = new SplittableRandom(21);

    /// A nearest enlargement by 2 with a small residual through Tanh, which the planned engine lacks.
    private byte[] network(int channels, boolean everywhere) {
        float[] weights = new float[4 * channels * channels * 9];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) random.nextDouble(-0.05, 0.05);
        }
        OnnxWriter graph = new OnnxWriter().input("x", OnnxWriter.FLOAT, 1, channels, "h", "w").output("y", OnnxWriter.FLOAT)
                .constant("w", weights, 4 * channels, channels, 3, 3).node("Conv", "c", "x", "w").integers("pads", 1, 1, 1, 1)
                .node("Tanh", "t", "c").node("DepthToSpace", "d", "t").integer("blocksize", 2).string("mode", "CRD")
                .constant("up", new float[] {1, 1, 2, 2}, 4).node("Resize", "e", "x", "", "up").string("mode", "nearest")
                .string("coordinate_transformation_mode", "asymmetric").string("nearest_mode", "floor").node("Add", "a", "d", "e");
        return (everywhere ? graph.node("GlobalAveragePool", "m", "a").node("Mul", "y", "a", "m") : graph.node("Identity", "y", "a"))
                .model();
    }

    private BufferedImage picture(int width, int height, int channels) {
        BufferedImage picture = new BufferedImage(width, height,
                channels == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                for (int c = 0; c < channels; c++) {
                    picture.getRaster().setSample(x, y, c, random.nextInt(256));
                }
            }
        }
        return picture;
    }

    private static void assertAsOnnxRuntime(byte[] model, int maximum, BufferedImage small, BufferedImage large, double tolerance)
            throws OrtException {
        int channels = small.getRaster().getNumBands();
        int width = small.getWidth();
        int height = small.getHeight();
        float[] in = new float[channels * width * height];
        for (int i = 0; i < in.length; i++) {
            int pixel = i % (width * height);
            in[i] = small.getRaster().getSample(pixel % width, pixel / width, i / (width * height)) * maximum / 255f;
        }
        float[] wanted = OnnxRuntime.run(model, in, 1, channels, height, width);
        int pixels = large.getWidth() * large.getHeight();
        assertEquals(channels * pixels, wanted.length);
        for (int i = 0; i < wanted.length; i++) {
            double exact = Math.clamp(wanted[i] * 255.0 / maximum, 0, 255);
            int x = i % pixels % large.getWidth();
            int y = i % pixels / large.getWidth();
            assertEquals(exact, large.getRaster().getSample(x, y, i / pixels), tolerance, "channel " + i / pixels + " at " + x + "," + y);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void graphsBeyondThePlannedEngineEnlargePictures(boolean everywhere) throws IOException, OrtException {
        byte[] file = network(3, everywhere);
        Model model = Model.load(Files.write(folder.resolve("tanh.onnx"), file), 1);
        assertEquals("tanh x2", model.toString());
        assertEquals(1, model.paths());
        assertEquals(36L * 9, model.macsPerPixel());
        assertEquals(0, model.macsPerPixel(0));
        assertEquals(model.macsPerPixel(), model.macsPerPixel(1));
        assertEquals(36L * 9 + 4, model.parameters());
        assertEquals(everywhere ? Integer.MAX_VALUE : 2, model.receptiveRadius());
        assertEquals("", model.licence());
        assertEquals(List.of(), model.attribution());
        try (Upscaler upscaler = Upscaler.open(model, UpscalerOptions.defaults().withThreads(2))) {
            BufferedImage small = picture(23, 37, 3);
            assertAsOnnxRuntime(file, 1, small, upscaler.upscale(small), 0.501);
            assertTrue(upscaler.peakBytes(23, 37) > 0);
        }
    }

    /// Frames, sessions that keep a frame rate, and ladders take them as they take all models; paths they have none.
    @Test
    void graphsBeyondThePlannedEngineRunSessions() throws IOException, OrtException {
        byte[] file = network(1, false);
        Model model = Model.load(Files.write(folder.resolve("tanh.onnx"), file), 1);
        VideoFormat format = new VideoFormat(16, 12, VideoFormat.Chroma.GREY, 8, VideoFormat.Range.LIMITED, VideoFormat.Siting.LEFT);
        BufferedImage picture = picture(16, 12, 1);
        VideoFrame small = new VideoFrame(format);
        for (int i = 0; i < 16 * 12; i++) {
            small.samples(0)[i] = (short) picture.getRaster().getSample(i % 16, i / 16, 0);
        }
        try (Upscaler upscaler = Upscaler.open(model)) {
            VideoFrame large = upscaler.session(format).upscale(small);
            BufferedImage result = new BufferedImage(32, 24, BufferedImage.TYPE_BYTE_GRAY);
            for (int i = 0; i < 32 * 24; i++) {
                result.getRaster().setSample(i % 32, i / 32, 0, large.samples(0)[i]);
            }
            assertAsOnnxRuntime(file, 1, picture, result, 0.501);
            String refused = assertThrows(IllegalArgumentException.class,
                    () -> upscaler.session(format, RoutingOptions.defaults())).getMessage();
            assertTrue(refused.contains("without RoutingOptions"), refused);
        }
        try (Upscaler upscaler = Upscaler.open(Model.ladder(model, model));
                UpscaleSession session = upscaler.session(format, SessionOptions.ofFrameRate(1))) {
            assertTrue(session.points().contains("tanh"), session.points().toString());
            assertEquals(32, session.upscale(small).format().width());
        }
    }

    /// Whatever the planned engine makes of them.
    @ParameterizedTest
    @ValueSource(strings = {"ESPCN_x2", "ESPCN_x4", "FSRCNN_x2", "realesr-animevideov3-x4", "span_ch28_x4",
            "superres_pytorch_tutorial_b", "waifu2x-upconv7photo-noise0_scale2.0x", "bench-small"})
    void realModelsEnlargePictures(String name) throws IOException {
        Path models = Path.of(System.getProperty("fovea.data", "../shared/data")).resolve("onnx");
        Assumptions.assumeTrue(Files.isDirectory(models), "no ONNX models in " + models);
        Model model = Model.load(models.resolve(name + ".onnx"), 1);
        try (Upscaler upscaler = Upscaler.open(model, UpscalerOptions.defaults().withBackend(BackendChoice.SCALAR))) {
            BufferedImage large = upscaler.upscale(picture(9, 7, 3));
            assertEquals(9 * model.scale(), large.getWidth());
            assertEquals(7 * model.scale(), large.getHeight());
        }
    }
}
