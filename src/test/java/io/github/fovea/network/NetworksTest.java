package io.github.fovea.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.graph.Graph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Networks against the sizes that their papers and published weights give.
class NetworksTest {
    @ParameterizedTest
    @CsvSource({
        // Dy-DCA's two paths (RGB, 32 channels, expansion 2), counted from its released weights.
        "wdsr-f32-n4, 2, 3, 153116", "wdsr-f32-n2, 2, 3, 79196", "wdsr-f32-n4, 4, 3, 166256", "wdsr-f32-n2, 4, 3, 92336",
        // realesr-animevideov3 and realesr-general-x4v3.
        "compact-f64-n16, 4, 3, 621424", "compact-f64-n32, 4, 3, 1213296",
        // ESPCN on luma.
        "espcn, 2, 1, 21284", "espcn, 3, 1, 22729", "espcn, 4, 1, 24752",
        // By hand: 16*9+16, 2n+1 convolutions of 16*16*9+16, 4*16*9+4.
        "edsr-f16-n4, 2, 1, 21620",
        // What this library ships.
        "collapsed-f16-n6, 2, 1, 14772", "collapsed-f16-n6, 3, 1, 15497", "collapsed-f16-n6, 4, 1, 16512",
        "collapsed-f16-n3, 2, 1, 7764"})
    void sizesAreThePublishedOnes(String name, int scale, int channels, long parameters) {
        assertEquals(parameters, Networks.named(name, scale, channels).parameterElements());
    }

    @ParameterizedTest
    @CsvSource({
        "wdsr-f32-n4, 2, 3, 152676", "wdsr-f32-n2, 2, 3, 78948", "compact-f64-n16, 4, 3, 619200", "espcn, 2, 1, 21184",
        "collapsed-f16-n6, 2, 1, 14544"})
    void workPerPixelIsThePublishedOne(String name, int scale, int channels, long macs) {
        assertEquals(macs, Networks.named(name, scale, channels).macsPerPixel());
    }

    @Test
    void everyFormKeepsChannelsAndScale() {
        for (String name : new String[] {"espcn", "fsrcnn", "wdsr-f8-n1", "edsr-f8-n1", "compact-f8-n1", "collapsed-f8-n1"}) {
            for (int scale = 2; scale <= 8; scale++) {
                for (int channels : new int[] {1, 3}) {
                    Graph graph = Networks.named(name, scale, channels);
                    assertEquals(scale, graph.scale(), name);
                    assertEquals(channels, graph.inputChannels(), name);
                    assertEquals(channels, graph.outputChannels(), name);
                }
            }
        }
    }

    @Test
    void receptiveRadiusCountsTheLayers() {
        assertEquals(10, Networks.named("wdsr-f32-n4", 2, 3).receptiveRadius());
        assertEquals(8, Networks.named("collapsed-f16-n6", 2, 1).receptiveRadius());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "wdsr", "wdsr-f0-n1", "wdsr-f513-n1", "wdsr-f16-n0", "wdsr-f16-n257", "wdsr-f16", "wdsr-n16-f4", "Espcn",
        "compact-f16-n6-x2", "wdsr-f99999-n1", "wdsr-f-1-n2", "fsrcnn "})
    void otherNamesAreRefused(String name) {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> Networks.named(name, 2, 1));
        assertTrue(refused.getMessage().contains("wanted") || refused.getMessage().contains("compact-fF-nN"),
                refused.getMessage());
    }

    @Test
    void otherScalesAndChannelsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Networks.named("espcn", 1, 1));
        assertThrows(IllegalArgumentException.class, () -> Networks.named("espcn", 9, 1));
        assertThrows(IllegalArgumentException.class, () -> Networks.named("espcn", 2, 2));
    }
}
