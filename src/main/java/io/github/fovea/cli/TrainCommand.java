package io.github.fovea.cli;

import io.github.fovea.media.AtomicOutput;
import io.github.fovea.model.Domain;
import io.github.fovea.model.ModelFile;
import io.github.fovea.model.StoredModel;
import io.github.fovea.train.Loss;
import io.github.fovea.train.Parametrisation;
import io.github.fovea.train.TrainedNetwork;
import io.github.fovea.train.Training;
import io.github.fovea.train.TrainingOptions;
import io.github.fovea.train.TrainingProgress;
import io.github.fovea.train.WarmStart;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Trains a network on a folder of pictures.
@Command(name = "train", mixinStandardHelpOptions = true,
        description = {
            "Trains a network on the pictures of a folder and writes a model file.",
            "With --steps the result depends on nothing but the options and the pictures: equal runs give equal "
                    + "bits, on any number of threads."
        })
final class TrainCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FOLDER", description = "Pictures to train on (PNG, JPEG, BMP, TIFF).")
    private Path folder;

    @Option(names = {"-o", "--output"}, required = true, paramLabel = "FILE", description = "The model file to write.")
    private Path output;

    @Option(names = "--network", required = true, paramLabel = "NAME",
            description = "espcn, fsrcnn, wdsr-fF-nN, edsr-fF-nN, compact-fF-nN, collapsed-fF-nN, F channels and N "
                    + "blocks, for example collapsed-f16-n6.")
    private String network;

    @Option(names = "--scale", required = true, paramLabel = "N", description = "Factor, 2 to 8.")
    private int scale;

    @Option(names = "--channels", paramLabel = "C", defaultValue = "1",
            description = "1 for luma, 3 for RGB (default: ${DEFAULT-VALUE}).")
    private int channels;

    @Option(names = "--batch", paramLabel = "N", description = "Patches per step, 1 to 4096 (default: 4).")
    private Integer batch;

    @Option(names = "--patch", paramLabel = "N",
            description = "Rows and columns of a patch of the small picture, 8 to 1024 (default: 48).")
    private Integer patch;

    @Option(names = "--candidates", paramLabel = "N",
            description = "Patches drawn for each one used, 1 to 64; the one with most detail is kept (default: 1).")
    private Integer candidates;

    @Option(names = "--sizes", paramLabel = "S", split = ",",
            description = "Trains on smaller copies of every picture too, 0.1 to below 1, for example 0.7,0.5.")
    private List<Double> sizes;

    @Option(names = "--learning-rate", paramLabel = "R",
            description = "Highest learning rate, above 0, at most 1 (default: 0.002 for linear blocks, else 0.004).")
    private Double learningRate;

    @Option(names = "--loss", paramLabel = "NAME", description = "l1, l2, charbonnier or psnr (default: l1).")
    private Loss loss;

    @Option(names = "--weights", paramLabel = "NAME",
            description = "How weights are held while trained: plain, weight_norm or linear_block (default: "
                    + "linear_block).")
    private Parametrisation weights;

    @Option(names = "--average", paramLabel = "D",
            description = "Decay of the running average that is exported, below 1; 0 for none (default: 0.999).")
    private Double average;

    @Option(names = "--warm-start", paramLabel = "NAME|FILE",
            description = "A model whose weights are taken over where names and shapes agree.")
    private String warmStart;

    @Option(names = "--checkpoint", paramLabel = "FILE",
            description = "Where training is saved every half minute, and stays saved (default: OUTPUT.checkpoint, "
                    + "until the model is written).")
    private Path checkpoint;

    @Option(names = "--resume", description = "Goes on from the checkpoint where there is one.")
    private boolean resume;

    @Option(names = "--attribution", paramLabel = "TEXT",
            description = "A name to be credited; may be given more than once.")
    private List<String> attribution;

    @Option(names = "--overwrite", description = "Replaces a model file that exists.")
    private boolean overwrite;

    @Mixin
    private TrainingRunOptions run;

    @Mixin
    private PrecisionOption precision;

    @Mixin
    private ModelFileOptions modelFile;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new NoSuchFileException(folder.toString(), null, "a folder of pictures is wanted");
        }
        TrainingOptions options = checkedOptions();
        PrintWriter err = spec.commandLine().getErr();
        TrainedNetwork trained = Training.run(options, progress -> {
            err.println(line(progress));
            err.flush();
            return true;
        });
        StoredModel model = stored(trained);
        AtomicOutput.write(output, overwrite, temporary -> ModelFile.write(model, temporary));
        if (checkpoint == null) {
            Files.deleteIfExists(options.checkpointing().file());
        }
        err.println(String.format(Locale.ROOT, "fovea: %s: %d parameters, %d steps in %.1f minutes, %s", output,
                model.graph().parameterElements(), trained.steps(), trained.nanos() / 6e10,
                heldOut(trained.heldOutPsnr(), trained.baselinePsnr())));
        return ExitCode.OK;
    }

    /// What can be found out before an hour of training is found out here.
    private TrainingOptions checkedOptions() throws IOException {
        run.check();
        modelFile.check(output);
        TrainingOptions options = options();
        io.github.fovea.network.Networks.named(network, scale, channels);
        new FilesApart().writes("-o", output).writes("--checkpoint", options.checkpointing().file());
        AtomicOutput.check(output, overwrite);
        AtomicOutput.check(options.checkpointing().file(), true);
        return options;
    }

    private TrainingOptions options() throws IOException {
        TrainingOptions base = TrainingOptions.of(folder, network, scale).withChannels(channels);
        Parametrisation form = or(weights, base.weights().parametrisation());
        base = base.withSeed(run.seed(), run.threads(base.threads()))
                .with(run.schedule(base.schedule(), or(learningRate, form.learningRate())));
        TrainingOptions.Sampling sampling = base.sampling();
        base = base.with(new TrainingOptions.Sampling(or(batch, sampling.batch()), or(patch, sampling.patch()),
                or(candidates, sampling.candidates()), sampling.heldOutPictures(), or(sizes, sampling.sizes())));
        TrainingOptions.Weights usual = base.weights();
        base = base.with(new TrainingOptions.Weights(form, or(average, usual.averageDecay()), usual.clip(),
                or(loss, usual.loss()), precision.or(usual.precision())));
        if (warmStart != null) {
            StoredModel start = ModelChoice.open(warmStart, scale).orElseThrow(
                    () -> new IllegalArgumentException("--warm-start bicubic: it has no weights"));
            base = base.withWarmStart(new WarmStart(start.name(), start.parameters()));
        }
        Path saved = checkpoint != null ? checkpoint : TrainingRunOptions.checkpoint(output);
        return base.with(new TrainingOptions.Checkpointing(saved, base.checkpointing().interval(), resume));
    }

    private static <T> T or(T given, T otherwise) {
        return given == null ? otherwise : given;
    }

    private StoredModel stored(TrainedNetwork trained) {
        Map<String, String> figures = new LinkedHashMap<>();
        if (Double.isFinite(trained.heldOutPsnr())) {
            figures.put("held-out PSNR", String.format(Locale.ROOT, "%.3f", trained.heldOutPsnr()));
        }
        if (Double.isFinite(trained.baselinePsnr())) {
            figures.put("held-out PSNR of bicubic", String.format(Locale.ROOT, "%.3f", trained.baselinePsnr()));
        }
        return new StoredModel(modelFile.name(ModelFile.stem(output)),
                network, channels == 1 ? Domain.LUMA : Domain.RGB, trained.graph(), trained.parameters(),
                modelFile.licence(), modelFile.trainingData(folder),
                attribution == null ? List.of() : attribution, figures,
                "fovea train --network " + network + " --scale " + scale + " --seed " + run.seed()
                + precision.words() + " ("
                + trained.steps() + " steps)");
    }

    private static String line(TrainingProgress progress) {
        long left = progress.remainingNanos() / 1_000_000_000L;
        return String.format(Locale.ROOT, "%5.1f%%  step %d  loss %.6f  %s  %.1f steps/s  left %d:%02d",
                100 * progress.share(), progress.step(), progress.loss(),
                heldOut(progress.heldOutPsnr(), progress.baselinePsnr()), progress.stepsPerSecond(), left / 60,
                left % 60);
    }

    /// Nothing is measured yet at first, and never where all pictures are too small to hold anything out.
    private static String heldOut(double psnr, double bicubic) {
        return "held out " + (Double.isFinite(psnr) ? String.format(Locale.ROOT, "%.3f dB", psnr) : "-")
                + (Double.isFinite(bicubic) ? String.format(Locale.ROOT, " (bicubic %.3f)", bicubic) : "");
    }
}
