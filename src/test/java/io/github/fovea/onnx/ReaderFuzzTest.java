package io.github.fovea.onnx;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.model.ModelFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
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

    @Test
    void seedsAreRead() throws IOException {
        List<byte[]> seeds = ReaderFuzzSeeds.of(folder);
        byte[] network = Arrays.copyOfRange(seeds.getFirst(), 1, seeds.getFirst().length);
        assertInstanceOf(Lowering.Lowered.class, Lowering.of(OnnxFile.read(network, "seed").graph()));
        byte[] fovea = Arrays.copyOfRange(seeds.getLast(), 1, seeds.getLast().length);
        assertTrue(ModelFile.read(new ByteArrayInputStream(fovea), "seed").scale() == 2);
    }

    @Test
    void mutationsAreReadOrRefused() throws IOException {
        List<byte[]> inputs = new ArrayList<>(ReaderFuzzSeeds.of(folder));
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
