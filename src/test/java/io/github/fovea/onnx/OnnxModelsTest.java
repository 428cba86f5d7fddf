package io.github.fovea.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.backend.Backends;
import io.github.fovea.error.MalformedFileException;
import io.github.fovea.graph.Op;
import io.github.fovea.model.Domain;
import io.github.fovea.model.StoredModel;
import io.github.fovea.pipeline.TensorRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// ONNX files as models in this library's units.
class OnnxModelsTest {
    @TempDir
    private Path folder;

    private final SplittableRandom random = new SplittableRandom(8);

    private float[] numbers(int count, double size) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextDouble(-size, size);
        }
        return numbers;
    }

    /// A small network with borders that matter: bilinear skip, two padded convolutions, PReLU.
    private OnnxWriter network(int channels, double bias) {
        return new OnnxWriter().input("x", OnnxWriter.FLOAT, 1, channels, "h", "w").output("y", OnnxWriter.FLOAT)
                .constant("w1", numbers(6 * channels * 9, 0.3), 6, channels, 3, 3).constant("b1", numbers(6, bias), 6)
                .node("Conv", "a", "x", "w1", "b1").integers("pads", 1, 1, 1, 1)
                .constant("s", numbers(6, 1), 6, 1, 1).node("PRelu", "b", "a", "s")
                .constant("w2", numbers(4 * channels * 6 * 9, 0.1), 4 * channels, 6, 3, 3)
                .constant("b2", numbers(4 * channels, bias), 4 * channels)
                .node("Conv", "c", "b", "w2", "b2").integers("pads", 1, 1, 1, 1)
                .node("DepthToSpace", "d", "c").integer("blocksize", 2).string("mode", "CRD")
                .constant("up", new float[] {1, 1, 2, 2}, 4).node("Resize", "e", "x", "", "up").string("mode", "linear")
                .node("Add", "y", "d", "e");
    }

    private Path file(String name, OnnxWriter writer) throws IOException {
        return Files.write(folder.resolve(name), writer.model());
    }

    private static float[] run(StoredModel model, float[] in, int[] shape) {
        return new TensorRunner(model.graph(), model.parameters(), Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY,
                Backends.require("scalar")).run(in, shape);
    }

    /// What the model makes of samples of -0.5 to 0.5 is what the file's network makes of its own samples, borders included.
    @ParameterizedTest
    @CsvSource({"1,1", "3,1", "1,255", "3,255"})
    void unitsAreChangedExactly(int channels, int maximum) throws IOException {
        Path file = file("net.onnx", network(channels, 0.1 * maximum));
        StoredModel model = OnnxModels.read(file, maximum);
        assertEquals("net", model.name());
        assertEquals(channels == 1 ? Domain.LUMA : Domain.RGB, model.domain());
        assertEquals(2, model.scale());
        Lowering.Lowered own = assertInstanceOf(Lowering.Lowered.class, Lowering.of(OnnxFile.read(file).graph()));
        int[] shape = {1, channels, 6, 5};
        float[] centred = numbers(channels * 30, 0.5);
        float[] samples = new float[centred.length];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (centred[i] + 0.5f) * maximum;
        }
        float[] wanted = new TensorRunner(own.graph(), own.parameters(), own.low(), own.high(), Backends.require("scalar"))
                .run(samples, shape);
        float[] got = run(model, centred, shape);
        for (int i = 0; i < wanted.length; i++) {
            assertEquals(wanted[i] / maximum - 0.5f, got[i], 1e-5f, "at " + i);
        }
        assertEquals(own.graph().nodes().size() + (maximum == 1 ? 1 : 2), model.graph().nodes().size(),
                "one 1x1 convolution before the network, another before a skip that is scaled, none behind");
    }

    @Test
    void theLargestSampleIsFoundWhereItIsClear() throws IOException {
        OnnxWriter unclear = new OnnxWriter().input("x", OnnxWriter.FLOAT, 1, 1, "h", "w").output("y", OnnxWriter.FLOAT)
                .constant("up", new float[] {1, 1, 2, 2}, 4).node("Resize", "y", "x", "", "up").string("mode", "linear");
        Path file = file("unclear.onnx", unclear);
        String message = assertThrows(IllegalArgumentException.class, () -> OnnxModels.read(file, OnnxModels.INFERRED)).getMessage();
        assertTrue(message.contains("--range 1 or --range 255"), message);
        assertEquals(2, OnnxModels.read(file, 255).scale());
        assertTrue(OnnxModels.read(file("clip.onnx", unclearWithClip(1)), OnnxModels.INFERRED).createdBy().endsWith("0 to 1"));
        assertTrue(OnnxModels.read(file("clip.onnx", unclearWithClip(255)), OnnxModels.INFERRED).createdBy().endsWith("0 to 255"));
    }

    private static OnnxWriter unclearWithClip(float high) {
        return new OnnxWriter().input("x", OnnxWriter.FLOAT, 1, 1, "h", "w").output("y", OnnxWriter.FLOAT)
                .constant("up", new float[] {1, 1, 2, 2}, 4).node("Resize", "a", "x", "", "up").string("mode", "linear")
                .constant("lo", new float[] {0}).constant("hi", new float[] {high}).node("Clip", "y", "a", "lo", "hi");
    }

    @Test
    void whatEnlargesNoPicturesIsRefused() throws IOException {
        Path tanh = file("t.onnx", new OnnxWriter().input("x", OnnxWriter.FLOAT, 1, 1, "h", "w").output("y", OnnxWriter.FLOAT)
                .node("Tanh", "y", "x"));
        String message = assertThrows(MalformedFileException.class, () -> OnnxModels.read(tanh, 1)).getMessage();
        assertTrue(message.contains("Tanh") && message.contains("as the ONNX file that it is"), message);
        Path narrow = file("n.onnx", new OnnxWriter().input("x", OnnxWriter.FLOAT, 1, 3, "h", "w").output("y", OnnxWriter.FLOAT)
                .constant("w", numbers(3, 1), 1, 3, 1, 1).node("Conv", "y", "x", "w"));
        assertTrue(assertThrows(MalformedFileException.class, () -> OnnxModels.read(narrow, 1)).getMessage()
                .contains("3 channels to 1"));
        Path clipped = file("c.onnx", unclearWithClip(1));
        assertTrue(assertThrows(MalformedFileException.class, () -> OnnxModels.read(clipped, 255)).getMessage().contains("clips"));
        assertThrows(IllegalArgumentException.class, () -> OnnxModels.read(clipped, 7));
    }

    @Test
    void aModelOfTheDataFolderShowsItsUnits() throws IOException {
        Path real = Path.of(System.getProperty("fovea.data", "../shared/data")).resolve("onnx/realesr-animevideov3-x4.onnx");
        Assumptions.assumeTrue(Files.exists(real), "no " + real);
        StoredModel model = OnnxModels.read(real, OnnxModels.INFERRED);
        assertTrue(model.createdBy().endsWith("samples 0 to 1"), model.createdBy());
        assertArrayEquals(new int[] {3, 4}, new int[] {model.graph().inputChannels(), model.scale()});
        assertEquals(1, model.graph().nodes().stream().filter(n -> n.op() instanceof Op.Conv c && c.size() == 1).count());
    }
}
