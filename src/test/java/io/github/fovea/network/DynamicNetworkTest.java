package io.github.fovea.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.graph.Graph;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DynamicNetworkTest {
    /// Dy-DCA's released model: parameters of the shallow path, of the deep one, of both.
    @ParameterizedTest
    @CsvSource({"2, 79196, 153116, 232312", "4, 92336, 166256, 258592"})
    void dynaWdsrHasThePublishedSize(int scale, long shallow, long deep, long all) {
        DynamicNetwork network = DynamicNetwork.named("dyna-wdsr", scale, 3);
        assertEquals(2, network.paths().size());
        assertEquals(shallow, network.paths().get(0).graph().parameterElements());
        assertEquals(deep, network.paths().get(1).graph().parameterElements());
        assertEquals(all, network.parameterElements());
    }

    @Test
    void separateBodiesShareNothingAndAreTheNetworksOfTheirNames() {
        DynamicNetwork network = DynamicNetwork.named("fsrcnn+espcn+edsr-f32-n4+wdsr-f32-n4", 2, 1);
        assertEquals(List.of("path1", "path2", "path3", "path4"), network.paths().stream().map(NetworkPath::name).toList());
        long sum = 0;
        for (NetworkPath path : network.paths()) {
            Graph alone = Networks.named(path.network(), 2, 1);
            assertEquals(alone.macsPerPixel(), path.graph().macsPerPixel());
            assertEquals(alone.parameterElements(), path.graph().parameterElements());
            assertEquals(alone.receptiveRadius(), path.graph().receptiveRadius());
            path.graph().parameters().forEach((name, shape) -> {
                assertTrue(name.startsWith(path.name() + "."), name);
                assertArrayEquals(alone.parameters().get(DynamicNetwork.plainName(name)), shape, name);
            });
            sum += alone.parameterElements();
        }
        assertEquals(sum, network.parameterElements());
    }

    @ParameterizedTest
    @ValueSource(strings = {"wdsr", "edsr", "compact", "collapsed"})
    void aSharedTrunkCostsOnlyTheTailsMore(String form) {
        DynamicNetwork network = DynamicNetwork.named("shared-" + form + "-f8-n1-n2-n5", 2, 1);
        Graph deep = network.paths().get(2).graph();
        Graph alone = Networks.named(form + "-f8-n5", 2, 1);
        assertEquals(alone.macsPerPixel(), deep.macsPerPixel());
        assertEquals(alone.parameterElements() + 2 * (8 * 4 * 9 + 4), network.parameterElements());
        Set<String> own = new TreeSet<>(network.paths().get(0).graph().parameters().keySet());
        own.removeAll(deep.parameters().keySet());
        assertEquals(Set.of("path1.tail.weight", "path1.tail.bias"), own);
    }

    @Test
    void usualNetworksHaveAsManyPathsAsAskedFor() {
        for (int paths = 1; paths <= DynamicNetwork.MAX_PATHS; paths++) {
            assertEquals(paths, DynamicNetwork.named(DynamicNetwork.usual(paths), 2, 1).paths().size());
        }
        assertThrows(IllegalArgumentException.class, () -> DynamicNetwork.usual(0));
        assertThrows(IllegalArgumentException.class, () -> DynamicNetwork.usual(5));
    }

    @Test
    void onePathKeepsItsNames() {
        DynamicNetwork network = DynamicNetwork.named("collapsed-f16-n6", 2, 1);
        assertEquals(Networks.named("collapsed-f16-n6", 2, 1).parameters().keySet(), network.parameters().keySet());
        assertEquals("body.3.weight", DynamicNetwork.plainName("path2.body.3.weight"));
        assertEquals("body.3.weight", DynamicNetwork.plainName("body.3.weight"));
    }

    @ParameterizedTest
    @CsvSource({
        "collapsed-f16-n6+collapsed-f16-n2, cheapest first", "collapsed-f16-n2+collapsed-f16-n2, cheapest first",
        "shared-collapsed-f16-n6-n2, cheapest first", "a+b, no network", "collapsed-f16-n2+, no network",
        "fsrcnn+espcn+edsr-f32-n4+wdsr-f32-n4+wdsr-f64-n4, 5 paths", "dyna-edsr, dyna-wdsr",
        "shared-espcn-f8-n1-n2, dyna-wdsr", "collapsed-f0-n1, wanted 1 to 512"})
    void otherNamesAreRefused(String name, String because) {
        String message = assertThrows(IllegalArgumentException.class, () -> DynamicNetwork.named(name, 2, 1)).getMessage();
        assertTrue(message.contains(because), message);
    }
}
