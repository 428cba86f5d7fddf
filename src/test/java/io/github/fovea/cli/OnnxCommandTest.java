package io.github.fovea.cli;

import static io.github.fovea.cli.CommandRun.run;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import io.github.fovea.Model;
import io.github.fovea.cli.CommandRun.Result;
import io.github.fovea.model.ModelFile;
import io.github.fovea.model.Precision;
import io.github.fovea.model.StoredModel;
import io.github.fovea.onnx.OnnxRuntime;
import io.github.fovea.onnx.OnnxWriter;
import java.awt.image.BufferedImage;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// ONNX files on the command line: `run`, `convert`, and as `--model`.
class OnnxCommandTest {
    @TempDir
    private Path folder;

    private final SplittableRandom random = new SplittableRandom(12);

    private float[] numbers(int count, double size) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextDouble(-size, size);
        }
        return numbers;
    }

    /// A nearest enlargement with a small residual.
    private byte[] network(int channels) {
        return new OnnxWriter().input("picture", OnnxWriter.FLOAT, "n", channels, "h", "w").output("y", OnnxWriter.FLOAT)
                .constant("w", numbers(4 * channels * channels * 9, 0.05), 4 * channels, channels, 3, 3)
                .constant("b", numbers(4 * channels, 0.03), 4 * channels)
                .node("Conv", "c", "picture", "w", "b").integers("pads", 1, 1, 1, 1)
                .node("DepthToSpace", "d", "c").integer("blocksize", 2).string("mode", "CRD")
                .constant("up", new float[] {1, 1, 2, 2}, 4).node("Resize", "e", "picture", "", "up").string("mode", "nearest")
                .string("coordinate_transformation_mode", "asymmetric").string("nearest_mode", "floor").node("Add", "y", "d", "e")
                .model();
    }

    private Path tensor(String name, float[] numbers) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(numbers);
        return Files.write(folder.resolve(name), bytes.array());
    }

    private static float[] floats(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        float[] floats = new float[bytes.remaining() / 4];
        bytes.asFloatBuffer().get(floats);
        return floats;
    }

    @Test
    void runGivesWhatOnnxRuntimeGives() throws IOException, OrtException {
        byte[] model = network(3);
        Path file = Files.write(folder.resolve("m.onnx"), model);
        float[] in = numbers(2 * 3 * 5 * 7, 1);
        Path out = folder.resolve("out.f32");
        Result result = run("run", file, "--input", tensor("in.f32", in), "--shape", "2x3x5x7", "-o", out);
        assertEquals(0, result.code(), result.err());
        assertEquals("2x3x10x14", result.out().strip());
        assertArrayEquals(OnnxRuntime.run(model, in, 2, 3, 5, 7), floats(out), 1e-5f);
        Path strict = folder.resolve("strict.f32");
        assertEquals(0, run("run", file, "--input", folder.resolve("in.f32"), "--shape", "2x3x5x7", "-o", strict, "--accuracy",
                "strict").code());
        assertArrayEquals(OnnxRuntime.run(model, in, 2, 3, 5, 7), floats(strict), 1e-6f);
        assertEquals(73, run("run", file, "--input", tensor("in.f32", in), "--shape", "2x3x5x7", "-o", out).code());
    }

    /// The second half was made of samples of another range than the first.
    @Test
    void whatGoesOnHasTheRangeThatItWasBegunWith() throws Exception {
        Path model = Files.write(folder.resolve("m.onnx"), network(1));
        Path video = folder.resolve("a.y4m");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(video))) {
            out.write("YUV4MPEG2 W32 H24 F25:1 Ip A1:1 C420jpeg\n".getBytes(StandardCharsets.US_ASCII));
            byte[] samples = new byte[32 * 24 * 3 / 2];
            for (int i = 0; i < 2000; i++) {
                samples[i % samples.length]++; // no frame is as the one before
                out.write("FRAME\n".getBytes(StandardCharsets.US_ASCII));
                out.write(samples);
            }
        }
        Path large = folder.resolve("b.y4m");
        assertEquals(130, CommandRun.untilFirstPart(folder.resolve("b.y4m.parts"), "upscale", video, "-o", large, "--model", model,
                "--range", 255, "--resume").code());
        assertRefused(73, " range 255\", this one \"model: SHA-256 ", "upscale", video, "-o", large, "--model", model, "--range",
                1, "--resume");
    }

    /// A graph that is no picture network: two inputs, one of integers, two outputs.
    @Test
    void runTakesAnyGraph() throws IOException {
        Path file = Files.write(folder.resolve("g.onnx"), new OnnxWriter().input("table", OnnxWriter.FLOAT, "rows", 2)
                .input("which", OnnxWriter.INT64, 1, "n").output("y", OnnxWriter.FLOAT).output("size", OnnxWriter.INT64)
                .node("Gather", "g", "table", "which").integer("axis", 0).node("Tanh", "y", "g").node("Shape", "size", "y").model());
        Path table = tensor("table.f32", new float[] {0, 1, 2, 3, 4, 5});
        Path which = Files.write(folder.resolve("which.i64"), ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN)
                .putLong(2).putLong(0).array());
        Path y = folder.resolve("y.f32");
        Path size = folder.resolve("size.i64");
        Result result = run("run", file, "--input", "table=" + table, "--shape", "table=3x2", "--input", "which=" + which,
                "--shape", "which=1x2:int64", "-o", "y=" + y, "-o", "size=" + size);
        assertEquals(0, result.code(), result.err());
        assertEquals("1x2x2\n3:int64", result.out().strip().replace("\r", ""));
        assertArrayEquals(new float[] {(float) Math.tanh(4), (float) Math.tanh(5), 0, (float) Math.tanh(1)}, floats(y), 1e-6f);
        assertEquals(24, Files.size(size));
        assertRefused(2, "inputs are table, which", "run", file, "--input", table, "--shape", "3x2", "-o", folder.resolve("z"));
        assertRefused(2, "\"which\"", "run", file, "--input", "table=" + table, "--shape", "table=3x2", "-o", folder.resolve("z"));
        assertRefused(2, "outputs are y, size", "run", file, "--input", "table=" + table, "--shape", "table=3x2", "-o",
                "q=" + folder.resolve("z"));
        // The second result replaced the first, or a result the tensor or the network that it was made of.
        Object[] usual = {"run", file, "--input", "table=" + table, "--shape", "table=3x2", "--input", "which=" + which, "--shape",
            "which=1x2:int64", "--overwrite", "-o", "y=" + y, "-o"};
        for (String[] taken : new String[][] {{"y.f32", "-o y"}, {"./y.f32", "-o y"}, {"table.f32", "--input " + table},
            {"g.onnx", "the model"}}) {
            Object[] words = Arrays.copyOf(usual, usual.length + 1);
            words[usual.length] = "size=" + folder.resolve(taken[0]);
            assertRefused(2, " is " + taken[1] + " as well", words);
        }
    }

    @Test
    void runTellsWhatIsWrong() throws IOException {
        Path file = Files.write(folder.resolve("m.onnx"), network(3));
        Path in = tensor("in.f32", numbers(105, 1));
        Path out = folder.resolve("out.f32");
        assertRefused(2, "the network takes [n, 3, h, w]", "run", file, "--input", in, "--shape", "1x1x5x21", "-o", out);
        assertRefused(65, "420 bytes", "run", file, "--input", in, "--shape", "1x3x5x8", "-o", out);
        assertRefused(2, "wanted extents", "run", file, "--input", in, "--shape", "1,3,5,7", "-o", out);
        assertRefused(2, "elements of type f16", "run", file, "--input", in, "--shape", "1x3x5x7:f16", "-o", out);
        assertRefused(2, "has no --shape", "run", file, "--input", "a=" + in, "--shape", "1x3x5x7", "-o", out);
        assertRefused(2, "at most", "run", file, "--input", in, "--shape", "1x3x50000x50000", "-o", out);
        assertRefused(66, "no such file", "run", file, "--input", folder.resolve("none"), "--shape", "1x3x5x7", "-o", out);
        Path broken = Files.write(folder.resolve("broken.onnx"), Arrays.copyOf(network(3), 200));
        assertRefused(65, "truncated", "run", broken, "--input", in, "--shape", "1x3x5x7", "-o", out);
        try (Stream<Path> files = Files.list(folder)) {
            assertFalse(files.anyMatch(f -> f.getFileName().toString().contains("out")), "nothing half-written stays");
        }
    }

    private static void assertRefused(int code, String part, Object... arguments) {
        Result result = run(arguments);
        assertEquals(code, result.code(), result.err());
        assertTrue(result.err().contains(part), result.err());
        assertEquals(1, result.err().strip().lines().count(), result.err());
    }

    @Test
    void convertRoundsToThePrecisionAskedFor() throws IOException {
        Path onnx = Files.write(folder.resolve("m.onnx"), network(3));
        Path exact = folder.resolve("exact.fovea");
        Path rounded = folder.resolve("rounded.fovea");
        assertEquals(0, run("convert", onnx, "-o", exact, "--range", "1").code());
        assertEquals(0, run("convert", onnx, "-o", rounded, "--range", "1", "--precision", "i8").code());
        StoredModel wanted = ModelFile.read(exact);
        Map<String, float[]> got = ModelFile.read(rounded).parameters();
        Precision.I8.round(wanted.graph().parameters(), wanted.parameters())
                .forEach((name, values) -> assertArrayEquals(values, got.get(name), name));
        assertTrue(Files.size(rounded) < Files.size(exact), Files.size(rounded) + " bytes, exact " + Files.size(exact));
    }

    /// The name decides what a file is read as: a model under the name of an ONNX file could never be read, and took its place.
    @Test
    void modelsAreNotWrittenUnderNamesOfOnnxFiles() throws IOException {
        byte[] model = network(3);
        Path onnx = Files.write(folder.resolve("m.onnx"), model);
        assertRefused(2, "are read as ONNX, and what is written is none; wanted a name such as m.fovea", "convert", onnx, "-o", onnx,
                "--range", "1", "--overwrite");
        assertArrayEquals(model, Files.readAllBytes(onnx));
    }

    /// A converted file enlarges pictures as the ONNX file does, and as its arithmetic says.
    @Test
    void convertAndUpscale() throws IOException, OrtException {
        byte[] model = network(3);
        Path onnx = Files.write(folder.resolve("m.onnx"), model);
        Path fovea = folder.resolve("m.fovea");
        Result converted = run("convert", onnx, "-o", fovea, "--range", "1", "--licence", "MIT");
        assertEquals(0, converted.code(), converted.err());
        assertEquals("MIT", Model.load(fovea).licence());
        BufferedImage image = new BufferedImage(9, 6, BufferedImage.TYPE_3BYTE_BGR);
        float[] in = new float[3 * 54];
        for (int i = 0; i < 54; i++) {
            int rgb = random.nextInt(1 << 24);
            image.setRGB(i % 9, i / 9, rgb);
            for (int c = 0; c < 3; c++) {
                in[c * 54 + i] = (rgb >> 16 - 8 * c & 255) / 255f;
            }
        }
        Path small = folder.resolve("small.png");
        ImageIO.write(image, "png", small.toFile());
        Path byOnnx = folder.resolve("onnx.png");
        Path byFovea = folder.resolve("fovea.png");
        Result first = run("upscale", small, "-o", byOnnx, "--model", onnx, "--range", "1", "--progress", "none");
        assertEquals(0, first.code(), first.err());
        assertEquals(0, run("upscale", small, "-o", byFovea, "--model", fovea, "--progress", "none").code());
        BufferedImage large = ImageIO.read(byOnnx.toFile());
        BufferedImage same = ImageIO.read(byFovea.toFile());
        float[] wanted = OnnxRuntime.run(model, in, 1, 3, 6, 9);
        for (int y = 0; y < 12; y++) {
            for (int x = 0; x < 18; x++) {
                assertEquals(large.getRGB(x, y), same.getRGB(x, y));
                for (int c = 0; c < 3; c++) {
                    double exact = Math.clamp(wanted[(c * 12 + y) * 18 + x] * 255, 0, 255);
                    assertEquals(exact, large.getRGB(x, y) >> 16 - 8 * c & 255, 0.501, "at " + x + "," + y);
                }
            }
        }
        assertEquals(2, Model.load(onnx, 1).scale());
    }

    /// A plan needs no range of samples: it is the same for both, and that of a network on tensors.
    @Test
    void explainNeedsNoRange() throws IOException {
        Path onnx = Files.write(folder.resolve("m.onnx"), new OnnxWriter().input("x", OnnxWriter.FLOAT, "n", 3, "h", "w")
                .output("y", OnnxWriter.FLOAT).constant("w", numbers(12 * 3 * 9, 0.05), 12, 3, 3, 3)
                .node("Conv", "c", "x", "w").integers("pads", 1, 1, 1, 1)
                .node("DepthToSpace", "y", "c").integer("blocksize", 2).string("mode", "CRD").model());
        assertRefused(2, "--range 1 or --range 255", "info", onnx);
        Result explained = run("explain", onnx, "--shape", "9x11");
        assertEquals(0, explained.code(), explained.err());
        for (String range : List.of("1", "255")) {
            Path fovea = Files.createDirectory(folder.resolve(range)).resolve("m.fovea");
            assertEquals(0, run("convert", onnx, "-o", fovea, "--range", range).code());
            assertEquals(run("explain", fovea, "--shape", "9x11").out(), explained.out(), "range " + range);
        }
        Path tensors = Files.write(folder.resolve("t.onnx"), new OnnxWriter().input("x", OnnxWriter.FLOAT, "n", 3, "h", "w")
                .output("y", OnnxWriter.FLOAT).constant("w", numbers(2 * 3 * 9, 0.05), 2, 3, 3, 3)
                .node("Conv", "y", "x", "w").integers("pads", 1, 1, 1, 1).model());
        Result onTensors = run("explain", tensors);
        assertEquals(0, onTensors.code(), onTensors.err());
        assertTrue(onTensors.out().contains("conv 3x3 3->2") && onTensors.out().contains("out  2 x H x W"), onTensors.out());
    }

    /// A graph that the planned engine does not run enlarges pictures all the same, and can be explained.
    @Test
    void otherGraphsEnlargePicturesToo() throws IOException {
        Path onnx = Files.write(folder.resolve("tanh.onnx"), new OnnxWriter().input("x", OnnxWriter.FLOAT, 1, 1, "h", "w")
                .output("y", OnnxWriter.FLOAT).constant("up", new float[] {1, 1, 3, 3}, 4).node("Resize", "u", "x", "", "up")
                .string("mode", "nearest").string("coordinate_transformation_mode", "asymmetric").string("nearest_mode", "floor")
                .node("Tanh", "y", "u").model());
        BufferedImage image = new BufferedImage(7, 5, BufferedImage.TYPE_BYTE_GRAY);
        image.getRaster().setSample(2, 1, 0, 200);
        Path small = folder.resolve("small.png");
        ImageIO.write(image, "png", small.toFile());
        Path large = folder.resolve("large.png");
        Result result = run("upscale", small, "-o", large, "--model", onnx, "--range", "1", "--progress", "none");
        assertEquals(0, result.code(), result.err());
        BufferedImage made = ImageIO.read(large.toFile());
        assertEquals(21, made.getWidth());
        assertEquals(15, made.getHeight());
        assertEquals(made.getRaster().getSample(6, 3, 0), made.getRaster().getSample(8, 5, 0));
        assertTrue(made.getRaster().getSample(7, 4, 0) > made.getRaster().getSample(5, 4, 0) + 50);

        Result explained = run("explain", onnx, "--shape", "10x20");
        assertEquals(0, explained.code(), explained.err());
        for (String part : List.of("[1,1,3*h,3*w]", "Resize", "ISDOS", "peak ", "offset")) {
            assertTrue(explained.out().contains(part), part + " in " + explained.out());
        }
        Path svg = folder.resolve("arena.svg");
        assertEquals(0, run("explain", onnx, "--shape", "10x20", "--picture", svg).code());
        String drawn = Files.readString(svg);
        assertTrue(drawn.contains("[1,1,3*h,3*w]") && drawn.contains("no arena can be below 7,200"), drawn);
    }

    /// 27 taps of a convolution for each input pixel, which nothing of the planned engine counts.
    @Test
    void otherGraphsAreToldAndMeasuredButNotConverted() throws IOException {
        Path onnx = Files.write(folder.resolve("tanh.onnx"), new OnnxWriter().input("x", OnnxWriter.FLOAT, 1, 3, "h", "w")
                .output("y", OnnxWriter.FLOAT).constant("w", numbers(27, 0.1), 3, 1, 3, 3).node("Conv", "c", "x", "w")
                .integer("group", 3).integers("pads", 1, 1, 1, 1).node("Tanh", "t", "c")
                .constant("up", new float[] {1, 1, 2, 2}, 4).node("Resize", "y", "t", "", "up")
                .string("mode", "nearest").string("coordinate_transformation_mode", "asymmetric").string("nearest_mode", "floor")
                .model());
        Result told = run("info", onnx, "--range", "255");
        assertEquals(0, told.code(), told.err());
        for (String part : List.of("x2", "rgb", "0 to 255", "Tanh", "27 per LR pixel", "radius 4 LR")) {
            assertTrue(told.out().contains(part), part + " in " + told.out());
        }
        Result json = run("info", onnx, "--range", "1", "--json");
        assertTrue(json.out().contains("\"macsPerLrPixel\":27") && json.out().contains("\"receptiveRadius\":4"), json.out());
        Result measured = run("bench", "--model", onnx, "--range", "1", "--size", "8x8", "--seconds", "0.01", "--threads", "1");
        assertEquals(0, measured.code(), measured.err());
        assertTrue(measured.out().contains("tanh.onnx"), measured.out());
        Path fovea = folder.resolve("tanh.fovea");
        assertRefused(65, "what enlarges pictures does so as the ONNX file that it is", "convert", onnx, "-o", fovea, "--range", "1");
        assertFalse(Files.exists(fovea));
    }

    @Test
    void theRangeIsAskedForByItsOption() throws IOException {
        Path onnx = Files.write(folder.resolve("m.onnx"), new OnnxWriter().input("x", OnnxWriter.FLOAT, 1, 1, "h", "w")
                .output("y", OnnxWriter.FLOAT).constant("up", new float[] {1, 1, 2, 2}, 4).node("Resize", "y", "x", "", "up")
                .string("mode", "linear").model());
        Path fovea = folder.resolve("m.fovea");
        assertRefused(2, "--range 1 or --range 255", "convert", onnx, "-o", fovea);
        assertFalse(Files.exists(fovea));
        assertRefused(2, "--range 1 or --range 255", "info", onnx);
        assertEquals(0, run("info", onnx, "--range", "255").code());
    }
}
