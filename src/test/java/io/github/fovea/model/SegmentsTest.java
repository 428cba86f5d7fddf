package io.github.fovea.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.error.MalformedFileException;
import io.github.fovea.graph.RandomParameters;
import io.github.fovea.network.DynamicNetwork;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Weights that change along the video.
class SegmentsTest {
    static DynamicModel model(Segments segments) {
        DynamicNetwork network = DynamicNetwork.named("collapsed-f4-n1+collapsed-f4-n2", 2, 1);
        Map<String, float[]> parameters = RandomParameters.of(network.parameters(), new SplittableRandom(5), 1);
        return new DynamicModel("clip", network.name(), Domain.LUMA, network.paths(), parameters,
                new Routing.ByScore(4, 3, "laplacian", List.of(0.0, 2.5), List.of(1.0, 1.25)),
                new Origin("", "", List.of(), Map.of(), "", "", ""), segments);
    }

    private static int elements() {
        return model(Segments.NONE).parameters().values().stream().mapToInt(values -> values.length).sum();
    }

    static Segments three() {
        return new Segments(List.of(0, 25, 70), new int[][] {{0, 1, 2}, {3, 40, 41}, {5, 100, elements() - 1}},
                new float[][] {{1, 2, 3}, {-0.0f, 1e-30f, 0.1f}, {7, 8, 9}});
    }

    private static float[] flat(Map<String, float[]> parameters) {
        float[] all = new float[elements()];
        int next = 0;
        for (float[] values : parameters.values()) {
            System.arraycopy(values, 0, all, next, values.length);
            next += values.length;
        }
        return all;
    }

    @Test
    void framesFindTheirSegment() {
        Segments segments = three();
        int[] frames = {0, 1, 24, 25, 26, 69, 70, 71, Integer.MAX_VALUE};
        assertArrayEquals(new int[] {0, 0, 0, 1, 1, 1, 2, 2, 2}, Arrays.stream(frames).map(segments::at).toArray());
        assertEquals(-1, Segments.NONE.at(17));
    }

    @Test
    void aSegmentReplacesItsNumbersAloneAndLeavesTheBaseBitForBit() {
        DynamicModel model = model(three());
        float[] before = flat(model.parameters());
        for (int segment = 0; segment < 3; segment++) {
            float[] wanted = before.clone();
            for (int i = 0; i < 3; i++) {
                wanted[model.segments().places()[segment][i]] = model.segments().values()[segment][i];
            }
            assertArrayEquals(wanted, flat(model.segment(segment).parameters()));
            assertArrayEquals(before, flat(model.segment(-1).parameters()));
        }
        assertSame(model.parameters().get("path2.tail.weight"), model.segment(0).parameters().get("path2.tail.weight"));
    }

    @Test
    void whatIsWrittenIsReadBitForBit() throws IOException {
        DynamicModel model = model(three());
        byte[] bytes = DynamicModelTest.bytes(model);
        DynamicModel got = DynamicModelTest.read(bytes);
        assertEquals(model.segments(), got.segments());
        assertEquals(Float.floatToRawIntBits(-0.0f), Float.floatToRawIntBits(got.segments().values()[1][0]));
        assertArrayEquals(flat(model.parameters()), flat(got.parameters()));
        assertArrayEquals(bytes, DynamicModelTest.bytes(got));
        assertEquals(ModelFile.checksum(model), ModelFile.checksum(got));
        assertTrue(bytes.length - DynamicModelTest.bytes(model(Segments.NONE)).length < 3 * 3 * 8 + 400);
        assertTrue(new DynamicSummary(got).text().contains("3, each changes 3 numbers, from frame 0, 25, 70"),
                new DynamicSummary(got).text());
        assertTrue(new DynamicSummary(got).json().contains("\"starts\":[0,25,70]"));
    }

    @Test
    void modelsHoldSoManySegmentsAndNumbersAndNoMore() {
        Segments.checkNumbers(Segments.MAX_SEGMENTS, Segments.MAX_ALL_NUMBERS / Segments.MAX_SEGMENTS);
        Segments.checkNumbers(0, 0);
        assertThrows(IllegalArgumentException.class, () -> Segments.checkNumbers(Segments.MAX_SEGMENTS + 1, 1));
        assertThrows(IllegalArgumentException.class, () -> Segments.checkNumbers(Segments.MAX_SEGMENTS,
                Segments.MAX_ALL_NUMBERS / Segments.MAX_SEGMENTS + 1));
        assertThrows(IllegalArgumentException.class, () -> Segments.checkNumbers(1, 0));
    }

    @Test
    void segmentsThatCannotBeAreRefused() {
        Map<String, Runnable> wrong = new LinkedHashMap<>();
        wrong.put("wanted 0", () -> new Segments(List.of(3), new int[][] {{1}}, new float[][] {{1}}));
        wrong.put("not after", () -> new Segments(List.of(0, 5, 5), new int[3][1], new float[3][1]));
        wrong.put("ascending", () -> new Segments(List.of(0), new int[][] {{4, 4}}, new float[1][2]));
        wrong.put("finite", () -> new Segments(List.of(0), new int[][] {{4}}, new float[][] {{Float.NaN}}));
        wrong.put("0 numbers each", () -> new Segments(List.of(0), new int[1][0], new float[1][0]));
        wrong.put("places of 1", () -> new Segments(List.of(0, 1), new int[1][1], new float[2][1]));
        wrong.put("the first segment changes 1", () -> new Segments(List.of(0, 1), new int[][] {{1}, {1, 2}}, new float[][] {{1}, {1, 2}}));
        wrong.put("the model has " + elements(), () -> model(new Segments(List.of(0), new int[][] {{elements()}}, new float[1][1])));
        wrong.forEach((because, attempt) -> {
            String message = assertThrows(IllegalArgumentException.class, attempt::run, because).getMessage();
            assertTrue(message.contains(because), message);
        });
    }

    /// Changes of the file's text that keep its length.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "\\\"version\\\":4|\\\"version\\\":5|newer version",
        "\\\"version\\\":4|\\\"version\\\":2|is no parameter of the graph",
        "[0,25,70]|[0,25,20]|not after the one before",
        "[0,25,70]|[1,25,70]|wanted 0",
        "[0,25,70]|[0,  25 ]|the graph wants [2, 3]",
        "\\\"numbers\\\":3|\\\"numbers\\\":4|the graph wants [3, 4]",
        "\\\"numbers\\\":3|\\\"numbers\\\":0|wanted 1 to",
        "\"dtype\":\"I32\"|\"dtype\":\"F32\"|I32",
        "\\\"starts\\\"|\\\"stards\\\"|starts"})
    void damagedDescriptionsAreRefused(String from, String to, String because) {
        String text = new String(DynamicModelTest.bytes(model(three())), StandardCharsets.ISO_8859_1);
        assertTrue(text.contains(from), from);
        assertEquals(from.length(), to.length());
        byte[] changed = text.replace(from, to).getBytes(StandardCharsets.ISO_8859_1);
        String message = assertThrows(MalformedFileException.class, () -> DynamicModelTest.read(changed), to).getMessage();
        assertTrue(message.contains(because), message);
    }

    /// A number beyond the model, behind a checksum that is right.
    @Test
    void placesOutsideTheModelAreRefusedWhenRead() throws IOException {
        byte[] bytes = DynamicModelTest.bytes(model(three()));
        int last = bytes.length - 4 * 9 - 4;
        assertEquals(elements() - 1, java.nio.ByteBuffer.wrap(bytes, last, 4).order(java.nio.ByteOrder.LITTLE_ENDIAN).getInt());
        java.nio.ByteBuffer.wrap(bytes, last, 4).order(java.nio.ByteOrder.LITTLE_ENDIAN).putInt(elements());
        String damaged = assertThrows(MalformedFileException.class, () -> DynamicModelTest.read(bytes)).getMessage();
        String computed = damaged.replaceFirst(".*SHA-256 is ([0-9a-f]{64}).*", "$1");
        String text = new String(bytes, StandardCharsets.ISO_8859_1).replaceFirst("\"sha256\":\"[0-9a-f]{64}\"",
                "\"sha256\":\"" + computed + "\"");
        String message = assertThrows(MalformedFileException.class, () -> DynamicModelTest.read(text.getBytes(StandardCharsets.ISO_8859_1)))
                .getMessage();
        assertTrue(message.contains("the model has " + elements()), message);
    }
}
