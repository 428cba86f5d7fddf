package io.github.fovea.bench;

import io.github.fovea.backend.Backends;
import io.github.fovea.frame.ColorDescription;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.PixelLayout;
import io.github.fovea.media.FrameSource;
import io.github.fovea.media.Ratio;
import io.github.fovea.media.VideoFiles;
import io.github.fovea.model.Models;
import io.github.fovea.pipeline.FrameUpscaler;
import io.github.fovea.pipeline.NetworkRunner;
import io.github.fovea.pipeline.Workers;
import io.github.fovea.resample.ResampleKernel;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;

/// What it is worth not to compute what stands still: each frame of a video is enlarged whole and by what changed, in turns, and
/// the results must be equal.
///
/// Without clips the video is a desktop.
public final class StillBench {
    private static final long MEMORY = 512L << 20;
    private static final int MOST_FRAMES = 120;
    private static final int WARM_FRAMES = 40;
    private static final Path PICTURE = Path.of("src/main/resources/io/github/fovea/sample/harbour.png");

    private StillBench() {}

    public static void main(String[] arguments) throws IOException {
        BenchOptions options = new BenchOptions("still", "Videos enlarged whole and by what changed, in turns.")
                .value("--model", "NAME", "general-x2", "A luma model.")
                .threads()
                .rest("CLIP", "Videos instead of a desktop: the sample picture, a line that is being typed, a pointer that moves.")
                .parse(arguments);
        boolean tsv = options.tsv();
        String model = options.text("--model");
        int threads = options.threadCount();
        List<String> given = options.rest();
        String text = tsv ? "%s\t%s\t%s\t%s\t%s\t%s\t%s%n" : "%-24s %9s %7s %9s %9s %6s %7s%n";
        System.out.printf(text, "video", "size", "threads", "whole_ms", "parts_ms", "ratio", "kept_%");
        if (given.isEmpty()) {
            line("desktop", desktop(), model, threads, text);
        }
        for (String clip : given) {
            line(Path.of(clip).getFileName().toString(), frames(Path.of(clip)), model, threads, text);
        }
    }

    private static void line(String name, List<Frame> frames, String model, int threads, String text) throws IOException {
        FrameFormat format = frames.getFirst().format();
        try (Workers workers = Workers.ofThreads(threads)) {
            FrameUpscaler whole = upscaler(format, model, workers);
            FrameUpscaler parts = upscaler(format, model, workers).keepUnchanged();
            Frame one = Frame.allocate(whole.output());
            Frame other = Frame.allocate(whole.output());
            double[] wholeNanos = new double[frames.size()];
            double[] partNanos = new double[frames.size()];
            for (int k = 0; k < WARM_FRAMES; k++) {
                whole.upscale(frames.get(k % frames.size()), one);
                parts.upscale(frames.get(k % frames.size()), other);
            }
            for (int k = 0; k < frames.size(); k++) {
                long begin = System.nanoTime();
                whole.upscale(frames.get(k), one);
                long between = System.nanoTime();
                parts.upscale(frames.get(k), other);
                wholeNanos[k] = between - begin;
                partNanos[k] = System.nanoTime() - between;
                if (!Arrays.equals(one.plane(0).samples(), other.plane(0).samples())) {
                    throw new IllegalStateException("frame " + k + " of " + name + " differs");
                }
            }
            System.out.printf(Locale.ROOT, text, name, format.width() + "x" + format.height(), threads,
                    millis(Slice.quantile(wholeNanos, frames.size(), 0.5)), millis(Slice.quantile(partNanos, frames.size(), 0.5)),
                    String.format(Locale.ROOT, "%.2f", Arrays.stream(wholeNanos).sum() / Arrays.stream(partNanos).sum()),
                    String.format(Locale.ROOT, "%.1f", 100 * parts.keptShare()));
        }
    }

    private static String millis(double nanos) {
        return String.format(Locale.ROOT, "%.2f", nanos / 1e6);
    }

    private static FrameUpscaler upscaler(FrameFormat format, String model, Workers workers) throws IOException {
        NetworkRunner network = NetworkRunner.compile(Models.open(model), Backends.automatic(), workers.threads(), MEMORY);
        network.warmUp();
        return new FrameUpscaler(format, format.width() * network.scale(), format.height() * network.scale(), network,
                ResampleKernel.BICUBIC, workers);
    }

    private static List<Frame> frames(Path clip) throws IOException {
        List<Frame> frames = new ArrayList<>();
        try (FrameSource source = VideoFiles.open(clip, new Ratio(25, 1))) {
            for (Frame frame = source.next(null); frame != null && frames.size() < MOST_FRAMES; frame = source.next(null)) {
                frames.add(frame);
            }
        }
        return frames;
    }

    private static List<Frame> desktop() throws IOException {
        BufferedImage picture = ImageIO.read(PICTURE.toFile());
        FrameFormat format = new FrameFormat(picture.getWidth(), picture.getHeight(), PixelLayout.YCBCR_420, 8,
                ColorDescription.UNKNOWN);
        short[] desktop = new short[format.width() * format.height()];
        for (int i = 0; i < desktop.length; i++) {
            int rgb = picture.getRGB(i % format.width(), i / format.width());
            desktop[i] = (short) (16 + ((rgb >> 8 & 255) * 219 + 127) / 255);
        }
        SplittableRandom random = new SplittableRandom(1);
        List<Frame> frames = new ArrayList<>();
        for (int k = 0; k < MOST_FRAMES; k++) {
            if (k % 3 == 0) {
                // A letter of 8x12 pixels.
                for (int i = 0; i < 8 * 12; i++) {
                    desktop[(100 + i / 8) * format.width() + 100 + 4 * k % 300 + i % 8] = (short) (random.nextBoolean() ? 20 : 220);
                }
            }
            Frame frame = Frame.allocate(format);
            System.arraycopy(desktop, 0, frame.plane(0).samples(), 0, desktop.length);
            for (int i = 0; i < 8 * 12; i++) {
                frame.plane(0).set(400 + i % 8, 200 + k + i / 8, 235);
            }
            frames.add(frame);
        }
        return frames;
    }
}
