package io.github.fovea.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.error.MalformedFileException;
import io.github.fovea.network.MetaGraph;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Points that take a path for each texture class.
class TexturePointsTest {
    private static final MetaGraph META = MetaGraph.named("meta-f16-n3", 2, 1);
    private static final List<TexturePoint> POINTS = List.of(new TexturePoint("smooth", List.of(0, 1, 2), 36),
            new TexturePoint("even", List.of(1, 1, 2), 36.5), new TexturePoint("all", List.of(2, 2, 2), 36.9));

    private static TexturePoints texture(List<Double> thresholds, List<Double> shares, List<TexturePoint> points) {
        return new TexturePoints(10, 5, "laplacian", thresholds, shares, points);
    }

    private static TexturePoints texture() {
        return texture(List.of(3.5, 10.25), List.of(0.5, 0.25, 0.25), POINTS);
    }

    private static MetaModel model(TexturePoints texture) {
        Map<String, float[]> all = new LinkedHashMap<>();
        META.parameters().forEach((name, shape) -> all.put(name, new float[Arrays.stream(shape).reduce(1, (a, b) -> a * b)]));
        return new MetaModel("adaptive", META, all, List.of(new MetaPoint("one", List.of(0, 3, 0, 0), 36.4),
                new MetaPoint("two", List.of(0, 4, 0, 3), 36.9)), "measure", 33.66,
                new Origin("", "", List.of(), Map.of(), "test", "", ""), Optional.ofNullable(texture));
    }

    @Test
    void aFileGivesThemBackAndOneWithoutReadsAsBefore(@TempDir Path folder) throws IOException {
        Path with = folder.resolve("a.fovea");
        ModelFile.write(model(texture()), with);
        MetaModel read = ModelFile.readMeta(with).orElseThrow();
        assertEquals(Optional.of(texture()), read.texture());
        Path without = folder.resolve("b.fovea");
        ModelFile.write(model(null), without);
        MetaModel plain = ModelFile.readMeta(without).orElseThrow();
        assertTrue(plain.texture().isEmpty());
        assertEquals(plain.points(), read.points(), "the points of whole frames are the same, for readers that know no others");
        Path again = folder.resolve("c.fovea");
        ModelFile.write(new MetaModel(plain.name(), plain.meta(), plain.parameters(), plain.points(), plain.measure(), plain.bicubic(),
                plain.origin(), read.texture()), again);
        assertArrayEquals(Files.readAllBytes(with), Files.readAllBytes(again));
    }

    @Test
    void costsAndChangesAreCounted() {
        MetaModel model = model(texture());
        long[] macs = model.macsPerPixel();
        assertEquals(0, macs[0]);
        assertEquals(0.25 * macs[1] + 0.25 * macs[2], POINTS.get(0).macsPerPixel(macs, texture().shares()), 1e-9);
        assertEquals(macs[2], POINTS.get(2).macsPerPixel(macs, texture().shares()), 1e-9);
        assertEquals(META.nodes() + 2, model.changedNodes(POINTS.get(0), POINTS.get(1)), "a class begins to take a network");
        assertEquals(2 * 3, model.changedNodes(POINTS.get(1), POINTS.get(2)), "two nodes and the tail in each of two classes");
        long two = 4 * META.subGraph(new int[] {0, 4, 0, 3}).parameterElements();
        assertEquals(two, model.parameterBytes(POINTS.get(2)));
        long tail = 4 * (4 * 16 * 9 + 4);
        assertEquals(two + tail, model.parameterBytes(POINTS.get(0)), "point one's weights, but its tail, are a part of point two's");
    }

    @Test
    void whatDoesNotFitIsRefused() {
        List<Double> thresholds = List.of(3.5, 10.25);
        List<Double> shares = List.of(0.5, 0.25, 0.25);
        refused(() -> texture(List.of(), List.of(1.0), POINTS), "thresholds");
        refused(() -> texture(List.of(4.0, 3.0), shares, POINTS), "ascending");
        refused(() -> texture(thresholds, List.of(0.5, 0.5), POINTS), "add up to 1");
        refused(() -> texture(thresholds, List.of(0.5, 0.25, 0.5), POINTS), "add up to 1");
        refused(() -> texture(thresholds, List.of(1.5, -0.25, -0.25), POINTS), "add up to 1");
        refused(() -> texture(thresholds, shares, List.of()), "0 operating points");
        refused(() -> new TexturePoint("p", List.of(0, 1), Double.NaN), "NaN");
        // A point that the file does not have, a class too few, a deep path for the smooth parts, a name twice, an order.
        refused(() -> model(texture(thresholds, shares, List.of(new TexturePoint("p", List.of(0, 1, 3), 36)))), "0 to 2");
        refused(() -> model(texture(thresholds, shares, List.of(new TexturePoint("p", List.of(0, 1), 36)))), "3 texture classes");
        refused(() -> model(texture(thresholds, shares, List.of(new TexturePoint("p", List.of(2, 1, 1), 36)))), "do not fall");
        refused(() -> model(texture(thresholds, shares, List.of(POINTS.get(0), new TexturePoint("smooth", List.of(1, 1, 1), 37)))),
                "name of its own");
        refused(() -> model(texture(thresholds, shares, List.of(POINTS.get(1), POINTS.get(0)))), "as the point before it has");
    }

    private static void refused(Runnable making, String words) {
        String message = assertThrows(IllegalArgumentException.class, making::run).getMessage();
        assertTrue(message.contains(words), message);
    }

    /// Infinite thresholds were written as `"Infinity"`, which is not read.
    @Test
    void aClassMayBeEmpty(@TempDir Path folder) throws IOException {
        TexturePoints empty = texture(List.of(3.5, Double.POSITIVE_INFINITY), List.of(0.5, 0.5, 0.0), POINTS);
        Path file = folder.resolve("a.fovea");
        ModelFile.write(model(empty), file);
        assertEquals(Optional.of(empty), ModelFile.readMeta(file).orElseThrow().texture());
    }

    @Test
    void damagedDescriptionsAreRefused(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("a.fovea");
        ModelFile.write(model(texture()), file);
        String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        for (String[] change : new String[][] {
            {"\\\"paths\\\":[0,1,2]", "\\\"paths\\\":[0,1,3]"}, {"\\\"paths\\\":[0,1,2]", "\\\"paths\\\":[0,1,-]"},
            {"\\\"paths\\\":[0,1,2]", "\\\"pathz\\\":[0,1,2]"}, {"\\\"shares\\\":[0.5", "\\\"shares\\\":[0.6"},
            {"\\\"thresholds\\\":[3.5", "\\\"thresholds\\\":[\\\"x"}, {"\\\"thresholds\\\":[3.5", "\\\"thresholds\\\":[1e9"},
            {"\\\"columns\\\":10", "\\\"columns\\\":99"}, {"\\\"psnr\\\":36.5", "\\\"psnr\\\":35.5"},
            {"\\\"texture\\\":{", "\\\"texture\\\":[{"}, {"\\\"score\\\":\\\"l", "\\\"score\\\":7,\\\"l"}}) {
            assertTrue(text.contains(change[0]), change[0]);
            byte[] changed = text.replace(change[0], change[1]).getBytes(StandardCharsets.ISO_8859_1);
            assertThrows(MalformedFileException.class,
                    () -> ModelFile.readMeta(new ByteArrayInputStream(changed), "changed"), change[1]);
        }
    }
}
