package io.github.fovea.cli;

import static io.github.fovea.cli.CommandRun.names;
import static io.github.fovea.cli.CommandRun.run;
import static io.github.fovea.cli.CommandRun.untilFirstPart;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.cli.CommandRun.Result;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `fovea upscale --resume`, with videos that need no ffmpeg.
class ResumeCommandTest {
    /// So many that no machine gets from the first part to the end while a test looks for the part.
    private static final int FRAMES = 2000;
    private static final int PART = 250;

    @TempDir
    private Path folder;
    private Path video;

    @BeforeEach
    void makeVideo() throws IOException {
        video = folder.resolve("small.y4m");
        write(video, 1);
    }

    private static void write(Path file, long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] samples = new byte[32 * 24 * 3 / 2];
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            out.write("YUV4MPEG2 W32 H24 F25:1 Ip A1:1 C420jpeg\n".getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < FRAMES; i++) {
                random.nextBytes(samples);
                out.write("FRAME\n".getBytes(StandardCharsets.US_ASCII));
                out.write(samples);
            }
        }
    }

    private Path parts(Path output) {
        return output.resolveSibling(output.getFileName() + ".parts");
    }

    @Test
    void goesOnBehindWhatIsThere() throws Exception {
        Path usual = folder.resolve("usual.y4m");
        assertEquals(0, run("upscale", video, "-o", usual, "--model", "general-x2-fast").code());
        Path output = folder.resolve("large.y4m");
        Object[] arguments = {"upscale", video, "-o", output, "--model", "general-x2-fast", "--resume", "--progress", "json"};
        Result first = untilFirstPart(parts(output), arguments);
        assertEquals(130, first.code(), first.err());
        assertTrue(first.err().contains("small.y4m: finished parts stay in " + parts(output)), first.err());
        assertTrue(Files.notExists(output));
        int kept = names(parts(output)).stream().mapToInt(name -> name.startsWith("part-") ? PART : 0).sum();

        Result other = run("upscale", video, "-o", output, "--model", "bicubic", "--resume");
        assertEquals(73, other.code(), other.err());
        assertTrue(other.err().contains("it has \"model: general-x2-fast\", this one \"model: bicubic\""), other.err());
        // What a process leaves shows when it has ended.
        List<String> before = names(parts(output));
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), Main.class.getName(), "upscale", video.toString(), "-o",
                output.toString(), "--model", "bicubic", "--resume").redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(73, process.waitFor(), said);
        assertEquals(before, names(parts(output)));
        Path moved = folder.resolve("other.y4m");
        write(moved, 2);
        Files.move(moved, video, StandardCopyOption.REPLACE_EXISTING);
        Result changed = run(arguments);
        assertEquals(73, changed.code(), changed.err());
        assertTrue(changed.err().contains("video: SHA-256"), changed.err());
        write(video, 1);

        Result second = run(arguments);
        assertEquals(0, second.code(), second.err());
        assertTrue(second.err().contains("goes on behind the " + kept + " frames"), second.err());
        assertTrue(second.err().contains("\"done\":" + FRAMES + ",\"total\":" + FRAMES), second.err());
        assertTrue(second.err().contains(FRAMES - kept + " frames in"), second.err());
        assertEquals(-1, Files.mismatch(usual, output));
        assertTrue(Files.notExists(parts(output)));
    }

    @Test
    void withoutResumeThePartsAreNotTouched() throws Exception {
        Path output = folder.resolve("large.y4m");
        untilFirstPart(parts(output), "upscale", video, "-o", output, "--model", "bicubic", "--resume");
        List<String> before = names(parts(output));
        Result anew = run("upscale", video, "-o", output, "--model", "bicubic");
        assertEquals(0, anew.code(), anew.err());
        assertTrue(anew.err().contains("begins anew; --resume would go on with the parts in " + parts(output)), anew.err());
        assertEquals(before, names(parts(output)));
        // A folder's videos are done without taking parts for videos.
        Result all = run("upscale", folder, "-o", folder.resolve("all"), "--model", "bicubic");
        assertTrue(all.err().contains("2 done, 0 skipped"), all.err());
    }

    @Test
    void isForFilesThatTakeLong() {
        Result rate = run("upscale", video, "-o", folder.resolve("a.y4m"), "--resume", "--fps", "24");
        assertEquals(2, rate.code(), rate.err());
        assertTrue(rate.err().contains("--resume is for work that takes long"), rate.err());
        Result stream = run("upscale", "-", "--resume");
        assertEquals(2, stream.code(), stream.err());
        assertTrue(stream.err().contains("--resume goes on with a file"), stream.err());
        Result picture = run("upscale", folder.resolve("a.png"), "-o", folder.resolve("b.png"), "--resume");
        assertTrue(picture.code() != 0, picture.err());
    }
}
