package io.github.fovea.cli;

import io.github.fovea.model.Models;
import io.github.fovea.model.StoredModel;
import io.github.fovea.network.DynamicNetwork;
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
    /// Networks by number of paths; the general models fill the first ones.
    private static final List<String> USUAL = List.of("collapsed-f16-n6", "collapsed-f16-n3+collapsed-f16-n8",
            "collapsed-f16-n3+collapsed-f16-n6+collapsed-f16-n10",
            "collapsed-f16-n1+collapsed-f16-n3+collapsed-f16-n6+collapsed-f16-n10");

    @Option(names = "--paths", paramLabel = "N",
            description = "Paths besides bicubic, 1 to 4 (default: 1, or as --network says).")
    private Integer paths;

    @Option(names = "--network", paramLabel = "NAME", split = ",",
            description = "One network for each path, the cheapest first, or one name of several paths, such as"
                    + " shared-collapsed-f16-n3-n6 or dyna-wdsr.")
    private List<String> networks;

    @Option(names = "--batch", paramLabel = "N", description = "Patches per step and path (default: 4 for one path, 2 for several).")
    private Integer batch;

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
        String name = networks != null ? String.join("+", networks) : USUAL.get(paths == null ? 0 : paths - 1);
        DynamicNetwork network = DynamicNetwork.named(name, scale, 1);
        if (paths != null && network.paths().size() != paths) {
            throw new IllegalArgumentException("--network " + name + " has " + network.paths().size() + " paths, --paths wants "
                    + paths);
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
    /// @param checkpoint where training is saved
    /// @param resume     whether to go on from there
    OverfitOptions options(DynamicNetwork network, List<WarmStart> starts, Path checkpoint, boolean resume) {
        OverfitOptions base = OverfitOptions.of(network);
        OverfitOptions.Sampling sampling = base.sampling();
        List<OverfitOptions.PatchSize> sizes = patches == null ? sampling.sizes()
                : patches.stream().map(size -> new OverfitOptions.PatchSize(size, size)).toList();
        return base.withSeed(run.seed(), run.threads(base.threads()))
                .with(run.schedule(base.schedule(), learningRate))
                .with(new OverfitOptions.Sampling(batch == null ? sampling.batch() : batch, sizes,
                        margin == null ? sampling.margin() : margin, hard == null ? sampling.focus()
                                : new OverfitOptions.Focus(hard, sampling.focus().from(), sampling.focus().to())))
                .with(loss == null ? base.loss() : loss, weights == null ? base.weights() : weights,
                        average == null ? base.averageDecay() : average)
                .withPlateau(!noPlateau).withStarts(starts)
                .with(new TrainingOptions.Checkpointing(checkpoint, base.checkpointing().interval(), resume));
    }

    /// {@return the seed}
    long seed() {
        return run.seed();
    }
}
