package io.github.fovea.cli;

import static io.github.fovea.cli.CommandRun.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.cli.CommandRun.Result;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Values that options cannot have: one sentence each, before any work, and nothing is left behind.
class OptionValuesTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void inputs() throws IOException {
        BufferedImage image = new BufferedImage(24, 20, BufferedImage.TYPE_3BYTE_BGR);
        ImageIO.write(image, "png", folder.resolve("p.png").toFile());
        Files.createDirectory(folder.resolve("pics"));
        ImageIO.write(image, "png", folder.resolve("pics/a.png").toFile());
        byte[] header = "YUV4MPEG2 W16 H16 F25:1 Ip A1:1 C420jpeg\nFRAME\n".getBytes(StandardCharsets.US_ASCII);
        Files.write(folder.resolve("c.y4m"), Arrays.copyOf(header, header.length + 16 * 16 * 3 / 2));
    }

    /// `$` stands for the folder.
    private Result command(String line) {
        List<Object> words = new ArrayList<>();
        for (String word : line.split(" ")) {
            words.add(word.equals("''") ? "" : word.replace("$", folder + "/"));
        }
        return run(words.toArray());
    }

    private void assertRefused(int code, String line, String option) throws IOException {
        List<Path> before = files();
        Result result = command(line);
        assertEquals(code, result.code(), () -> line + " -> " + result.err());
        assertEquals("", result.out(), line);
        List<String> said = result.err().lines().filter(l -> !l.contains("tells what there is")).toList();
        assertEquals(1, said.size(), () -> line + " -> " + result.err());
        assertTrue(said.getFirst().startsWith("fovea: ") && said.getFirst().contains(option), () -> line + " -> " + result.err());
        assertEquals(before, files(), line);
    }

    private void assertEachRefused(String line, String option, String values) throws IOException {
        for (String value : values.split(" ")) {
            assertRefused(ExitCode.USAGE, line + option + " " + value, "");
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.sorted().toList();
        }
    }

    private static final String PICTURE = "upscale $p.png -o $o.png ";
    private static final String VIDEO = "upscale $c.y4m -o $o.y4m ";
    private static final String TRAIN = "train $pics -o $t.fovea --network collapsed-f4-n1 --scale 2 --steps 1 ";
    private static final String SEARCH = "search $pics -o $s.fovea --steps 1 ";
    private static final String OVERFIT = "overfit $c.y4m -o $f.fovea --network collapsed-f4-n1 --steps 1 ";

    @ParameterizedTest
    @ValueSource(strings = {"--scale", "--width", "--height", "--threads", "--max-memory", "--range", "--max-megapixels", "--quality"})
    void ofPictures(String option) throws IOException {
        for (String value : List.of("-1", "NaN", "''", "abc", "5ms", "1e400", "99999999999999999999")) {
            assertRefused(ExitCode.USAGE, PICTURE + option + " " + value, option);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--crf", "--preset", "--frame-rate", "--fps", "--reuse", "--max-megapixels", "--range", "--quality"})
    void ofVideos(String option) throws IOException {
        for (String value : List.of("-1", "NaN", "abc", "5ms", "99999999999999999999")) {
            assertRefused(ExitCode.USAGE, VIDEO + option + " " + value, option);
        }
    }

    @Test
    void ofVideosAreNotForPictures() throws IOException {
        for (String option : VideoOptions.names()) {
            String value = switch (option) {
                case "--no-halo", "--resume" -> "";
                case "--preset" -> " fast";
                case "--load-trace", "--reference", "--routes" -> " $c.y4m";
                case "--timeline", "--report" -> " $made";
                default -> " 20";
            };
            // What needs --fps says that first.
            boolean needsRate = List.of("--load-trace", "--timeline", "--report", "--reference").contains(option);
            assertRefused(ExitCode.USAGE, PICTURE + option + value, option);
            assertEquals(needsRate, !command(PICTURE + option + value).err().contains("is for videos"), option);
        }
        assertEquals(ExitCode.USAGE, command("upscale $pics -o $large --fps 20").code());
    }

    @Test
    void ofASessionAreCheckedBeforeItBegins() throws IOException {
        assertRefused(ExitCode.CANNOT_CREATE, VIDEO + "--fps 20 --timeline $no/t.tsv", "t.tsv");
        assertRefused(ExitCode.CANNOT_CREATE, VIDEO + "--fps 20 --timeline $p.png", "p.png");
        assertRefused(ExitCode.NO_INPUT, VIDEO + "--fps 20 --load-trace $none", "none: no such file");
        Files.copy(folder.resolve("c.y4m"), folder.resolve("d.y4m"));
        assertRefused(ExitCode.USAGE, "upscale $c.y4m $d.y4m -o $large --fps 20 --timeline $t.tsv", "--timeline");
    }

    @ParameterizedTest
    @CsvSource({"--batch, 'NaN 0 -1 abc'", "--patch, '7 -1 1025 abc'", "--candidates, '0 65'", "--sizes, '0 1 NaN'", "--learning-rate, '0 2 NaN'",
        "--average, '1 -1 NaN'", "--channels, '0 2'", "--threads, '0 1025'", "--warm-start, 'none'", "--seed, '1.5'"})
    void ofTraining(String option, String values) throws IOException {
        assertEachRefused(TRAIN, option, values);
    }

    @ParameterizedTest
    @CsvSource({"--points, '0 65 NaN'", "--lambda, '-1 NaN 1e9'", "--evaluations, '0 1e9'", "--refine, '-1 1.5'", "--finish, '-1 1.5'",
        "--distillation, '-1 1.5'", "--learning-rate, '0 2'", "--meta, 'abc'", "--from, 'none'", "--scale, '1 9'"})
    void ofSearches(String option, String values) throws IOException {
        assertEachRefused(SEARCH, option, values);
    }

    @ParameterizedTest
    @CsvSource({"--hard, '-1 1.5 NaN'", "--batch, '0 -1 5,6 1025'", "--patch, '7 9,9 1025'", "--margin, '-1 30'", "--learning-rate, '0 2'",
        "--average, '1 -1'", "--crf, '-1 52'", "--segment, '0 NaN'", "--cells, '0 5'", "--quality, '-1 2'", "--scale, '1 5'",
        "--frame-rate, '0 x'", "--warm-start, 'none'", "--paths, '0 5'"})
    void ofOverfitting(String option, String values) throws IOException {
        assertEachRefused(option.equals("--paths") ? OVERFIT.replace("--network collapsed-f4-n1 ", "") : OVERFIT, option, values);
    }

    @Test
    void theCheckpointIsNotTheModel() throws IOException {
        assertRefused(ExitCode.USAGE, TRAIN + "--checkpoint $t.fovea", "--checkpoint");
    }

    @Test
    void rangesAreForOnnxFiles() throws IOException {
        for (String line : List.of(PICTURE, PICTURE + "--model general-x2 ", "info general-x2 ",
                "bench --model general-x2-fast,bicubic --size 8x8 ", "evaluate $pics --scale 2 --model bicubic ")) {
            assertRefused(ExitCode.USAGE, line + "--range 1", "--range");
        }
    }

    @Test
    void outputsAreCheckedBeforeTheWork() throws IOException {
        for (String line : List.of(TRAIN + "--checkpoint $no/x", TRAIN + "--checkpoint $pics", OVERFIT + "--report $no/r.html",
                "train $pics -o $no/t.fovea --network espcn --scale 2", "search $pics -o $pics", "overfit $c.y4m -o $no/f.fovea",
                "profile -o $no/p.json", "profile -o $pics", "explain general-x2 --picture $no/x.svg",
                "evaluate $pics --scale 2 --model adaptive-x2 --points --plot $no/x.svg", "demo -o $p.png",
                "upscale $p.png -o $no/o.png", "upscale $c.y4m -o $no/o.y4m")) {
            assertRefused(ExitCode.CANNOT_CREATE, line, "");
        }
    }

    @Test
    void ofTheOtherCommands() throws IOException {
        for (String line : List.of(SEARCH + "--name ''", TRAIN + "--name ''", "bench --model bicubic --size 0x5", "bench --model bicubic --size 16x16 --seconds NaN",
                "bench --model none --size 16x16", "bench --model '' --size 16x16", "evaluate $pics --scale 2 --model bicubic --every 0",
                "evaluate $pics --scale 0 --model bicubic", "evaluate $pics --scale 2 --model adaptive-x2 --points --json",
                "evaluate $pics --scale 3 --model adaptive-x2 --points", "evaluate $pics --scale 2 --model adaptive-x2 --points --against none",
                "info ''", "info $pics", "info none", "info general-x2 --range 7", "score $p.png $p.png --crop -1",
                "profile --seconds 0", "convert x.onnx -o $x.fovea --range 2", "upscale '' -o $x.png", "upscale $p.png -o ''")) {
            assertRefused(ExitCode.USAGE, line, "");
        }
    }

    /// The pictures are read first, so this is found out late; the sentence is the same kind.
    @Test
    void picturesTooSmallToTrainOnAreTold() {
        Result result = command(TRAIN + "--patch 48");
        assertEquals(ExitCode.USAGE, result.code(), result.err());
        assertTrue(result.err().contains("none of its 1 pictures reaches 96 pixels") && result.err().contains("use smaller patches"),
                result.err());
        assertTrue(Files.notExists(folder.resolve("t.fovea")));
    }

    @Test
    void encodersOptionsSayNothingAboutFramesAsTheyAre() {
        Result result = command(VIDEO + "--model bicubic --crf 20");
        assertEquals(ExitCode.OK, result.code(), result.err());
        assertTrue(result.err().contains("c.y4m: --crf, --preset and --encoder say nothing about .y4m"), result.err());
        // It was said to those who had given none of them.
        Result without = command(VIDEO + "--model bicubic --overwrite");
        assertEquals(ExitCode.OK, without.code(), without.err());
        assertFalse(without.err().contains("--crf"), without.err());
    }
}
