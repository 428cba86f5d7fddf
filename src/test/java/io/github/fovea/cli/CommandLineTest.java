package io.github.fovea.cli;

import static io.github.fovea.cli.CommandRun.run;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.fovea.cli.CommandRun.Result;
import io.github.fovea.model.ModelFile;
import io.github.fovea.model.Models;
import io.github.fovea.model.StoredModel;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The command line from end to end: what it makes, what it says about bad input, and that nothing half-made stays behind.
class CommandLineTest {
    @TempDir
    private Path folder;

    private Path picture(String name, int width, int height) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        SplittableRandom random = new SplittableRandom(width * 31L + height);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, random.nextInt(1 << 24));
            }
        }
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        ImageIO.write(image, name.endsWith("jpg") ? "jpg" : "png", file.toFile());
        return file;
    }

    private Path y4m(String name, int width, int height, int frames) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(("YUV4MPEG2 W" + width + " H" + height + " F25:1 Ip A1:1 C420jpeg\n").getBytes(StandardCharsets.US_ASCII));
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < frames; i++) {
            bytes.writeBytes("FRAME\n".getBytes(StandardCharsets.US_ASCII));
            byte[] samples = new byte[width * height + 2 * ((width + 1) / 2) * ((height + 1) / 2)];
            random.nextBytes(samples);
            bytes.writeBytes(samples);
        }
        return Files.write(folder.resolve(name), bytes.toByteArray());
    }

    private void assertFails(int code, Result result, Path output, String... words) throws IOException {
        assertEquals(code, result.code(), result.err());
        assertEquals("", result.out(), "standard output is data only");
        for (String word : words) {
            assertTrue(result.err().contains(word), () -> "'" + word + "' missing in: " + result.err());
        }
        assertFalse(result.err().contains("\tat "), "a stack trace is no message: " + result.err());
        assertFalse(Files.exists(output), "a result stayed behind");
        try (Stream<Path> left = Files.list(output.getParent())) {
            List<String> temporary = left.map(f -> f.getFileName().toString())
                    .filter(n -> n.startsWith(".") || n.contains(output.getFileName().toString())).toList();
            assertEquals(List.of(), temporary, "something half-made stayed behind");
        }
    }

    @ParameterizedTest
    @CsvSource({"2, 40, 26", "1.5, 30, 20", "4, 80, 52"})
    void picturesGrowByTheFactor(String scale, int width, int height) throws IOException {
        Path large = folder.resolve("large.png");
        Result result = run("upscale", picture("small.png", 20, 13).toString(), "-o", large.toString(), "--scale", scale,
                "--model", "bicubic", "--progress", "none");
        assertEquals(0, result.code(), result.err());
        BufferedImage image = ImageIO.read(large.toFile());
        assertEquals(width, image.getWidth());
        assertEquals(height, image.getHeight());
        assertTrue(result.err().contains("bicubic"), "what the network does not do is stated: " + result.err());
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "3, 2"})
    void tinyPicturesWork(int width, int height) throws IOException {
        Path large = folder.resolve("large.png");
        assertEquals(0, run("upscale", picture("small.png", width, height).toString(), "-o", large.toString(), "--model",
                "bicubic").code());
        assertEquals(2 * width, ImageIO.read(large.toFile()).getWidth());
    }

    @Test
    void foldersKeepTheirTreeAndFinishedFilesAreSkipped() throws IOException {
        picture("in/a.png", 8, 8);
        picture("in/deep/b.png", 6, 6);
        Files.writeString(folder.resolve("in/notes.txt"), "junk");
        Path output = folder.resolve("out");
        Result first = run("upscale", folder.resolve("in").toString(), "-o", output.toString(), "--model", "bicubic");
        assertEquals(0, first.code(), first.err());
        assertTrue(first.err().contains("2 done, 0 skipped"), first.err());
        assertEquals(12, ImageIO.read(output.resolve("deep/b.png").toFile()).getWidth());
        Files.delete(output.resolve("a.png"));
        Result second = run("upscale", folder.resolve("in").toString(), "-o", output.toString(), "--model", "bicubic");
        assertTrue(second.err().contains("1 done, 1 skipped"), second.err());
    }

    @Test
    void oneBadFileInAFolderDoesNotStopTheOthers() throws IOException {
        picture("in/a.png", 8, 8);
        Files.writeString(folder.resolve("in/bad.png"), "no picture");
        picture("in/c.png", 8, 8);
        Path output = folder.resolve("out");
        Result result = run("upscale", folder.resolve("in").toString(), "-o", output.toString(), "--model", "bicubic");
        assertEquals(1, result.code());
        assertTrue(result.err().contains("bad.png") && result.err().contains("2 done, 0 skipped because their results exist, 1 failed"),
                result.err());
        assertTrue(Files.exists(output.resolve("c.png")));
    }

    @Test
    void twoFilesForOneResultDoNotStopTheOthers() throws IOException {
        BufferedImage image = ImageIO.read(picture("in/a.png", 8, 8).toFile());
        ImageIO.write(image, "gif", folder.resolve("in/a.gif").toFile());
        picture("in/b.png", 8, 8);
        Path output = folder.resolve("out");
        Result result = run("upscale", folder.resolve("in"), "-o", output, "--model", "bicubic");
        assertEquals(ExitCode.PARTIAL, result.code(), result.err());
        assertTrue(result.err().contains("a.gif: not done") && result.err().contains("a.png: not done")
                && result.err().contains("1 done, 0 skipped because their results exist, 2 failed"), result.err());
        assertTrue(Files.exists(output.resolve("b.png")) && !Files.exists(output.resolve("a.png")), "only what is clear is done");
    }

    @Test
    void picturesBehindTheFirstAreSaidToBeLeftOut() throws IOException {
        BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
        Path animation = folder.resolve("a.gif");
        ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(animation.toFile())) {
            writer.setOutput(out);
            writer.prepareWriteSequence(null);
            writer.writeToSequence(new IIOImage(image, null, null), null);
            writer.writeToSequence(new IIOImage(image, null, null), null);
            writer.endWriteSequence();
        } finally {
            writer.dispose();
        }
        Result several = run("upscale", animation, "-o", folder.resolve("o.png"), "--model", "bicubic");
        assertEquals(0, several.code(), several.err());
        assertTrue(several.err().contains("a.gif: holds several pictures; the first one is enlarged"), several.err());
        Result one = run("upscale", picture("b.png", 8, 8), "-o", folder.resolve("p.png"), "--model", "bicubic");
        assertFalse(one.err().contains("several pictures"), one.err());
    }

    @Test
    void videosInY4mNeedNothingElse() throws IOException {
        Path large = folder.resolve("large.y4m");
        Result result = run("upscale", y4m("small.y4m", 18, 10, 7).toString(), "-o", large.toString(), "--model", "bicubic",
                "--progress", "json");
        assertEquals(0, result.code(), result.err());
        byte[] bytes = Files.readAllBytes(large);
        String header = new String(bytes, 0, 60, StandardCharsets.US_ASCII);
        assertTrue(header.startsWith("YUV4MPEG2 W36 H20 F25:1 Ip A1:1 C420jpeg"), header);
        int headerLength = header.indexOf('\n') + 1;
        assertEquals(headerLength + 7 * (6 + 36 * 20 * 3 / 2), bytes.length);
        assertTrue(result.err().contains("\"done\":7,\"total\":7"), result.err());
        assertTrue(result.err().contains("7 frames"), result.err());
    }

    @Test
    void emptyAndFalseFilesAreNamed() throws IOException {
        Path output = folder.resolve("large.png");
        Path empty = Files.createFile(folder.resolve("empty.png"));
        assertFails(65, run("upscale", empty.toString(), "-o", output.toString(), "--model", "bicubic"), output, "empty.png");
        Path text = Files.writeString(folder.resolve("text.png"), "this is a text\n");
        assertFails(65, run("upscale", text.toString(), "-o", output.toString(), "--model", "bicubic"), output, "text.png");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut.png", "cut.jpg"})
    void picturesCutOffAreRefused(String name) throws IOException {
        byte[] whole = Files.readAllBytes(picture("whole." + name.substring(4), 64, 64));
        Path cut = Files.write(folder.resolve(name), java.util.Arrays.copyOf(whole, whole.length * 2 / 3));
        Path output = folder.resolve("large.png");
        assertFails(65, run("upscale", cut.toString(), "-o", output.toString(), "--model", "bicubic"), output, name);
    }

    @Test
    void aPictureOfTenThousandMegapixelsIsRefusedByItsHeader() throws IOException {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        png.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 26, '\n'});
        png.writeBytes(chunk("IHDR", ByteBuffer.allocate(13).putInt(100_000).putInt(100_000).put(new byte[] {8, 2, 0, 0, 0}).array()));
        png.writeBytes(chunk("IDAT", new byte[] {0x78, (byte) 0x9c, 3, 0, 0, 0, 0, 1}));
        png.writeBytes(chunk("IEND", new byte[0]));
        Path file = Files.write(folder.resolve("huge.png"), png.toByteArray());
        Path output = folder.resolve("large.png");
        assertFails(65, run("upscale", file.toString(), "-o", output.toString(), "--model", "bicubic"), output, "100,000x100,000");
    }

    private static byte[] chunk(String type, byte[] data) {
        byte[] body = ByteBuffer.allocate(4 + data.length).put(type.getBytes(StandardCharsets.US_ASCII)).put(data).array();
        CRC32 crc = new CRC32();
        crc.update(body);
        return ByteBuffer.allocate(body.length + 8).putInt(data.length).put(body).putInt((int) crc.getValue()).array();
    }

    @Test
    void y4mThatLiesOrEndsEarlyIsRefused() throws IOException {
        Path output = folder.resolve("large.y4m");
        byte[] whole = Files.readAllBytes(y4m("whole.y4m", 16, 16, 4));
        Path cut = Files.write(folder.resolve("cut.y4m"), java.util.Arrays.copyOf(whole, whole.length - 100));
        assertFails(65, run("upscale", cut.toString(), "-o", output.toString(), "--model", "bicubic"), output, "cut.y4m");
        Path lie = Files.writeString(folder.resolve("lie.y4m"), "YUV4MPEG2 W2000000 H2000000 F25:1\nFRAME\nabc");
        assertFails(65, run("upscale", lie.toString(), "-o", output.toString(), "--model", "bicubic"), output, "lie.y4m");
        Path large = Files.writeString(folder.resolve("large-claim.y4m"), "YUV4MPEG2 W4000 H4000 F25:1\nFRAME\nabc");
        assertFails(65, run("upscale", large.toString(), "-o", output.toString(), "--model", "bicubic"), output, "large-claim");
    }

    @Test
    void missingInputsAndOutputsInTheWayAreNamed() throws IOException {
        Path output = folder.resolve("out/large.png");
        Path small = picture("small.png", 4, 4);
        Result missing = run("upscale", folder.resolve("none.png").toString(), "-o", folder.resolve("x.png").toString());
        assertEquals(66, missing.code());
        assertTrue(missing.err().contains("none.png"), missing.err());
        Result noFolder = run("upscale", small.toString(), "-o", output.toString(), "--model", "bicubic");
        assertEquals(73, noFolder.code(), noFolder.err());
        assertTrue(noFolder.err().contains("create it"), noFolder.err());
        Path there = Files.writeString(folder.resolve("there.png"), "mine");
        Result exists = run("upscale", small.toString(), "-o", there.toString(), "--model", "bicubic");
        assertEquals(73, exists.code());
        assertTrue(exists.err().contains("--overwrite"), exists.err());
        assertEquals("mine", Files.readString(there));
        byte[] before = Files.readAllBytes(small);
        assertEquals(73, run("upscale", small.toString(), "-o", small.toString(), "--overwrite", "--model", "bicubic").code());
        assertArrayEquals(before, Files.readAllBytes(small), "the input is never replaced by its own result");
    }

    /// In a process of its own, whose memory suffices for one of the two.
    @Test
    void aPictureThatMemoryDoesNotSufficeForDoesNotEndTheFolder() throws Exception {
        Path pictures = Files.createDirectory(folder.resolve("pictures"));
        Files.move(picture("wide.png", 60_000, 16), pictures.resolve("a.png"));
        Files.move(picture("small.png", 4, 4), pictures.resolve("b.png"));
        Path large = folder.resolve("large");
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m",
                "--add-modules", "jdk.incubator.vector", "-cp", System.getProperty("java.class.path"), Main.class.getName(),
                "upscale", pictures.toString(), "-o", large.toString(), "--model", "bicubic", "--scale", "16", "--threads", "2")
                .redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(ExitCode.PARTIAL, process.waitFor(), said);
        assertTrue(said.contains("a.png: out of memory") && said.contains("1 done, 0 skipped"), said);
        assertTrue(Files.exists(large.resolve("b.png")) && Files.notExists(large.resolve("a.png")));
    }

    @Test
    void aFolderThatCannotBeWrittenIsNamed() throws IOException {
        Path small = picture("small.png", 4, 4);
        Path closed = Files.createDirectory(folder.resolve("closed"));
        assumeTrue(Files.getFileStore(closed).supportsFileAttributeView("posix"), "needs POSIX permissions");
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-xr-xr-x"));
        assumeTrue(!Files.isWritable(closed), "this user may write everywhere (root)");
        Result result = run("upscale", small.toString(), "-o", closed.resolve("x.png").toString(), "--model", "bicubic");
        assertEquals(73, result.code());
        assertTrue(result.err().contains("permissions"), result.err());
    }

    @Test
    void impossibleRequestsAreUsageErrors() throws IOException {
        String small = picture("small.png", 10, 10).toString();
        Path output = folder.resolve("large.png");
        String out = output.toString();
        assertFails(2, run("upscale", small, "-o", out, "--scale", "0.5", "--model", "bicubic"), output, "scale");
        assertFails(2, run("upscale", small, "-o", out, "--scale", "50", "--model", "bicubic"), output, "16");
        assertFails(2, run("upscale", small, "-o", out, "--width", "5000", "--model", "bicubic"), output, "factor");
        assertFails(2, run("upscale", small, "-o", out, "--scale", "2", "--width", "20", "--model", "bicubic"), output, "not both");
        assertFails(2, run("upscale", small, "-o", out, "--model", "no-such-model"), output, "no-such-model", "bicubic");
        assertFails(2, run("upscale", small, "-o", out, "--threads", "0", "--model", "bicubic"), output, "threads");
        assertFails(2, run("upscale", small, "-o", out, "--max-memory", "lots", "--model", "bicubic"), output, "800M");
        assertFails(2, run("upscale", small, "-o", folder.resolve("large.xyz").toString(), "--model", "bicubic"), output, ".png");
        assertFails(2, run("upscale", small, "-o", out, "--scale", "0", "--model", "bicubic"), output, "--scale 0");
        assertFails(2, run("upscale", small, "-o", out, "--width", "0", "--model", "bicubic"), output, "--width 0");
        assertFails(2, run("upscale", small, "-o", out, "--height", "-3", "--model", "bicubic"), output, "--height -3");
        assertEquals(2, run("upscale", small).code());
        assertEquals(2, run().code());
        assertEquals(2, run("no-such-command").code());
    }

    @ParameterizedTest
    @CsvSource({"upscale, --nonsense, fovea help upscale", "upscale, --scale=2.5.1, fovea help upscale", "upscle, x, fovea help`",
        "score, only-one.png, fovea help score"})
    void wrongOptionsAreToldInFewLines(String command, String argument, String hint) {
        Result result = run(command, argument);
        assertEquals(2, result.code());
        assertTrue(result.err().startsWith("fovea: ") && result.err().contains(hint), result.err());
        assertTrue(result.err().lines().count() <= 3, result.err());
    }

    /// Three times 9x7 was made 28x22 by the model of four.
    @Test
    void oddSizesStayWhereTheFileTakesThem() throws IOException {
        Path large = folder.resolve("large.y4m");
        Result result = run("upscale", y4m("small.y4m", 9, 7, 1), "-o", large, "--scale", "3");
        assertEquals(0, result.code(), result.err());
        assertTrue(Files.readString(large, StandardCharsets.ISO_8859_1).startsWith("YUV4MPEG2 W27 H21 "));
        assertFalse(result.err().contains("resampling"), result.err());
        Result same = run("upscale", folder.resolve("small.y4m"), "-o", large, "--height", "7", "--overwrite");
        assertTrue(same.err().contains("9x7 to 9x7 by bicubic"), same.err());
    }

    @Test
    void optionsThatSayNothingAboutY4mAreTold() throws IOException {
        Path small = y4m("small.y4m", 18, 10, 1);
        for (String name : new String[] {"a.y4m", "b.Y4M"}) {
            Result result = run("upscale", small, "-o", folder.resolve(name), "--model", "bicubic", "--crf", "20", "--frame-rate", "10");
            assertEquals(0, result.code(), result.err());
            assertTrue(result.err().contains("small.y4m: --crf, --preset and --encoder say nothing about .y4m")
                    && result.err().contains("small.y4m: --frame-rate says nothing about .y4m"), result.err());
        }
    }

    @Test
    void aVideoWithoutFramesIsToldApart() throws IOException {
        Path large = folder.resolve("large.y4m");
        Result result = run("upscale", y4m("small.y4m", 18, 10, 0), "-o", large, "--model", "bicubic");
        assertEquals(0, result.code(), result.err());
        assertTrue(result.err().contains("no frames") && !result.err().contains("frames/s"), result.err());
    }

    @Test
    void trainingWritesWhatTheOptionsSay() throws IOException {
        Path pictures = Files.createDirectory(folder.resolve("pictures"));
        Files.move(picture("a.png", 96, 96), pictures.resolve("a.png"));
        Path output = folder.resolve("tiny.fovea");
        String[] usual = {"train", pictures.toString(), "-o", output.toString(), "--network", "collapsed-f16-n1", "--scale", "2",
            "--steps", "2", "--seed", "9", "--threads", "1", "--batch", "1", "--patch", "16"};
        assertEquals(0, run((Object[]) usual).code());
        String plain = run("info", output.toString()).out();
        assertTrue(plain.contains("tiny") && plain.contains("pictures") && plain.contains("--seed 9 (2 steps)"), plain);
        Path saved = folder.resolve("tiny.fovea.checkpoint");
        assertFalse(Files.exists(saved), "nobody asked for it, and the model is there");
        List<String> more = new ArrayList<>(List.of(usual));
        more.addAll(List.of("--name", "small", "--licence", "CC0-1.0", "--training-data", "one picture", "--overwrite",
                "--checkpoint", saved.toString()));
        assertEquals(0, run(more.toArray()).code());
        assertTrue(Files.exists(saved), "asked for");
        String named = run("info", output.toString()).out();
        assertTrue(named.contains("small") && named.contains("CC0-1.0") && named.contains("one picture"), named);
    }

    @ParameterizedTest
    @ValueSource(strings = {"train", "overfit", "search"})
    void trainingTakesStepsOrMinutesNotBoth(String command) {
        Result result = run(command, folder.toString(), "-o", folder.resolve("x.fovea").toString(), "--scale", "2",
                command.equals("search") ? "--meta=meta-f16-n10" : "--network=espcn", "--steps", "2", "--minutes", "1");
        assertEquals(2, result.code());
        assertTrue(result.err().contains("mutually exclusive"), result.err());
    }

    @Test
    void modelFilesThatAreNoneAreRefused() throws IOException {
        Path small = picture("small.png", 10, 10);
        Path output = folder.resolve("large.png");
        Path noModel = Files.write(folder.resolve("bad.fovea"), new byte[] {-1, -1, -1, 127, 0, 0, 0, 0, '{'});
        assertFails(65, run("upscale", small.toString(), "-o", output.toString(), "--model", noModel.toString()), output, "bad.fovea");
        assertEquals(65, run("info", noModel.toString()).code());
    }

    @Test
    void helpAndExitCodesAreDocumented() {
        for (String command : List.of("upscale", "demo", "evaluate", "score", "train", "overfit", "search", "convert", "info", "explain", "models", "doctor", "profile", "bench")) {
            Result help = run(command, "--help");
            assertEquals(0, help.code());
            assertTrue(help.out().startsWith("Usage: fovea " + command), help.out());
        }
        Result main = run("--help");
        assertTrue(main.out().contains("130") && main.out().contains("Ctrl-C"), main.out());
        assertTrue(run("--version").out().startsWith("fovea "));
    }

    @Test
    void doctorSaysWhatRuns() {
        Result result = run("doctor", "--json");
        assertEquals(0, result.code());
        assertTrue(result.out().contains("\"backend scalar\",\"works\":true"), result.out());
    }

    @Test
    void profilesAreKeptAndShown() throws IOException {
        Path file = folder.resolve("profile.json");
        Result measured = run("profile", "-o", file.toString(), "--seconds", "0.01");
        assertEquals(0, measured.code(), measured.err());
        Result shown = run("profile", "-o", file.toString(), "--show");
        assertEquals(0, shown.code(), shown.err());
        assertEquals(measured.out(), shown.out());
        assertFails(2, run("profile", "-o", folder.resolve("none.json").toString(), "--seconds", "0"),
                folder.resolve("none.json"), "0.01");
        assertEquals(66, run("profile", "-o", folder.resolve("none.json").toString(), "--show").code());
    }

    @Test
    void scoreComparesPicturesAndRefusesUnequalOnes() throws IOException {
        String a = picture("a.png", 30, 20).toString();
        String b = picture("b.png", 20, 30).toString();
        Result same = run("score", a, a, "--json");
        assertEquals(0, same.code(), same.err());
        assertTrue(same.out().contains("\"psnr\":{\"red\":null") && same.out().contains("\"ssim\":{\"red\":1.0"), same.out());
        Result unequal = run("score", a, b);
        assertEquals(2, unequal.code());
        assertTrue(unequal.err().contains("30x20") && unequal.err().contains("20x30"), unequal.err());
    }

    /// Which of a folder's pictures, and which metric, is what one wants to know.
    @Test
    void whatIsTooSmallToMeasureIsNamed() throws IOException {
        String small = picture("set/small.png", 12, 9).toString();
        picture("set/one.png", 40, 36);
        Result evaluated = run("evaluate", folder.resolve("set"), "--scale", "2", "--model", "bicubic");
        assertEquals(2, evaluated.code());
        assertTrue(evaluated.err().contains("small.png: "), evaluated.err());
        Result scored = run("score", small, small);
        assertEquals(2, scored.code());
        assertTrue(scored.err().contains("small.png: ssim wants at least 11x11 samples, plane 0 has 12x9; choose other --metrics"),
                scored.err());
        Result cropped = run("score", small, small, "--crop", "5", "--metrics", "psnr");
        assertTrue(cropped.err().contains("psnr wants at least 1x1 samples, plane 0 has 12x9 less 5 along each side; crop less"),
                cropped.err());
        assertEquals(0, run("score", small, small, "--crop", "4", "--metrics", "psnr").code());
    }

    @Test
    void everyCommandTellsItsVersion() {
        for (String command : List.of("", "upscale ", "run ")) {
            String out = run((Object[]) (command + "--version").split(" ")).out();
            assertTrue(out.startsWith("fovea ") && out.contains("Java "), command + out);
        }
    }

    @Test
    void operatingPointsAreTold() {
        String text = run("info", "adaptive-x2").out();
        assertTrue(text.contains("48,744, shared ones counted once"), text);
        assertTrue(text.contains("p1") && text.contains(" 720 ") && text.contains("f16, head.2, node 9-16 conv"), text);
        assertTrue(text.contains("19,152") && text.contains("parts"), text);
        String json = run("info", "adaptive-x2", "--json").out();
        assertTrue(json.contains("\"parameters\":48744") && json.contains("\"points\":[{\"name\":\"p1\",\"psnr\":")
                && json.contains("\"changedNodesToNext\":16"), json);
        String models = run("models").out();
        assertTrue(models.contains("720 to 19152") && models.contains("48744"), models);
        assertTrue(run("doctor").out().contains("adaptive-x2, 48744 parameters"));
    }

    @Test
    void evaluatePrintsTheObjectThatItPromises() throws IOException {
        picture("set/one.png", 40, 36);
        picture("set/two.png", 36, 40);
        Result result = run("evaluate", folder.resolve("set").toString(), "--scale", "2", "--model", "bicubic", "--json");
        assertEquals(0, result.code(), result.err());
        assertTrue(result.out().matches("(?s)\\{\"images\":\\[\\{\"name\":\"one.png\",\"psnrY\":[0-9.]+,\"ssimY\":[0-9.E-]+},"
                + "\\{\"name\":\"two.png\",.*],\"mean\":\\{\"psnrY\":[0-9.]+,\"ssimY\":[0-9.E-]+}}\\s*"), result.out());
    }

    @Test
    void evaluateRecordsTheMeansInTheModelsFile() throws IOException {
        picture("Two/one.png", 40, 36);
        picture("Two/two.png", 36, 40);
        Path model = folder.resolve("own.fovea");
        ModelFile.write(Models.open("general-x2-fast"), model);
        StoredModel before = ModelFile.read(model);
        String set = folder.resolve("Two").toString();
        Result result = run("evaluate", set, "--scale", "2", "--model", model.toString(), "--record");
        assertEquals(0, result.code(), result.err());
        StoredModel after = ModelFile.read(model);
        String[] mean = result.out().lines().filter(line -> line.startsWith("mean")).findFirst().orElseThrow().split(" +");
        assertEquals(Double.parseDouble(mean[1]), Double.parseDouble(after.figures().get("Two Y-PSNR x2")), 0.0056);
        assertEquals(mean[2], after.figures().get("Two Y-SSIM x2"));
        assertTrue(after.figures().entrySet().containsAll(before.figures().entrySet()), "older figures stay");
        assertEquals(ModelFile.checksum(before), ModelFile.checksum(after));

        assertEquals(2, run("evaluate", set, "--scale", "2", "--model", "general-x2", "--record").code(), "a bundled model has no file");
        assertEquals(2, run("evaluate", set, "--scale", "2", "--model", model.toString(), "--points", "--record").code());
    }
}
