package io.github.fovea.bench;

import io.github.fovea.model.Precision;
import io.github.fovea.network.DynamicNetwork;
import io.github.fovea.train.OverfitOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
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
    static final String HELP = """
            bin/bench overfit [options]
              --tsv             tab-separated lines
              --clips DIR       folder of videos, or of folders with hr.mp4 (default: the data folder's clips)
              --only A,B        only clips whose path contains one of these
              --minutes M       minutes of training (default: 10)
              --scale N         2, 3 or 4 (default: 2)
              --crf Q           LR video through H.264 (default: lossless)
              --networks A,B    networks to overfit (default: one to four paths)
              --quality Q       share of the deepest path's MACs (default: 0.65)
              --short S         a further training of the first network for S seconds
              --equal           a further network of one path with the average MACs of the last one
              --stdo            two chunk models of the first network's shape, each trained on its half of the cells; cells
                                go to them by score, so the table has no line by map
              --by-size         networks of several paths are trained and routed by the size of patches, the paper's way
              --ablation        what each part of the system adds; the last network must have several separate paths
              --rd Q,Q,...      rate-distortion curve of the first network over LR videos of these rate factors, beside the HR
                                video through H.264; nothing else is trained
              --steps N         steps of every training instead of minutes: repeatable
              --average D       decay of the running average of the weights
              --precision NAME  what the resulting weights are rounded to: f32, f16 (default) or i8
              --seed S --threads T --batch N --patch N --margin N --learning-rate R --hard SHARE""";

    static OverfitBenchOptions parse(String[] args) {
        return new OverfitBenchOptions(flag(args, "--tsv"),
                Path.of(text(args, "--clips", System.getProperty("fovea.data", "../shared/data") + "/clips")),
                list(text(args, "--only", "")), number(args, "--minutes", 10), (int) number(args, "--scale", 2),
                (int) number(args, "--crf", -1),
                list(text(args, "--networks", IntStream.rangeClosed(1, DynamicNetwork.MAX_PATHS).mapToObj(DynamicNetwork::usual)
                        .collect(Collectors.joining(",")))),
                number(args, "--quality", 0.65), (int) number(args, "--short", 0), flag(args, "--equal"), flag(args, "--stdo"),
                flag(args, "--by-size"), flag(args, "--ablation"), list(text(args, "--rd", "")).stream().map(Integer::valueOf).toList(),
                (long) number(args, "--steps", 0), (long) number(args, "--seed", 1),
                (int) number(args, "--threads", Runtime.getRuntime().availableProcessors()), (int) number(args, "--batch", 0),
                (int) number(args, "--patch", 48), (int) number(args, "--margin", 0), number(args, "--learning-rate", 0),
                number(args, "--average", -1), Precision.valueOf(text(args, "--precision", "f16").toUpperCase(Locale.ROOT)),
                new OverfitOptions.Focus(number(args, "--hard", 0.5), 0.8, 1));
    }

    /// {@return the time of a training}
    Duration time() {
        return Duration.ofMillis(Math.round(minutes * 60_000));
    }

    private static boolean flag(String[] args, String name) {
        return List.of(args).contains(name);
    }

    private static String text(String[] args, String name, String otherwise) {
        int at = List.of(args).indexOf(name);
        return at >= 0 && at + 1 < args.length ? args[at + 1] : otherwise;
    }

    private static double number(String[] args, String name, double otherwise) {
        String given = text(args, name, "");
        return given.isEmpty() ? otherwise : Double.parseDouble(given);
    }

    private static List<String> list(String text) {
        return Arrays.stream(text.split(",")).filter(part -> !part.isEmpty()).toList();
    }
}
