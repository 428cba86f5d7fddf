package io.github.fovea.patch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.fovea.backend.KernelTables;
import io.github.fovea.graph.Graph;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.network.Networks;
import io.github.fovea.plan.Plan;
import io.github.fovea.plan.WantedRows;
import org.junit.jupiter.api.Test;

class SharingTest {
    private static boolean pays(Graph graph, int height, int width, int threads) {
        KernelTable table = KernelTables.scalar();
        Plan plan = Plan.of(graph, table);
        Tiling tiling = Tiling.of(plan, height, width, Long.MAX_VALUE, threads);
        return Sharing.pays(tiling, new WantedRows(plan), plan, threads);
    }

    @Test
    void deepNetworksOnSmallPicturesAreShared() {
        Graph deep = Networks.named("compact-f64-n16", 4, 3);
        assertEquals(true, pays(deep, 64, 64, 2));
        assertEquals(false, pays(deep, 64, 64, 1), "nobody to share with");
        assertEquals(false, pays(deep, 8, 8, 2), "one unit of rows cannot be shared");
    }

    @Test
    void bandsOfALargePictureAreAsGoodAndWaitForNobody() {
        assertEquals(false, pays(Networks.named("collapsed-f16-n6", 2, 1), 270, 480, 2));
    }

    /// Two bands of 64 rows would compute up to 42, which take as long as 48.
    @Test
    void rowsThatKernelsComputeTogetherCount() {
        assertEquals(true, pays(Networks.named("collapsed-f16-n6", 2, 1), 64, 64, 2));
    }

    @Test
    void halosOfManyBandsAreWorseThanMeeting() {
        assertEquals(true, pays(Networks.named("collapsed-f16-n6", 2, 1), 64, 64, 8));
    }
}
