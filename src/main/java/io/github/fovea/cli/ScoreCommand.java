package io.github.fovea.cli;

import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.json.JsonText;
import io.github.fovea.media.FrameSource;
import io.github.fovea.media.ImageFiles;
import io.github.fovea.media.VideoFiles;
import io.github.fovea.quality.FrameScores;
import io.github.fovea.quality.Metric;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Compares two pictures or two clips.
@Command(name = "score", mixinStandardHelpOptions = true,
        description = {
            "Compares two pictures or two clips of equal size and layout, plane by plane.",
            "psnr and ssim-8x8 follow the definitions of ffmpeg's psnr and ssim filters; ssim is that of papers "
                    + "(11x11 Gaussian)."
        })
final class ScoreCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "REF", description = "The picture or clip as it should be.")
    private Path reference;

    @Parameters(index = "1", paramLabel = "DIST", description = "The picture or clip as it is.")
    private Path distorted;

    @Option(names = "--crop", paramLabel = "N", defaultValue = "0",
            description = "Pixels left out along each side (default: ${DEFAULT-VALUE}).")
    private int crop;

    @Option(names = "--metrics", paramLabel = "NAME", split = ",",
            description = "psnr, ssim, ssim-8x8, ms-ssim (default: psnr,ssim,ssim-8x8).")
    private List<String> metrics;

    @Option(names = "--json", description = "Prints one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (crop < 0) {
            throw new IllegalArgumentException("--crop " + crop + ", wanted 0 or more");
        }
        Set<Metric> wanted = EnumSet.noneOf(Metric.class);
        for (String name : metrics == null ? List.of("psnr", "ssim", "ssim-8x8") : metrics) {
            wanted.add(Metric.named(name.strip()));
        }
        boolean pictures = Inputs.kind(reference) == Inputs.Kind.IMAGE;
        FrameScores scores = pictures ? pictures(wanted) : clips(wanted);
        print(scores, wanted);
        return ExitCode.OK;
    }

    private FrameScores pictures(Set<Metric> wanted) throws IOException {
        Frame a = ImageFiles.read(reference).frame();
        Frame b = ImageFiles.read(distorted).frame();
        check(a.format(), b.format());
        FrameScores scores = scores(a.format(), wanted);
        scores.add(a, b);
        return scores;
    }

    private FrameScores clips(Set<Metric> wanted) throws IOException {
        try (FrameSource a = VideoFiles.open(reference, null); FrameSource b = VideoFiles.open(distorted, null)) {
            check(a.format().frame(), b.format().frame());
            FrameScores scores = scores(a.format().frame(), wanted);
            Frame left = null;
            Frame right = null;
            while (true) {
                left = a.next(left);
                right = b.next(right);
                if ((left == null) != (right == null)) {
                    throw new IllegalArgumentException((left == null ? reference : distorted) + " ends after "
                            + scores.frames() + (scores.frames() == 1 ? " frame" : " frames")
                            + ", the other goes on; cut them to equal length");
                }
                if (left == null) {
                    break;
                }
                scores.add(left, right);
            }
            if (scores.frames() == 0) {
                throw new IllegalArgumentException(reference + " holds no frame");
            }
            return scores;
        }
    }

    private FrameScores scores(FrameFormat format, Set<Metric> wanted) {
        try {
            return new FrameScores(format, crop, wanted);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(reference + ": " + e.getMessage() + "; "
                    + (crop > 0 ? "crop less, or choose" : "choose") + " other --metrics", e);
        }
    }

    private void check(FrameFormat a, FrameFormat b) {
        if (a.width() != b.width() || a.height() != b.height() || a.layout() != b.layout()
                || a.bitDepth() != b.bitDepth()) {
            throw new IllegalArgumentException(reference + " is " + text(a) + ", " + distorted + " is " + text(b)
                    + "; bring them to one size, layout and depth first");
        }
    }

    private static String text(FrameFormat format) {
        return format.width() + "x" + format.height() + " " + format.layout() + " " + format.bitDepth() + " bit";
    }

    private static List<String> planeNames(FrameScores scores, boolean colours) {
        return colours ? List.of("red", "green", "blue", "alpha").subList(0, scores.planes())
                : List.of("y", "cb", "cr").subList(0, scores.planes());
    }

    private void print(FrameScores scores, Set<Metric> wanted) {
        boolean pictures = Inputs.kind(reference) == Inputs.Kind.IMAGE;
        List<String> planes = scores.planes() <= 2 ? List.of("grey", "alpha").subList(0, scores.planes())
                : planeNames(scores, pictures);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonText.object(o -> {
                o.writeNumberField("frames", scores.frames());
                for (Metric metric : wanted) {
                    o.writeObjectFieldStart(metric.label());
                    if (metric == Metric.PSNR) {
                        for (int i = 0; i < planes.size(); i++) {
                            JsonText.number(o, planes.get(i), scores.psnr(i).psnrOfMeanError());
                        }
                        JsonText.number(o, "all", scores.psnr().psnrOfMeanError());
                        JsonText.number(o, "meanOfFrames", scores.psnr().meanOfPsnrs());
                    } else {
                        for (int i = 0; i < planes.size(); i++) {
                            JsonText.number(o, planes.get(i), scores.mean(metric, i));
                        }
                        JsonText.number(o, "all", scores.mean(metric));
                    }
                    o.writeEndObject();
                }
            }));
            return;
        }
        out.printf(Locale.ROOT, "%-16s", scores.frames() == 1 ? "1 frame" : scores.frames() + " frames");
        planes.forEach(name -> out.printf(Locale.ROOT, " %9s", name));
        out.printf(Locale.ROOT, " %9s%n", "all");
        for (Metric metric : wanted) {
            if (metric == Metric.PSNR) {
                out.printf(Locale.ROOT, "%-16s", "psnr, mean MSE");
                for (int i = 0; i < planes.size(); i++) {
                    out.printf(Locale.ROOT, " %9.3f", scores.psnr(i).psnrOfMeanError());
                }
                out.printf(Locale.ROOT, " %9.3f%n%-16s", scores.psnr().psnrOfMeanError(), "psnr, mean");
                for (int i = 0; i < planes.size(); i++) {
                    out.printf(Locale.ROOT, " %9.3f", scores.psnr(i).meanOfPsnrs());
                }
                out.printf(Locale.ROOT, " %9.3f%n", scores.psnr().meanOfPsnrs());
            } else {
                out.printf(Locale.ROOT, "%-16s", metric.label());
                for (int i = 0; i < planes.size(); i++) {
                    out.printf(Locale.ROOT, " %9.5f", scores.mean(metric, i));
                }
                out.printf(Locale.ROOT, " %9.5f%n", scores.mean(metric));
            }
        }
    }
}
