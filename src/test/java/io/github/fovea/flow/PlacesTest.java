package io.github.fovea.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.arena.Packing;
import io.github.fovea.backend.KernelTables;
import io.github.fovea.onnx.OnnxFile;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Where values lie in the array of an executable.
class PlacesTest {
    /// On lines of 64 bytes where the array has one at [Packing#FIRST_ELEMENT], at the places that the plan tells.
    @Test
    void valuesLieOnLines() throws IOException {
        for (int seed = 0; seed < 4; seed++) {
            FlowPlan plan = FlowPlan.of(OnnxFile.read(new RandomPictureGraph(seed).model(), "random").graph());
            FlowExecutable executable = plan.compile(KernelTables.scalar());
            for (long size : new long[] {31, 16, 40}) {
                executable.prepare(size, 1, size + 1);
                long first = Long.MAX_VALUE;
                for (FlowPlan.Place place : plan.places(Map.of("h", size, "n", 1L, "w", size + 1))) {
                    Tensor tensor = executable.tensor(place.value());
                    assertEquals(place.offset(), tensor.from, place.value());
                    assertEquals(0, (tensor.from - Packing.FIRST_ELEMENT) % 16, place.value());
                    int length = tensor.isFloat() ? tensor.floats.length : tensor.longs.length;
                    assertTrue(tensor.from + tensor.stored() <= length, place + " in " + length);
                    first = Math.min(first, tensor.from);
                }
                assertEquals(Packing.FIRST_ELEMENT, first);
            }
        }
    }
}
