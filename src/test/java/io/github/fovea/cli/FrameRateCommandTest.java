package io.github.fovea.cli;

import static io.github.fovea.cli.CommandRun.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.cli.CommandRun.Result;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `fovea upscale --fps`.
class FrameRateCommandTest {
    @TempDir
    private Path folder;

    private String clip() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes("YUV4MPEG2 W32 H24 F25:1 Ip A1:1 C420jpeg\n".getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < 9; i++) {
            bytes.writeBytes("FRAME\n".getBytes(StandardCharsets.US_ASCII));
            bytes.writeBytes(new byte[32 * 24 * 3 / 2]);
        }
        return Files.write(folder.resolve("small.y4m"), bytes.toByteArray()).toString();
    }

    @Test
    void aFrameRateIsHeldAndAccountedFor() throws IOException {
        Path trace = Files.writeString(folder.resolve("load.txt"), "0 0\n0.01 1\n");
        Path timeline = folder.resolve("timeline.tsv");
        Result result = run("upscale", clip(), "-o", folder.resolve("large.y4m").toString(), "--fps", "0.5", "--load-trace",
                trace.toString(), "--timeline", timeline.toString(), "--progress", "none");
        assertEquals(0, result.code(), result.err());
        assertTrue(result.err().contains("holding 0.5 frames/s with bicubic"), result.err());
        assertTrue(result.err().contains("9 frames, 0 late, 0 rescued"), result.err());
        List<String> lines = Files.readAllLines(timeline);
        assertEquals(7, lines.getFirst().split("\t").length);
        assertEquals(9, lines.stream().skip(1).mapToInt(line -> Integer.parseInt(line.split("\t")[1])).sum());
    }

    @Test
    void badRequestsAreNamed() throws IOException {
        String clip = clip();
        Path out = folder.resolve("out.y4m");
        Path trace = Files.writeString(folder.resolve("load.txt"), "0 0\nnow many\n");
        assertFails(2, out, "0.01 to 1000", "upscale", clip, "-o", out.toString(), "--fps", "0");
        assertFails(2, out, "0.01 to 1000", "upscale", clip, "-o", out.toString(), "--fps", "10000");
        assertFails(2, out, "--fps", "upscale", clip, "-o", out.toString(), "--load-trace", trace.toString());
        assertFails(2, out, "--fps", "upscale", clip, "-o", out.toString(), "--fps", "5", "--model", "bicubic");
        assertFails(65, out, "line 2", "upscale", clip, "-o", out.toString(), "--fps", "5", "--load-trace", trace.toString());
    }

    private static void assertFails(int code, Path output, String words, String... arguments) {
        Result result = run((Object[]) arguments);
        assertEquals(code, result.code(), result.err());
        assertTrue(result.err().contains(words), result.err());
        assertFalse(Files.exists(output));
    }
}
