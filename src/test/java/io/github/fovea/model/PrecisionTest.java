package io.github.fovea.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.error.MalformedFileException;
import io.github.fovea.graph.Graph;
import io.github.fovea.graph.Op;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Rounded weights, and the forms in which files hold them.
class PrecisionTest {
    private static final int[] VECTOR = {4};

    private static StoredModel with(StoredModel model, Map<String, float[]> parameters) {
        return new StoredModel(model.name(), model.network(), model.domain(), model.graph(), parameters,
                model.licence(), model.trainingData(), model.attributions(), model.figures(), model.createdBy());
    }

    static StoredModel rounded(StoredModel model, Precision precision) {
        return with(model, precision.round(model.graph().parameters(), model.parameters()));
    }

    private static StoredModel read(byte[] bytes) throws IOException {
        return ModelFile.read(new ByteArrayInputStream(bytes), "memory");
    }

    private static void assertBits(float[] wanted, float[] got) {
        for (int i = 0; i < wanted.length; i++) {
            assertEquals(Float.floatToRawIntBits(wanted[i]), Float.floatToRawIntBits(got[i]), "at " + i);
        }
        assertEquals(wanted.length, got.length);
    }

    /// The type of each tensor, and that it begins at a multiple of its numbers' size.
    private static Map<String, String> types(byte[] bytes) {
        ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int headerBytes = (int) file.getLong();
        Matcher entry = Pattern.compile("\"([a-z0-9.]+)\":\\{\"dtype\":\"([A-Z]+)(\\d+)\",[^}]*offsets\":\\[(\\d+),")
                .matcher(new String(bytes, 8, headerBytes, StandardCharsets.UTF_8));
        Map<String, String> types = new LinkedHashMap<>();
        while (entry.find()) {
            types.put(entry.group(1), entry.group(2) + entry.group(3));
            assertEquals(0, (8 + headerBytes + Integer.parseInt(entry.group(4))) % (Integer.parseInt(entry.group(3)) / 8));
        }
        return types;
    }

    @Test
    void halvesAreTheNearestAndTiesGoToEven() {
        float step = 0x1p-10f;
        assertBits(new float[] {1, 1 + 2 * step, -0.0f, 65504},
                Precision.F16.round(VECTOR, new float[] {1 + step / 2, 1 + 1.5f * step, -0.0f, 65519}));
        // Below the least subnormal half little is left: 2^-24 and a half of it, which is a tie.
        assertBits(new float[] {1, 0x1p-24f, 0, -0.0f},
                Precision.F16.round(VECTOR, new float[] {1, 0x1.8p-25f, 0x1p-25f, -0x1p-26f}));
    }

    @Test
    void tensorsThatHalvesCannotHoldStayAsTheyAre() {
        float[] large = {1.0001f, 65520, 0, 0};
        assertSame(large, Precision.F16.round(VECTOR, large));
        float[] small = {0x1.234p-15f, 0, -0x1.3p-20f, 0};
        assertSame(small, Precision.F16.round(VECTOR, small));
        float[] none = new float[4];
        assertArrayEquals(none, Precision.F16.round(VECTOR, none));
        float[] exact = {0.1f, 0.2f, 0.3f, 0.4f};
        assertSame(exact, Precision.F32.round(VECTOR, exact));
    }

    private static float[] quantised(int[] shape, float... values) {
        return Quantised.of(shape, values).values();
    }

    /// The first and the last layers.
    @Test
    void convolutionsFromOrToFewChannelsAreHalves() {
        for (int[] shape : new int[][] {{16, 1, 3, 3}, {4, 16, 3, 3}, {16, 3, 5, 5}, {16, 4, 1, 1}}) {
            float[] values = values(shape);
            assertBits(Precision.F16.round(shape, values), Precision.I8.round(shape, values));
        }
        for (int[] shape : new int[][] {{16, 16, 3, 3}, {9, 16, 3, 3}, {16, 5, 1, 1}, {5, 16, 3, 3}}) {
            float[] values = values(shape);
            assertBits(quantised(shape, values), Precision.I8.round(shape, values));
        }
    }

    private static float[] values(int[] shape) {
        SplittableRandom random = new SplittableRandom(shape[0]);
        float[] values = new float[Arrays.stream(shape).reduce(1, (a, c) -> a * c)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    @Test
    void everyChannelOfAConvolutionHasItsOwnScale() {
        SplittableRandom random = new SplittableRandom(5);
        for (int round = 0; round < 200; round++) {
            int[] shape = {random.nextInt(1, 9), random.nextInt(1, 5), 3, 3};
            int size = 9 * shape[1];
            float[] values = new float[shape[0] * size];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(-1, 2) - 3 * (i / size)));
            }
            float[] rounded = quantised(shape, values);
            for (int i = 0; i < values.length; i++) {
                float largest = 0;
                for (int j = i / size * size; j < (i / size + 1) * size; j++) {
                    largest = Math.max(largest, Math.abs(values[j]));
                }
                // Half a step, and for the largest what its scale of 8 bits is off.
                assertEquals(values[i], rounded[i], largest / 127 * 0.502, "at " + i);
            }
            assertBits(rounded, quantised(shape, rounded));
        }
    }

    @Test
    void theLargestAndTheLeastWeights() {
        int[] shape = {2, 1, 1, 2};
        float[] huge = quantised(shape, Float.MAX_VALUE, 0x1p126f, 127, -127);
        // 2^126 is 31.75 of the 127 steps up to 2^128.
        assertBits(new float[] {0x1.02p121f * 127, 0x1.02p121f * 32, 127, -127}, huge);
        // The second channel is so small that it is none.
        assertBits(new float[] {127, 1, 0, 0}, quantised(shape, 127, 1.4f, 1e-38f, -1e-37f));
        assertBits(Precision.F16.round(VECTOR, new float[] {0.1f, 0.2f, 0.3f, 3}),
                Precision.I8.round(VECTOR, new float[] {0.1f, 0.2f, 0.3f, 3}));
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void aFileTakesTheSmallestFormThatLosesNothing(Precision precision) throws IOException {
        StoredModel model = rounded(SampleModels.everyOperator(), precision);
        byte[] bytes = ModelFileTest.bytes(model);
        StoredModel got = read(bytes);
        model.parameters().forEach((name, values) -> assertBits(values, got.parameters().get(name)));
        assertArrayEquals(bytes, ModelFileTest.bytes(got));
        assertEquals(ModelFile.checksum(model), ModelFile.checksum(got));
        Map<String, String> types = types(bytes);
        model.graph().parameters().forEach((name, shape) -> assertEquals(precision == Precision.I8 && !name.equals("point.weights")
                ? "F16" : precision.name(), types.get(name), name));
        assertEquals(precision == Precision.I8 ? "BF16" : null, types.get("quantised.scales"));
        assertEquals(model.parameters().size() + (precision == Precision.I8 ? 1 : 0), types.size());
    }

    /// 36 weights in 6 channels, and 448 numbers in layers of few channels, and biases and slopes.
    @Test
    void eightBitsTakeAQuarterOfTheBytesOfWideLayers() {
        int[] dataBytes = new int[Precision.values().length];
        for (Precision precision : Precision.values()) {
            byte[] bytes = ModelFileTest.bytes(rounded(SampleModels.everyOperator(), precision));
            dataBytes[precision.ordinal()] = bytes.length - 8 - (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        }
        assertArrayEquals(new int[] {4 * 484, 2 * 484, 36 + 2 * 6 + 2 * 448}, dataBytes);
    }

    @Test
    void oneNumberThatIsNoHalfMakesItsTensorWide() throws IOException {
        StoredModel model = rounded(SampleModels.everyOperator(), Precision.I8);
        Map<String, float[]> parameters = new LinkedHashMap<>(model.parameters());
        for (String name : new String[] {"depth.bias", "tail.weights"}) {
            float[] values = parameters.get(name).clone();
            values[1] = 0.1f;
            parameters.put(name, values);
        }
        StoredModel mixed = with(model, parameters);
        byte[] bytes = ModelFileTest.bytes(mixed);
        Map<String, String> types = types(bytes);
        assertEquals("F32", types.get("depth.bias"));
        assertEquals("F32", types.get("tail.weights"));
        assertEquals("I8", types.get("point.weights"));
        StoredModel got = read(bytes);
        parameters.forEach((name, values) -> assertBits(values, got.parameters().get(name)));
    }

    @Test
    void valuesOfSegmentsAreHalvesWhereThatLosesNothing() throws IOException {
        for (float value : new float[] {0.1f, Precision.half(0.1f)}) {
            DynamicModel model = SegmentsTest.model(SegmentsTest.three());
            float[][] values = Arrays.stream(model.segments().values()).map(float[]::clone).toArray(float[][]::new);
            for (float[] row : values) {
                Arrays.fill(row, 0.5f);
            }
            values[2][1] = value;
            DynamicModel changed = model.with(new Segments(model.segments().starts(), model.segments().places(), values));
            byte[] bytes = DynamicModelTest.bytes(changed);
            assertEquals(value == 0.1f ? "F32" : "F16", types(bytes).get("segments.values"));
            assertEquals(changed.segments(), DynamicModelTest.read(bytes).segments());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"segments.places", "segments.values", "quantised.scales", "__metadata__"})
    void namesThatTheFormatUsesAreNoParameters(String name) {
        StoredModel model = SampleModels.everyOperator();
        RawFile file = RawFile.of(model).withDescription("\"head.bias\"", '"' + name + '"');
        String read = assertThrows(MalformedFileException.class, () -> read(file.bytes())).getMessage();
        assertTrue(read.contains("called " + name) && read.contains("rename it"), read);
        Graph.Builder b = new Graph.Builder();
        b.add(new Op.Conv(1, 1, 1, "weights", name), b.add(new Op.Input(1)));
        String made = assertThrows(IllegalArgumentException.class, () -> new StoredModel("a", "b", Domain.LUMA, b.build(),
                Map.of("weights", new float[1], name, new float[1]), "", "", List.of(), Map.of(), "")).getMessage();
        assertTrue(made.contains("called " + name), made);
    }

    private static RawFile.Piece codes(String name, int... shape) {
        byte[] codes = new byte[Arrays.stream(shape).reduce(1, Math::multiplyExact)];
        new SplittableRandom(3).nextBytes(codes);
        codes[0] = -128;
        return new RawFile.Piece(name, "I8", shape, codes);
    }

    private static RawFile.Piece scales(String type, float... scales) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * scales.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float scale : scales) {
            bytes.putShort((short) (Float.floatToRawIntBits(scale) >>> 16));
        }
        return new RawFile.Piece("quantised.scales", type, new int[] {scales.length}, bytes.array());
    }

    /// As another program may write it: any code, any scale from 0 on.
    @Test
    void quantisedWeightsAreCodesTimesTheScaleOfTheirChannel() throws IOException {
        RawFile.Piece tail = codes("tail.weights", 4, 6, 3, 3);
        RawFile.Piece point = codes("point.weights", 6, 6, 1, 1);
        // In the order of the graph, whatever the order of the file.
        float[] scales = {1, 2, 3, 4, 5, 6, 0.5f, 0, 0.25f, 0x1p-120f};
        for (boolean reversed : new boolean[] {false, true}) {
            RawFile file = RawFile.of(SampleModels.everyOperator()).with(tail, point, scales("BF16", scales));
            StoredModel got = read((reversed ? file.reversed() : file).bytes());
            for (int i = 0; i < 36; i++) {
                assertEquals(point.data()[i] * scales[i / 6], got.parameters().get("point.weights")[i]);
            }
            for (int i = 0; i < 216; i++) {
                assertEquals(tail.data()[i] * scales[6 + i / 54], got.parameters().get("tail.weights")[i]);
            }
            StoredModel again = read(ModelFileTest.bytes(got));
            got.parameters().forEach((name, values) -> assertBits(values, again.parameters().get(name)));
        }
    }

    @ParameterizedTest
    @CsvSource({"NaN,holds NaN at index 1", "Infinity,holds Infinity at index 1", "-1,scale 1 of the quantised weights is -1.0",
            "3e38,tail.weights holds"})
    void scalesThatAreNoneAreRefused(float scale, String because) {
        byte[] bytes = RawFile.of(SampleModels.everyOperator()).with(codes("tail.weights", 4, 6, 3, 3),
                scales("BF16", 1, scale, 1, 1)).bytes();
        String message = assertThrows(MalformedFileException.class, () -> read(bytes)).getMessage();
        assertTrue(message.contains(because), message);
    }

    @Test
    void formsThatDoNotFitAreRefused() {
        RawFile good = RawFile.of(SampleModels.everyOperator());
        RawFile.Piece tail = codes("tail.weights", 4, 6, 3, 3);
        Map<RawFile, String> wrong = new LinkedHashMap<>();
        wrong.put(good.with(tail), "quantised.scales, which the graph names, is missing");
        wrong.put(good.with(scales("BF16", 1, 1, 1, 1)), "quantised.scales is no parameter");
        wrong.put(good.with(tail, scales("BF16", 1, 1, 1)), "shape is [3], the graph wants [4]");
        wrong.put(good.with(tail, scales("F16", 1, 1, 1, 1)), "dtype is \"F16\", wanted BF16");
        wrong.put(good.with(codes("tail.bias", 4), scales("BF16", 1, 1, 1, 1)), "dtype is \"I8\", wanted F32 or F16");
        wrong.put(good.with(new RawFile.Piece("tail.weights", "BF16", tail.shape(), new byte[2 * 216])), "dtype is \"BF16\"");
        wrong.put(good.with(codes("tail.weights", 4, 6, 3, 1), scales("BF16", 1, 1, 1, 1)), "wants [4, 6, 3, 3]");
        wrong.put(good.with(new RawFile.Piece("tail.weights", "I8", tail.shape(), new byte[215]), scales("BF16", 1, 1, 1, 1)),
                "span 215 bytes");
        wrong.forEach((file, because) -> {
            String message = assertThrows(MalformedFileException.class, () -> read(file.bytes()), because).getMessage();
            assertTrue(message.contains(because), because + " in: " + message);
        });
    }
}
