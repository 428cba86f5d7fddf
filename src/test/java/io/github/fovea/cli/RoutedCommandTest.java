package io.github.fovea.cli;

import static io.github.fovea.cli.CommandRun.run;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.cli.CommandRun.Result;
import io.github.fovea.graph.RandomParameters;
import io.github.fovea.model.Domain;
import io.github.fovea.model.DynamicModel;
import io.github.fovea.model.ModelFile;
import io.github.fovea.model.Origin;
import io.github.fovea.model.Routing;
import io.github.fovea.network.DynamicNetwork;
import io.github.fovea.route.Grid;
import io.github.fovea.route.RouteMap;
import io.github.fovea.route.RouteMapFile;
import io.github.fovea.route.VideoHash;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `fovea upscale` and `fovea info` with models of several paths.
class RoutedCommandTest {
    private static final int WIDTH = 64;
    private static final int HEIGHT = 48;
    private static final int FRAMES = 3;

    @TempDir
    private Path folder;
    private Path video;
    private Path model;

    @BeforeEach
    void makeFiles() throws IOException {
        video = y4m("lr.y4m", 1);
        model = model("clip.fovea", new Routing.ByScore(4, 4, "laplacian", List.of(100.0, 220.0), List.of(1.0, 1.2)), "");
    }

    private Path y4m(String name, long seed) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(("YUV4MPEG2 W" + WIDTH + " H" + HEIGHT + " F25:1 Ip A1:1 C420jpeg\n")
                .getBytes(StandardCharsets.US_ASCII));
        SplittableRandom random = new SplittableRandom(seed);
        byte[] frame = new byte[WIDTH * HEIGHT * 3 / 2];
        for (int i = 0; i < frame.length; i++) {
            frame[i] = (byte) random.nextInt(16, 17 + 200 * (i % WIDTH) / WIDTH);
        }
        for (int f = 0; f < FRAMES; f++) {
            bytes.writeBytes("FRAME\n".getBytes(StandardCharsets.US_ASCII));
            bytes.writeBytes(frame);
        }
        return Files.write(folder.resolve(name), bytes.toByteArray());
    }

    private Path model(String name, Routing routing, String hash) throws IOException {
        DynamicNetwork network = DynamicNetwork.named("collapsed-f2-n1+collapsed-f4-n1", 2, 1);
        Map<String, float[]> parameters = RandomParameters.of(network.parameters(), new SplittableRandom(2), 0.1);
        Path file = folder.resolve(name);
        ModelFile.write(new DynamicModel("clip", network.name(), Domain.LUMA, network.paths(), parameters, routing,
                new Origin("MIT", "a clip", List.of("A. Filmer"), Map.of("PSNR", "40"), "a test", "", hash)), file);
        return file;
    }

    private Path map(String name, Path of, int path) throws IOException {
        byte[] cells = new byte[Grid.of(WIDTH, HEIGHT, 4, 4).cells().size()];
        Arrays.fill(cells, (byte) path);
        Path file = folder.resolve(name);
        RouteMapFile.write(new RouteMap(WIDTH, HEIGHT, 4, 4, 2, VideoHash.of(of), Collections.nCopies(FRAMES, cells)), file);
        return file;
    }

    private Result upscale(String output, String... more) {
        return run(arguments(output, more));
    }

    private Object[] arguments(String output, String... more) {
        String[] arguments = {"upscale", video.toString(), "-o", folder.resolve(output).toString(), "--model", model.toString(),
            "--backend", "scalar", "--threads", "2", "--progress", "none"};
        String[] all = Arrays.copyOf(arguments, arguments.length + more.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        return all;
    }

    private void assertRefused(String because, String... more) {
        Result result = upscale("refused.y4m", more);
        assertTrue(result.code() != 0 && result.err().contains(because), result.err());
        assertFalse(Files.exists(folder.resolve("refused.y4m")));
    }

    @Test
    void aVideoTakesThePathsOfItsModel() throws IOException {
        Result result = upscale("hr.y4m");
        assertEquals(0, result.code(), result.err());
        assertTrue(result.err().matches("(?s).*bicubic \\d+\\.\\d % of pixels.*path 1 \\d.*path 2 \\d.*halo x1\\.\\d.*66\\.7 % of"
                + " cells kept.*"), result.err());
        byte[] large = Files.readAllBytes(folder.resolve("hr.y4m"));
        String header = new String(large, 0, 60, StandardCharsets.US_ASCII);
        assertTrue(header.contains("W128 H96"), header);
        // The frames are equal, and so are their results.
        int frame = 6 + 128 * 96 * 3 / 2;
        assertArrayEquals(Arrays.copyOfRange(large, large.length - frame, large.length),
                Arrays.copyOfRange(large, large.length - 2 * frame, large.length - frame));
    }

    @Test
    void qualityIsTheShareOfTheDeepestPath() {
        assertTrue(upscale("a.y4m", "--quality", "0").err().contains("bicubic 100.0 % of pixels"));
        String half = upscale("c.y4m", "--quality", "0.5", "--no-halo", "--reuse", "3").err();
        assertTrue(half.contains("halo x1.00") && !half.contains(" 100.0 % of pixels"), half);
        assertRefused("wanted 0 (bicubic) to 1", "--quality", "95");
        assertRefused("--reuse 256, wanted 0 to 255", "--reuse", "256");
    }

    @Test
    void aMapSaysThePathsAndBelongsToItsVideo() throws IOException {
        Path map = map("clip.map", video, 1);
        Result result = upscale("hr.y4m", "--routes", map.toString());
        assertTrue(result.err().contains("path 1 100.0 % of pixels"), result.err());
        assertRefused("belongs to another video", "--routes", map("other.map", y4m("other.y4m", 9), 1).toString());
        Files.write(map, new byte[] {1, 2, 3});
        assertRefused("no route map", "--routes", map.toString());
    }

    @Test
    void whatGoesOnTakesThePathsOfItsOwnFrames() throws Exception {
        int frames = 500;
        video = noise("long.y4m", frames);
        int cells = Grid.of(WIDTH, HEIGHT, 4, 4).cells().size();
        List<byte[]> paths = new ArrayList<>();
        for (int f = 0; f < frames; f++) {
            byte[] one = new byte[cells];
            Arrays.fill(one, (byte) (f / 100 % 3));
            paths.add(one);
        }
        Path map = folder.resolve("long.map");
        RouteMapFile.write(new RouteMap(WIDTH, HEIGHT, 4, 4, 2, VideoHash.of(video), paths), map);
        assertEquals(0, upscale("usual.y4m", "--routes", map.toString()).code());
        Path output = folder.resolve("parted.y4m");
        Path parts = folder.resolve("parted.y4m.parts");
        assertEquals(130, CommandRun.untilFirstPart(parts, arguments("parted.y4m", "--routes", map.toString(), "--resume")).code());
        Result second = upscale("parted.y4m", "--routes", map.toString(), "--resume");
        assertTrue(second.err().contains("goes on behind the "), second.err());
        assertEquals(-1, Files.mismatch(folder.resolve("usual.y4m"), output));
    }

    /// The second half was routed by another map than the first.
    @Test
    void whatGoesOnHasTheMapThatItWasBegunWith() throws Exception {
        video = noise("long.y4m", 500);
        Routing.ByScore score = new Routing.ByScore(4, 4, "laplacian", List.of(0.0, 1000.0), List.of(1.0, 1.2));
        model = model("mapped.fovea", new Routing.ByMap(score), VideoHash.of(video));
        assertEquals(130, CommandRun.untilFirstPart(folder.resolve("a.y4m.parts"), arguments("a.y4m", "--resume")).code());
        byte[] cells = new byte[Grid.of(WIDTH, HEIGHT, 4, 4).cells().size()];
        RouteMapFile.write(new RouteMap(WIDTH, HEIGHT, 4, 4, 2, VideoHash.of(video), Collections.nCopies(500, cells)),
                folder.resolve("mapped.routes"));
        Result other = upscale("a.y4m", "--resume");
        assertEquals(ExitCode.CANNOT_CREATE, other.code(), other.err());
        assertTrue(other.err().contains("it has \"routes: quality null reuse 0\", this one \"routes: quality null reuse 0 SHA-256 "),
                other.err());
        Files.delete(folder.resolve("mapped.routes"));
        assertEquals(0, upscale("a.y4m", "--resume").code());
    }

    /// Cells kept from before the first part's end were computed anew behind it.
    @Test
    void keptCellsThatDifferAreNotForWorkThatGoesOn() {
        assertRefused("--reuse 3 keeps", "--reuse", "3", "--resume");
    }

    private Path noise(String name, int frames) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(("YUV4MPEG2 W" + WIDTH + " H" + HEIGHT + " F25:1 Ip A1:1 C420jpeg\n").getBytes(StandardCharsets.US_ASCII));
        SplittableRandom random = new SplittableRandom(3);
        byte[] frame = new byte[WIDTH * HEIGHT * 3 / 2];
        for (int f = 0; f < frames; f++) {
            random.nextBytes(frame);
            bytes.writeBytes("FRAME\n".getBytes(StandardCharsets.US_ASCII));
            bytes.writeBytes(frame);
        }
        return Files.write(folder.resolve(name), bytes.toByteArray());
    }

    @Test
    void theMapBesideAModelIsTakenWhereItFits() throws IOException {
        Routing.ByScore score = new Routing.ByScore(4, 4, "laplacian", List.of(0.0, 1000.0), List.of(1.0, 1.2));
        model = model("mapped.fovea", new Routing.ByMap(score), VideoHash.of(video));
        String without = upscale("a.y4m").err();
        assertTrue(without.contains("path 1 100.0 % of pixels") && !without.contains("another video"), without);
        map("mapped.routes", video, 2);
        assertTrue(upscale("b.y4m").err().contains("path 2 100.0 % of pixels"));
        video = y4m("other.y4m", 9);
        String other = upscale("c.y4m").err();
        assertTrue(other.contains("not its own:") && other.contains("was made for another video")
                && other.contains("path 1 100.0 % of pixels"), other);
    }

    @Test
    void otherScalesAreRefused() {
        assertRefused("enlarges by 2, to 128x96", "--scale", "3");
        Result noModel = run("upscale", video.toString(), "-o", folder.resolve("a.y4m").toString(), "--no-halo");
        assertTrue(noModel.code() != 0 && noModel.err().contains("--no-halo needs --model"), noModel.err());
    }

    /// They were dropped without a word.
    @Test
    void optionsOfPathsAreRefusedWhereThereAreNone() {
        for (String[] option : new String[][] {{"--quality", "0.5"}, {"--no-halo"}, {"--reuse", "3"}, {"--routes", "any.map"}}) {
            for (String[] more : new String[][] {{"needs --model"}, {"needs --model", "--fps", "20"},
                {"bicubic has none", "--model", "bicubic"}, {"x.onnx has none", "--model", "x.onnx"},
                {"with --fps adaptive-x2 moves", "--model", "adaptive-x2", "--fps", "20"}}) {
                List<Object> words = new ArrayList<>(List.of("upscale", video, "-o", folder.resolve("refused.y4m")));
                words.addAll(List.of(option));
                words.addAll(Arrays.asList(more).subList(1, more.length));
                Result result = run(words.toArray());
                assertEquals(ExitCode.USAGE, result.code(), result.err());
                assertTrue(result.err().contains(option[0] + " ") && result.err().contains(more[0]), result.err());
            }
        }
        assertFalse(Files.exists(folder.resolve("refused.y4m")));
        // A model of one network has two paths, itself and bicubic.
        Result half = run("upscale", video, "-o", folder.resolve("half.y4m"), "--model", "general-x2-fast", "--quality", "0.5");
        assertTrue(half.code() == 0 && half.err().contains("path 1"), half.err());
    }

    @Test
    void aFrameRateIsKeptByMovingClassesBetweenPaths() {
        Result result = run("upscale", video, "-o", folder.resolve("held.y4m"), "--model", model, "--fps", "0.5", "--progress",
                "none");
        assertEquals(0, result.code(), result.err());
        assertTrue(result.err().contains("holding 0.5 frames/s with bicubic"), result.err());
        assertTrue(result.err().contains("path 2 everywhere"), result.err());
        assertTrue(result.err().contains(FRAMES + " frames, 0 late"), result.err());
    }

    @Test
    void infoPrintsPathsAndRouting() {
        String text = run("info", model.toString()).out();
        for (String part : List.of("collapsed-f2-n1", "collapsed-f4-n1", "bicubic", "score of about 4x4 cells by laplacian at 100.0,"
                + " 220.0", "A. Filmer", "a clip", "MIT")) {
            assertTrue(text.contains(part), part + " in\n" + text);
        }
        String json = run("info", "--json", model.toString()).out();
        assertTrue(json.contains("\"kind\":\"score\"") && json.contains("\"paths\":[{\"name\":\"path1\""), json);
    }
}
