package io.github.fovea.cli;

import static io.github.fovea.cli.CommandRun.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.cli.CommandRun.Result;
import io.github.fovea.graph.RandomParameters;
import io.github.fovea.model.MetaModel;
import io.github.fovea.model.MetaPoint;
import io.github.fovea.model.ModelFile;
import io.github.fovea.model.Origin;
import io.github.fovea.model.TexturePoint;
import io.github.fovea.model.TexturePoints;
import io.github.fovea.network.MetaGraph;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
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
    void pointsByTextureClassAreTaken() throws IOException {
        MetaGraph meta = MetaGraph.named("meta-f16-n2", 2, 1);
        Path model = folder.resolve("adaptive.fovea");
        ModelFile.write(new MetaModel("adaptive", meta, RandomParameters.of(meta.parameters(), new SplittableRandom(1), 0.05),
                List.of(new MetaPoint("one", List.of(0, 3, 0), 36), new MetaPoint("two", List.of(0, 4, 4), 37)), "none", 33.7,
                new Origin("", "", List.of(), Map.of(), "test", "", ""), Optional.of(new TexturePoints(4, 3, "laplacian",
                        List.of(5.0), List.of(0.5, 0.5), List.of(new TexturePoint("mixed", List.of(0, 2), 36.5))))), model);
        Result result = run("upscale", clip(), "-o", folder.resolve("large.y4m"), "--model", model, "--fps", "0.5", "--progress",
                "none");
        assertEquals(0, result.code(), result.err());
        assertTrue(result.err().contains("holding 0.5 frames/s with bicubic"), result.err());
        assertTrue(result.err().contains("9 frames, 0 late"), result.err());
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
