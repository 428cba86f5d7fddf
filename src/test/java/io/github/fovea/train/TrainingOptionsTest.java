package io.github.fovea.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.train.TrainingOptions.Checkpointing;
import io.github.fovea.train.TrainingOptions.Sampling;
import io.github.fovea.train.TrainingOptions.Schedule;
import io.github.fovea.train.TrainingOptions.Weights;
import io.github.fovea.model.Precision;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class TrainingOptionsTest {
    private static final TrainingOptions BASE = TrainingOptions.of(Path.of("pictures"), "espcn", 2).withSeed(1, 2)
            .withWeights(Parametrisation.PLAIN, 0.999, 0).withLearningRate(4e-3);

    @Test
    void withMethodsChangeWhatTheySayAndNothingElse() {
        TrainingOptions all = BASE.withChannels(3).withSeed(7, 4).withSteps(90).withLearningRate(0.25).withPatches(5, 24, 6)
                .withHeldOut(8).withWeights(Parametrisation.LINEAR_BLOCK, 0.5, 2).withLoss(Loss.L2)
                .withWarmStart(new WarmStart("start", Map.of()))
                .with(new Checkpointing(Path.of("state"), Duration.ofSeconds(9), true));
        assertEquals(new TrainingOptions(Path.of("pictures"), "espcn", 2, 3, 7, 4, new Schedule(90, null, 0.25, 100),
                new Sampling(5, 24, 6, 8, List.of()), new Weights(Parametrisation.LINEAR_BLOCK, 0.5, 2, Loss.L2, Precision.F32),
                new WarmStart("start", Map.of()), new Checkpointing(Path.of("state"), Duration.ofSeconds(9), true)), all);
        assertEquals(new Schedule(0, Duration.ofHours(1), 0.25, 100), all.withTime(Duration.ofHours(1)).schedule());
    }

    /// Threads, folder and checkpoint don't decide the result; a checkpoint of an earlier version stays readable only while
    /// the words stay the same.
    @Test
    void fingerprintHoldsWhatDecidesTheResult() {
        assertEquals("espcn x2 channels=1 steps=0 time=PT10M seed=1 batch=4 patch=48 rate=0.004 warmup=100 loss=L1 form=PLAIN "
                + "average=0.999 clip=0.0 candidates=1 held-out=12 start=random", BASE.fingerprint());
        assertEquals(BASE.fingerprint(), BASE.with(new Weights(Parametrisation.PLAIN, 0.999, 0, Loss.L1, Precision.I8)).fingerprint());
        assertEquals(BASE.fingerprint(), BASE.withSeed(1, 9)
                .with(new Checkpointing(Path.of("state"), Duration.ZERO, false)).fingerprint());
        for (TrainingOptions other : new TrainingOptions[] {
            BASE.withChannels(3), BASE.withSeed(2, 2), BASE.withSteps(90), BASE.withTime(Duration.ofMinutes(9)),
            BASE.withLearningRate(0.25), BASE.withPatches(5, 48, 1), BASE.withPatches(4, 24, 1), BASE.withPatches(4, 48, 2),
            BASE.withHeldOut(8), BASE.withWeights(Parametrisation.WEIGHT_NORM, 0.999, 0),
            BASE.withWeights(Parametrisation.PLAIN, 0.5, 0), BASE.withWeights(Parametrisation.PLAIN, 0.999, 2),
            BASE.withLoss(Loss.L2), BASE.withWarmStart(new WarmStart("start", Map.of()))}) {
            assertNotEquals(BASE.fingerprint(), other.fingerprint());
        }
    }

    @Test
    void rangesAreChecked() {
        assertRefused("steps is -1, wanted 0 to", () -> BASE.withSteps(-1));
        assertRefused("neither steps nor a time", () -> BASE.withSteps(0));
        assertRefused("time to train is PT0S", () -> BASE.withTime(Duration.ZERO));
        assertRefused("threads is 0, wanted 1 to 1024", () -> BASE.withSeed(1, 0));
        assertRefused("batch is 0", () -> BASE.withPatches(0, 48, 1));
        assertRefused("patch is 7, wanted 8", () -> BASE.withPatches(4, 7, 1));
        assertRefused("candidates is 65", () -> BASE.withPatches(4, 48, 65));
        assertRefused("held-out pictures is -1", () -> BASE.withHeldOut(-1));
        assertRefused("learning rate is NaN", () -> BASE.withLearningRate(Double.NaN));
        assertRefused("warm-up steps is -1", () -> BASE.with(new Schedule(1, null, 0.1, -1)));
        assertRefused("decay of the average is 1.0", () -> BASE.withWeights(Parametrisation.PLAIN, 1, 0));
        assertRefused("gradient limit is -1.0", () -> BASE.withWeights(Parametrisation.PLAIN, 0, -1));
        assertRefused("name its file", () -> BASE.with(new Checkpointing(null, Duration.ZERO, true)));
    }

    private static void assertRefused(String message, Executable change) {
        String got = assertThrows(IllegalArgumentException.class, change).getMessage();
        assertTrue(got.contains(message), got);
    }

    @Test
    void aPartOfATrainingTakesItsShareOfStepsAndTime() {
        Schedule whole = new Schedule(10, Duration.ofSeconds(8), 0.1, 3);
        assertEquals(new Schedule(3, Duration.ofSeconds(2), 0.1, 3), whole.part(0.25));
        assertEquals(new Schedule(0, Duration.ofNanos(1), 0.1, 3), new Schedule(0, Duration.ofNanos(2), 0.1, 3).part(0.1));
        assertEquals(new Schedule(1, null, 0.1, 3), new Schedule(2, null, 0.1, 3).part(0.01));
    }

    @Test
    void rateWarmsUpAndFallsAlongACosine() {
        TrainingOptions.Schedule schedule = new TrainingOptions.Schedule(1000, Duration.ofSeconds(10), 0.008, 4);
        assertEquals(0.002, schedule.rate(0, 0), 1e-12);
        assertEquals(0.008, schedule.rate(3, 0), 1e-12);
        assertEquals(0.004, schedule.rate(500, 0.5), 1e-12);
        assertEquals(0, schedule.rate(1000, 1), 1e-12);
        assertEquals(0.25, schedule.share(250, 1_000_000_000L), 1e-12);
        assertEquals(0.5, schedule.share(250, 5_000_000_000L), 1e-12);
        assertEquals(1, schedule.share(1001, 0), 1e-12);
        assertEquals(0, new TrainingOptions.Schedule(0, Duration.ofSeconds(10), 0.008, 4).share(77, 0), 1e-12);
    }
}
