package io.github.fovea.cli;

import io.github.fovea.backend.Backends;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.Plane;
import io.github.fovea.media.FrameSource;
import io.github.fovea.media.Ratio;
import io.github.fovea.media.VideoFiles;
import io.github.fovea.model.DynamicModel;
import io.github.fovea.patch.Region;
import io.github.fovea.pipeline.FrameStage;
import io.github.fovea.pipeline.FrameUpscaler;
import io.github.fovea.pipeline.RouteOptions;
import io.github.fovea.pipeline.RouteStatistics;
import io.github.fovea.pipeline.RoutedFrameUpscaler;
import io.github.fovea.pipeline.RoutedNetwork;
import io.github.fovea.pipeline.Workers;
import io.github.fovea.report.ReportPage;
import io.github.fovea.report.Section;
import io.github.fovea.resample.ResampleKernel;
import io.github.fovea.route.Rectangles;
import io.github.fovea.route.RouteMap;
import io.github.fovea.route.Router;
import io.github.fovea.train.ClipFrames;
import io.github.fovea.train.ClipPass;
import io.github.fovea.train.ClipScores;
import io.github.fovea.train.CurvePoint;
import io.github.fovea.train.OverfittedNetwork;
import java.awt.AlphaComposite;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// The page that `fovea overfit --report` writes.
final class OverfitReport {
    private static final int DIGITS = 2;
    /// Frames that are played and timed.
    private static final int TIMED_FRAMES = 40;
    private static final long MOST_WARMING_NANOS = 20_000_000_000L;
    private static final int CROP_WIDTH = 880;
    private static final int CROP_HEIGHT = 480;
    private static final int MAP_WIDTH = 960;
    private static final int LEAST_MAP_WIDTH = 320;
    private static final long MAX_MEMORY_BYTES = 256L << 20;
    /// Bicubic and four paths, from cheap to dear; told apart by people with any kind of colour vision.
    private static final int[] PATH_COLOURS = {0x999999, 0x56B4E9, 0x009E73, 0xE69F00, 0xD55E00};

    private final Path small;
    private final Path video;
    private final Ratio rate;
    private final DynamicModel model;
    private final ClipPass.Result result;
    private final OverfittedNetwork trained;
    private final Workers workers;
    private final List<Double> millis = new ArrayList<>();
    private RouteStatistics statistics;

    /// Takes everything that the page tells of.
    ///
    /// @param small   the LR video
    /// @param video   the HR video
    /// @param rate    its constant rate, or `null`
    /// @param model   the model
    /// @param result  what the pass over the clip has found
    /// @param trained what training has made
    /// @param workers threads to play on
    OverfitReport(Path small, Path video, Ratio rate, DynamicModel model, ClipPass.Result result,
            OverfittedNetwork trained, Workers workers) {
        this.small = small;
        this.video = video;
        this.rate = rate;
        this.model = model;
        this.result = result;
        this.trained = trained;
        this.workers = workers;
    }

    /// Plays some frames and writes the page.
    ///
    /// @param target    the file to make
    /// @param overwrite whether a file of that name may be replaced
    /// @param modelFile the model file
    /// @param mapFile   the route map
    /// @throws IOException if a video cannot be read or the page cannot be written
    void write(Path target, boolean overwrite, Path modelFile, Path mapFile) throws IOException {
        Played played = play();
        List<Section> sections = new ArrayList<>();
        sections.add(facts(modelFile, mapFile));
        sections.add(scores());
        sections.add(comparison("Before and after", played, played.bicubic(), "bicubic"));
        sections.add(comparison("Against the original", played, played.original(), "original"));
        sections.add(frames("PSNR-Y of every frame", "dB", true));
        sections.add(frames(part() == ClipScores.Part.HELD_OUT ? "SSIM of held-out frames" : "SSIM of some frames",
                "SSIM", false));
        sections.add(map(played));
        sections.add(shares());
        sections.add(shapes());
        sections.add(times());
        sections.add(curve());
        sections.add(bytes(modelFile, mapFile));
        ReportPage.write(target, overwrite, "Overfitted: " + video.getFileName(), "Model " + model.name() + ", network "
                + model.network() + ", x" + model.scale()
                + ". Frames held out of training carry the figures below, unless it says otherwise. "
                + model.origin().createdBy() + ".", sections);
    }

    private ClipScores.Part part() {
        return result.scores().frames().stream().anyMatch(ClipScores.FrameScore::heldOut) ? ClipScores.Part.HELD_OUT
                : ClipScores.Part.ALL;
    }

    private int mapMethod() {
        return result.scores().methods().indexOf("routed by map");
    }

    private static String count(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    private static String gain(double value, double base) {
        double gain = value == base ? 0 : value - base;
        return Double.isFinite(gain) ? String.format(Locale.ROOT, "%+.2f dB", gain) : "-";
    }

    private Section facts(Path modelFile, Path mapFile) throws IOException {
        ClipScores scores = result.scores();
        double ours = scores.psnr(mapMethod(), part()).psnrOfMeanError();
        double bicubic = scores.psnr(0, part()).psnrOfMeanError();
        List<Section.Fact> facts = new ArrayList<>();
        facts.add(new Section.Fact("PSNR-Y, routed by map", PsnrText.of(ours, DIGITS), "of the mean squared error"));
        facts.add(new Section.Fact("over bicubic", gain(ours, bicubic), "bicubic " + PsnrText.of(bicubic, DIGITS)));
        if (scores.methods().get(1).startsWith("general")) {
            double general = scores.psnr(1, part()).psnrOfMeanError();
            facts.add(new Section.Fact("over " + scores.methods().get(1), gain(ours, general), PsnrText.of(general, DIGITS)));
        }
        facts.add(new Section.Fact("model and route map", String.format(Locale.ROOT, "%.1f kB",
                (Files.size(modelFile) + Files.size(mapFile)) / 1e3), String.format(Locale.ROOT, "%,d parameters",
                trained.network().parameterElements())));
        facts.add(new Section.Fact("training", String.format(Locale.ROOT, "%.1f min", trained.nanos() / 6e10),
                String.format(Locale.ROOT, "%,d steps", trained.steps())));
        return new Section.Facts("In short", facts);
    }

    private Section scores() {
        ClipScores scores = result.scores();
        List<List<String>> rows = new ArrayList<>();
        double bicubic = scores.psnr(0, part()).psnrOfMeanError();
        for (int i = 0; i < scores.methods().size(); i++) {
            double psnr = scores.psnr(i, part()).psnrOfMeanError();
            double ssim = scores.ssim(i, part());
            rows.add(List.of(scores.methods().get(i), PsnrText.of(psnr, DIGITS), PsnrText.mean(scores.psnr(i, part()), DIGITS),
                    gain(psnr, bicubic), Double.isNaN(ssim) ? "-" : String.format(Locale.ROOT, "%.5f", ssim),
                    PsnrText.of(scores.rgbPsnr(i, part()), DIGITS), PsnrText.of(scores.shavedPsnr(i, part()), DIGITS),
                    PsnrText.of(scores.psnr(i, ClipScores.Part.ALL).psnrOfMeanError(), DIGITS)));
        }
        return new Section.Table("Quality", (part() == ClipScores.Part.HELD_OUT ? "Held-out frames, "
                : "The clip is too short to"
                + " hold frames out: frames that were trained on, ")
                + "whole frames, luma, rounded to 8 bit. The two means must not be mixed. RGB, and patches without "
                + "their rims as Dy-DCA measures them, are of a sample of these frames.", List.of("",
                "PSNR-Y of mean error", "mean of PSNRs", "over bicubic", "SSIM", "RGB", "rimless patches",
                "all frames"), rows);
    }

    private Section frames(String title, String unit, boolean psnr) {
        ClipScores scores = result.scores();
        List<ClipScores.FrameScore> frames = scores.frames();
        double[] numbers = frames.stream().mapToDouble(ClipScores.FrameScore::number).toArray();
        List<Section.Line> lines = new ArrayList<>();
        for (int i = 0; i < scores.methods().size(); i++) {
            int method = i;
            if (i == 0 || i == mapMethod() || scores.methods().get(i).startsWith("general")) {
                lines.add(new Section.Line(scores.methods().get(i), numbers, frames.stream()
                        .mapToDouble(frame -> psnr ? frame.psnr(method) : frame.ssim().get(method)).toArray()));
            }
        }
        return new Section.Lines(title, psnr ? "Trained and held-out frames." : "", "frame", unit, lines);
    }

    private Section curve() {
        List<CurvePoint> curve = trained.curve();
        double[] seconds = curve.stream().mapToDouble(point -> point.nanos() / 1e9).toArray();
        List<Section.Line> lines = new ArrayList<>();
        double[] bicubic = new double[seconds.length];
        Arrays.fill(bicubic, trained.bicubicPsnr());
        lines.add(new Section.Line("bicubic", seconds, bicubic));
        for (int path = 0; path < model.paths().size(); path++) {
            int index = path;
            lines.add(new Section.Line("path " + (path + 1), seconds,
                    curve.stream().mapToDouble(point -> point.psnr().get(index)).toArray()));
        }
        StringBuilder starts = new StringBuilder();
        for (int path = 0; path < trained.starts().size(); path++) {
            String start = trained.starts().get(path);
            starts.append(path == 0 ? "" : ", ").append("path ").append(path + 1).append(" began from ")
                    .append(start.isEmpty() ? "bicubic" : start);
        }
        return new Section.Lines("Training", "Averaged weights on a few "
                + (part() == ClipScores.Part.HELD_OUT ? "held-out" : "trained")
                + " frames; " + starts + (trained.plateau() ? "; ended early, nothing more was gained." : "."),
                "seconds", "dB", lines);
    }

    private Section bytes(Path modelFile, Path mapFile) throws IOException {
        long lr = Files.size(small);
        long hr = Files.size(video);
        long sum = lr + Files.size(modelFile) + Files.size(mapFile);
        List<List<String>> rows = new ArrayList<>();
        rows.add(byteRow("LR video, " + small.getFileName(), lr, hr));
        rows.add(byteRow("model", Files.size(modelFile), hr));
        rows.add(byteRow("route map", Files.size(mapFile), hr));
        rows.add(byteRow("together", sum, hr));
        rows.add(byteRow("HR video as given", hr, hr));
        return new Section.Table("Bytes", VideoFiles.isY4mName(small)
                ? "The LR video is not compressed: --crf encodes it." : "", List.of("", "bytes", "of the HR video"),
                rows);
    }

    private static List<String> byteRow(String name, long bytes, long whole) {
        return List.of(name, String.format(Locale.ROOT, "%,d", bytes), String.format(Locale.ROOT, "%.1f %%",
                100.0 * bytes / whole));
    }

    private Section shares() {
        List<String> names = new ArrayList<>();
        StringBuilder networks = new StringBuilder();
        int paths = result.shares().size();
        double[] pixels = new double[paths];
        double[] macs = new double[paths];
        double all = 0;
        for (int path = 0; path < paths; path++) {
            names.add(path == 0 ? "bicubic" : "path " + path);
            networks.append(path == 0 ? "" : (path == 1 ? " " : ", ") + names.get(path) + " is "
                    + model.paths().get(path - 1).network());
            pixels[path] = 100 * result.shares().get(path);
            macs[path] = result.shares().get(path) * model.macsPerPixel(path);
            all += macs[path];
        }
        double average = all;
        for (int path = 0; path < paths; path++) {
            macs[path] = average == 0 ? 0 : 100 * macs[path] / average;
        }
        return new Section.Bars("Pixels and work by path",
                String.format(Locale.ROOT, "By the route map, without halos: %,.0f"
                + " multiply-adds for an LR pixel on average, the deepest path takes %,d;%s.%s", average,
                model.macsPerPixel(paths - 1), networks, statistics == null ? "" : String.format(Locale.ROOT,
                " Halos cost %.2f times that in the frames that were played.", statistics.haloFactor())), "", "%",
                names, List.of(new Section.Line("pixels", new double[paths], pixels), new Section.Line("multiply-adds",
                new double[paths], macs)));
    }

    /// Sizes of the rectangles that cells merge into, over all frames.
    private Section shapes() {
        RouteMap map = result.map();
        Rectangles rectangles = new Rectangles(map.grid(), Arrays.stream(Router.macs(model)).map(macs ->
                Math.max(1, macs)).toArray());
        byte[] paths = new byte[map.grid().cells().size()];
        Map<String, Integer> counts = new TreeMap<>();
        Map<String, Long> pixels = new TreeMap<>();
        for (int frame = 0; frame < map.frames(); frame++) {
            map.copy(frame, paths);
            rectangles.merge(paths, null);
            for (int i = 0; i < rectangles.count(); i++) {
                Region region = map.grid().block(rectangles.column(i), rectangles.row(i), rectangles.across(i),
                        rectangles.down(i));
                String size = region.width() + "x" + region.height();
                counts.merge(size, 1, Integer::sum);
                pixels.put(size, (long) region.width() * region.height());
            }
        }
        List<String> most = counts.keySet().stream().sorted((a, b) -> Integer.compare(counts.get(b), counts.get(a)))
                .limit(14)
                .sorted((a, b) -> Long.compare(pixels.get(a), pixels.get(b))).toList();
        double[] heights = most.stream().mapToDouble(size -> (double) counts.get(size) / map.frames()).toArray();
        return new Section.Bars("Patch shapes", String.format(Locale.ROOT,
                "Rectangles that neighbouring cells of one path merge into, LR pixels without halo; %s.",
                most.size() == counts.size() ? count(most.size(), "shape") : "the " + most.size() + " most frequent of "
                + counts.size() + " shapes"), "LR pixels", "per frame",
                most, List.of(new Section.Line("rectangles", new double[heights.length], heights)));
    }

    private Section times() {
        double[] sorted = millis.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        double low = sorted[0];
        double step = Math.max(0.1, (sorted[sorted.length - 1] - low) / 12);
        int bins = (int) Math.min(13, Math.floor((sorted[sorted.length - 1] - low) / step) + 1);
        double[] counts = new double[bins];
        List<String> names = new ArrayList<>();
        for (double value : sorted) {
            counts[Math.min(bins - 1, (int) ((value - low) / step))]++;
        }
        for (int i = 0; i < bins; i++) {
            names.add(String.format(Locale.ROOT, "%.1f", low + i * step));
        }
        return new Section.Bars("Time of a frame", String.format(Locale.ROOT, "%s played on %s of this machine, with"
                + " chroma and everything: median %.1f ms, %.1f to %.1f ms; routing, cutting and assembling took %.1f "
                + "%%.", count(sorted.length, "frame"), count(workers.threads(), "thread"), sorted[sorted.length / 2],
                low, sorted[sorted.length - 1], 100 * statistics.routingShare()), "ms, from", "frames", names,
                List.of(new Section.Line("frames", new double[bins], counts)));
    }

    /// One frame in all its forms.
    private record Played(long number, BufferedImage bicubic, BufferedImage made, BufferedImage original,
            Region crop) {}

    /// Plays and times frames around a held-out one in the middle of the clip; that one is shown.
    private Played play() throws IOException {
        long chosen = chosen();
        long first = Math.max(0, Math.min(chosen - TIMED_FRAMES / 2, result.map().frames() - TIMED_FRAMES));
        try (FrameSource lr = VideoFiles.open(small, null); FrameSource hr = VideoFiles.open(video, rate)) {
            FrameFormat format = lr.format().frame();
            RoutedNetwork network = RoutedNetwork.compile(model, Backends.automatic(), workers.threads(),
                    MAX_MEMORY_BYTES);
            network.warmUp();
            int width = format.width() * model.scale();
            int height = format.height() * model.scale();
            RouteOptions options = RouteOptions.DEFAULT.withMap(result.map());
            compileAll(new RoutedFrameUpscaler(format, width, height, network, options, ResampleKernel.BICUBIC,
                    workers));
            RoutedFrameUpscaler routed = new RoutedFrameUpscaler(format, width, height, network, options,
                    ResampleKernel.BICUBIC, workers);
            routed.seek((int) first);
            FrameStage bicubic = new FrameUpscaler(format, width, height, null, ResampleKernel.BICUBIC, workers);
            Frame made = Frame.allocate(routed.output());
            Frame plain = Frame.allocate(routed.output());
            Played played = null;
            Frame a = lr.next(null);
            Frame b = hr.next(null);
            for (long number = 0; a != null && b != null && millis.size() < TIMED_FRAMES; number++) {
                if (number >= first) {
                    long before = System.nanoTime();
                    routed.upscale(a, made);
                    millis.add((System.nanoTime() - before) / 1e6);
                }
                if (number == chosen) {
                    bicubic.upscale(a, plain);
                    played = new Played(chosen, FramePicture.of(plain), FramePicture.of(made),
                            FramePicture.of(b).getSubimage(0, 0, width, height),
                            crop(plain.plane(0), made.plane(0), b.plane(0), b.format().bitDepth() - 8));
                }
                a = lr.next(a);
                b = hr.next(b);
            }
            statistics = routed.statistics();
            return played;
        }
    }

    /// Plays some frames without looking at the clock, again and again in a short clip: the first ones are the JVM's
    /// compiler's.
    private void compileAll(RoutedFrameUpscaler routed) throws IOException {
        Frame large = Frame.allocate(routed.output());
        int played = 0;
        long end = System.nanoTime() + MOST_WARMING_NANOS;
        while (played < TIMED_FRAMES && System.nanoTime() < end) {
            routed.seek(0);
            try (FrameSource lr = VideoFiles.open(small, null)) {
                Frame frame = lr.next(null);
                for (; frame != null && played < TIMED_FRAMES && System.nanoTime() < end; frame = lr.next(frame)) {
                    routed.upscale(frame, large);
                    played++;
                }
            }
        }
    }

    /// The frame nearest to the middle of the clip, of those that carry the figures.
    private long chosen() {
        List<ClipScores.FrameScore> frames = result.scores().frames();
        long middle = frames.getLast().number() / 2;
        return frames.stream().filter(part()).mapToLong(ClipScores.FrameScore::number).boxed()
                .min(Comparator.comparingLong(number -> Math.abs(number - middle))).orElseThrow();
    }

    /// The part of the frame where most squared error has gone.
    private static Region crop(Plane plain, Plane made, Plane original, int shift) {
        int width = Math.min(CROP_WIDTH, plain.width());
        int height = Math.min(CROP_HEIGHT, plain.height());
        int step = 16;
        int columns = plain.width() / step + 1;
        long[][] sums = new long[plain.height() / step + 2][columns + 1];
        for (int y = 0; y < plain.height(); y++) {
            for (int x = 0; x < plain.width(); x++) {
                int truth = original.get(x, y) >> shift;
                int before = plain.get(x, y) - truth;
                int after = made.get(x, y) - truth;
                sums[y / step + 1][x / step + 1] += before * before - after * after;
            }
        }
        for (int y = 1; y < sums.length; y++) {
            for (int x = 1; x <= columns; x++) {
                sums[y][x] += sums[y - 1][x] + sums[y][x - 1] - sums[y - 1][x - 1];
            }
        }
        Region best = new Region(0, 0, width, height);
        long most = Long.MIN_VALUE;
        for (int y = 0; y + height <= plain.height(); y += step) {
            for (int x = 0; x + width <= plain.width(); x += step) {
                int bottom = (y + height) / step;
                int right = (x + width) / step;
                long gain = sums[bottom][right] - sums[y / step][right] - sums[bottom][x / step]
                        + sums[y / step][x / step];
                if (gain > most) {
                    most = gain;
                    best = new Region(x, y, width, height);
                }
            }
        }
        return best;
    }

    private Section comparison(String title, Played played, BufferedImage other, String name) {
        Region crop = played.crop();
        boolean whole = crop.width() == other.getWidth() && crop.height() == other.getHeight();
        String where = whole ? "the whole of it" : String.format(Locale.ROOT,
                "%dx%d pixels from column %d, row %d: where most error has gone", crop.width(), crop.height(),
                crop.x(), crop.y());
        String note = "Frame " + played.number() + ", " + where + ". Move the slider.";
        return new Section.Comparison(title, note, cut(other, crop), name, cut(played.made(), crop), "overfitted");
    }

    private static BufferedImage cut(BufferedImage image, Region crop) {
        BufferedImage cut = new BufferedImage(crop.width(), crop.height(), BufferedImage.TYPE_INT_RGB);
        Graphics2D g = cut.createGraphics();
        g.drawImage(image, -crop.x(), -crop.y(), null);
        g.dispose();
        return cut;
    }

    private Section map(Played played) {
        BufferedImage frame = played.made();
        RouteMap map = result.map();
        // Frames too small to be seen are enlarged in whole pixels.
        int width = Math.min(MAP_WIDTH, frame.getWidth() * Math.ceilDiv(LEAST_MAP_WIDTH, frame.getWidth()));
        int height = Math.max(1, frame.getHeight() * width / frame.getWidth());
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, width > frame.getWidth()
                ? RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR : RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        g.drawImage(frame, 0, 0, width, height, null);
        double factor = (double) width / map.width();
        for (int cell = 0; cell < map.grid().cells().size(); cell++) {
            Region region = map.grid().cells().get(cell);
            int x = (int) Math.round(region.x() * factor);
            int y = (int) Math.round(region.y() * factor);
            int right = (int) Math.round((region.x() + region.width()) * factor);
            int bottom = (int) Math.round((region.y() + region.height()) * factor);
            g.setColor(new Color(PATH_COLOURS[map.path((int) played.number(), cell)]));
            g.setComposite(AlphaComposite.getInstance(AlphaComposite.SRC_OVER, 0.38f));
            g.fillRect(x, y, right - x, bottom - y);
            g.setComposite(AlphaComposite.getInstance(AlphaComposite.SRC_OVER, 0.9f));
            g.drawRect(x, y, right - x - 1, bottom - y - 1);
        }
        g.dispose();
        List<Section.Swatch> legend = new ArrayList<>();
        for (int path = 0; path <= map.paths(); path++) {
            legend.add(new Section.Swatch(path == 0 ? "bicubic" : "path " + path, PATH_COLOURS[path]));
        }
        return new Section.Picture("Route map", "Frame " + played.number() + ": the path that every cell takes.",
                image, legend);
    }
}
