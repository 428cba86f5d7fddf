package io.github.fovea.bench;

import io.github.fovea.model.Precision;
import io.github.fovea.network.DynamicNetwork;
import io.github.fovea.train.OverfitOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The options of [OverfitBench].
///
/// @param tsv          tab-separated lines
/// @param clips        folder of clips
/// @param only         parts of clips' names, empty for all
/// @param minutes      minutes of training
/// @param scale        the factor
/// @param crf          quality of the LR video through H.264, -1 for lossless
/// @param networks     networks to overfit, see [io.github.fovea.network.DynamicNetwork]
/// @param quality      share of the deepest path's MACs for networks of several paths
/// @param shortSeconds seconds of a further short training of the first network, 0 for none
/// @param equalMacs    whether to train a network of one path with the average MACs of the last network
/// @param stdo         whether to train two chunk models
/// @param bySize       whether networks of several paths are trained and routed by the size of patches, as in Dy-DCA
/// @param ablation     whether to print what each part of the system adds, for the last network
/// @param rateDistortion rate factors of the LR video for curves of the first network, none for no curves
/// @param steps        steps of every training, 0 to go by the minutes
/// @param seed         seed
/// @param threads      threads
/// @param batch        patches per step and path, 0 for the usual
/// @param patch        LR rows and columns of a patch
/// @param margin       LR pixels along its sides that do not count
/// @param learningRate highest learning rate, 0 for the usual
/// @param average      decay of the running average, -1 for the usual
/// @param precision    what the resulting weights are rounded to
/// @param focus        cells that patches are drawn around
record OverfitBenchOptions(boolean tsv, Path clips, List<String> only, double minutes, int scale, int crf, List<String> networks,
        double quality, int shortSeconds, boolean equalMacs, boolean stdo, boolean bySize, boolean ablation, List<Integer> rateDistortion,
        long steps, long seed, int threads, int batch, int patch, int margin, double learningRate, double average, Precision precision,
        OverfitOptions.Focus focus) {
    static OverfitBenchOptions parse(String[] args) {
        BenchOptions options = new BenchOptions("overfit", "Overfits clips and measures the result beside bicubic and general-x2.")
                .value("--clips", "DIR", BenchOptions.data() + "/clips", "Folder of videos, or of folders with hr.mp4.")
                .value("--only", "A,B", "", "Only clips whose path contains one of these.")
                .value("--minutes", "M", "10", "Minutes of training.")
                .value("--scale", "N", "2", "2, 3 or 4.")
                .value("--crf", "Q", "-1", "LR video through H.264 of this rate factor; lossless by -1.")
                .value("--networks", "A,B", IntStream.rangeClosed(1, DynamicNetwork.MAX_PATHS).mapToObj(DynamicNetwork::usual)
                        .collect(Collectors.joining(",")), "Networks to overfit.")
                .value("--quality", "Q", "0.65", "Share of the deepest path's MACs.")
                .value("--short", "S", "0", "A further training of the first network for S seconds.")
                .flag("--equal", "A further network of one path with the average MACs of the last one.")
                .flag("--stdo", "Two chunk models of the first network's shape, each trained on its half of the cells; cells go to them by "
                        + "score, so the table has no line by map.")
                .flag("--by-size", "Networks of several paths are trained and routed by the size of patches, the paper's way.")
                .flag("--ablation", "What each part of the system adds; the last network must have several separate paths.")
                .value("--rd", "Q,Q", "", "Rate-distortion curve of the first network over LR videos of these rate factors, beside the HR "
                        + "video through H.264; nothing else is trained.")
                .value("--steps", "N", "0", "Steps of every training instead of minutes: repeatable.")
                .value("--average", "D", "-1", "Decay of the running average of the weights; the usual by -1.")
                .value("--precision", "NAME", "f16", "What the resulting weights are rounded to: f32, f16 or i8.")
                .value("--seed", "S", "1", "Seed.")
                .threads()
                .value("--batch", "N", "0", "Patches per step and path; the usual by 0.")
                .value("--patch", "N", "48", "LR rows and columns of a patch.")
                .value("--margin", "N", "0", "LR pixels along its sides that do not count.")
                .value("--learning-rate", "R", "0", "Highest learning rate; the usual by 0.")
                .value("--hard", "SHARE", "0.5", "Share of patches drawn around hard cells.")
                .parse(args);
        return new OverfitBenchOptions(options.tsv(), options.path("--clips"), options.list("--only"), options.number("--minutes"),
                (int) options.whole("--scale"), (int) options.whole("--crf"), options.list("--networks"), options.number("--quality"),
                (int) options.whole("--short"), options.given("--equal"), options.given("--stdo"), options.given("--by-size"),
                options.given("--ablation"), options.list("--rd").stream().map(Integer::valueOf).toList(), options.whole("--steps"),
                options.whole("--seed"), options.threadCount(), (int) options.whole("--batch"), (int) options.whole("--patch"),
                (int) options.whole("--margin"), options.number("--learning-rate"), options.number("--average"),
                Precision.valueOf(options.text("--precision").toUpperCase(Locale.ROOT)),
                new OverfitOptions.Focus(options.number("--hard"), 0.8, 1));
    }

    /// {@return the time of a training}
    Duration time() {
        return Duration.ofMillis(Math.round(minutes * 60_000));
    }
}
