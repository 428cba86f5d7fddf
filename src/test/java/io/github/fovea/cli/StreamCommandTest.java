package io.github.fovea.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `fovea upscale -` in a process of its own: frames on standard input become frames on standard output, and nothing else
/// stands there.
class StreamCommandTest {
    private static final int WIDTH = 16;
    private static final int HEIGHT = 8;
    private static final int FRAMES = 3;

    @TempDir
    private Path folder;

    private record Result(int code, byte[] out, String err) {}

    private Result run(byte[] in, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", "--add-modules",
                "jdk.incubator.vector", "-cp", System.getProperty("java.class.path"), Main.class.getName(), "upscale"));
        command.addAll(List.of(arguments));
        Path given = Files.write(folder.resolve("in"), in);
        Path said = folder.resolve("err");
        Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectInput(given.toFile())
                .redirectError(said.toFile()).start();
        byte[] out = process.getInputStream().readAllBytes();
        return new Result(process.waitFor(), out, Files.readString(said));
    }

    /// Flat frames of rising brightness.
    private static byte[] stream(int width, int height) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(("YUV4MPEG2 W" + width + " H" + height + " F25:1 Ip A1:1 C420\n").getBytes(StandardCharsets.US_ASCII));
        for (int frame = 0; frame < FRAMES; frame++) {
            bytes.writeBytes("FRAME\n".getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < width * height * 3 / 2; i++) {
                bytes.write(i < width * height ? 60 + 40 * frame : 128);
            }
        }
        return bytes.toByteArray();
    }

    @Test
    void framesComeOutTwiceAsLarge() throws Exception {
        byte[] small = stream(WIDTH, HEIGHT);
        Result result = run(small, "-", "-o", "-", "--model", "bicubic", "--scale", "2", "--progress", "none");
        assertEquals(0, result.code, result.err);
        byte[] large = stream(2 * WIDTH, 2 * HEIGHT);
        String got = new String(result.out, StandardCharsets.ISO_8859_1);
        String header = got.substring(0, got.indexOf('\n'));
        assertTrue(header.startsWith("YUV4MPEG2 W32 H16 F25:1 Ip A1:1 C420"), header);
        String wanted = new String(large, StandardCharsets.ISO_8859_1);
        assertEquals(wanted.substring(wanted.indexOf('\n')), got.substring(got.indexOf('\n')), "flat frames stay as they are");
    }

    /// Options that nobody heeded were taken without a word.
    @Test
    void progressIsShownAndOptionsWithoutEffectAreTold() throws Exception {
        Result result = run(stream(WIDTH, HEIGHT), "-", "--model", "bicubic", "--progress", "json", "--crf", "20", "--frame-rate",
                "10", "--overwrite");
        assertEquals(0, result.code, result.err);
        assertTrue(result.err.contains("\"done\":" + FRAMES + ","), result.err);
        for (String option : List.of("--crf, --preset and --encoder", "--frame-rate", "--overwrite")) {
            assertTrue(result.err.contains("standard input: " + option + " say"), result.err);
        }
        String quiet = run(stream(WIDTH, HEIGHT), "-", "--model", "bicubic").err;
        assertTrue(!quiet.contains("\"done\"") && !quiet.contains("--"), quiet);
    }

    /// `fovea upscale - | player` went on to the end of the stream, however long, when the player was closed.
    @Test
    void aReaderThatGoesAwayEndsTheStream() throws Exception {
        List<String> command = List.of(System.getProperty("java.home") + "/bin/java", "--add-modules", "jdk.incubator.vector",
                "-cp", System.getProperty("java.class.path"), Main.class.getName(), "upscale", "-", "--model", "bicubic");
        Path said = folder.resolve("err");
        Process process = new ProcessBuilder(command).redirectError(said.toFile()).start();
        byte[] whole = stream(WIDTH, HEIGHT);
        int begin = new String(whole, StandardCharsets.ISO_8859_1).indexOf('\n') + 1;
        process.getInputStream().close();
        try (OutputStream in = process.getOutputStream()) {
            in.write(whole, 0, begin);
            while (process.isAlive()) { // without end
                in.write(whole, begin, whole.length - begin);
            }
        } catch (IOException e) {
            assertTrue(process.waitFor() != 0, "nobody reads the frames any more");
        }
        assertEquals(ExitCode.IO, process.waitFor());
        assertTrue(Files.readString(said).contains("output stream: cannot be written"), Files.readString(said));
    }

    @Test
    void aStreamThatIsCutOffIsTold() throws Exception {
        byte[] whole = stream(WIDTH, HEIGHT);
        Result result = run(Arrays.copyOf(whole, whole.length - 7), "-", "--model", "bicubic");
        assertEquals(ExitCode.DATA, result.code, result.err);
        assertTrue(result.err.contains("standard input") && result.err.contains("frame"), result.err);
    }

    @Test
    void otherFilesBesideItAreRefused() throws Exception {
        for (String[] arguments : new String[][] {{"-", "a.y4m"}, {"-", "-o", "b.y4m"}}) {
            Result result = run(stream(WIDTH, HEIGHT), arguments);
            assertEquals(ExitCode.USAGE, result.code, result.err);
            assertEquals(0, result.out.length);
            assertTrue(result.err.contains("- stands alone"), result.err);
        }
    }
}
