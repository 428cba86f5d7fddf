package io.github.fovea.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.error.MalformedFileException;
import io.github.fovea.graph.RandomParameters;
import io.github.fovea.network.MetaGraph;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetaModelTest {
    private static final MetaGraph META = MetaGraph.named("meta-f16-n3", 2, 1);
    private static final Origin ORIGIN = new Origin("CC0-1.0", "noise", List.of("nobody"), Map.of(), "test", "", "");

    private static Map<String, float[]> parameters() {
        return RandomParameters.of(META.parameters(), new SplittableRandom(4), 1);
    }

    private static MetaModel model() {
        return new MetaModel("adaptive", META, parameters(), List.of(new MetaPoint("one", List.of(0, 3, 0, 0), 36.5),
                new MetaPoint("two", List.of(0, 3, 2, 0), 36.61), new MetaPoint("three", List.of(0, 4, 2, 3), 37.13)),
                "Set5 Y-PSNR x2", 33.66, ORIGIN);
    }

    @Test
    void aFileGivesBackWhatWasWritten(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("a.fovea");
        MetaModel model = model();
        ModelFile.write(model, file);
        MetaModel read = ModelFile.readMeta(file).orElseThrow();
        assertEquals(META, read.meta());
        assertEquals(model.points(), read.points());
        assertEquals(33.66, read.bicubic());
        assertEquals("Set5 Y-PSNR x2", read.measure());
        assertEquals(ORIGIN, read.origin());
        model.parameters().forEach((name, values) -> assertArrayEquals(values, read.parameters().get(name)));
        StoredModel best = ModelFile.read(file);
        assertEquals(META.subGraph(new int[] {0, 4, 2, 3}).nodes(), best.graph().nodes());
        assertEquals("37.13", best.figures().get("Set5 Y-PSNR x2"));
        assertEquals(2, model.changedNodes(0), "a node and the tail");
        assertEquals(3, model.changedNodes(1), "two nodes and the tail");
        Path plain = folder.resolve("b.fovea");
        ModelFile.write(best, plain);
        assertTrue(ModelFile.readMeta(plain).isEmpty());
    }

    /// What no point uses is neither kept nor written; a file that has it all the same is read.
    @Test
    void onlyTensorsThatPointsUseAreKept(@TempDir Path folder) throws IOException {
        MetaModel model = model();
        assertEquals(META.parameters(List.of(new int[] {0, 3, 0, 0}, new int[] {0, 3, 2, 0}, new int[] {0, 4, 2, 3})).keySet(),
                model.parameters().keySet());
        assertFalse(model.parameters().containsKey("node.1.second.weight"));
        Path file = folder.resolve("a.fovea");
        ModelFile.write(model, file);
        assertFalse(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains("node.1.second.weight"));
        Map<String, float[]> tooFew = new LinkedHashMap<>(model.parameters());
        tooFew.remove("node.2.weight");
        String missing = assertThrows(IllegalArgumentException.class, () -> new MetaModel("adaptive", META, tooFew, model.points(),
                model.measure(), model.bicubic(), ORIGIN)).getMessage();
        assertTrue(missing.contains("node.2.weight"), missing);
    }

    @Test
    void aPointThatIsMissingIsNamed() {
        String message = assertThrows(IllegalArgumentException.class, () -> model().point("four")).getMessage();
        assertTrue(message.contains("one, two, three"), message);
        assertEquals(37.13, model().point("three").psnr());
    }

    @Test
    void pointsOutOfOrderAreRefused() {
        MetaModel good = model();
        assertRefused(good, List.of());
        assertRefused(good, List.of(good.points().get(1), good.points().get(0)));
        assertRefused(good, List.of(good.points().get(0), new MetaPoint("one", List.of(0, 4, 2, 3), 37)));
        assertRefused(good, List.of(new MetaPoint("one", List.of(0, 5, 0, 0), 37)));
        assertRefused(good, List.of(new MetaPoint("one", List.of(0, 3, 0), 37)));
        assertRefused(good, List.of(new MetaPoint("one", List.of(0, 3, 0, 0), 33)));
        assertThrows(IllegalArgumentException.class, () -> new MetaPoint("one", List.of(0), Double.NaN));
    }

    private static void assertRefused(MetaModel good, List<MetaPoint> points) {
        assertThrows(IllegalArgumentException.class, () -> new MetaModel(good.name(), good.meta(), good.parameters(), points,
                good.measure(), good.bicubic(), good.origin()));
    }

    /// The file's text with one word changed: an error that names the place, never another exception.
    @Test
    void damagedDescriptionsAreRefused(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("a.fovea");
        ModelFile.write(model(), file);
        String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        for (String[] change : new String[][] {
            {"\\\"choices\\\":[0,3,0,0]", "\\\"choices\\\":[0,9,0,0]"}, {"\\\"choices\\\":[0,3,0,0]", "\\\"choices\\\":[0,3,0,x]"},
            {"\\\"psnr\\\":36.61", "\\\"psnr\\\":36.41"}, {"meta-f16-n3", "meta-f16-n4"}, {"meta-f16-n3", "meta-f17-n3"},
            {"\\\"version\\\":3", "\\\"version\\\":1"}, {"\\\"version\\\":3", "\\\"version\\\":4"},
            {"\\\"points\\\"", "\\\"pointz\\\""}, {"\\\"bicubic\\\":33.66", "\\\"bicubic\\\":43.66"},
            {"\\\"channels\\\":1", "\\\"channels\\\":3"}, {"node.0.second.bias", "node.0.secomd.bias"}}) {
            assertTrue(text.contains(change[0]), change[0]);
            assertEquals(change[0].length(), change[1].length());
            byte[] changed = text.replace(change[0], change[1]).getBytes(StandardCharsets.ISO_8859_1);
            assertThrows(MalformedFileException.class,
                    () -> ModelFile.readMeta(new ByteArrayInputStream(changed), "changed"), change[1]);
        }
    }
}
