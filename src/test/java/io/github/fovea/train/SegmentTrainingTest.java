package io.github.fovea.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.frame.Frame;
import io.github.fovea.model.Precision;
import io.github.fovea.model.Segments;
import io.github.fovea.network.DynamicNetwork;
import io.github.fovea.pipeline.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A few numbers fitted to each part of a clip.
class SegmentTrainingTest {
    @TempDir
    Path folder;

    @Test
    void segmentsAreOfEqualLengthButTheLast() {
        assertEquals(List.of(0), SegmentTraining.starts(3, 10));
        assertEquals(List.of(0), SegmentTraining.starts(14, 10));
        assertEquals(List.of(0, 10), SegmentTraining.starts(15, 10));
        assertEquals(List.of(0, 10), SegmentTraining.starts(24, 10));
        assertEquals(List.of(0, 10, 20), SegmentTraining.starts(25, 10));
        assertEquals(List.of(0, 1, 2), SegmentTraining.starts(3, 1));
        assertEquals(List.of(0), SegmentTraining.starts(0, 1));
        assertThrows(IllegalArgumentException.class, () -> SegmentTraining.starts(3, 0));
    }

    /// Round shapes, then a chequered scene of the same size.
    private ClipFrames twoScenes() throws IOException {
        List<Frame> frames = new ArrayList<>(TestClips.ovals(96, 96, 12));
        for (int n = 0; n < 12; n++) {
            Frame frame = TestClips.black(96, 96);
            for (int y = 0; y < 96; y++) {
                for (int x = 0; x < 96; x++) {
                    frame.plane(0).set(x, y, ((x + n) / 3 + y / 3) % 2 == 0 ? 60 : 180);
                }
            }
            frames.add(frame);
        }
        Path hr = TestClips.write(folder.resolve("two.y4m"), frames);
        Path lr = folder.resolve("two-lr.y4m");
        LowResolution.make(hr, null, lr, 2, -1, true);
        return ClipFrames.read(lr, hr, null, 2, 1L << 30);
    }

    @Test
    void fewNumbersPerSegmentGainAndRepeatOnAnyThreads() throws IOException {
        ClipFrames clip = twoScenes();
        OverfitOptions options = OverfitOptions.of(DynamicNetwork.named("collapsed-f16-n1+collapsed-f16-n2", 2, 1)).withSeed(3, 2)
                .with(new TrainingOptions.Schedule(60, null, 4e-3, 10))
                .with(new OverfitOptions.Sampling(2, List.of(new OverfitOptions.PatchSize(24, 24)), 0, OverfitOptions.Focus.HARD));
        OverfittedNetwork base = Overfitting.run(options, clip, OverfitListener.silent());
        float[][] before = base.parameters().values().stream().map(float[]::clone).toArray(float[][]::new);
        TrainingOptions.Schedule schedule = new TrainingOptions.Schedule(60, null, 4e-3, 5);
        SegmentTraining.Result result = SegmentTraining.run(base, options, schedule, clip, List.of(0, 12), Progress.NONE);
        Segments segments = result.segments();
        assertTrue(segments.numbers() * 100L < base.network().parameterElements());
        assertTrue(result.psnr() > result.basePsnr() + 0.1, result.basePsnr() + " dB, with segments " + result.psnr());
        assertTrue(!Arrays.equals(segments.places()[0], segments.places()[1]));
        assertTrue(Arrays.deepEquals(before, base.parameters().values().toArray()), "the base has changed");
        for (float[] values : segments.values()) {
            assertArrayEquals(options.precision().round(new int[] {values.length}, values), values);
        }
        Segments exact = SegmentTraining.run(base, options.with(Precision.F32), schedule, clip, List.of(0, 12), Progress.NONE).segments();
        assertTrue(Arrays.deepEquals(exact.places(), segments.places()) && !exact.equals(segments));
        assertEquals(segments, SegmentTraining.run(base, options.withSeed(3, 1), schedule, clip, List.of(0, 12), Progress.NONE).segments());
    }

    /// Nothing to gain: the frames of the first segment come back exactly as they are.
    @Test
    void aSegmentThatGainsNothingIsTheBase() throws IOException {
        List<Frame> frames = new ArrayList<>();
        for (int n = 0; n < 6; n++) {
            frames.add(TestClips.black(64, 64));
        }
        Path hr = TestClips.write(folder.resolve("black.y4m"), frames);
        Path lr = folder.resolve("black-lr.y4m");
        LowResolution.make(hr, null, lr, 2, -1, true);
        ClipFrames clip = ClipFrames.read(lr, hr, null, 2, 1L << 30);
        OverfitOptions options = OverfitOptions.of(DynamicNetwork.named("collapsed-f16-n1", 2, 1)).withSeed(3, 1)
                .with(new TrainingOptions.Schedule(2, null, 4e-3, 10))
                .with(new OverfitOptions.Sampling(1, List.of(new OverfitOptions.PatchSize(16, 16)), 0, OverfitOptions.Focus.NONE));
        OverfittedNetwork base = Overfitting.run(options, clip, OverfitListener.silent());
        Segments segments = SegmentTraining.run(base, options, options.schedule(), clip, List.of(0, 3), Progress.NONE).segments();
        float[] all = new float[(int) base.network().parameterElements()];
        int next = 0;
        for (String name : base.network().parameters().keySet()) {
            float[] values = base.parameters().get(name);
            System.arraycopy(values, 0, all, next, values.length);
            next += values.length;
        }
        for (int s = 0; s < 2; s++) {
            for (int i = 0; i < segments.numbers(); i++) {
                assertEquals(Float.floatToRawIntBits(all[segments.places()[s][i]]), Float.floatToRawIntBits(segments.values()[s][i]));
            }
        }
    }
}
