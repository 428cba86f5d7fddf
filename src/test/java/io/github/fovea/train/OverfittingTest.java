package io.github.fovea.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.error.MalformedFileException;
import io.github.fovea.frame.Frame;
import io.github.fovea.model.Domain;
import io.github.fovea.model.DynamicModel;
import io.github.fovea.model.Origin;
import io.github.fovea.model.Precision;
import io.github.fovea.model.Routing;
import io.github.fovea.network.DynamicNetwork;
import io.github.fovea.pipeline.FrameUpscaler;
import io.github.fovea.pipeline.Workers;
import io.github.fovea.quality.PsnrMeans;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Overfitting as a whole, on clips drawn here.
class OverfittingTest {
    private static final long MUCH = 1L << 30;

    @TempDir
    Path folder;

    private ClipFrames clip(String name, List<Frame> frames, int scale) throws IOException {
        Path hr = TestClips.write(folder.resolve(name + ".y4m"), frames);
        Path lr = folder.resolve(name + "-lr.y4m");
        LowResolution.make(hr, null, lr, scale, -1, true);
        return ClipFrames.read(lr, hr, null, scale, MUCH);
    }

    private ClipFrames ovals() throws IOException {
        return clip("ovals", TestClips.ovals(128, 96, 12), 2);
    }

    private static OverfitOptions options(String network, int scale, long steps) {
        OverfitOptions base = OverfitOptions.of(DynamicNetwork.named(network, scale, 1));
        return base.withSeed(3, 2).with(new TrainingOptions.Schedule(steps, null, 4e-3, 10))
                .with(new OverfitOptions.Sampling(2, List.of(new OverfitOptions.PatchSize(24, 24)), 2, OverfitOptions.Focus.HARD));
    }

    private static OverfittedNetwork run(OverfitOptions options, ClipFrames clip) throws IOException {
        return Overfitting.run(options, clip, OverfitListener.silent());
    }

    private static void assertSame(OverfittedNetwork expected, OverfittedNetwork actual) {
        assertEquals(expected.parameters().keySet(), actual.parameters().keySet());
        for (Map.Entry<String, float[]> parameter : expected.parameters().entrySet()) {
            assertArrayEquals(parameter.getValue(), actual.parameters().get(parameter.getKey()), parameter.getKey());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"collapsed-f16-n1", "collapsed-f16-n1+edsr-f16-n1", "shared-collapsed-f16-n1-n2",
            "wdsr-f16-n1+espcn"})
    void everyPathBeatsBicubic(String network) throws IOException {
        OverfittedNetwork trained = run(options(network, 2, 150), ovals());
        assertTrue(trained.complete());
        assertEquals(150, trained.steps());
        for (double psnr : trained.curve().getLast().psnr()) {
            assertTrue(psnr > trained.bicubicPsnr() + 0.3, trained.curve() + ", bicubic " + trained.bicubicPsnr());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4})
    void otherScalesBeatBicubic(int scale) throws IOException {
        OverfittedNetwork trained = run(options("collapsed-f16-n1", scale, 150), clip("c", TestClips.ovals(144, 144, 3), scale));
        assertTrue(trained.curve().getLast().meanPsnr() > trained.bicubicPsnr() + 0.3, trained.curve().toString());
    }

    @Test
    void equalRunsGiveEqualBitsOnAnyThreadsAndSeedsDiffer() throws IOException {
        ClipFrames clip = ovals();
        OverfitOptions options = options("shared-collapsed-f16-n1-n2", 2, 8);
        OverfittedNetwork first = run(options, clip);
        for (int threads = 1; threads <= 3; threads++) {
            assertSame(first, run(options.withSeed(3, threads), clip));
        }
        OverfittedNetwork other = run(options.withSeed(4, 2), clip);
        assertFalse(Arrays.equals(first.parameters().get("head.weight"), other.parameters().get("head.weight")));
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void theResultAndItsCurveAreOfRoundedWeights(Precision precision) throws IOException {
        ClipFrames clip = ovals();
        OverfitOptions options = options("shared-collapsed-f16-n1-n2", 2, 30).withPlateau(false);
        OverfittedNetwork exact = run(options.with(Precision.F32), clip);
        OverfittedNetwork rounded = run(options.with(precision), clip);
        Map<String, int[]> shapes = exact.network().parameters();
        precision.round(shapes, exact.parameters()).forEach((name, values) ->
                assertArrayEquals(values, rounded.parameters().get(name), name));
        boolean differ = exact.parameters().entrySet().stream()
                .anyMatch(weights -> !Arrays.equals(weights.getValue(), rounded.parameters().get(weights.getKey())));
        assertEquals(precision != Precision.F32, differ);
        try (Workers workers = Workers.ofThreads(2)) {
            PathScorer scorer = new PathScorer(clip, workers);
            List<Double> played = new ArrayList<>();
            for (FrameUpscaler path : scorer.paths(rounded.network(), rounded.parameters())) {
                played.add(scorer.psnr(path, clip.held()));
            }
            assertEquals(played, rounded.curve().getLast().psnr());
        }
    }

    @Test
    void wrongOptionsAreRefused() {
        OverfitOptions options = options("collapsed-f16-n1+collapsed-f16-n2", 2, 1);
        OverfitOptions.Focus hard = OverfitOptions.Focus.HARD;
        List<OverfitOptions.PatchSize> size = List.of(new OverfitOptions.PatchSize(24, 24));
        for (Executable wrong : List.<Executable>of(() -> new OverfitOptions.Sampling(1, List.of(), 0, hard),
                () -> new OverfitOptions.Sampling(0, size, 0, hard), () -> new OverfitOptions.Sampling(1, size, 11, hard),
                () -> new OverfitOptions.Sampling(1, size, -1, hard), () -> new OverfitOptions.Focus(Double.NaN, 0, 1),
                () -> new OverfitOptions.Focus(0.5, 1, 1), () -> new OverfitOptions.PatchSize(7, 24),
                () -> options.with(new OverfitOptions.Sampling(List.of(1, 1, 1), size, 0, List.of(hard))),
                () -> options.with(Loss.L2, Parametrisation.PLAIN, 1), () -> options.withSeed(1, 0))) {
            assertThrows(IllegalArgumentException.class, wrong);
        }
    }

    @Test
    void heldOutFramesTakeNoPartInTraining() throws IOException {
        List<Frame> frames = TestClips.ovals(128, 96, 12);
        ClipFrames clip = clip("whole", frames, 2);
        List<Frame> spoiled = new ArrayList<>(frames);
        int changed = 0;
        for (int i = 0; i < spoiled.size(); i++) {
            if (ClipFrames.heldOut(i)) {
                spoiled.set(i, TestClips.black(128, 96));
                changed++;
            }
        }
        assertTrue(changed > 0);
        ClipFrames other = clip("spoiled", spoiled, 2);
        OverfitOptions options = options("collapsed-f16-n1", 2, 20).withPlateau(false);
        OverfittedNetwork expected = run(options, clip);
        OverfittedNetwork actual = run(options, other);
        assertSame(expected, actual);
        assertTrue(expected.bicubicPsnr() != actual.bicubicPsnr());
    }

    @ParameterizedTest
    @EnumSource(Parametrisation.class)
    void resumedRunEqualsUninterruptedOne(Parametrisation form) throws IOException {
        ClipFrames clip = ovals();
        OverfitOptions options = options("collapsed-f16-n1+collapsed-f16-n2", 2, 12).with(Loss.L2, form, 0.9);
        OverfittedNetwork whole = run(options, clip);
        Path state = folder.resolve("state");
        OverfitOptions saving = options.with(new TrainingOptions.Checkpointing(state, Duration.ZERO, true));
        for (int death = 1; death <= 2; death++) {
            int limit = 4 * death;
            OverfittedNetwork part = Overfitting.run(saving, clip, OverfitListener.silent(), step -> step < limit);
            assertFalse(part.complete());
            assertEquals(limit, part.steps());
        }
        OverfittedNetwork resumed = run(saving, clip);
        assertSame(whole, resumed);
        assertEquals(whole.curve().stream().map(CurvePoint::step).toList(), resumed.curve().stream().map(CurvePoint::step).toList());
        assertEquals(whole.curve().stream().map(CurvePoint::psnr).toList(), resumed.curve().stream().map(CurvePoint::psnr).toList());
        assertEquals(whole.curve().getLast().loss(), resumed.curve().getLast().loss());
    }

    @Test
    void aCheckpointOfAnotherClipIsRefused() throws IOException {
        Path state = folder.resolve("state");
        OverfitOptions options = options("collapsed-f16-n1", 2, 3).with(new TrainingOptions.Checkpointing(state, Duration.ZERO, true));
        run(options, ovals());
        ClipFrames other = clip("other", TestClips.ovals(128, 96, 11), 2);
        MalformedFileException refused = assertThrows(MalformedFileException.class, () -> run(options, other));
        assertTrue(refused.getMessage().contains("same options"), refused.getMessage());
    }

    @Test
    void pathsStartFromTheModelThatFitsBestAndDeeperOnesAsGoodAsIt() throws IOException {
        ClipFrames clip = ovals();
        OverfittedNetwork shallow = run(options("collapsed-f16-n1", 2, 100), clip);
        OverfittedNetwork deep = run(options("collapsed-f16-n3", 2, 100), clip);
        List<WarmStart> starts = List.of(new WarmStart("shallow", shallow.parameters()), new WarmStart("deep", deep.parameters()));
        OverfittedNetwork started = run(options("collapsed-f16-n1+collapsed-f16-n2+collapsed-f16-n3+collapsed-f16-n5", 2, 1).withStarts(starts), clip);
        assertEquals(List.of("shallow", "shallow", "deep", "deep"), started.starts());
        List<Double> first = started.curve().getFirst().psnr();
        assertEquals(shallow.curve().getLast().psnr().getFirst(), first.get(0), 1e-9);
        assertEquals(shallow.curve().getLast().psnr().getFirst(), first.get(1), 0.02);
        assertEquals(deep.curve().getLast().psnr().getFirst(), first.get(2), 1e-9);
        assertEquals(deep.curve().getLast().psnr().getFirst(), first.get(3), 0.02);
        assertEquals(List.of(""), run(options("collapsed-f32-n1", 2, 1).withStarts(starts), clip).starts());
    }

    @Test
    void blackClipsAndSingleFramesTrain() throws IOException {
        ClipFrames black = clip("black", Collections.nCopies(3, TestClips.black(64, 64)), 2);
        OverfittedNetwork trained = run(options("collapsed-f16-n1", 2, 5), black);
        assertEquals(Double.POSITIVE_INFINITY, trained.bicubicPsnr());
        trained.parameters().values().forEach(values -> {
            for (float value : values) {
                assertTrue(Float.isFinite(value));
            }
        });
        assertTrue(run(options("collapsed-f16-n1", 2, 5), clip("one", TestClips.ovals(64, 64, 1), 2)).complete());
    }

    /// All frames come out as they were: there is nothing to learn. Unless frames are other than those of the curve.
    @Test
    void endsWhereNothingIsLeftToLearn() throws IOException {
        List<Frame> frames = new ArrayList<>(Collections.nCopies(12, TestClips.black(64, 64)));
        OverfittedNetwork trained = run(options("collapsed-f16-n1", 2, 400), clip("black", frames, 2));
        assertTrue(trained.complete() && trained.plateau());
        assertTrue(trained.steps() < 400, trained.steps() + " steps");
        assertEquals(400, run(options("collapsed-f16-n1", 2, 400).withPlateau(false), clip("black2", frames, 2)).steps());
        for (int i = 0; i < frames.size(); i++) {
            if (!ClipFrames.heldOut(i)) {
                frames.set(i, TestClips.ovals(64, 64, 1).getFirst());
            }
        }
        OverfittedNetwork longer = run(options("collapsed-f16-n1", 2, 400), clip("mixed", frames, 2));
        assertTrue(longer.curve().stream().anyMatch(point -> Double.isInfinite(point.meanPsnr())), longer.curve().toString());
        assertTrue(longer.steps() > trained.steps(), longer.steps() + " steps");
    }

    @Test
    void clipsSmallerThanAPatchAndOfAnotherScaleAreRefused() throws IOException {
        ClipFrames small = clip("small", TestClips.ovals(40, 40, 2), 2);
        IllegalArgumentException patch = assertThrows(IllegalArgumentException.class,
                () -> run(options("collapsed-f16-n1", 2, 5), small));
        assertTrue(patch.getMessage().contains("20x20") && patch.getMessage().contains("--patch"), patch.getMessage());
        assertThrows(IllegalArgumentException.class, () -> run(options("collapsed-f16-n1", 3, 5), small));
    }

    @Test
    void listenerHearsTheEndAndCanStop() throws IOException {
        ClipFrames clip = ovals();
        List<OverfitProgress> heard = new ArrayList<>();
        Overfitting.run(options("collapsed-f16-n1", 2, 5), clip, heard::add);
        assertEquals(5, heard.getLast().step());
        assertEquals(1, heard.getLast().share());
        assertEquals(5, heard.getLast().last().step());
        OverfittedNetwork stopped = Overfitting.run(options("collapsed-f16-n1", 2, 1_000_000), clip, _ -> false);
        assertFalse(stopped.complete());
    }

    @Test
    void timeEndsTraining() throws IOException {
        OverfitOptions options = options("collapsed-f16-n1", 2, 1).with(new TrainingOptions.Schedule(0, Duration.ofMillis(50), 4e-3, 1));
        OverfittedNetwork trained = run(options, ovals());
        assertTrue(trained.complete());
        assertTrue(trained.nanos() >= 50_000_000L);
    }

    @Test
    void aPassAgreesWithTheCurveAndItsRoutes() throws IOException {
        ClipFrames clip = ovals();
        OverfittedNetwork trained = run(options("collapsed-f16-n1+collapsed-f16-n2", 2, 150), clip);
        try (Workers workers = Workers.ofThreads(2)) {
            Routing.ByScore routing = RouteLearning.learn(trained, clip, 6, 4, "laplacian", 0.7, workers);
            DynamicModel model = new DynamicModel("m", trained.network().name(), Domain.LUMA, trained.network().paths(),
                    trained.parameters(), routing, new Origin("", "", List.of(), Map.of(), "", "", ""));
            List<Long> heard = new ArrayList<>();
            ClipPass.Result result = ClipPass.run(folder.resolve("ovals-lr.y4m"), folder.resolve("ovals.y4m"), null, clip, model,
                    "0".repeat(64), List.of(model.path(1)), 0.7, workers, (done, _) -> heard.add(done));
            ClipScores scores = result.scores();
            assertEquals(List.of("bicubic", "m", "path 1", "path 2", "routed by map", "routed by score"), scores.methods());
            assertEquals(12, scores.frames().size());
            assertEquals(12, heard.size());
            assertEquals(clip.heldOutFrames(), scores.frames().stream().filter(ClipScores.FrameScore::heldOut).count());
            ClipScores.Part held = ClipScores.Part.HELD_OUT;
            assertEquals(trained.bicubicPsnr(), scores.psnr(0, held).psnrOfMeanError(), 1e-9);
            for (int path = 1; path <= 2; path++) {
                assertEquals(trained.curve().getLast().psnr().get(path - 1), scores.psnr(path + 1, held).psnrOfMeanError(), 1e-9);
                assertTrue(scores.ssim(path + 1, held) > scores.ssim(0, held), scores.toString());
            }
            assertEquals(scores.psnr(2, held).psnrOfMeanError(), scores.psnr(1, held).psnrOfMeanError());
            assertFurtherMeasures(scores);
            assertRoutes(result, clip, trained);
        }
    }

    /// The clip has no colour, so that an error of luma is the same in red, green and blue but for the range, 255 / 219, and for
    /// overshoots beyond black and white, which RGB cuts off.
    private static void assertFurtherMeasures(ClipScores scores) {
        ClipScores.Part held = ClipScores.Part.HELD_OUT;
        for (int way = 0; way < scores.methods().size(); way++) {
            int index = way;
            PsnrMeans sampled = new PsnrMeans(255);
            scores.frames().stream().filter(frame -> !frame.rgb().get(index).isNaN())
                    .forEach(frame -> sampled.add(frame.meanSquares().get(index)));
            assertTrue(sampled.pictures() > 0);
            double range = 20 * Math.log10(255.0 / 219);
            double overshoots = scores.rgbPsnr(way, held) - (sampled.psnrOfMeanError() - range);
            assertTrue(overshoots > -0.05 && overshoots < 1, scores.methods().get(way) + ": " + overshoots);
            double shaved = scores.shavedPsnr(way, held);
            assertTrue(Math.abs(shaved - sampled.psnrOfMeanError()) < 3 && shaved != sampled.psnrOfMeanError(),
                    shaved + " without rims, " + sampled.psnrOfMeanError() + " with");
        }
    }

    /// Routed frames lie between bicubic and the best path of every cell, within the budget.
    private static void assertRoutes(ClipPass.Result result, ClipFrames clip, OverfittedNetwork trained) {
        ClipScores.Part all = ClipScores.Part.ALL;
        ClipScores scores = result.scores();
        assertEquals(12, result.map().frames());
        assertEquals(1, result.shares().stream().mapToDouble(Double::doubleValue).sum(), 1e-12);
        long[] macs = RouteLearning.macs(trained.network());
        for (int frame = 0; frame < 12; frame++) {
            long spent = 0;
            for (int cell = 0; cell < result.map().grid().cells().size(); cell++) {
                spent += macs[result.map().path(frame, cell)] * result.map().grid().pixels(cell);
            }
            assertTrue(spent <= 0.7 * macs[2] * clip.width() * clip.height(), "frame " + frame + " spends " + spent);
        }
        double map = scores.psnr(4, all).psnrOfMeanError();
        assertTrue(map > scores.psnr(0, all).psnrOfMeanError() + 0.1, scores.toString());
        assertTrue(scores.psnr(5, all).psnrOfMeanError() > scores.psnr(0, all).psnrOfMeanError(), scores.toString());
        for (ClipScores.FrameScore frame : scores.frames()) {
            if (!frame.ssim().get(4).isNaN()) {
                assertTrue(frame.ssim().get(4) > 0.5 && frame.ssim().get(4) < 1);
            }
        }
    }
}
