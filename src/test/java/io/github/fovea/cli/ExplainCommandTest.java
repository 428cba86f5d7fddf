package io.github.fovea.cli;

import static io.github.fovea.cli.CommandRun.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.backend.KernelTables;
import io.github.fovea.cli.CommandRun.Result;
import io.github.fovea.graph.Graph;
import io.github.fovea.graph.RandomParameters;
import io.github.fovea.model.Domain;
import io.github.fovea.model.ModelFile;
import io.github.fovea.model.StoredModel;
import io.github.fovea.network.Networks;
import io.github.fovea.plan.Plan;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainCommandTest {
    @TempDir
    private Path folder;

    private Path model() throws IOException {
        Graph graph = Networks.named("wdsr-f16-n2", 2, 1);
        Map<String, float[]> parameters = RandomParameters.of(graph.parameters(), new SplittableRandom(1), 0);
        Path file = folder.resolve("zeros.fovea");
        ModelFile.write(new StoredModel("zeros", "wdsr-f16-n2", Domain.LUMA, graph, parameters, "", "", List.of(), Map.of(),
                "a test"), file);
        return file;
    }

    @Test
    void saysStepsShapesPlacesAndPeak() throws IOException {
        Result result = run("explain", model().toString(), "--shape", "48x54", "--backend", "scalar");
        assertEquals(0, result.code(), result.err());
        Plan plan = Plan.of(Networks.named("wdsr-f16-n2", 2, 1), KernelTables.scalar());
        String out = result.out();
        assertTrue(out.contains("in   1 x H x W") && out.contains("out  1 x 2*H x 2*W"), out);
        assertTrue(out.contains("conv 3x3 16->32 + relu") && out.contains("32 x H x W") && out.contains("ISDOS"), out);
        assertTrue(out.contains(String.format(Locale.ROOT, "peak %,d bytes", plan.peakBytes(48, 54))), out);
        assertEquals(plan.steps().size() + 1, Pattern.compile("ISDOS|class").matcher(out).results().count(), out);
    }

    @Test
    void namesChosenKernelsAndTheirPredictedTimes() throws IOException {
        Result result = run("explain", model().toString(), "--shape", "48x54", "--backend", "vector");
        assertEquals(0, result.code(), result.err());
        assertTrue(result.out().contains("predicted")
                && Pattern.compile("conv 3x3 32->16 .*WinogradConv.* \\d+\\.\\d us").matcher(result.out()).find(), result.out());
    }

    @Test
    void strictKernelsHaveNoTransforms() throws IOException {
        Result result = run("explain", model().toString(), "--shape", "48x54", "--accuracy", "strict");
        assertEquals(0, result.code(), result.err());
        assertTrue(result.out().contains("conv 3x3 32->16") && !result.out().contains("Winograd"), result.out());
    }

    @Test
    void drawsABoxForEveryTensor() throws Exception {
        Path svg = folder.resolve("arena.svg");
        Path png = folder.resolve("arena.png");
        String model = model().toString();
        assertEquals(0, run("explain", model, "--picture", svg.toString(), "--backend", "scalar").code());
        String text = Files.readString(svg);
        int boxes = 0;
        Matcher box = Pattern.compile("<rect x=\"([-0-9.]+)\" y=\"([-0-9.]+)\" width=\"([0-9.]+)\" height=\"([0-9.]+)\"")
                .matcher(text);
        while (box.find()) {
            boxes++;
            assertTrue(Double.parseDouble(box.group(1)) >= 0 && Double.parseDouble(box.group(2)) >= 0
                    && Double.parseDouble(box.group(3)) > 0 && Double.parseDouble(box.group(4)) > 0, box.group());
        }
        assertEquals(Plan.of(Networks.named("wdsr-f16-n2", 2, 1), KernelTables.scalar()).slots().size(), boxes);
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(svg.toFile());
        assertEquals(0, run("explain", model, "--picture", png.toString(), "--backend", "scalar").code());
        BufferedImage image = ImageIO.read(png.toFile());
        assertTrue(image.getWidth() > 600 && image.getHeight() > 400);
        assertEquals(73, run("explain", model, "--picture", png.toString(), "--backend", "scalar").code());
    }

    @Test
    void badOptionsMakeNoPicture() throws IOException {
        String model = model().toString();
        Path picture = folder.resolve("arena.svg");
        for (String shape : List.of("0x5", "5", "axb", "5x-1", "9999999x9")) {
            Result result = run("explain", model, "--shape", shape, "--picture", picture.toString());
            assertEquals(2, result.code(), result.err());
            assertTrue(result.err().contains("270x480"), result.err());
        }
        assertEquals(2, run("explain", model, "--picture", folder.resolve("arena.gif").toString()).code());
        assertEquals(2, run("explain", model, "--backend", "abacus").code());
        assertEquals(2, run("explain", "bicubic").code());
        assertFalse(Files.exists(picture));
    }
}
