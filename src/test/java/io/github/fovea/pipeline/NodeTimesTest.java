package io.github.fovea.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.backend.Backends;
import io.github.fovea.backend.Machine;
import io.github.fovea.backend.MachineProfile;
import io.github.fovea.network.MetaGraph;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeTimesTest {
    private static final Machine HERE = Machine.here();

    private static MachineProfile.Cost cost(String operation, int out, long nanos) {
        return new MachineProfile.Cost(operation, "k", 16, out, 10, 20, nanos);
    }

    @Test
    void aSubGraphIsTheSumOfItsParts() {
        MetaGraph meta = MetaGraph.named("meta-f16-n3", 2, 1);
        MachineProfile profile = new MachineProfile(HERE, List.of(cost("meta-base", 4, 1000), cost("meta-base", 9, 5000),
                cost("meta-conv", 16, 100), cost("meta-residual", 16, 210)));
        assertEquals(1000, NodeTimes.predict(profile, meta, new int[] {0, 0, 0, 0}, 10, 20).orElseThrow());
        assertEquals(2 * 1310, NodeTimes.predict(profile, meta, new int[] {0, 3, 0, 4}, 20, 20).orElseThrow());
        assertTrue(NodeTimes.predict(profile, meta, new int[] {0, 1, 0, 0}, 10, 20).isEmpty(), "not measured");
        assertTrue(NodeTimes.predict(profile, MetaGraph.named("meta-f32-n3", 2, 1), new int[] {0, 0, 0, 0}, 10, 20).isEmpty());
    }

    @Test
    void measuringKnowsEveryPart() {
        MetaGraph meta = MetaGraph.named("meta-f16-f32-n2", 3, 1);
        MachineProfile profile = new MachineProfile(HERE, NodeTimes.measure(meta, Backends.require("scalar"), 6, 8));
        assertTrue(NodeTimes.predict(profile, meta, meta.largest(), 6, 8).isPresent());
        assertTrue(NodeTimes.predict(profile, meta, new int[] {0, 1, 2}, 6, 8).isPresent());
        assertEquals(2 * 5, profile.costs().size());
    }
}
