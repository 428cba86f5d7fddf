package io.github.fovea.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.backend.Backend;
import io.github.fovea.backend.Backends;
import io.github.fovea.backend.WorkingMemory;
import io.github.fovea.graph.RandomParameters;
import io.github.fovea.model.MetaModel;
import io.github.fovea.model.MetaPoint;
import io.github.fovea.model.Origin;
import io.github.fovea.model.StoredModel;
import io.github.fovea.network.MetaGraph;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Which points a session of several models has.
class LadderPointsTest {
    private static final String MEASURE = "Set5 Y-PSNR x2";
    private static final MetaGraph META = MetaGraph.named("meta-f16-n3", 2, 1);

    private final Backend backend = Backends.require("scalar");
    private final List<WorkingMemory> memory = List.of(new WorkingMemory());

    /// Takes less than any point of the meta-graph.
    private NetworkRunner network(String psnr) {
        StoredModel small = SmallNetworks.of(1, 2, 0.1);
        assertTrue(small.graph().macsPerPixel() < META.subGraph(META.smallest()).macsPerPixel());
        return NetworkRunner.compile(new StoredModel("small", "small", small.domain(), small.graph(), small.parameters(), "", "",
                List.of(), Map.of(MEASURE, psnr), "test"), backend, memory, RoutedClips.PLENTY);
    }

    private List<String> names(String measure, String psnr) {
        MetaModel meta = new MetaModel("adaptive", META, RandomParameters.of(META.parameters(), new SplittableRandom(3), 0.1),
                List.of(new MetaPoint("first", List.of(0, 0, 0, 0), 35.2), new MetaPoint("second", List.of(0, 3, 0, 0), 36),
                        new MetaPoint("third", List.of(0, 3, 3, 0), 36.5)), measure, 33.66,
                new Origin("", "", List.of(), Map.of(), "test", "", ""));
        return LadderPoints.of(List.of(network(psnr)), meta,
                NetworkRunner.compile(meta, backend, memory, RoutedClips.PLENTY)).stream().map(AdaptiveUpscaler.Point::name).toList();
    }

    @Test
    void aMetaGraphAddsThePointsThatNoNetworkMakesUseless() {
        assertEquals(List.of("small", "bicubic", "first", "second", "third"), names(MEASURE, "35.1"));
        assertEquals(List.of("small", "bicubic", "second", "third"), names(MEASURE, "35.2"), "no dearer and as good");
        assertEquals(List.of("small", "bicubic", "third"), names(MEASURE, "36.2"));
        assertEquals(List.of("small", "bicubic"), names(MEASURE, "36.5"));
    }

    @Test
    void qualitiesOfDifferentMeasuresAreNotCompared() {
        assertEquals(List.of("small", "bicubic"), names("held-out PSNR", "35.1"));
    }
}
