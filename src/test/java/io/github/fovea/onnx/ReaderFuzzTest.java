package io.github.fovea.onnx;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.model.ModelFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The fuzz target over mutations of good files: bytes changed, cut out, doubled, and parts of files put together.
class ReaderFuzzTest {
    private static final int MUTATIONS = 30_000;

    @TempDir
    private Path folder;

    /// Files that reach much of the readers: every kind of attribute, tensor and subgraph, and what lowering knows.
    static List<byte[]> seeds(Path folder) throws IOException {
        float[] weights = new float[4 * 9];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = i * 0.01f;
        }
        OnnxWriter branch = new OnnxWriter().output("p", OnnxWriter.FLOAT).node("Identity", "p", "x");
        byte[] network = new OnnxWriter().input("x", OnnxWriter.FLOAT, 1, 1, 4, "w").output("y", OnnxWriter.FLOAT)
                .constant("w", weights, 4, 1, 3, 3).initializer(OnnxWriter.halves("b", new float[4], 4))
                .node("Conv", "a", "x", "w", "b").integers("pads", 1, 1, 1, 1).constant("s", new float[] {0.1f}, 1)
                .node("PRelu", "c", "a", "s").node("DepthToSpace", "d", "c").integer("blocksize", 2).string("mode", "DCR")
                .constant("u", new float[] {1, 1, 2, 2}, 4).node("Resize", "e", "x", "", "u").string("mode", "linear")
                .node("Add", "f", "d", "e").constant("m", new float[] {2}).node("Mul", "g", "f", "m").constant("lo", new float[1])
                .constant("hi", new float[] {255}).node("Clip", "y", "g", "lo", "hi")
                .model();
        byte[] values = new OnnxWriter().opset("other", 1).input("x", OnnxWriter.FLOAT, "n", null).input("c", OnnxWriter.BOOL)
                .output("y", OnnxWriter.FLOAT).initializer(OnnxWriter.typed("i", OnnxWriter.INT32, 5, true, new long[] {3, -1}, 2))
                .initializer(OnnxWriter.typedFloats("r", true, new float[] {3, -1}, 2))
                .initializer(OnnxWriter.typedDoubles("q", new double[] {3, -1}, 2))
                .node("If", "y", "c").subgraph("then_branch", branch).subgraph("else_branch", branch).reals("reals", 1, 2)
                .strings("texts", "a").tensor("t", OnnxWriter.longs("", new long[] {1}, 1)).node("Constant", "k")
                .integers("value_ints", 1, 2).model();
        Path onnx = Files.write(folder.resolve("seed.onnx"), network);
        ByteArrayOutputStream fovea = new ByteArrayOutputStream();
        ModelFile.write(OnnxModels.read(onnx, 255), fovea);
        return List.of(input(0, network), input(0, values), input(1, fovea.toByteArray()));
    }

    private static byte[] input(int kind, byte[] file) {
        byte[] input = new byte[file.length + 1];
        input[0] = (byte) kind;
        System.arraycopy(file, 0, input, 1, file.length);
        return input;
    }

    @Test
    void seedsAreRead() throws IOException {
        List<byte[]> seeds = seeds(folder);
        byte[] network = Arrays.copyOfRange(seeds.getFirst(), 1, seeds.getFirst().length);
        assertInstanceOf(Lowering.Lowered.class, Lowering.of(OnnxFile.read(network, "seed").graph()));
        byte[] fovea = Arrays.copyOfRange(seeds.getLast(), 1, seeds.getLast().length);
        assertTrue(ModelFile.read(new ByteArrayInputStream(fovea), "seed").scale() == 2);
    }

    @Test
    void mutationsAreReadOrRefused() throws IOException {
        List<byte[]> inputs = new ArrayList<>(seeds(folder));
        SplittableRandom random = new SplittableRandom(2027);
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] bytes = mutated(inputs.get(random.nextInt(inputs.size())), inputs, random);
            assertDoesNotThrow(() -> ReaderFuzz.fuzzerTestOneInput(bytes));
            if (i % 100 == 0) {
                inputs.add(bytes); // mutations of mutations
            }
        }
    }

    private static byte[] mutated(byte[] from, List<byte[]> others, SplittableRandom random) {
        byte[] bytes = from.clone();
        for (int rounds = random.nextInt(1, 4); rounds > 0 && bytes.length > 2; rounds--) {
            int at = random.nextInt(1, bytes.length);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes = spliced(bytes, at, Math.min(bytes.length, at + random.nextInt(1, 9)), new byte[0]);
                case 3 -> {
                    byte[] other = others.get(random.nextInt(others.size()));
                    int begin = random.nextInt(other.length);
                    bytes = spliced(bytes, at, at, Arrays.copyOfRange(other, begin,
                            Math.min(other.length, begin + random.nextInt(1, 60))));
                }
                default -> bytes = Arrays.copyOf(bytes, at);
            }
        }
        return bytes;
    }

    private static byte[] spliced(byte[] bytes, int begin, int end, byte[] into) {
        byte[] result = new byte[bytes.length - (end - begin) + into.length];
        System.arraycopy(bytes, 0, result, 0, begin);
        System.arraycopy(into, 0, result, begin, into.length);
        System.arraycopy(bytes, end, result, begin + into.length, bytes.length - end);
        return result;
    }
}
