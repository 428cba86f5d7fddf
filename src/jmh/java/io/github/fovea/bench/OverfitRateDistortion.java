package io.github.fovea.bench;

import io.github.fovea.frame.Frame;
import io.github.fovea.frame.Plane;
import io.github.fovea.media.EncodeOptions;
import io.github.fovea.media.FrameSink;
import io.github.fovea.media.FrameSource;
import io.github.fovea.media.VideoFiles;
import io.github.fovea.network.DynamicNetwork;
import io.github.fovea.quality.Psnr;
import io.github.fovea.train.ClipScores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What the same bytes buy: LR video through H.264, model and route map on one side, the HR video through H.264 by the same
/// encoder settings on the other. Quality is PSNR-Y of the mean squared error over all frames, those that were trained on too,
/// because a publisher delivers just these.
final class OverfitRateDistortion {
    /// Rate factors of the HR video: as far apart as PSNR is nearly a straight line over the logarithm of the bytes.
    private static final int[] HR_CRFS = {18, 22, 26, 30, 34, 38, 42, 46, 51};

    private record Point(long bytes, double psnr) {}

    private OverfitRateDistortion() {}

    /// Prints the curve of one clip.
    ///
    /// @param options the options of the program
    /// @param hr      the HR video
    /// @param scratch folder for what is encoded
    static void print(OverfitBenchOptions options, Path hr, Path scratch) throws IOException {
        Duration time = options.time();
        List<Point> large = new ArrayList<>();
        boolean head = false;
        for (int crf : options.rateDistortion()) {
            OverfitBenchClip clip = OverfitBenchClip.of(options, hr, crf, scratch);
            if (!head) {
                large.addAll(large(clip, scratch));
                System.out.println("rd\tclip\tscale\tnetwork\tlr_crf\tlr_bytes\tmodel_bytes\tmap_bytes\ttotal_bytes\tpsnr_ours"
                        + "\tpsnr_bicubic\tpsnr_hr_h264_same_bytes\tdifference");
                head = true;
            }
            String name = options.networks().getFirst();
            OverfitBenchClip.Overfitted made = clip.overfit(DynamicNetwork.named(name, options.scale(), 1), time);
            long total = clip.lrBytes() + made.modelBytes() + made.mapBytes();
            ClipScores scores = made.pass().scores();
            double ours = scores.psnr(made.byMap(), ClipScores.Part.ALL).psnrOfMeanError();
            double same = at(large, total);
            System.out.println(String.format(Locale.ROOT, "rd\t%s\t%d\t%s\t%d\t%d\t%d\t%d\t%d\t%.3f\t%.3f\t%.3f\t%+.3f", clip.name(),
                    options.scale(), name, crf, clip.lrBytes(), made.modelBytes(), made.mapBytes(), total, ours,
                    scores.psnr(0, ClipScores.Part.ALL).psnrOfMeanError(), same, ours - same));
            System.out.flush();
            Files.delete(clip.lr());
        }
    }

    /// Encodes the HR video at every rate factor, falling bytes.
    private static List<Point> large(OverfitBenchClip clip, Path scratch) throws IOException {
        List<Point> points = new ArrayList<>();
        System.out.println("hr_h264\tclip\tcrf\tbytes\tpsnr");
        for (int crf : HR_CRFS) {
            Path file = scratch.resolve("hr-crf" + crf + ".mp4");
            try (FrameSource source = VideoFiles.open(clip.hr(), clip.rate());
                    FrameSink sink = VideoFiles.create(file, source.format(), source,
                            new EncodeOptions("libx264", crf, "medium", true))) {
                for (Frame frame = source.next(null); frame != null; frame = source.next(frame)) {
                    sink.write(frame);
                }
                sink.commit();
            }
            double psnr = psnr(clip, file);
            points.add(new Point(Files.size(file), psnr));
            System.out.println(String.format(Locale.ROOT, "hr_h264\t%s\t%d\t%d\t%.3f", clip.name(), crf, Files.size(file), psnr));
            System.out.flush();
            Files.delete(file);
        }
        return points;
    }

    /// On the part of the frames that the LR video holds.
    private static double psnr(OverfitBenchClip clip, Path file) throws IOException {
        int width = clip.frames().width() * clip.options().scale();
        int height = clip.frames().height() * clip.options().scale();
        long frames = 0;
        double sum = 0;
        try (FrameSource a = VideoFiles.open(clip.hr(), clip.rate()); FrameSource b = VideoFiles.open(file, null)) {
            Frame left = a.next(null);
            Frame right = b.next(null);
            for (; left != null && right != null; frames++) {
                sum += Psnr.meanSquaredError(part(left.plane(0), width, height), part(right.plane(0), width, height), 0);
                left = a.next(left);
                right = b.next(right);
            }
        }
        return Psnr.ofMeanSquaredError(sum / frames, 255);
    }

    private static Plane part(Plane plane, int width, int height) {
        Plane part = new Plane(width, height, plane.bitDepth());
        for (int y = 0; y < height; y++) {
            System.arraycopy(plane.samples(), y * plane.width(), part.samples(), y * width, width);
        }
        return part;
    }

    /// Along straight lines over the logarithm of the bytes; NaN outside of what was encoded.
    private static double at(List<Point> falling, long bytes) {
        for (int i = 1; i < falling.size(); i++) {
            Point more = falling.get(i - 1);
            Point less = falling.get(i);
            if (bytes <= more.bytes() && bytes >= less.bytes()) {
                double share = Math.log((double) bytes / less.bytes()) / Math.log((double) more.bytes() / less.bytes());
                return less.psnr() + share * (more.psnr() - less.psnr());
            }
        }
        return Double.NaN;
    }
}
