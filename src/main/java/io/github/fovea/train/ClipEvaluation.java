package io.github.fovea.train;

import io.github.fovea.frame.Plane;
import io.github.fovea.model.DynamicModel;
import io.github.fovea.model.StoredModel;
import io.github.fovea.pipeline.FrameUpscaler;
import io.github.fovea.pipeline.Workers;
import io.github.fovea.quality.Psnr;
import io.github.fovea.quality.Ssim;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Measures ways of enlarging a clip on its whole frames: bicubic, general models, and every path of an overfitted one.
public final class ClipEvaluation {
    private ClipEvaluation() {}

    /// Measures held-out frames and frames that were trained on.
    ///
    /// @param clip        the clip
    /// @param others      models to compare with
    /// @param overfitted  the model; each of its paths is measured on whole frames
    /// @param maxTrained  most trained frames to measure, spread over the clip; held-out frames are all measured
    /// @param ssim        whether to measure similarity, which takes longer than the networks do
    /// @param workers     threads to run on
    /// @return the scores
    public static ClipScores measure(ClipFrames clip, List<StoredModel> others, DynamicModel overfitted, int maxTrained,
            boolean ssim, Workers workers) {
        PathScorer scorer = new PathScorer(clip, workers);
        List<String> names = new ArrayList<>(List.of("bicubic"));
        List<FrameUpscaler> ways = new ArrayList<>(List.of(scorer.bicubic()));
        for (StoredModel other : others) {
            names.add(other.name());
            ways.add(scorer.network(other));
        }
        for (int path = 1; path <= overfitted.paths().size(); path++) {
            names.add(overfitted.paths().size() == 1 ? "overfitted" : "path " + path);
            ways.add(scorer.network(overfitted.path(path)));
        }
        List<ClipFrames.Pair> pairs = new ArrayList<>(clip.held());
        int trained = Math.min(maxTrained, clip.trained().size());
        for (int i = 0; i < trained; i++) {
            pairs.add(clip.trained().get((2 * i + 1) * clip.trained().size() / (2 * trained)));
        }
        pairs.sort((a, b) -> Long.compare(a.number(), b.number()));
        List<ClipScores.FrameScore> frames = new ArrayList<>();
        for (ClipFrames.Pair pair : pairs) {
            frames.add(score(scorer, ways, pair, ssim, workers, clip.held().contains(pair)));
        }
        return new ClipScores(names, frames);
    }

    private static ClipScores.FrameScore score(PathScorer scorer, List<FrameUpscaler> ways, ClipFrames.Pair pair, boolean ssim,
            Workers workers, boolean heldOut) {
        Plane reference = scorer.reference(pair);
        List<Plane> made = new ArrayList<>();
        for (FrameUpscaler way : ways) {
            made.add(scorer.enlarged(way, pair));
        }
        Double[] errors = new Double[ways.size()];
        Double[] similar = new Double[ways.size()];
        boolean measurable = ssim && Math.min(reference.width(), reference.height()) >= Ssim.WINDOW;
        workers.run(ways.size(), (i, _) -> {
            errors[i] = Psnr.meanSquaredError(reference, made.get(i), 0);
            similar[i] = measurable ? Ssim.of(reference, made.get(i), 0) : Double.NaN;
        });
        return new ClipScores.FrameScore(pair.number(), heldOut, Arrays.asList(errors), Arrays.asList(similar));
    }
}
