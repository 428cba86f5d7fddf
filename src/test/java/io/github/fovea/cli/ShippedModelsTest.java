package io.github.fovea.cli;

import static io.github.fovea.cli.CommandRun.run;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.fovea.cli.CommandRun.Result;
import io.github.fovea.model.MetaModel;
import io.github.fovea.model.MetaPoint;
import io.github.fovea.model.Models;
import io.github.fovea.model.StoredModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is said about the models that come with Fovea: the figures in a model's file are those that measuring it gives, and the tables
/// and cards repeat them.
class ShippedModelsTest {
    private static final Pattern MEAN = Pattern.compile("\"mean\":\\{\"psnrY\":([0-9.]+),\"ssimY\":([0-9.]+)}");

    static List<String> names() {
        return Models.names().stream().filter(name -> name.startsWith("general-")).toList();
    }

    @ParameterizedTest
    @MethodSource("names")
    void tablesAndCardRepeatTheFiguresOfTheFile(String name) throws IOException {
        StoredModel model = Models.open(name);
        String parameters = String.format(Locale.ROOT, "%,d", model.parameters().values().stream().mapToInt(p -> p.length).sum());
        for (String table : List.of("README.md", "models/README.md", "docs/benchmarks.md")) {
            String row = Files.readAllLines(Path.of(table)).stream().filter(line -> line.matches("\\| \\[?`?" + name + "[`\\]| ].*"))
                    .findFirst().orElseThrow(() -> new AssertionError(table + " does not list " + name));
            assertTrue(row.contains(parameters), () -> table + " without " + parameters + " parameters: " + row);
            for (String set : List.of("Set5", "Set14")) {
                assertTrue(row.replace(" 0.", " .").contains(said(model, set)), () -> table + " without " + said(model, set) + ": " + row);
            }
        }
        String card = Files.readString(Path.of("models", name + ".md")).replace(" 0.", " .");
        for (String set : List.of("Set5", "Set14")) {
            assertTrue(card.contains("| " + set + " x" + model.scale() + " | " + said(model, set)), name + ".md, " + set);
        }
    }

    /// {@return the figures of a set as tables write them}
    private static String said(StoredModel model, String set) {
        return figure(model, set, "PSNR") + " / " + figure(model, set, "SSIM").substring(1);
    }

    private static String figure(StoredModel model, String set, String metric) {
        String measure = set + " Y-" + metric + " x" + model.scale();
        return Optional.ofNullable(model.figures().get(measure)).orElseThrow(
                () -> new AssertionError(model.name() + " has no figure " + measure));
    }

    @ParameterizedTest
    @MethodSource("names")
    void measuringGivesTheFiguresOfTheFile(String name) throws IOException {
        StoredModel model = Models.open(name);
        for (String set : List.of("Set5", "Set14")) {
            Path folder = Path.of(System.getProperty("fovea.data", "../shared/data"), "images", set);
            assumeTrue(Files.isDirectory(folder), "no " + folder + "; give its parent's parent with -Dfovea.data=DIR");
            Result result = run("evaluate", folder.toString(), "--scale", "" + model.scale(), "--model", name, "--json");
            assertEquals(0, result.code(), result.err());
            Matcher mean = MEAN.matcher(result.out());
            assertTrue(mean.find(), result.out());
            // Half of the last digit, and what other kernels round differently.
            assertEquals(Double.parseDouble(figure(model, set, "PSNR")), Double.parseDouble(mean.group(1)), 0.0055);
            assertEquals(Double.parseDouble(figure(model, set, "SSIM")), Double.parseDouble(mean.group(2)), 0.00006);
        }
    }

    /// FSRCNN's published figures (12.5 thousand parameters) and a margin: what the project promises of its models.
    @ParameterizedTest
    @CsvSource({"general-x2, 37.2, 32.7", "general-x3, 33.2, 29.5", "general-x4, 30.8, 27.6", "general-x2-fast, 36.8, 32.5"})
    void figuresReachWhatIsPromised(String name, double set5, double set14) throws IOException {
        StoredModel model = Models.open(name);
        assertTrue(Double.parseDouble(figure(model, "Set5", "PSNR")) >= set5, name);
        assertTrue(Double.parseDouble(figure(model, "Set14", "PSNR")) >= set14, name);
    }

    /// From some multiply-adds per LR pixel on, the points of an adaptive model are general models, number for number.
    @ParameterizedTest
    @CsvSource({"2, 7632", "3, 8352", "4, 9360"})
    void deepPointsAreGeneralModels(int scale, long least) throws IOException {
        MetaModel meta = Models.openMeta("adaptive-x" + scale).orElseThrow();
        for (MetaPoint deep : meta.points()) {
            StoredModel point = meta.standAlone(deep);
            if (point.graph().macsPerPixel() < least) {
                continue;
            }
            StoredModel general = open(names()).stream().filter(model -> model.scale() == scale
                    && model.graph().macsPerPixel() == point.graph().macsPerPixel()).findFirst().orElseThrow();
            Iterator<String> tensors = point.graph().parameters().keySet().iterator();
            for (String tensor : general.graph().parameters().keySet()) {
                assertArrayEquals(general.parameters().get(tensor), point.parameters().get(tensors.next()), deep.name() + ", " + tensor);
            }
            assertFalse(tensors.hasNext());
        }
        assertTrue(meta.standAlone(meta.points().getLast()).graph().macsPerPixel() >= least);
    }

    private static List<StoredModel> open(List<String> names) throws IOException {
        List<StoredModel> models = new ArrayList<>();
        for (String name : names) {
            models.add(Models.open(name));
        }
        return models;
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4})
    void tablesAndCardTellTheSizeOfAdaptiveModels(int scale) throws IOException {
        String name = "adaptive-x" + scale;
        String parameters = String.format(Locale.ROOT, "%,d", Models.openMeta(name).orElseThrow().parameters().values().stream()
                .mapToInt(values -> values.length).sum());
        for (String table : List.of("README.md", "models/README.md")) {
            assertTrue(Files.readAllLines(Path.of(table)).stream().anyMatch(line -> line.contains(name) && line.contains("| " + parameters + " |")),
                    table + ", " + name + ": " + parameters);
        }
        assertTrue(Files.readString(Path.of("models", name + ".md")).contains("| parameters | " + parameters + ":"), name + ".md: " + parameters);
    }

    @Test
    void noModelIsLarge() throws IOException {
        for (String name : names()) {
            assertTrue(Models.open(name).parameters().values().stream().mapToInt(p -> p.length).sum() <= 30_000, name);
        }
    }
}
