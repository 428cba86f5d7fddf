package io.github.fovea.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.error.MalformedFileException;
import io.github.fovea.model.Precision;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Training as a whole, on pictures drawn here.
class TrainingTest {
    @TempDir
    Path folder;

    @BeforeEach
    void drawPictures() throws IOException {
        Files.createDirectory(folder.resolve("pictures"));
        SplittableRandom random = new SplittableRandom(7);
        for (int n = 0; n < 3; n++) {
            BufferedImage image = new BufferedImage(420, 210, BufferedImage.TYPE_INT_RGB);
            Graphics2D g = image.createGraphics();
            g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            for (int i = 0; i < 150; i++) {
                g.setColor(new Color(random.nextInt(1 << 24)));
                g.fillOval(random.nextInt(400), random.nextInt(200), random.nextInt(5, 60), random.nextInt(5, 60));
            }
            g.dispose();
            ImageIO.write(image, "png", folder.resolve("pictures/" + n + ".png").toFile());
        }
    }

    private TrainingOptions options(long steps) {
        return TrainingOptions.of(folder.resolve("pictures"), "collapsed-f16-n1", 2).withSteps(steps).withSeed(3, 2)
                .withPatches(4, 24, 1).withHeldOut(2);
    }

    private static TrainingOptions.Checkpointing saved(Path file, boolean resume) {
        return new TrainingOptions.Checkpointing(file, Duration.ZERO, resume);
    }

    private static void assertSame(TrainedNetwork expected, TrainedNetwork actual) {
        assertEquals(expected.parameters().keySet(), actual.parameters().keySet());
        for (Map.Entry<String, float[]> parameter : expected.parameters().entrySet()) {
            assertArrayEquals(parameter.getValue(), actual.parameters().get(parameter.getKey()), parameter.getKey());
        }
    }

    private static boolean differs(TrainedNetwork a, TrainedNetwork b) {
        return !Arrays.equals(a.parameters().get("body.0.weight"), b.parameters().get("body.0.weight"));
    }

    @ParameterizedTest
    @EnumSource(Parametrisation.class)
    void trainingBeatsBicubic(Parametrisation form) throws IOException {
        TrainedNetwork trained = Training.run(options(300).withWeights(form, 0.9, 1)
                .withLearningRate(form.learningRate()), TrainingListener.silent());
        assertTrue(trained.complete());
        assertEquals(300, trained.steps());
        assertTrue(trained.heldOutPsnr() > trained.baselinePsnr() + 0.25,
                trained.heldOutPsnr() + " dB against " + trained.baselinePsnr());
    }

    @ParameterizedTest
    @EnumSource(Loss.class)
    void everyLossBeatsBicubic(Loss loss) throws IOException {
        TrainedNetwork trained = Training.run(options(300).withLoss(loss), TrainingListener.silent());
        assertTrue(trained.heldOutPsnr() > trained.baselinePsnr() + 0.25,
                trained.heldOutPsnr() + " dB against " + trained.baselinePsnr());
    }

    /// A model of rounded weights is measured as it is kept, and trained as any other.
    @ParameterizedTest
    @EnumSource(Precision.class)
    void theResultAndItsFigureAreOfRoundedWeights(Precision precision) throws IOException {
        TrainingOptions options = options(12);
        TrainingOptions.Weights usual = options.weights();
        TrainedNetwork exact = Training.run(options, TrainingListener.silent());
        TrainedNetwork rounded = Training.run(options.with(new TrainingOptions.Weights(usual.parametrisation(), usual.averageDecay(),
                usual.clip(), usual.loss(), precision)), TrainingListener.silent());
        precision.round(exact.graph().parameters(), exact.parameters()).forEach((name, values) ->
                assertArrayEquals(values, rounded.parameters().get(name), name));
        assertEquals(precision == Precision.F32, exact.heldOutPsnr() == rounded.heldOutPsnr());
        // Starting from the result and moving nothing measures the result.
        TrainedNetwork again = Training.run(options(1).withLearningRate(1e-30).withWeights(Parametrisation.PLAIN, 0, 0)
                .withWarmStart(new WarmStart("rounded", rounded.parameters())), TrainingListener.silent());
        assertEquals(again.heldOutPsnr(), rounded.heldOutPsnr());
    }

    @Test
    void equalRunsGiveEqualBitsOnAnyThreadsAndSeedsDiffer() throws IOException {
        TrainedNetwork first = Training.run(options(12), TrainingListener.silent());
        for (int threads = 1; threads <= 3; threads++) {
            assertSame(first, Training.run(options(12).withSeed(3, threads), TrainingListener.silent()));
        }
        assertTrue(differs(first, Training.run(options(12).withSeed(4, 2), TrainingListener.silent())));
    }

    @ParameterizedTest
    @EnumSource(Parametrisation.class)
    void resumedRunEqualsUninterruptedOne(Parametrisation form) throws IOException {
        TrainingOptions options = options(20).withWeights(form, 0.9, 0);
        TrainedNetwork whole = Training.run(options, TrainingListener.silent());
        TrainingOptions saving = options.with(saved(folder.resolve("training.state"), true));
        // A checkpoint is written after every step.
        for (int death = 0; death < 3; death++) {
            int limit = 5 * (death + 1);
            TrainedNetwork part = Training.run(saving, TrainingListener.silent(), (step) -> step < limit);
            assertFalse(part.complete());
            assertEquals(limit, part.steps());
        }
        assertSame(whole, Training.run(saving, TrainingListener.silent()));
        assertEquals(List.of("pictures", "training.state"), names());
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void checkpointOfOtherOptionsOrDamagedIsRefused() throws IOException {
        Path state = folder.resolve("training.state");
        Training.run(options(3).with(saved(state, false)), TrainingListener.silent());
        TrainingOptions other = options(3).withSeed(9, 2).with(saved(state, true));
        assertThrows(MalformedFileException.class, () -> Training.run(other, TrainingListener.silent()));
        TrainingOptions same = options(3).with(saved(state, true));
        byte[] good = Files.readAllBytes(state);
        for (int cut : new int[] {0, 5, 12, 30, good.length / 2, good.length - 1}) {
            Files.write(state, Arrays.copyOf(good, cut));
            assertRefused(same, "cut at " + cut);
        }
        for (int at : new int[] {0, 8, 12, 300, good.length / 2, good.length - 2}) {
            byte[] bad = good.clone();
            bad[at] ^= 0x55;
            Files.write(state, bad);
            assertRefused(same, "bit at " + at);
        }
        Files.write(state, good);
        assertTrue(Training.run(same, TrainingListener.silent()).complete());
    }

    /// Other pictures, or one more, would make parts that were trained on those that are measured on.
    @Test
    void checkpointOfOtherPicturesIsRefused() throws IOException {
        TrainingOptions options = options(3).with(saved(folder.resolve("training.state"), true));
        Training.run(options, TrainingListener.silent());
        Files.copy(folder.resolve("pictures/0.png"), folder.resolve("pictures/00.png"));
        MalformedFileException refused = assertThrows(MalformedFileException.class,
                () -> Training.run(options, TrainingListener.silent()));
        assertTrue(refused.getMessage().contains("pictures=3/2/") && refused.getMessage().contains("pictures=4/2/"),
                refused.getMessage());
    }

    private static void assertRefused(TrainingOptions options, String damage) {
        String message = assertThrows(MalformedFileException.class, () -> Training.run(options, TrainingListener.silent()),
                damage).getMessage();
        assertTrue(message.contains("to start anew") || message.contains("use the same options"), damage + ": " + message);
    }

    @Test
    void warmStartTakesOverAllButTheTail() throws IOException {
        TrainedNetwork x2 = Training.run(options(60), TrainingListener.silent());
        for (Parametrisation form : Parametrisation.values()) {
            TrainingOptions x3 = TrainingOptions.of(folder.resolve("pictures"), "collapsed-f16-n1", 3).withSteps(1)
                    .withSeed(3, 1).withPatches(2, 24, 1).withHeldOut(0).withWeights(form, 0, 0).withLearningRate(1e-9)
                    .withWarmStart(new WarmStart("x2", x2.parameters()));
            TrainedNetwork started = Training.run(x3, TrainingListener.silent());
            assertArrayEquals(x2.parameters().get("body.0.weight"), started.parameters().get("body.0.weight"), 1e-5f);
            assertArrayEquals(x2.parameters().get("head.slope"), started.parameters().get("head.slope"), 1e-5f);
            assertEquals(9 * 16 * 9, started.parameters().get("tail.weight").length);
        }
        TrainingOptions wider = TrainingOptions.of(folder.resolve("pictures"), "espcn", 2).withSteps(1)
                .withPatches(2, 24, 1).withWarmStart(new WarmStart("x2", Map.of("nothing", new float[1])));
        assertThrows(IllegalArgumentException.class, () -> Training.run(wider, TrainingListener.silent()));
    }

    @Test
    void listenerHearsTheEndAndCanStop() throws IOException {
        List<TrainingProgress> heard = new ArrayList<>();
        Training.run(options(10), p -> heard.add(p));
        TrainingProgress last = heard.getLast();
        assertEquals(10, last.step());
        assertEquals(1, last.share());
        assertEquals(0, last.remainingNanos());
        assertTrue(last.loss() > 0 && last.stepsPerSecond() > 0 && last.heldOutPsnr() > 10 && last.baselinePsnr() > 10);
        TrainingOptions long_ = options(1_000_000);
        TrainedNetwork stopped = Training.run(long_, p -> false);
        assertFalse(stopped.complete());
        assertTrue(stopped.steps() > 0 && stopped.steps() < 1_000_000);
    }

    @Test
    void timeEndsTraining() throws IOException {
        TrainedNetwork trained = Training.run(options(1).withTime(Duration.ofMillis(50)), TrainingListener.silent());
        assertTrue(trained.complete());
        assertTrue(trained.nanos() >= 50_000_000L);
    }

    @Test
    void folderWithoutUsablePicturesIsRefused() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertThrows(IOException.class, () -> Training.run(
                TrainingOptions.of(empty, "espcn", 2).withSteps(1), TrainingListener.silent()));
        ImageIO.write(new BufferedImage(20, 20, BufferedImage.TYPE_INT_RGB), "png", empty.resolve("small.png").toFile());
        IllegalArgumentException small = assertThrows(IllegalArgumentException.class, () -> Training.run(
                TrainingOptions.of(empty, "espcn", 2).withSteps(1), TrainingListener.silent()));
        assertTrue(small.getMessage().contains("96"), small.getMessage());
        Files.writeString(empty.resolve("text.png"), "not a picture");
        assertThrows(IOException.class, () -> Training.run(
                TrainingOptions.of(empty, "espcn", 2).withSteps(1), TrainingListener.silent()));
    }
}
