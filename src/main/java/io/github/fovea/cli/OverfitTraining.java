package io.github.fovea.cli;

import io.github.fovea.model.Models;
import io.github.fovea.model.StoredModel;
import io.github.fovea.network.DynamicNetwork;
import io.github.fovea.train.ClipFrames;
import io.github.fovea.train.Loss;
import io.github.fovea.train.OverfitOptions;
import io.github.fovea.train.Parametrisation;
import io.github.fovea.train.TrainingOptions;
import io.github.fovea.train.WarmStart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// How `fovea overfit` trains.
final class OverfitTraining {
    /// Fewest rows and columns of a patch.
    private static final int LEAST_PATCH = 8;
    private static final int MOST_PATCH = 1024;
    private static final int MOST_BATCH = 1024;
    /// Largest rows of a patch that paths are trained on by size: larger ones teach a convolution no more.
    private static final int LARGEST_PATCH = 96;

    @Option(names = "--paths", paramLabel = "N",
            description = "Paths besides bicubic, 1 to 4 (default: 1, or as --network says).")
    private Integer paths;

    @Option(names = "--network", paramLabel = "NAME", split = ",",
            description = "One network for each path, the cheapest first, or one name of several paths, such as"
                    + " shared-collapsed-f16-n3-n6 or dyna-wdsr.")
    private List<String> networks;

    /// How a player finds the path of a part of a frame.
    enum RouterKind {
        /// By a route map that comes beside the video; without it by score.
        map,
        /// By thresholds on the score of each part.
        score,
        /// By the size of the patch, as in Dy-DCA: large smooth ones to path 1, small difficult ones to the last.
        size
    }

    @Option(names = "--router", paramLabel = "NAME", defaultValue = "map",
            description = "How players choose paths: map, score, or size, the paper's way: frames are cut into patches "
                    + "of one size for each path, and each path is trained on its own (default: ${DEFAULT-VALUE}).")
    private RouterKind router;

    @Option(names = "--batch", paramLabel = "N[,N]", split = ",",
            description = "Patches of a step, for all paths or for each (default: 4 for one path; of several, 3 for "
                    + "the deepest and 1 for the others).")
    private List<Integer> batches;

    @Option(names = "--patch", paramLabel = "N[,N]", split = ",",
            description = "Rows and columns of a patch of the small frames, for all paths or for each (default: 48).")
    private List<Integer> patches;

    @Option(names = "--margin", paramLabel = "N",
            description = "Pixels along the sides of a patch that do not count (default: 0).")
    private Integer margin;

    @Option(names = "--hard", paramLabel = "S",
            description = "Share of the patches drawn where bicubic errs most (default: 0.5).")
    private Double hard;

    @Option(names = "--learning-rate", paramLabel = "R", description = "Highest learning rate (default: 0.004).")
    private Double learningRate;

    @Option(names = "--loss", paramLabel = "NAME", description = "l1, l2, charbonnier or psnr (default: l2).")
    private Loss loss;

    @Option(names = "--weights", paramLabel = "NAME",
            description = "How weights are held while trained: plain, weight_norm or linear_block (default: plain).")
    private Parametrisation weights;

    @Option(names = "--average", paramLabel = "D",
            description = "Decay of the running average that is the result; 0 for none (default: 0.999).")
    private Double average;

    @Mixin
    private PrecisionOption precision;

    @Option(names = "--warm-start", paramLabel = "NAME|FILE", split = ",",
            description = "Models to start from, or bicubic for none (default: the bundled models of the factor).")
    private List<String> warmStart;

    @Option(names = "--no-plateau", description = "Trains to the end even where held-out frames gain no more.")
    private boolean noPlateau;

    @Mixin
    private TrainingRunOptions run;

    /// {@return the network asked for}
    ///
    /// @param scale the factor
    DynamicNetwork network(int scale) {
        if (paths != null && (paths < 1 || paths > DynamicNetwork.MAX_PATHS)) {
            throw new IllegalArgumentException("--paths " + paths + ", wanted 1 to " + DynamicNetwork.MAX_PATHS);
        }
        String name = networks != null ? String.join("+", networks) : DynamicNetwork.usual(paths == null ? 1 : paths);
        DynamicNetwork network = DynamicNetwork.named(name, scale, 1);
        if (paths != null && network.paths().size() != paths) {
            throw new IllegalArgumentException("--network " + name + " has " + network.paths().size()
                    + " paths, --paths wants " + paths);
        }
        return network;
    }

    /// {@return models to start from}
    ///
    /// @param scale the factor
    /// @throws IOException if one cannot be read
    List<StoredModel> starts(int scale) throws IOException {
        List<StoredModel> models = new ArrayList<>();
        if (warmStart != null) {
            for (String name : warmStart) {
                ModelChoice.open(name, scale).ifPresent(models::add);
            }
            return models;
        }
        for (String name : Models.names()) {
            StoredModel model = Models.open(name);
            if (model.scale() == scale) {
                models.add(model);
            }
        }
        return models;
    }

    /// {@return the options of the training}
    ///
    /// @param network    the paths
    /// @param starts     models to start from
    /// @param clip       the clip
    /// @param checkpoint where training is saved
    /// @param resume     whether to go on from there
    OverfitOptions options(DynamicNetwork network, List<WarmStart> starts, ClipFrames clip, Path checkpoint,
            boolean resume) {
        return options(network, starts, Math.min(clip.width(), clip.height()), checkpoint, resume);
    }

    private OverfitOptions options(DynamicNetwork network, List<WarmStart> starts, int most, Path checkpoint,
            boolean resume) {
        OverfitOptions base = OverfitOptions.of(network);
        return base.withSeed(run.seed(), run.threads(base.threads()))
                .with(run.schedule(base.schedule(), learningRate))
                .with(sampling(network.paths().size(), base.sampling(), most))
                .with(loss == null ? base.loss() : loss, weights == null ? base.weights() : weights,
                        average == null ? base.averageDecay() : average)
                .with(precision.or(base.precision()))
                .withPlateau(!noPlateau).withStarts(starts)
                .with(new TrainingOptions.Checkpointing(checkpoint, base.checkpointing().interval(), resume));
    }

    /// `most`: rows or columns of the small frames, whichever are fewer.
    private OverfitOptions.Sampling sampling(int paths, OverfitOptions.Sampling usual, int most) {
        List<Integer> counts = batches == null ? usual.batches() : batches;
        int left = margin == null ? usual.margin() : margin;
        if (patches == null && most < LEAST_PATCH) {
            throw new IllegalArgumentException("LR frames with a side of " + most
                    + " are too small to train on, wanted at least "
                    + LEAST_PATCH + "x" + LEAST_PATCH + "; use a larger video or a smaller --scale");
        }
        // Small clips are trained on as a whole.
        List<OverfitOptions.PatchSize> sizes = (patches == null
                ? List.of(Math.min(most, usual.sizes().getFirst().height()))
                : patches).stream().map(size -> new OverfitOptions.PatchSize(size, size)).toList();
        if (router != RouterKind.size) {
            OverfitOptions.Focus focus = usual.focuses().getFirst();
            return new OverfitOptions.Sampling(counts, sizes, left,
                    List.of(hard == null ? focus : new OverfitOptions.Focus(hard, focus.from(), focus.to())));
        }
        List<OverfitOptions.PatchSize> falling = new ArrayList<>();
        for (int path = 0; path < paths; path++) {
            int size = Math.min(most, Math.min(LARGEST_PATCH, sizes.getFirst().height() << paths - 1 - path));
            falling.add(patches != null && patches.size() == paths ? sizes.get(path)
                    : new OverfitOptions.PatchSize(size, size));
        }
        return OverfitOptions.Sampling.bySize(counts, falling, left);
    }

    /// {@return how players choose paths}
    RouterKind router() {
        return router;
    }

    /// Checks what can be checked before the clip is read.
    ///
    /// @param network the paths
    /// @throws IllegalArgumentException naming the option that is wrong
    void check(DynamicNetwork network) {
        run.check();
        OptionRange.check("--batch", batches, 1, MOST_BATCH);
        OptionRange.check("--patch", patches, LEAST_PATCH, MOST_PATCH);
        OptionRange.check("--margin", margin, 0, MOST_PATCH / 2);
        OptionRange.check("--hard", hard, 0, 1);
        checkNumber("--batch", batches, network);
        checkNumber("--patch", patches, network);
        // The rest is found out by the options themselves, for frames as large as any patch.
        options(network, List.of(), MOST_PATCH, null, false);
        if (router == RouterKind.size && network.paths().size() == 1) {
            throw new IllegalArgumentException("--router size wants a path for each size of patch; give --paths 2 to "
                    + DynamicNetwork.MAX_PATHS);
        }
        if (router == RouterKind.size && hard != null) {
            throw new IllegalArgumentException("--router size trains each path on its own patches; leave --hard out");
        }
    }

    private static void checkNumber(String option, List<Integer> given, DynamicNetwork network) {
        int paths = network.paths().size();
        if (given != null && given.size() != 1 && given.size() != paths) {
            throw new IllegalArgumentException(option + " has " + given.size() + " numbers, wanted one"
                    + (paths == 1 ? "" : ", or one for each of the " + paths + " paths"));
        }
    }

    /// {@return the seed}
    long seed() {
        return run.seed();
    }
}
