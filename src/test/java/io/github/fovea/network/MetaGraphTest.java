package io.github.fovea.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.graph.Graph;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetaGraphTest {
    private static final MetaGraph META = MetaGraph.named("meta-f16-f32-n5", 3, 1);

    @Test
    void anyChoiceVectorIsANetworkWithinTheStoredTensors() {
        Map<String, int[]> stored = META.parameters();
        SplittableRandom random = new SplittableRandom(3);
        for (int k = 0; k < 300; k++) {
            int[] vector = new int[META.choices()];
            for (int i = 0; i < vector.length; i++) {
                vector[i] = random.nextInt(META.options(i));
            }
            Graph graph = META.subGraph(vector);
            assertEquals(3, graph.scale());
            graph.parameters().forEach((name, shape) -> {
                assertEquals(stored.get(name).length, shape.length, name);
                for (int d = 0; d < shape.length; d++) {
                    assertTrue(shape[d] <= stored.get(name)[d], name);
                }
            });
            assertTrue(graph.macsPerPixel() <= META.subGraph(META.largest()).macsPerPixel());
            assertTrue(graph.macsPerPixel() >= META.subGraph(META.smallest()).macsPerPixel());
        }
    }

    @Test
    void changedNodesCountWhatASwitchTouches() {
        int[] a = META.smallest();
        int[] b = META.smallest();
        assertEquals(0, META.changedNodes(a, b));
        b[2] = 3;
        b[5] = 1;
        // Two nodes and the tail, which is that of the fifth node now.
        assertEquals(3, META.changedNodes(a, b));
        a[5] = 3;
        assertEquals(2, META.changedNodes(a, b));
        b[0] = 1;
        assertEquals(7, META.changedNodes(a, b));
    }

    @Test
    void subGraphsOfConvolutionsAreNamed() {
        MetaGraph meta = MetaGraph.named("meta-f16-f32-n12-h2", 2, 1);
        assertArrayEquals(new int[] {1, 3, 3, 3, 0, 0, 3, 0, 0, 0, 0, 3, 3}, meta.convolutions("0:0-2+5+10-11"));
        assertArrayEquals(new int[] {3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, meta.convolutions("1"));
        for (String wrong : List.of("", "2", "0:", "0:12", "0:3-1", "0:1+", "x", "0:1,2", "-1", "10:1")) {
            String refused = assertThrows(IllegalArgumentException.class, () -> meta.convolutions(wrong)).getMessage();
            assertTrue(refused.contains('"' + wrong + '"') && refused.contains(meta.name()), refused);
        }
    }

    @Test
    void headsAreChosenWithTheWidth() {
        MetaGraph meta = MetaGraph.named("meta-f16-f32-n5-h2", 2, 1);
        assertEquals("meta-f16-f32-n5-h2", meta.name());
        assertEquals(4, meta.options(0));
        int[] narrow = meta.smallest();
        int[] other = meta.smallest();
        other[0] = 2;
        assertEquals(16, meta.width(other));
        assertTrue(meta.subGraph(narrow).parameters().containsKey("head.weight"));
        assertTrue(meta.subGraph(other).parameters().containsKey("head.1.weight"));
        assertEquals(1, meta.changedNodes(narrow, other));
        assertEquals(32, meta.width(meta.largest()));
        assertEquals(1, meta.head(meta.largest()));
    }

    @Test
    void slicesAreTheFirstChannelsAndTheMiddle() {
        int[] stored = {2, 3, 3, 3};
        float[] values = new float[54];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        assertArrayEquals(new float[] {4, 13, 31, 40}, MetaGraph.slice(values, stored, new int[] {2, 2, 1, 1}));
        assertArrayEquals(values, MetaGraph.slice(values, stored, stored));
        assertArrayEquals(new int[] {4, 13, 31, 40}, MetaGraph.sliceIndices(stored, new int[] {2, 2, 1, 1}));
        assertArrayEquals(new int[] {0, 1, 2}, MetaGraph.sliceIndices(new int[] {5}, new int[] {3}));
        assertThrows(IllegalArgumentException.class, () -> MetaGraph.slice(values, stored, new int[] {3, 3, 3, 3}));
    }

    @Test
    void everyLastNodeHasATailOfItsOwn() {
        int[] vector = META.smallest();
        assertEquals(0, META.exit(vector));
        assertTrue(META.subGraph(vector).parameters().containsKey("tail.0.weight"));
        vector[2] = 4;
        assertEquals(2, META.exit(vector));
        assertTrue(META.subGraph(vector).parameters().containsKey("tail.2.weight"));
        assertEquals(5, META.exit(META.largest()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"meta-f16", "meta-n4", "meta-f20-n4", "meta-f32-f16-n4", "meta-f16-n0", "meta-f16-n65",
        "meta-f512-n4", "meta-f16-n4-h1", "meta-f16-n4-h9", "collapsed-f16-n4", ""})
    void wrongNamesAreRefused(String name) {
        assertThrows(IllegalArgumentException.class, () -> MetaGraph.named(name, 2, 1));
    }

    @Test
    void namesAndRanges() {
        assertEquals("meta-f16-f32-n5", META.name());
        assertEquals(List.of(16, 32), META.widths());
        assertThrows(IllegalArgumentException.class, () -> MetaGraph.named("meta-f16-n4", 9, 1));
        assertThrows(IllegalArgumentException.class, () -> META.subGraph(new int[3]));
        int[] vector = META.smallest();
        vector[1] = 5;
        assertThrows(IllegalArgumentException.class, () -> META.subGraph(vector));
    }
}
