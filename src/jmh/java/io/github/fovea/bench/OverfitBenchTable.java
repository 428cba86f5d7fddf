package io.github.fovea.bench;

import io.github.fovea.train.ClipScores;
import io.github.fovea.train.ClipScores.Part;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// The lines that [OverfitBench] prints.
final class OverfitBenchTable {
    private final boolean tsv;
    private final Map<String, List<double[]>> byMethod = new LinkedHashMap<>();
    private final Set<String> seen = new HashSet<>();
    private boolean warm;

    /// What a line says beside its scores.
    ///
    /// @param clip       name of the clip
    /// @param scale      the factor
    /// @param crf        quality of the LR video, -1 for lossless
    /// @param network    the network, `-` where nothing was trained
    /// @param method     the way of enlarging
    /// @param macs       multiply-adds per LR pixel, NaN where not known
    /// @param seconds    seconds of training
    /// @param steps      steps of training
    /// @param lrBytes    bytes of the LR video
    /// @param modelBytes bytes of the model file
    /// @param mapBytes   bytes of the route map
    /// @param playback   how it played, or `null` where it did not
    record Row(String clip, int scale, int crf, String network, String method, double macs, double seconds, long steps,
            long lrBytes, long modelBytes, long mapBytes, OverfitPlayback playback) {}

    OverfitBenchTable(boolean tsv) {
        this.tsv = tsv;
    }

    boolean warm() {
        return warm;
    }

    void setWarm() {
        warm = true;
    }

    void head() {
        System.out.println(tsv ? "clip\tscale\tlr\tnetwork\tmethod\tmacs_per_lr_pixel\ttrain_s\tsteps\theld_psnr_of_mean_mse"
                + "\theld_mean_of_psnrs\theld_ssim\theld_rgb_psnr\theld_patch_shaved_psnr\tall_psnr_of_mean_mse\tall_mean_of_psnrs"
                + "\tgain_bicubic\tgain_general\tlr_bytes\tmodel_bytes\tmap_bytes\tms_min\tms_median\tms_max\tmemory_mb\thalo"
                : String.format(Locale.ROOT, "%-16s %2s %-6s %-44s %-16s %8s %7s %8s | %8s %8s %8s %8s %8s | %8s %8s | %7s %7s |"
                        + " %10s %8s %7s | %17s %6s", "clip", "x", "LR", "network", "method", "MACs/px", "train s", "steps", "held dB",
                        "mean", "SSIM", "RGB", "shaved", "all dB", "mean", "bicubic", "general", "LR bytes", "model", "map",
                        "ms min-median-max", "MB"));
    }

    /// Prints a line. Bicubic and the general model are printed once per clip.
    ///
    /// @param row    what it says
    /// @param scores the scores
    /// @param method index of the way
    void row(Row row, ClipScores scores, int method) {
        String key = row.network() + " / " + row.method();
        List<double[]> rows = byMethod.computeIfAbsent(key, _ -> new ArrayList<>());
        double held = scores.psnr(method, Part.HELD_OUT).psnrOfMeanError();
        double bicubic = held - scores.psnr(0, Part.HELD_OUT).psnrOfMeanError();
        int other = scores.methods().size() > 1 && scores.methods().get(1).startsWith("general") ? 1 : -1;
        double general = other < 0 ? Double.NaN : held - scores.psnr(other, Part.HELD_OUT).psnrOfMeanError();
        double all = scores.psnr(method, Part.ALL).psnrOfMeanError();
        if (row.network().equals("-") && !seen.add(row.clip() + key)) {
            return;
        }
        rows.add(new double[] {held, bicubic, general, all});
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, tsv
                ? "%s\t%d\t%s\t%s\t%s\t%.0f\t%.1f\t%d\t%.4f\t%.4f\t%.6f\t%.4f\t%.4f\t%.4f\t%.4f\t%.4f\t%.4f\t%d\t%d\t%d"
                : "%-16s %2d %-6s %-44s %-16s %8.0f %7.1f %8d | %8.3f %8.3f %8.5f %8.3f %8.3f | %8.3f %8.3f | %+7.3f %+7.3f |"
                + " %10d %8d %7d",
                row.clip(), row.scale(), row.crf() < 0 ? "clean" : "crf" + row.crf(), row.network(), row.method(), row.macs(),
                row.seconds(), row.steps(), held, scores.psnr(method, Part.HELD_OUT).meanOfPsnrs(),
                scores.ssim(method, Part.HELD_OUT), scores.rgbPsnr(method, Part.HELD_OUT), scores.shavedPsnr(method, Part.HELD_OUT),
                all, scores.psnr(method, Part.ALL).meanOfPsnrs(), bicubic, general, row.lrBytes(), row.modelBytes(), row.mapBytes()));
        OverfitPlayback played = row.playback();
        if (played != null) {
            line.append(String.format(Locale.ROOT, tsv ? "\t%.2f\t%.2f\t%.2f\t%.2f\t%.3f" : " | %5.1f-%5.1f-%5.1f %6.2f",
                    played.leastMillis(), played.medianMillis(), played.mostMillis(), played.memoryBytes() / 1e6,
                    played.haloFactor()));
        } else {
            line.append(tsv ? "\t\t\t\t\t" : "");
        }
        System.out.println(line);
        System.out.flush();
    }

    /// Prints the means over the clips.
    void means() {
        byMethod.forEach((key, rows) -> {
            double[] mean = new double[4];
            for (double[] row : rows) {
                for (int i = 0; i < mean.length; i++) {
                    mean[i] += row[i] / rows.size();
                }
            }
            System.out.println(String.format(Locale.ROOT, tsv ? "mean of %d\t%s\t%.4f\t%.4f\t%.4f\t%.4f"
                    : "mean of %d clips  %-64s held %.3f dB, over bicubic %+.3f, over general %+.3f; all %.3f dB",
                    rows.size(), key, mean[0], mean[1], mean[2], mean[3]));
        });
    }
}
