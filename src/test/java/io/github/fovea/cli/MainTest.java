package io.github.fovea.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.fovea.error.OutputException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How the program ends, and where a single result goes.
class MainTest {
    private static final OutputStream FULL = new OutputStream() {
        @Override
        public void write(int b) throws IOException {
            throw new IOException("No space left on device");
        }
    };

    @TempDir
    private Path folder;

    private Path picture(String name) throws IOException {
        Path file = folder.resolve(name);
        ImageIO.write(new BufferedImage(5, 4, BufferedImage.TYPE_3BYTE_BGR), "png", file.toFile());
        return file;
    }

    @Test
    void dataThatCannotBeWrittenIsTold() {
        StringWriter err = new StringWriter();
        assertEquals(ExitCode.IO, Main.execute(FULL, new PrintWriter(err, true), "models"));
        assertEquals("fovea: standard output cannot be written: No space left on device" + System.lineSeparator(), err.toString());
    }

    @Test
    void aReaderThatHasReadEnoughIsToldNothing() {
        StringWriter err = new StringWriter();
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        assertEquals(ExitCode.IO, Main.execute(closed, new PrintWriter(err, true), "models"));
        assertEquals("", err.toString());
    }

    @Test
    void aScreenshotWithNothingTransparentBecomesAJpeg() throws IOException {
        BufferedImage opaque = new BufferedImage(6, 5, BufferedImage.TYPE_INT_ARGB);
        for (int i = 0; i < 30; i++) {
            opaque.setRGB(i % 6, i / 6, 0xFF000000 | 8 * i);
        }
        Path screenshot = folder.resolve("screenshot.png");
        ImageIO.write(opaque, "png", screenshot.toFile());
        Path large = folder.resolve("screenshot.jpg");
        CommandRun.Result done = CommandRun.run("upscale", screenshot, "-o", large, "--model", "bicubic");
        assertEquals(ExitCode.OK, done.code(), done.err());
        assertEquals(12, ImageIO.read(large.toFile()).getWidth());
        opaque.setRGB(3, 3, 0x80000000);
        ImageIO.write(opaque, "png", screenshot.toFile());
        CommandRun.Result refused = CommandRun.run("upscale", screenshot, "-o", folder.resolve("b.jpg"), "--model", "bicubic");
        assertEquals(ExitCode.USAGE, refused.code(), refused.err());
        assertTrue(refused.err().contains("JPEG holds no alpha; write PNG or TIFF"), refused.err());
    }

    @Test
    void anInterruptedRunSaysSo() throws Exception {
        Path err = folder.resolve("err.txt");
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), Main.class.getName(), "upscale", "-", "--model", "bicubic")
                .redirectError(err.toFile()).start();
        process.getOutputStream().write("YUV4MPEG2 W2 H2 F25:1 Cmono\nFRAME\n1234".getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().flush();
        assertTrue(process.getInputStream().read() >= 0, "nothing comes");
        process.toHandle().destroy(); // the process itself would close its pipes too, which ends the run by itself
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "hangs");
        assertTrue(Files.readString(err).contains("fovea: interrupted"), Files.readString(err));
    }

    /// A terminal tells the whole group of processes of Ctrl-C, and ffprobe may be gone before this one has noticed.
    @Test
    void anInterruptedFfprobeSaysNothingOfTheVideo() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "needs a shell to play ffprobe");
        Path tools = Files.createDirectory(folder.resolve("tools"));
        Path ffmpeg = Files.writeString(tools.resolve("ffmpeg"), "#!/bin/sh\necho ffmpeg version 5.1\n");
        Path ffprobe = Files.writeString(tools.resolve("ffprobe"),
                "#!/bin/sh\n(sleep 1; kill -TERM $PPID) >/dev/null 2>&1 &\nkill -TERM $$\n");
        assumeTrue(ffmpeg.toFile().setExecutable(true) && ffprobe.toFile().setExecutable(true), "needs files that may be run");
        Path video = Files.writeString(folder.resolve("a.mp4"), "a film");
        Path other = Files.createDirectory(folder.resolve("films")).resolve("b.mp4");
        Files.copy(video, other);
        for (Path input : List.of(video, other.getParent())) {
            Path err = folder.resolve("err.txt");
            ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                    System.getProperty("java.class.path"), Main.class.getName(), "upscale", input.toString(), "-o",
                    folder.resolve(input.equals(video) ? "o.mp4" : "out").toString(), "--model", "bicubic");
            builder.environment().put("PATH", tools + ":" + System.getenv("PATH"));
            Process process = builder.redirectError(err.toFile()).start();
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "hangs");
            List<String> said = Files.readAllLines(err).stream().filter(line -> line.startsWith("fovea: ")).toList();
            assertEquals(List.of("fovea: interrupted"), said);
        }
    }

    @Test
    void oneResultGoesIntoANewFolder() throws IOException {
        Path output = folder.resolve("new");
        CommandRun.Result done = CommandRun.run("upscale", picture("a.png"), "-o", output + "/", "--model", "bicubic",
                "--progress", "none");
        assertEquals(ExitCode.OK, done.code(), done.err());
        assertEquals(10, ImageIO.read(output.resolve("a.png").toFile()).getWidth());
    }

    @ParameterizedTest
    @ValueSource(strings = {"upscale -dash.jpg -o x.png", "upscale a.png -dash.jpg -o x.png", "score -dash.jpg", "train -dash.jpg -o m.fovea"})
    void namesThatBeginWithADashAreTakenForOptions(String line) {
        CommandRun.Result refused = CommandRun.run((Object[]) line.split(" "));
        assertEquals(ExitCode.USAGE, refused.code());
        assertTrue(refused.err().startsWith("fovea: Unknown option: '-dash.jpg'; for a file of that name write ./-dash.jpg, or put -- "
                + "before it"), refused.err());
    }

    @Test
    void otherWrongOptionsAreToldAsBefore() {
        assertTrue(CommandRun.run("upscale", "-o", "x.png").err().startsWith("fovea: Missing required parameter: 'INPUT"));
        assertTrue(CommandRun.run("upscale", "a.png", "--sclae", "2").err().startsWith("fovea: Unknown option: '--sclae'"));
        assertTrue(CommandRun.run("upscale", "--scale", "-1.5", "-o", "x.png").err().startsWith("fovea: Missing required parameter: "));
    }

    /// Said before ffmpeg is looked for, so that this needs none.
    @Test
    void evenSizesAreToldWithTheirReason() throws IOException {
        byte[] frame = new byte[16 * 8 * 3 / 2];
        Path video = Files.writeString(folder.resolve("c.y4m"), "YUV4MPEG2 W16 H8 F25:1 Ip A1:1 C420jpeg\nFRAME\n"
                + new String(frame, StandardCharsets.ISO_8859_1), StandardCharsets.ISO_8859_1);
        String odd = CommandRun.run("upscale", video, "-o", folder.resolve("a.mp4"), "--model", "bicubic", "--width", "35",
                "--height", "17").err();
        assertTrue(odd.contains("16x8 to 36x18 by bicubic resampling alone, not 35x17, because 4:2:0 video needs even sizes"), odd);
        String exact = CommandRun.run("upscale", video, "-o", folder.resolve("b.mp4"), "--model", "general-x2-fast", "--width",
                "31", "--height", "15").err();
        assertTrue(exact.contains("c.y4m: 32x16, not 31x15, because 4:2:0 video needs even sizes"), exact);
        for (String output : List.of("c.mp4", "c-large.y4m")) {
            String fine = CommandRun.run("upscale", video, "-o", folder.resolve(output), "--model", "bicubic", "--width",
                    output.endsWith("mp4") ? "36" : "35", "--height", output.endsWith("mp4") ? "18" : "17").err();
            assertTrue(!fine.contains("because"), fine);
        }
    }

    @Test
    void demoReplacesOnlyWhatADemoLeft() throws IOException {
        Path own = picture("original.png");
        byte[] before = Files.readAllBytes(own);
        CommandRun.Result refused = CommandRun.run("demo", "-o", folder);
        assertEquals(ExitCode.CANNOT_CREATE, refused.code(), refused.err());
        assertTrue(refused.err().contains("original.png: exists and was left by no demo") && refused.err().contains("--overwrite"),
                refused.err());
        assertArrayEquals(before, Files.readAllBytes(own));
        Files.move(own, folder.resolve("clip-general-x2.y4m"));
        assertThrows(OutputException.class, () -> DemoCommand.checkFree(folder, List.of("general-x2")));
        try (InputStream sample = DemoCommand.class.getResourceAsStream("/io/github/fovea/sample/harbour.png")) {
            Files.copy(sample, own);
        }
        assertDoesNotThrow(() -> DemoCommand.checkFree(folder, List.of("general-x2")), "an earlier demo's folder");
    }

    /// "Use --overwrite" would be no help.
    @Test
    void theInputAsOutputIsToldBeforeThatItExists() throws IOException {
        Path file = picture("a.png");
        CommandRun.Result refused = CommandRun.run("upscale", file, "-o", file, "--model", "bicubic");
        assertEquals(ExitCode.CANNOT_CREATE, refused.code());
        assertTrue(refused.err().contains("is the input itself"), refused.err());
    }

    @Test
    void picturesThatCannotBeTrainedOnHaveTheirExitCodes() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        CommandRun.Result none = CommandRun.run("train", empty, "-o", folder.resolve("m.fovea"), "--network", "espcn",
                "--scale", "2", "--steps", "1");
        assertEquals(ExitCode.NO_INPUT, none.code(), none.err());
        Path damaged = Files.createDirectory(folder.resolve("damaged"));
        Files.write(damaged.resolve("a.png"), "no picture".getBytes(StandardCharsets.US_ASCII));
        CommandRun.Result bad = CommandRun.run("train", damaged, "-o", folder.resolve("m.fovea"), "--network", "espcn",
                "--scale", "2", "--steps", "1");
        assertEquals(ExitCode.DATA, bad.code(), bad.err());
        assertTrue(bad.err().contains("a.png"), bad.err());
    }
}
