package io.github.fovea.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.error.MalformedFileException;
import io.github.fovea.graph.RandomParameters;
import io.github.fovea.network.DynamicNetwork;
import io.github.fovea.network.NetworkPath;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DynamicModelTest {
    private static final String HASH = "0123456789abcdef".repeat(4);

    private static DynamicModel model(String network, Routing routing) {
        DynamicNetwork built = DynamicNetwork.named(network, 2, 1);
        Map<String, float[]> parameters = RandomParameters.of(built.parameters(), new SplittableRandom(5), 1);
        return new DynamicModel("clip", network, Domain.LUMA, built.paths(), parameters, routing,
                new Origin("MIT", "one clip", List.of("A."), Map.of("PSNR", "41.2"), "a test", HASH, "f".repeat(64)));
    }

    static List<DynamicModel> models() {
        Routing.ByScore score = new Routing.ByScore(20, 10, "laplacian", List.of(Double.NEGATIVE_INFINITY, 2.5),
                List.of(1.0, 1.25));
        return List.of(model("collapsed-f4-n1+collapsed-f4-n2", score),
                model("shared-wdsr-f4-n1-n2", new Routing.ByMap(score)),
                model("shared-edsr-f4-n1-n2-n3",
                        new Routing.ByPatchSize(10, 5, "psnr", List.of(-40.0, -30.0), List.of(140, 70))),
                model("compact-f4-n1", Routing.onePath()));
    }

    static byte[] bytes(DynamicModel model) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ModelFile.write(model, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static DynamicModel read(byte[] bytes) throws IOException {
        return ModelFile.readDynamic(new ByteArrayInputStream(bytes), "memory");
    }

    @ParameterizedTest
    @MethodSource("models")
    void whatIsWrittenIsReadBitForBit(DynamicModel model, @TempDir Path folder) throws IOException {
        Path file = folder.resolve("a.fovea");
        ModelFile.write(model, file);
        DynamicModel got = ModelFile.readDynamic(file);
        assertEquals(model.name(), got.name());
        assertEquals(model.network(), got.network());
        assertEquals(model.domain(), got.domain());
        assertEquals(model.routing(), got.routing());
        assertEquals(model.origin(), got.origin());
        assertEquals(model.paths().size(), got.paths().size());
        for (int i = 0; i < model.paths().size(); i++) {
            NetworkPath path = model.paths().get(i);
            assertEquals(path.name(), got.paths().get(i).name());
            assertEquals(path.network(), got.paths().get(i).network());
            assertEquals(path.graph().nodes(), got.paths().get(i).graph().nodes());
        }
        assertEquals(new ArrayList<>(model.parameters().keySet()), new ArrayList<>(got.parameters().keySet()));
        model.parameters().forEach((name, values) -> assertArrayEquals(values, got.parameters().get(name), name));
        assertEquals(ModelFile.checksum(model), ModelFile.checksum(got));
        assertArrayEquals(bytes(got), Files.readAllBytes(file));
    }

    @Test
    void aPathIsAModelOverTheSameArrays() {
        DynamicModel model = model("shared-edsr-f4-n1-n3", new Routing.ByScore(2, 2, "laplacian", List.of(0.0, 1.0),
                List.of(1.0, 2.0)));
        StoredModel deep = model.path(2);
        assertEquals("edsr-f4-n3", deep.network());
        assertSame(model.parameters().get("head.weight"), deep.parameters().get("head.weight"));
        assertEquals(model.paths().get(1).graph().parameters().keySet(), deep.parameters().keySet());
        assertEquals(0, model.macsPerPixel(0));
        assertEquals(model.path(1).graph().macsPerPixel(), model.macsPerPixel(1));
        assertThrows(IllegalArgumentException.class, () -> model.path(0));
        assertThrows(IllegalArgumentException.class, () -> model.path(3));
    }

    @Test
    void filesOfOneNetworkAreModelsOfOnePathAndTheOtherWayRound() throws IOException {
        StoredModel old = SampleModels.everyOperator();
        DynamicModel read = read(ModelFileTest.bytes(old));
        assertEquals(1, read.paths().size());
        assertEquals(Routing.onePath(), read.routing());
        assertEquals(old.figures(), read.origin().figures());
        assertArrayEquals(ModelFileTest.bytes(old), ModelFileTest.bytes(read.path(1)));
        StoredModel back = ModelFile.read(new ByteArrayInputStream(bytes(read)), "memory");
        assertArrayEquals(ModelFileTest.bytes(old), ModelFileTest.bytes(back));
    }

    @Test
    void severalPathsAreNoSingleModel() {
        String message = assertThrows(MalformedFileException.class,
                () -> ModelFile.read(new ByteArrayInputStream(bytes(models().getFirst())), "memory")).getMessage();
        assertTrue(message.contains("memory: holds a dynamic network of 2 paths"), message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "\"version\":2|\"version\":9|newer version",
        "\"version\":2|\"version\":1|graph is missing",
        "\"scale\":2,\"lic|\"scale\":3,\"lic|wanted 2",
        "\"kind\":\"score\"|\"kind\":\"oracle\"|patch-size, score or map",
        "\"kind\":\"score\"|\"kind\":\"patch-size\"|gains is not known",
        "\"kind\":\"score\"|\"kind\":\"score\",\"bias\":1|bias is not known",
        "\"columns\":20|\"columns\":0|1 to 64",
        "\"columns\":20|\"columns\":65|1 to 64",
        "\"columns\":20|\"columns\":-1|whole number",
        "\"thresholds\":[\"-inf\",2.5]|\"thresholds\":[2.5,\"-inf\"]|ascending",
        "\"thresholds\":[\"-inf\",2.5]|\"thresholds\":[\"nan\",2.5]|finite number",
        "\"thresholds\":[\"-inf\",2.5]|\"thresholds\":[1e999,2.5]|finite number",
        "\"thresholds\":[\"-inf\",2.5]|\"thresholds\":[2.5]|2 paths want 2",
        "\"gains\":[1.0,1.25]|\"gains\":[1.0]|2 paths want 2",
        "\"gains\":[1.0,1.25]|\"gains\":[1.0,-1]|from 0 on",
        "\"name\":\"path2\"|\"name\":\"path1\"|two paths",
        "\"name\":\"path2\"|\"name\":\"\"|a name",
        "\"base\":\"0123|\"base\":\"g123|SHA-256",
        "\"video\":\"ff|\"video\":\"f|SHA-256",
        "\"paths\":[{|\"paths\":[{},{|name is missing",
        "path2.tail.bias|path1.tail.bias|is no parameter",
        "path2.body.0.bias|path2.head.weight|not well-formed",
        "path2.head.weight|path1.body.0.weight|is wanted as"})
    void descriptionsThatAreWrong(String from, String to, String because) {
        RawFile file = RawFile.of(models().getFirst());
        assertTrue(assertThrows(MalformedFileException.class, () -> read(file.withDescription(from, to).bytes()))
                .getMessage().contains(because), () -> assertThrows(MalformedFileException.class,
                        () -> read(file.withDescription(from, to).bytes())).getMessage());
    }

    @Test
    void theNumberOfPathsIsBounded() {
        DynamicModel model = models().getFirst();
        List<NetworkPath> five = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            five.add(new NetworkPath("p" + i, "n", model.paths().getFirst().graph()));
        }
        String message = assertThrows(IllegalArgumentException.class, () -> new DynamicModel("a", "b", Domain.LUMA, five,
                model.parameters(), Routing.onePath(), model.origin())).getMessage();
        assertTrue(message.contains("5 paths, wanted 1 to 4"), message);
        assertThrows(IllegalArgumentException.class, () -> new DynamicModel("a", "b", Domain.LUMA, List.of(), Map.of(),
                Routing.onePath(), model.origin()));
    }

    @Test
    void pathsMustAgreeInScaleAndDomain() {
        NetworkPath x2 = new NetworkPath("a", "n", DynamicNetwork.named("collapsed-f4-n1", 2, 1).paths().getFirst().graph());
        NetworkPath x3 = new NetworkPath("b", "n", DynamicNetwork.named("collapsed-f4-n9", 3, 1).paths().getFirst().graph());
        Origin origin = models().getFirst().origin();
        Routing two = new Routing.ByScore(2, 2, "laplacian", List.of(0.0, 1.0), List.of(1.0, 2.0));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new DynamicModel("a", "b", Domain.LUMA, List.of(x2, x3),
                Map.of(), two, origin)).getMessage().contains("equal scales"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new DynamicModel("a", "b", Domain.RGB, List.of(x2),
                Map.of(), Routing.onePath(), origin)).getMessage().contains("wants 3"));
    }

    /// Whatever is damaged, the reader either still reads a sound model or says what is wrong.
    @Test
    @Timeout(60)
    void randomDamageIsAlwaysReportedAsDamage() throws IOException {
        byte[] good = bytes(models().get(1));
        SplittableRandom random = new SplittableRandom(7);
        int refused = 0;
        for (int round = 0; round < 1500; round++) {
            byte[] bytes = good.clone();
            for (int i = random.nextInt(1, 5); i > 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            byte[] damaged = random.nextInt(5) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
            try {
                read(damaged);
            } catch (MalformedFileException e) {
                assertTrue(e.getMessage().startsWith("memory"), e.getMessage());
                refused++;
            }
        }
        assertTrue(refused > 1000, refused + " of 1500 refused");
    }
}
