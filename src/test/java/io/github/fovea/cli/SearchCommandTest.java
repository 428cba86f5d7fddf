package io.github.fovea.cli;

import static io.github.fovea.cli.CommandRun.run;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.cli.CommandRun.Result;
import io.github.fovea.model.MetaModel;
import io.github.fovea.model.MetaPoint;
import io.github.fovea.model.ModelFile;
import io.github.fovea.model.Models;
import io.github.fovea.model.Precision;
import io.github.fovea.model.StoredModel;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `fovea search` and `fovea evaluate --points`.
class SearchCommandTest {
    private static final int SIZE = 260;

    @TempDir
    private Path folder;

    private static int luma(int x, int y, int frame) {
        return (x + frame) / 5 % 2 == y / 7 % 2 ? 60 : 190 - (x + y) % 17;
    }

    private Path pictures() throws IOException {
        Path pictures = Files.createDirectory(folder.resolve("pictures"));
        for (int k = 0; k < 2; k++) {
            BufferedImage image = new BufferedImage(2 * SIZE, SIZE, BufferedImage.TYPE_BYTE_GRAY);
            for (int y = 0; y < SIZE; y++) {
                for (int x = 0; x < 2 * SIZE; x++) {
                    image.getRaster().setSample(x, y, 0, luma(x, y, 3 * k));
                }
            }
            ImageIO.write(image, "png", pictures.resolve("p" + k + ".png").toFile());
        }
        return pictures;
    }

    private Path video() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(("YUV4MPEG2 W" + SIZE + " H" + SIZE + " F25:1 Ip A1:1 C420jpeg\n").getBytes(StandardCharsets.US_ASCII));
        for (int frame = 0; frame < 11; frame++) {
            bytes.writeBytes("FRAME\n".getBytes(StandardCharsets.US_ASCII));
            byte[] samples = new byte[SIZE * SIZE * 3 / 2];
            for (int i = 0; i < SIZE * SIZE; i++) {
                samples[i] = (byte) luma(i % SIZE, i / SIZE, frame);
            }
            bytes.writeBytes(samples);
        }
        return Files.write(folder.resolve("clip.y4m"), bytes.toByteArray());
    }

    private static Result search(Path from, Path to) {
        return run("search", from, "-o", to, "--meta", "meta-f16-n4", "--from", "general-x2-fast", "--steps", 10,
                "--points", 4, "--evaluations", 12, "--threads", 1);
    }

    @Test
    void theVideoIsNotReplacedByTheModel() throws IOException {
        Path video = video();
        byte[] before = Files.readAllBytes(video);
        Result result = run("search", video, "-o", folder.resolve("./clip.y4m"), "--overwrite", "--meta", "meta-f16-n4");
        assertEquals(2, result.code(), result.err());
        assertTrue(result.err().contains("clip.y4m is the video as well"), result.err());
        assertArrayEquals(before, Files.readAllBytes(video));
    }

    @Test
    void findsPointsOfPicturesAndEvaluatesThem() throws IOException {
        Path pictures = pictures();
        Path file = folder.resolve("found.fovea");
        Result found = search(pictures, file);
        assertEquals(0, found.code(), found.err());
        assertTrue(found.err().contains("operating points"), found.err());
        assertFalse(Files.exists(folder.resolve("found.fovea.checkpoint")));
        MetaModel model = ModelFile.readMeta(file).orElseThrow();
        assertTrue(model.points().size() >= 2, found.err());
        assertTrue(model.points().getFirst().psnr() > model.bicubic());
        assertTrue(model.origin().createdBy().contains("--from general-x2-fast"), model.origin().createdBy());
        assertFalse(model.origin().createdBy().contains(folder.toString()), "no path of this machine");

        Path more = folder.resolve("more.fovea");
        Result trained = run("search", pictures, "-o", more, "--meta", "meta-f16-n4", "--from", file, "--steps", 4, "--threads", 1);
        assertEquals(0, trained.code(), trained.err());
        assertFalse(trained.err().contains("sub-graphs measured"), "nothing is searched");
        assertTrue(model.points().containsAll(ModelFile.readMeta(more).orElseThrow().points().stream()
                .map(point -> model.points().stream().filter(known -> known.choices().equals(point.choices())).findFirst()
                        .orElse(point)).toList()), "the points stay");

        Path plot = folder.resolve("plot.svg");
        Result measured = run("evaluate", pictures, "--scale", 2, "--model", file, "--points", "--against", "general-x2-fast",
                "--plot", plot);
        assertEquals(0, measured.code(), measured.err());
        assertEquals(1 + model.points().size() + 1, measured.out().lines().count(), measured.out());
        assertTrue(measured.out().contains("general-x2-fast"));
        assertTrue(Files.readString(plot).startsWith("<svg"));
    }

    @Test
    void takesAVideoAndRepeatsItself() throws IOException {
        Path video = video();
        Path one = folder.resolve("one.fovea");
        Path two = folder.resolve("two.fovea");
        Result found = search(video, one);
        assertEquals(0, found.code(), found.err());
        assertEquals(0, run("search", video, "-o", two, "--meta", "meta-f16-n4", "--from", "general-x2-fast", "--steps", 10,
                "--points", 4, "--evaluations", 12, "--threads", 2, "--name", "one").code());
        assertArrayEquals(Files.readAllBytes(one), Files.readAllBytes(two));
    }

    /// Points are measured with the weights that the file holds.
    @Test
    void weightsAreRoundedBeforeTheyAreMeasured() throws IOException {
        Path exact = folder.resolve("exact.fovea");
        Path rounded = folder.resolve("rounded.fovea");
        Path pictures = pictures();
        assertEquals(0, search(pictures, exact).code());
        Result result = run("search", pictures, "-o", rounded, "--meta", "meta-f16-n4", "--from", "general-x2-fast", "--steps", 10,
                "--points", 4, "--evaluations", 12, "--threads", 1, "--precision", "i8");
        assertEquals(0, result.code(), result.err());
        MetaModel wanted = ModelFile.readMeta(exact).orElseThrow();
        MetaModel got = ModelFile.readMeta(rounded).orElseThrow();
        assertEquals(wanted.parameters().keySet(), got.parameters().keySet());
        wanted.parameters().forEach((name, values) -> assertArrayEquals(
                Precision.I8.round(wanted.meta().parameters().get(name), values), got.parameters().get(name), name));
        assertEquals(wanted.points().getLast().choices(), got.points().getLast().choices());
        assertNotEquals(wanted.points().getLast().psnr(), got.points().getLast().psnr());
        assertTrue(got.origin().createdBy().contains(" --precision i8"), got.origin().createdBy());
        assertTrue(Files.size(rounded) < Files.size(exact) * 0.6, Files.size(rounded) + " of " + Files.size(exact));
        Result both = run("search", pictures, "-o", folder.resolve("no.fovea"), "--keep", "--from", "general-x2-fast", "--precision",
                "f16", "--steps", 1);
        assertEquals(2, both.code());
        assertTrue(both.err().contains("--precision f16 rounds their numbers"), both.err());
    }

    @Test
    void trainsChosenPointsBesideAKeptNetwork() throws IOException {
        Path file = folder.resolve("chosen.fovea");
        // A picture as networks meet them: on checkerboards the cheapest point may be the best one, and others are left out.
        Path scene = Files.createDirectory(folder.resolve("scene"));
        try (InputStream sample = DemoCommand.class.getResourceAsStream("/io/github/fovea/sample/harbour.png")) {
            Files.copy(sample, scene.resolve("harbour.png"));
        }
        Result chosen = run("search", scene, "-o", file, "--meta", "meta-f16-n4-h2", "--from", "general-x2-fast", "--keep",
                "--choose", "1,0:0+3,0:0-2", "--steps", 3, "--threads", 1);
        assertEquals(0, chosen.code(), chosen.err());
        assertFalse(chosen.err().contains("sub-graphs measured"), "nothing is searched");
        MetaModel model = ModelFile.readMeta(file).orElseThrow();
        assertEquals(List.of(List.of(1, 0, 0, 0, 0), List.of(0, 3, 0, 0, 3), List.of(0, 3, 3, 3, 0)),
                model.points().stream().map(MetaPoint::choices).toList());
        StoredModel kept = Models.open("general-x2-fast");
        assertArrayEquals(kept.parameters().get("head.weight"), model.parameters().get("head.weight"));
        assertArrayEquals(kept.parameters().get("body.0.weight"), model.parameters().get("node.0.weight"));
        assertTrue(model.origin().createdBy().contains("--keep --choose 1,0:0+3,0:0-2"), model.origin().createdBy());
    }

    /// A point that ends where the kept network ends takes its tail as it is.
    @Test
    void aPointThatEndsWithAKeptNetworkLeavesItsTail() throws IOException {
        Path file = folder.resolve("shared-tail.fovea");
        Result chosen = run("search", pictures(), "-o", file, "--meta", "meta-f16-n3", "--from", "general-x2-fast", "--keep",
                "--choose", "0:0+2,0:0-2", "--steps", 3, "--threads", 1);
        assertEquals(0, chosen.code(), chosen.err());
        assertArrayEquals(Models.open("general-x2-fast").parameters().get("tail.weight"),
                ModelFile.readMeta(file).orElseThrow().parameters().get("tail.3.weight"));
    }

    @Test
    void wrongInputIsNamed() throws IOException {
        Path text = Files.writeString(folder.resolve("a.txt"), "no picture");
        Result file = run("search", text, "-o", folder.resolve("x.fovea"));
        assertTrue(file.code() != 0 && file.err().contains("a.txt"), file.err());
        Path pictures = pictures();
        Result start = run("search", pictures, "-o", folder.resolve("x.fovea"), "--meta", "meta-f16-n2", "--from",
                "general-x2-fast", "--steps", 1);
        assertTrue(start.code() != 0 && start.err().contains("3 nodes and 1 heads") && start.err().contains("has 2 and 1"), start.err());
        for (String lambda : new String[] {"-1", "NaN"}) {
            Result price = run("search", pictures, "-o", folder.resolve("x.fovea"), "--meta", "meta-f16-n2", "--lambda", lambda,
                    "--steps", 1);
            assertTrue(price.code() == ExitCode.USAGE && price.err().contains("--lambda"), price.err());
            assertTrue(!price.err().contains("step 1"), "refused before anything is trained: " + price.err());
        }
        Result node = run("search", pictures, "-o", folder.resolve("x.fovea"), "--meta", "meta-f16-n4", "--choose", "0:0-4", "--steps", 1);
        assertTrue(node.code() != 0 && node.err().contains("nodes 0-4") && node.err().contains("0 to 3"), node.err());
        Result nothing = run("search", pictures, "-o", folder.resolve("x.fovea"), "--meta", "meta-f16-n4", "--keep", "--steps", 1);
        assertTrue(nothing.code() != 0 && nothing.err().contains("could be kept"), nothing.err());
        Result plain = run("evaluate", pictures, "--scale", 2, "--model", "general-x2-fast", "--points");
        assertTrue(plain.code() != 0 && plain.err().contains("no meta-graph"), plain.err());
        Result alone = run("evaluate", pictures, "--scale", 2, "--model", "general-x2-fast", "--plot", folder.resolve("p.svg"));
        assertTrue(alone.code() != 0 && alone.err().contains("--points"), alone.err());
    }
}
