package io.github.fovea.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.frame.ColorDescription;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.PixelLayout;
import io.github.fovea.model.DynamicModel;
import io.github.fovea.model.ModelFile;
import io.github.fovea.model.Models;
import io.github.fovea.model.Precision;
import io.github.fovea.model.Routing;
import io.github.fovea.network.DynamicNetwork;
import io.github.fovea.route.RouteMap;
import io.github.fovea.route.RouteMapFile;
import io.github.fovea.route.VideoHash;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `fovea overfit` and the playing of what it makes.
class OverfitCommandTest {
    @TempDir
    Path folder;

    private record Run(int code, String out, String err) {}

    private static Run run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.execute(new PrintWriter(out), new PrintWriter(err), arguments);
        return new Run(code, out.toString(), err.toString());
    }

    /// Blocks of noise that move.
    private Path clip(int width, int height, int count) throws IOException {
        List<Frame> frames = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            Frame frame = Frame.allocate(new FrameFormat(width, height, PixelLayout.YCBCR_420, 8, ColorDescription.UNKNOWN));
            int[] codes = new SplittableRandom(5).ints(4096, 16, 236).toArray();
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    frame.plane(0).set(x, y, codes[(x + n) / 5 + (y + 2 * n) / 3 * 41 & 4095]);
                }
            }
            for (int plane = 1; plane < 3; plane++) {
                java.util.Arrays.fill(frame.plane(plane).samples(), (short) 128);
            }
            frames.add(frame);
        }
        Path file = folder.resolve("clip.y4m");
        VideoFrames.writeY4m(file, frames, 25);
        return file;
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private String[] overfit(Path clip, String... more) {
        List<String> arguments = new ArrayList<>(List.of("overfit", clip.toString(), "-o", folder.resolve("a.fovea").toString(),
                "--network", "collapsed-f16-n1,collapsed-f16-n2", "--steps", "4", "--patch", "16", "--margin", "2"));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    /// A film that is called as the small video is to be was replaced by it.
    @Test
    void theFilmIsNeverReplaced() throws IOException {
        Path film = Files.move(clip(48, 32, 3), folder.resolve("a-lr.y4m"));
        byte[] before = Files.readAllBytes(film);
        Run small = run(overfit(film, "--overwrite"));
        assertEquals(ExitCode.USAGE, small.code(), small.err());
        assertTrue(small.err().contains("the small video " + film + " is the video as well"), small.err());
        Run page = run(overfit(film, "--lr-video", film.toString(), "--report", folder.resolve("a.fovea").toString()));
        assertTrue(page.err().contains("a.fovea is -o as well"), page.err());
        assertArrayEquals(before, Files.readAllBytes(film));
        assertEquals(List.of("a-lr.y4m"), names());
    }

    /// `fovea upscale --model` would read it as ONNX.
    @Test
    void aModelIsNotNamedLikeAnOnnxFile() throws IOException {
        Run onnx = run("overfit", clip(48, 32, 3).toString(), "-o", folder.resolve("film.onnx").toString(), "--steps", "4");
        assertEquals(ExitCode.USAGE, onnx.code(), onnx.err());
        assertTrue(onnx.err().contains("are read as ONNX") && onnx.err().contains("film.fovea"), onnx.err());
        assertEquals(List.of("clip.y4m"), names());
    }

    @Test
    void everythingIsWrittenRepeatsAndPlays() throws IOException {
        Path clip = clip(112, 96, 11);
        Run first = run(overfit(clip, "--threads", "2", "--report", folder.resolve("a.html").toString()));
        assertEquals(0, first.code(), first.err());
        assertTrue(first.out().contains("routed by map") && first.out().contains("held-out frames"), first.out());
        assertEquals(List.of("a-lr.y4m", "a.fovea", "a.html", "a.routes", "clip.y4m"), names());
        // The frame that is shown is the first one; all are timed.
        assertTrue(Files.readString(folder.resolve("a.html")).contains("<p class=\"note\">11 frames played on 2 threads of this machine"));
        DynamicModel model = ModelFile.readDynamic(folder.resolve("a.fovea"));
        assertEquals(2, model.paths().size());
        assertEquals(VideoHash.of(folder.resolve("a-lr.y4m")), model.origin().video());
        // Both paths are cut from the general model that is nearest to them.
        assertEquals(ModelFile.checksum(Models.open("general-x2-fast")), model.origin().base());
        assertTrue(model.routing() instanceof Routing.ByMap);
        RouteMap map = RouteMapFile.read(folder.resolve("a.routes"));
        assertEquals(11, map.frames());
        assertEquals(model.origin().video(), map.video());
        byte[] bytes = Files.readAllBytes(folder.resolve("a.fovea"));
        byte[] routes = Files.readAllBytes(folder.resolve("a.routes"));

        Run existing = run(overfit(clip));
        assertEquals(ExitCode.CANNOT_CREATE, existing.code(), existing.err());
        assertArrayEquals(bytes, Files.readAllBytes(folder.resolve("a.fovea")));

        assertEquals(0, run(overfit(clip, "--overwrite", "--threads", "1")).code());
        assertArrayEquals(bytes, Files.readAllBytes(folder.resolve("a.fovea")));
        assertArrayEquals(routes, Files.readAllBytes(folder.resolve("a.routes")));

        Path played = folder.resolve("played.y4m");
        Run upscale = run("upscale", folder.resolve("a-lr.y4m").toString(), "-o", played.toString(), "--model",
                folder.resolve("a.fovea").toString(), "--threads", "2");
        assertEquals(0, upscale.code(), upscale.err());
        assertTrue(upscale.err().contains("takes the route map"), upscale.err());
        Run score = run("score", clip.toString(), played.toString(), "--metrics", "psnr");
        assertEquals(0, score.code(), score.err());
        // The last column is over all frames; where paths meet the player blends a few pixels.
        String[] measured = cells(first.out(), "routed by map");
        String[] scored = cells(score.out(), "psnr, mean MSE");
        assertEquals(Double.parseDouble(measured[measured.length - 2]), Double.parseDouble(scored[0]), 0.05,
                score.out() + first.out());
    }

    /// 8 bits take a quarter of what 32 take, but for the header and the layers of few channels; what is printed is of the weights in the file.
    @Test
    void precisionBoundsTheBytesAndWhatIsMeasured() throws IOException {
        Path clip = clip(60, 44, 1);
        long[] bytes = new long[3];
        String[] printed = new String[3];
        for (Precision precision : Precision.values()) {
            Run run = run("overfit", clip.toString(), "-o", folder.resolve("a.fovea").toString(), "--network", "collapsed-f16-n3",
                    "--steps", "40", "--threads", "1", "--overwrite", "--precision", precision.name().toLowerCase(Locale.ROOT));
            assertEquals(0, run.code(), run.err());
            bytes[precision.ordinal()] = Files.size(folder.resolve("a.fovea"));
            DynamicModel model = ModelFile.readDynamic(folder.resolve("a.fovea"));
            Map<String, float[]> again = precision.round(DynamicNetwork.parameters(model.paths()), model.parameters());
            model.parameters().forEach((name, values) -> assertArrayEquals(values, again.get(name), name));
            printed[precision.ordinal()] = cells(run.out(), "path 1")[0];
            assertEquals(printed[precision.ordinal()], model.origin().figures().get("trained PSNR-Y of path 1"));
        }
        var graph = ModelFile.readDynamic(folder.resolve("a.fovea")).path(1).graph();
        assertEquals(2L * graph.parameterElements(), bytes[0] - bytes[1], 100);
        // All but the first and the last layer.
        long body = graph.parameters().entrySet().stream().filter(entry -> entry.getKey().matches("body.*weight"))
                .mapToLong(entry -> Arrays.stream(entry.getValue()).reduce(1, (a, c) -> a * c)).sum();
        assertTrue(body > 0 && bytes[1] - bytes[2] > 0.9 * body, Arrays.toString(bytes));
        assertTrue(!printed[0].equals(printed[2]), Arrays.toString(printed));
        assertEquals(Double.parseDouble(printed[0]), Double.parseDouble(printed[2]), 0.1);
        assertEquals(ExitCode.USAGE, run("overfit", clip.toString(), "-o", folder.resolve("b.fovea").toString(), "--precision",
                "f8").code());
    }

    /// As when the disk is full: a folder comes to stand where the route map belongs, once training goes.
    @Test
    void aModelThatCannotBeWrittenKeepsItsTraining() throws IOException {
        Path clip = clip(112, 96, 3);
        Path inTheWay = folder.resolve("a.routes");
        StringWriter err = new StringWriter() {
            @Override
            public void write(String text, int from, int length) {
                super.write(text, from, length);
                if (text.contains("step ") && !Files.exists(inTheWay)) {
                    assertDoesNotThrow(() -> Files.createDirectories(inTheWay.resolve("full")));
                }
            }
        };
        int code = Main.execute(new PrintWriter(new StringWriter()), new PrintWriter(err, true), overfit(clip, "--overwrite"));
        assertEquals(ExitCode.IO, code, err.toString());
        assertTrue(err.toString().contains("a.fovea.checkpoint") && err.toString().contains("--resume"), err.toString());
        assertEquals(List.of("a-lr.y4m", "a.fovea.checkpoint", "a.routes", "clip.y4m"), names());
        Files.delete(inTheWay.resolve("full"));
        Files.delete(inTheWay);
        Run resumed = run(overfit(clip, "--resume"));
        assertEquals(0, resumed.code(), resumed.err());
        byte[] bytes = Files.readAllBytes(folder.resolve("a.fovea"));
        assertEquals(List.of("a-lr.y4m", "a.fovea", "a.routes", "clip.y4m"), names());
        assertEquals(0, run(overfit(clip, "--overwrite")).code());
        assertArrayEquals(bytes, Files.readAllBytes(folder.resolve("a.fovea")));
    }

    @Test
    void aSingleSmallFrameAndBlackFramesAreOverfittedAndReported() throws IOException {
        Path one = clip(60, 44, 1);
        List<String> arguments = List.of("overfit", one.toString(), "-o", folder.resolve("a.fovea").toString(), "--network",
                "collapsed-f16-n1", "--steps", "2", "--threads", "1", "--report", folder.resolve("a.html").toString());
        Run single = run(arguments.toArray(String[]::new));
        assertEquals(0, single.code(), single.err());
        assertTrue(single.err().contains("0 held out (the clip is too short)") && single.out().contains("all frames"), single.err());
        assertTrue(single.err().contains("trained ") && !single.err().contains("held-out "), single.err());
        assertEquals(Set.of("trained PSNR-Y of path 1", "trained PSNR-Y of bicubic"),
                ModelFile.readDynamic(folder.resolve("a.fovea")).origin().figures().keySet());
        String page = Files.readString(folder.resolve("a.html"));
        assertTrue(page.contains("1 frame played on 1 thread of") && page.contains("without halo; 1 shape."));
        assertTrue(page.contains("<h2>SSIM of some frames</h2>") && page.contains("Frame 0, the whole of it."));

        List<Frame> black = new ArrayList<>();
        for (int n = 0; n < 3; n++) {
            Frame frame = Frame.allocate(new FrameFormat(64, 64, PixelLayout.YCBCR_420, 8, ColorDescription.UNKNOWN));
            for (int plane = 0; plane < 3; plane++) {
                Arrays.fill(frame.plane(plane).samples(), (short) (plane == 0 ? 16 : 128));
            }
            black.add(frame);
        }
        VideoFrames.writeY4m(one, black, 25);
        List<String> again = new ArrayList<>(arguments);
        again.add("--overwrite");
        Run dark = run(again.toArray(String[]::new));
        assertEquals(0, dark.code(), dark.err());
        assertEquals("exact", cells(dark.out(), "routed by map")[0], dark.out());
        assertTrue(!dark.out().contains("Infinity") && !dark.out().contains("NaN"), dark.out());
        assertTrue(dark.err().contains("(bicubic exact)") && !dark.err().contains("Infinity"), dark.err());
        String darkPage = Files.readString(folder.resolve("a.html"));
        assertTrue(darkPage.contains("Trained and held-out frames. Not drawn, because they are infinite: bicubic (3 of 3), "));
        assertTrue(darkPage.contains("<span class=\"label\">over bicubic</span><span class=\"value\">+0.00 dB</span>"));

        Run tiny = run("overfit", clip(14, 14, 2).toString(), "-o", folder.resolve("b.fovea").toString(), "--steps", "2");
        assertEquals(ExitCode.USAGE, tiny.code(), tiny.err());
        assertTrue(tiny.err().contains("at least 8x8"), tiny.err());
        assertTrue(names().stream().noneMatch(name -> name.startsWith("b")), names().toString());
    }

    @Test
    void whatIsCutOffIsSaidAndAFrameThatIsExactIsNotAll() throws IOException {
        Path odd = clip(62, 46, 2);
        Run cut = run(overfit(odd));
        assertEquals(0, cut.code(), cut.err());
        assertTrue(cut.err().contains("clip.y4m: 2 columns at the right and 2 rows at the bottom are left out"), cut.err());
        assertTrue(cut.err().contains("what is restored has 60x44 pixels"), cut.err());

        List<Frame> frames = new ArrayList<>();
        for (int n = 0; n < 13; n++) {
            Frame frame = Frame.allocate(new FrameFormat(64, 64, PixelLayout.YCBCR_420, 8, ColorDescription.UNKNOWN));
            for (int plane = 0; plane < 3; plane++) {
                Arrays.fill(frame.plane(plane).samples(), (short) (plane == 0 ? 16 : 128));
            }
            if (n == 0) { // held out, as the black frame 12 is
                frame.plane(0).set(31, 31, 235);
            }
            frames.add(frame);
        }
        VideoFrames.writeY4m(odd, frames, 25);
        Run half = run(overfit(odd, "--overwrite", "--report", folder.resolve("a.html").toString()));
        assertEquals(0, half.code(), half.err());
        assertTrue(!half.err().contains("left out"), half.err());
        String[] bicubic = cells(half.out(), "bicubic");
        assertTrue(bicubic[0].matches("[0-9.]+") && bicubic[2].equals("infinite"), half.out());
        assertTrue(Files.readString(folder.resolve("a.html")).contains("infinite"));
    }

    /// A frame of one cell cannot spend a share of the deepest path's work: it takes that path or another.
    @Test
    void anUndividedFrameMayTakeTheDeepestPath() throws IOException {
        Path one = clip(60, 44, 1);
        String[] overfit = {"overfit", one.toString(), "-o", folder.resolve("a.fovea").toString(), "--network",
            "collapsed-f16-n1,collapsed-f16-n3", "--steps", "2", "--threads", "1", "--overwrite", "--quality", "0.65"};
        Run bounded = run(overfit);
        assertEquals(0, bounded.code(), bounded.err());
        assertTrue(bounded.out().contains("path 2 0.0 %"), bounded.out());
        Run usual = run(Arrays.copyOf(overfit, overfit.length - 2));
        assertEquals(0, usual.code(), usual.err());
        assertTrue(usual.out().contains("path 2 100.0 %"), usual.out());
    }

    /// The paper's router: large patches to path 1, those split to path 2; with halo and without.
    @Test
    void pathsGoByTheSizeOfPatches() throws IOException {
        Path clip = clip(112, 96, 11);
        Run run = run(overfit(clip, "--router", "size", "--cells", "4x4", "--quality", "0.8", "--threads", "2"));
        assertEquals(0, run.code(), run.err());
        DynamicModel model = ModelFile.readDynamic(folder.resolve("a.fovea"));
        Routing.ByPatchSize routing = (Routing.ByPatchSize) model.routing();
        RouteMap map = RouteMapFile.read(folder.resolve("a.routes"));
        int[] cells = new int[3];
        for (int frame = 0; frame < map.frames(); frame++) {
            for (int row = 0; row < map.grid().rows(); row += 2) {
                for (int column = 0; column < map.grid().columns(); column += 2) {
                    int path = map.path(frame, row * map.grid().columns() + column);
                    cells[path]++;
                    for (int cell = 0; cell < 4; cell++) {
                        assertEquals(path, map.path(frame, (row + cell / 2) * map.grid().columns() + column + cell % 2));
                    }
                }
            }
        }
        assertEquals(0, cells[0]);
        assertTrue(cells[1] > 0 && cells[2] > 0, cells[1] + " and " + cells[2] + " by " + routing);
        for (String way : List.of("--reuse", "--no-halo")) {
            Path played = folder.resolve("played" + way + ".y4m");
            List<String> upscale = new ArrayList<>(List.of("upscale", folder.resolve("a-lr.y4m").toString(), "-o",
                    played.toString(), "--model", folder.resolve("a.fovea").toString(), way));
            upscale.addAll(way.equals("--reuse") ? List.of("0") : List.of());
            Run play = run(upscale.toArray(String[]::new));
            assertEquals(0, play.code(), play.err());
        }
        assertEquals(ExitCode.USAGE, run("overfit", clip.toString(), "-o", folder.resolve("b.fovea").toString(), "--router",
                "size").code());
    }

    /// More steps, of which segments get a few.
    private static String[] longer(String[] arguments) {
        return Arrays.stream(arguments).map(argument -> argument.equals("4") ? "32" : argument).toArray(String[]::new);
    }

    @Test
    void segmentsRepeatAndPlayAsTheyWereMeasured() throws IOException {
        Path clip = clip(112, 96, 13);
        Run first = run(longer(overfit(clip, "--segment", "0.24", "--threads", "2")));
        assertEquals(0, first.code(), first.err());
        assertTrue(first.out().contains("2 segments, each changes"), first.out());
        DynamicModel model = ModelFile.readDynamic(folder.resolve("a.fovea"));
        assertEquals(List.of(0, 6), model.segments().starts());
        long elements = model.parameters().values().stream().mapToLong(values -> values.length).sum();
        assertTrue(model.segments().numbers() * 100L < elements, model.segments() + " of " + elements);
        byte[] bytes = Files.readAllBytes(folder.resolve("a.fovea"));
        assertEquals(0, run(longer(overfit(clip, "--segment", "0.24", "--threads", "1", "--overwrite"))).code());
        assertArrayEquals(bytes, Files.readAllBytes(folder.resolve("a.fovea")));

        Path played = folder.resolve("played.y4m");
        Run upscale = run("upscale", folder.resolve("a-lr.y4m").toString(), "-o", played.toString(), "--model",
                folder.resolve("a.fovea").toString(), "--threads", "2");
        assertEquals(0, upscale.code(), upscale.err());
        Run score = run("score", clip.toString(), played.toString(), "--metrics", "psnr");
        String[] measured = cells(first.out(), "routed by map");
        assertEquals(Double.parseDouble(measured[measured.length - 2]),
                Double.parseDouble(cells(score.out(), "psnr, mean MSE")[0]), 0.05, score.out() + first.out());

        Run one = run(overfit(clip, "--segment", "10", "--overwrite"));
        assertEquals(0, one.code(), one.err());
        assertTrue(one.err().contains("one segment"), one.err());
        assertEquals(0, ModelFile.readDynamic(folder.resolve("a.fovea")).segments().count());
    }

    private static String[] cells(String table, String head) {
        String line = table.lines().filter(l -> l.startsWith(head)).findFirst().orElseThrow();
        return line.substring(head.length()).strip().split("\\s+");
    }

    @Test
    void badInputIsRefusedAndLeavesNothing() throws IOException {
        Path clip = clip(112, 96, 3);
        Run small = run("overfit", clip.toString(), "-o", folder.resolve("a.fovea").toString(), "--steps", "4", "--patch", "64");
        assertEquals(ExitCode.USAGE, small.code(), small.err());
        assertTrue(small.err().contains("--patch"), small.err());
        assertEquals(List.of("clip.y4m"), names());
        Run other = run(overfit(clip, "--lr-video", clip.toString()));
        assertEquals(ExitCode.DATA, other.code(), other.err());
        assertTrue(other.err().contains("56x48"), other.err());
        for (String[] wrong : new String[][] {{"--scale", "5"}, {"--crf", "60"}, {"--quality", "2"}, {"--cells", "0x3"}, {"--cells", "100x10"},
                {"--score", "psnr"}, {"--paths", "3"}, {"--minutes", "1"}, {"--segment", "0"}, {"--crf", "20", "--lr-video", clip.toString()}}) {
            Run run = run(overfit(clip, wrong));
            assertEquals(ExitCode.USAGE, run.code(), String.join(" ", wrong) + ": " + run.err());
            assertEquals(List.of("clip.y4m"), names(), String.join(" ", wrong));
        }
        for (String[] wrong : new String[][] {{"--steps", "0"}, {"--minutes", "0"}, {"--minutes", "-1"}, {"--threads", "0"}}) {
            Run run = run("overfit", clip.toString(), "-o", folder.resolve("a.fovea").toString(), wrong[0], wrong[1]);
            assertEquals(ExitCode.USAGE, run.code(), run.err());
            assertTrue(run.err().contains(String.join(" ", wrong)) && !run.err().contains("a-lr.y4m"), run.err());
        }
        assertEquals(ExitCode.NO_INPUT, run(overfit(folder.resolve("none.y4m"))).code());
        assertEquals(List.of("clip.y4m"), names());
    }

    /// A process of its own, killed while it trains: what it leaves is what it goes on from, and nothing else.
    @Test
    void aKilledTrainingLeavesNoEmptyFile() throws Exception {
        Path clip = clip(112, 96, 3);
        List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java"), "--add-modules",
                "jdk.incubator.vector", "-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of("overfit", clip.toString(), "-o", folder.resolve("a.fovea").toString(), "--network",
                "collapsed-f16-n1", "--steps", "1000000", "--patch", "16", "--no-plateau"));
        Process process = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        try (BufferedReader reader = process.errorReader(StandardCharsets.UTF_8)) {
            String line = reader.readLine();
            while (line != null && !line.contains("loss")) {
                line = reader.readLine();
            }
            assertNotNull(line, "the training reports nothing");
            process.destroyForcibly();
            process.waitFor();
        } finally {
            process.destroyForcibly();
        }
        List<String> left = new ArrayList<>(names());
        left.remove("a.fovea.checkpoint");
        assertEquals(List.of("a-lr.y4m", "clip.y4m"), left);
    }

    /// The small video of `--crf 20` would be taken for that of `--crf 40`.
    @Test
    void aSmallVideoOfAnotherQualityIsNotGoneOnWith() throws IOException {
        Path clip = clip(112, 96, 3);
        Run first = run(overfit(clip, "--crf", "20"));
        Assumptions.assumeFalse(first.err().contains("apt-get install ffmpeg"), "ffmpeg is not installed");
        assertEquals(0, first.code(), first.err());
        Run other = run(overfit(clip, "--crf", "40", "--resume", "--overwrite"));
        assertEquals(0, other.code(), other.err());
        assertEquals(List.of("a-lr-crf20.mp4", "a-lr-crf40.mp4", "a.fovea", "a.routes", "clip.y4m"), names());
        assertEquals(VideoHash.of(folder.resolve("a-lr-crf40.mp4")),
                ModelFile.readDynamic(folder.resolve("a.fovea")).origin().video());
    }

    @Test
    void aClipThatChangesItsSizeIsRefused() throws Exception {
        Path both = folder.resolve("both.ts");
        try (OutputStream out = Files.newOutputStream(both)) {
            for (String size : List.of("96x64", "160x96")) {
                Path part = folder.resolve("part.ts");
                Process ffmpeg;
                try {
                    ffmpeg = new ProcessBuilder("ffmpeg", "-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i",
                            "testsrc2=s=" + size + ":r=25:d=1", "-c:v", "libx264", "-pix_fmt", "yuv420p", part.toString())
                            .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
                } catch (IOException e) {
                    Assumptions.abort("ffmpeg is not installed (apt-get install ffmpeg), so video is not tested");
                    return;
                }
                assertEquals(0, ffmpeg.waitFor());
                out.write(Files.readAllBytes(part));
                Files.delete(part);
            }
        }
        Run run = run(overfit(both, "--frame-rate", "25"));
        assertEquals(ExitCode.DATA, run.code(), run.err());
        assertTrue(run.err().contains("from 96x64 to 160x96") && run.err().contains("cut the video there"), run.err());
        assertEquals(List.of("both.ts"), names());
    }
}
