package io.github.fovea.flow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.backend.KernelTables;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.onnx.OnnxFile;
import io.github.fovea.onnx.OnnxWriter;
import io.github.fovea.tensor.RandomFloats;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Executables of one plan read the same packed weights.
class SharedWeightsTest {
    private final SplittableRandom random = new SplittableRandom(5);

    private float[] numbers(int count) {
        return RandomFloats.of(random, count, 0.3);
    }

    /// A convolution of each kind: by the network kernels, into blocks, in planes, in groups, and of given weights.
    private OnnxWriter graph() {
        return new OnnxWriter().input("x", OnnxWriter.FLOAT, 1, 3, "h", "w")
                .input("given", OnnxWriter.FLOAT, 3, 3, 1, 1).output("y", OnnxWriter.FLOAT)
                .constant("a", numbers(24 * 3 * 9), 24, 3, 3, 3).node("Conv", "1", "x", "a").integers("pads", 1, 1, 1, 1)
                .constant("b", numbers(32 * 24), 32, 24, 1, 1).node("Conv", "2", "1", "b").node("Tanh", "3", "2")
                .constant("c", numbers(6 * 32 * 4), 6, 32, 2, 2).node("Conv", "4", "3", "c").integers("pads", 0, 0, 1, 1)
                .constant("d", numbers(9 * 2 * 9), 9, 2, 3, 3).constant("e", numbers(9), 9).node("Conv", "5", "4", "d", "e")
                .integer("group", 3).integers("pads", 1, 1, 1, 1)
                .constant("f", numbers(3 * 9), 3, 9, 1, 1).node("Conv", "6", "5", "f").node("Conv", "y", "6", "given");
    }

    @Test
    void furtherExecutablesPackNothing() throws IOException {
        OnnxWriter graph = graph();
        for (KernelTable kernels : List.of(KernelTables.scalar(), KernelTables.vector())) {
            FlowPlan plan = FlowPlan.of(OnnxFile.read(graph.model(), "test").graph());
            FlowExecutable first = plan.compile(kernels);
            SplittableRandom inputs = new SplittableRandom(1);
            Map<String, Constant> one = inputs(inputs, 9, 14);
            Map<String, Constant> two = inputs(inputs, 12, 7);
            float[] wanted = first.run(one).get("y").floats();
            long bytes = first.weights().bytes();
            assertTrue(bytes > 0);
            FlowExecutable second = first.another();
            float[] other = second.run(two).get("y").floats();
            assertArrayEquals(wanted, second.run(one).get("y").floats());
            assertArrayEquals(other, first.run(two).get("y").floats());
            assertArrayEquals(other, plan.compile(kernels).run(two).get("y").floats());
            assertEquals(bytes, first.weights().bytes());
        }
    }

    private static Map<String, Constant> inputs(SplittableRandom random, int height, int width) {
        return Map.of("x", constant(random, 1, 3, height, width), "given", constant(random, 3, 3, 1, 1));
    }

    private static Constant constant(SplittableRandom random, int... shape) {
        float[] floats = new float[shape[0] * shape[1] * shape[2] * shape[3]];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) random.nextDouble(-1, 1);
        }
        return Constant.of(shape, floats);
    }
}
