package io.github.fovea.cli;

import static io.github.fovea.cli.CommandRun.run;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
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
        return clip("small.y4m", 32, 24, 9);
    }

    /// Black frames.
    private String clip(String name, int width, int height, int frames) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(("YUV4MPEG2 W" + width + " H" + height + " F25:1 Ip A1:1 C420jpeg\n").getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < frames; i++) {
            bytes.writeBytes("FRAME\n".getBytes(StandardCharsets.US_ASCII));
            bytes.writeBytes(new byte[width * height * 3 / 2]);
        }
        return Files.write(folder.resolve(name), bytes.toByteArray()).toString();
    }

    @Test
    void aPageShowsTheSessionAndTheReference() throws IOException {
        Path page = folder.resolve("session.html");
        Result result = run("upscale", clip(), "-o", folder.resolve("large.y4m"), "--fps", "0.5", "--report", page, "--reference",
                clip("hr.y4m", 64, 48, 9), "--progress", "none");
        assertEquals(0, result.code(), result.err());
        String html = Files.readString(page);
        assertTrue(html.contains("measured quality") && html.contains("Operating points") && html.contains("100.00 %"), "facts");
        Path out = folder.resolve("other.y4m");
        assertFails(2, out, "ends after 3 frames", "upscale", clip(), "-o", out.toString(), "--fps", "0.5", "--report",
                folder.resolve("a.html").toString(), "--reference", clip("short.y4m", 64, 48, 3));
        assertFails(2, out, "wrong.y4m has frames of 32x48 YCBCR_420 of 8 bit (CENTER), the result has 64x48", "upscale", clip(), "-o", out.toString(), "--fps", "0.5", "--report",
                folder.resolve("b.html").toString(), "--reference", clip("wrong.y4m", 32, 48, 9));
        Path noise = Files.write(folder.resolve("noise.txt"), new byte[] {'0', ' ', (byte) 0xff, (byte) 0xfe, '\n'});
        assertFails(65, out, "noise.txt: not a text", "upscale", clip(), "-o", out.toString(), "--fps", "0.5", "--load-trace",
                noise.toString());
        assertFails(2, out, "--reference needs --report", "upscale", clip(), "-o", out.toString(), "--fps", "0.5", "--reference",
                folder.resolve("hr.y4m").toString());
        assertFails(2, out, "--report needs --fps", "upscale", clip(), "-o", out.toString(), "--report",
                folder.resolve("c.html").toString());
        assertFalse(Files.exists(folder.resolve("a.html")) || Files.exists(folder.resolve("b.html")), "no page of a run that failed");
    }

    /// The page replaced the video that it tells of, or was refused when all was done.
    @Test
    void whatIsWrittenHasFilesOfItsOwn() throws IOException {
        Path out = folder.resolve("out.y4m");
        String small = clip();
        byte[] before = Files.readAllBytes(Path.of(small));
        Path page = folder.resolve("session.html");
        Files.writeString(page, "old");
        assertFails(2, out, "is the output as well", "upscale", small, "-o", out.toString(), "--fps", "0.5", "--report",
                folder.resolve("./out.y4m").toString());
        Path link = Files.createSymbolicLink(folder.resolve("link.html"), Path.of(small));
        assertFails(2, out, "--report " + link + " is the input as well", "upscale", small, "-o", out.toString(), "--fps", "0.5",
                "--report", link.toString(), "--overwrite");
        assertFails(2, out, "is --timeline as well", "upscale", small, "-o", out.toString(), "--fps", "0.5", "--report",
                page.toString(), "--timeline", page.toString(), "--overwrite");
        assertArrayEquals(before, Files.readAllBytes(Path.of(small)));
        assertEquals("old", Files.readString(page));
    }

    /// The reference was replaced by the result, and the page compared the result with nothing.
    @Test
    void theReferenceIsNotReplaced() throws IOException {
        Path reference = Files.writeString(folder.resolve("hr.y4m"), "mine");
        Result result = run("upscale", clip(), "-o", folder.resolve("./hr.y4m"), "--fps", "0.5", "--overwrite", "--report",
                folder.resolve("a.html"), "--reference", reference);
        assertEquals(2, result.code(), result.err());
        assertTrue(result.err().contains("hr.y4m is --reference as well"), result.err());
        assertEquals("mine", Files.readString(reference));
    }

    /// A folder was told without its name, a long file was read whole first, and a line could steer the terminal.
    @Test
    void tracesThatAreNoneAreTold() throws IOException {
        Path out = folder.resolve("other.y4m");
        Files.writeString(folder.resolve("long.txt"), "#" + " ".repeat(4_000_000));
        Files.writeString(folder.resolve("steering.txt"), "\u001b[2J");
        for (String[] wrong : new String[][] {{"", ": is a folder"}, {"long.txt", "longer than"}, {"steering.txt", "\"?[2J\""}}) {
            assertFails(65, out, wrong[1], "upscale", clip(), "-o", out.toString(), "--fps", "0.5", "--load-trace",
                    folder.resolve(wrong[0]).toString());
        }
    }

    @Test
    void aFrameRateIsHeldAndAccountedFor() throws IOException {
        Path trace = Files.writeString(folder.resolve("load.txt"), "0 0\n0.01 1\n");
        Path timeline = folder.resolve("timeline.tsv");
        Result result = run("upscale", clip(), "-o", folder.resolve("large.y4m").toString(), "--fps", "0.5", "--load-trace",
                trace.toString(), "--timeline", timeline.toString(), "--progress", "none");
        assertEquals(0, result.code(), result.err());
        assertTrue(result.err().contains("holding 0.5 frames/s with bicubic"), result.err());
        assertTrue(result.err().contains("9 frames, 0 late, 0 rescued by bicubic, 0 at bicubic for want of memory"), result.err());
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
