package io.github.fovea.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.graph.Graph;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ModelFileTest {
    static List<StoredModel> models() {
        return List.of(SampleModels.everyOperator(), SampleModels.rgb());
    }

    static byte[] bytes(StoredModel model) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ModelFile.write(model, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static void assertSame(StoredModel wanted, StoredModel got) {
        assertEquals(wanted.name(), got.name());
        assertEquals(wanted.network(), got.network());
        assertEquals(wanted.domain(), got.domain());
        assertEquals(wanted.graph().nodes(), got.graph().nodes());
        assertEquals(wanted.licence(), got.licence());
        assertEquals(wanted.trainingData(), got.trainingData());
        assertEquals(wanted.attributions(), got.attributions());
        assertEquals(new ArrayList<>(wanted.figures().entrySet()), new ArrayList<>(got.figures().entrySet()));
        assertEquals(wanted.createdBy(), got.createdBy());
        assertEquals(new ArrayList<>(wanted.parameters().keySet()), new ArrayList<>(got.parameters().keySet()));
        wanted.parameters().forEach((name, values) -> assertArrayEquals(bits(values), bits(got.parameters().get(name)), name));
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }

    @ParameterizedTest
    @MethodSource("models")
    void whatIsWrittenIsReadBitForBit(StoredModel model, @TempDir Path folder) throws IOException {
        Path file = folder.resolve("a.fovea");
        Files.writeString(file, "old content");
        Object written = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        ModelFile.write(model, file);
        // Into the very file: who writes a temporary one and moves it needs no second.
        assertEquals(written, Files.readAttributes(file, BasicFileAttributes.class).fileKey());
        assertSame(model, ModelFile.read(file));
        assertSame(model, ModelFile.read(new ByteArrayInputStream(bytes(model)), "memory"));
        assertArrayEquals(bytes(model), Files.readAllBytes(file));
        assertArrayEquals(bytes(ModelFile.read(file)), Files.readAllBytes(file));
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(List.of(file), left.toList());
        }
    }

    /// A reader of safetensors that knows nothing of Fovea: names, shapes and places by pattern, in the order of the
    /// header.
    @Test
    void anySafetensorsReaderFindsTheTensors() {
        StoredModel model = SampleModels.everyOperator();
        ByteBuffer file = ByteBuffer.wrap(bytes(model)).order(ByteOrder.LITTLE_ENDIAN);
        int length = (int) file.getLong();
        assertEquals(0, length % 8);
        byte[] headerBytes = new byte[length];
        file.get(headerBytes);
        String header = new String(headerBytes, StandardCharsets.UTF_8);
        assertTrue(header.startsWith("{\"__metadata__\":{"), header);
        Matcher entry = Pattern.compile(
                "\"([a-z.]+)\":\\{\"dtype\":\"F32\",\"shape\":\\[([0-9,]+)],\"data_offsets\":\\[(\\d+),(\\d+)]}").matcher(header);
        Map<String, float[]> found = new LinkedHashMap<>();
        while (entry.find()) {
            int begin = Integer.parseInt(entry.group(3));
            int end = Integer.parseInt(entry.group(4));
            float[] values = new float[(end - begin) / 4];
            file.position(8 + length + begin);
            file.asFloatBuffer().get(values);
            found.put(entry.group(1), values);
            int[] shape = Arrays.stream(entry.group(2).split(",")).mapToInt(Integer::parseInt).toArray();
            assertArrayEquals(model.graph().parameters().get(entry.group(1)), shape);
        }
        assertEquals(model.parameters().keySet(), found.keySet());
        found.forEach((name, values) -> assertArrayEquals(model.parameters().get(name), values));
        // Everything in __metadata__ is text, as safetensors demands.
        String metadata = header.substring(header.indexOf("{", 1), header.indexOf("},\"head.weights\""));
        assertTrue(Pattern.matches("\\{(\"[a-z0-9]+\":\"(?:[^\"\\\\]++|\\\\.)*+\",?)+", metadata), metadata);
        assertTrue(metadata.contains("\"licence\":\"Apache-2.0\""), metadata);
    }

    @Test
    void halfPrecisionIsWidened() throws IOException {
        StoredModel model = SampleModels.rgb();
        Map<String, float[]> halves = new LinkedHashMap<>();
        model.parameters().forEach((name, values) -> {
            float[] rounded = values.clone();
            for (int i = 0; i < rounded.length; i++) {
                rounded[i] = Float.float16ToFloat(Float.floatToFloat16(rounded[i]));
            }
            halves.put(name, rounded);
        });
        StoredModel rounded = new StoredModel(model.name(), model.network(), model.domain(), model.graph(), halves,
                model.licence(), model.trainingData(), model.attributions(), model.figures(), model.createdBy());
        assertSame(rounded, ModelFile.read(new ByteArrayInputStream(RawFile.of(rounded).toHalf().bytes()), "memory"));
    }

    @Test
    void tensorsMayLieInAnotherOrderThanTheGraphNamesThem() throws IOException {
        StoredModel model = SampleModels.everyOperator();
        byte[] reversed = RawFile.of(model).reversed().bytes();
        assertFalse(Arrays.equals(bytes(model), reversed));
        assertSame(model, ModelFile.read(new ByteArrayInputStream(reversed), "memory"));
    }

    @Test
    void modelsThatContradictThemselvesCannotBeMade() {
        StoredModel model = SampleModels.rgb();
        Map<String, float[]> parameters = new LinkedHashMap<>(model.parameters());
        parameters.put("bias", new float[] {1, Float.NaN, 2});
        assertRefused(model.graph(), model.domain(), parameters, "NaN at index 1");
        parameters.put("bias", new float[2]);
        assertRefused(model.graph(), model.domain(), parameters, "holds 2 floats, [3] needs 3");
        parameters.remove("bias");
        assertRefused(model.graph(), model.domain(), parameters, "bias is missing");
        parameters.put("bias", new float[3]);
        parameters.put("more", new float[3]);
        assertRefused(model.graph(), model.domain(), parameters, "more is none");
        assertRefused(model.graph(), Domain.LUMA, model.parameters(), "LUMA wants 1");
    }

    private static void assertRefused(Graph graph, Domain domain, Map<String, float[]> parameters, String because) {
        String message = assertThrows(IllegalArgumentException.class, () -> new StoredModel("a", "b", domain, graph, parameters,
                "", "", List.of(), Map.of(), "")).getMessage();
        assertTrue(message.contains(because), message);
    }

    @Test
    void theSummaryTellsEverything() {
        StoredModel model = SampleModels.everyOperator();
        String text = new ModelSummary(model).text();
        for (String part : List.of("sample", "compact-f6-n1", "x2", "Apache-2.0", "nothing, random numbers",
                "A. Photographer, CC BY 4.0", "37.21", "a test", ModelFile.checksum(model),
                String.format(Locale.ROOT, "%,d per LR pixel", model.graph().macsPerPixel()),
                "radius " + model.graph().receptiveRadius(), "leaky-relu 0.1", "resize bicubic x2")) {
            assertTrue(text.contains(part), part + " in\n" + text);
        }
        assertEquals(model.graph().nodes().size(), text.substring(text.indexOf("\nnode") + 1).lines().count() - 1);
        String json = new ModelSummary(model).json();
        // By hand: 1*6*25 + 6*9 + 6*6 + 6*4*9 = 456.
        assertTrue(json.contains("\"macsPerLrPixel\":456,"), json);
        long parameters = Pattern.compile("\"parameters\":(\\d+),\"macs").matcher(json.substring(json.indexOf("layers")))
                .results().mapToLong(m -> Long.parseLong(m.group(1))).sum();
        assertEquals(model.graph().parameterElements(), parameters);
    }

    @Test
    void theSummaryDoesNotSteerTheTerminal() {
        StoredModel m = SampleModels.rgb();
        StoredModel hostile = new StoredModel("a\u001b[2J", m.network(), m.domain(), m.graph(), m.parameters(), "\u202eMIT",
                "", List.of(), Map.of(), "");
        assertFalse(new ModelSummary(hostile).text().matches("(?s).*[\u001b\u202e].*"));
    }

    @Test
    void unknownBundledNamesListTheKnownOnes() throws IOException {
        String message = assertThrows(IllegalArgumentException.class, () -> Models.open("../general-x2")).getMessage();
        assertTrue(message.contains("no bundled model is called ../general-x2; there are "), message);
        for (String name : Models.names()) {
            assertTrue(message.contains(name), message);
            assertEquals(name, Models.open(name).name());
        }
    }
}
