package io.github.fovea.cli;

import io.github.fovea.frame.ColorDescription;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.PixelLayout;
import io.github.fovea.frame.Plane;
import io.github.fovea.model.Models;
import io.github.fovea.pipeline.Cancellation;
import io.github.fovea.pipeline.FrameUpscaler;
import io.github.fovea.pipeline.NetworkRunner;
import io.github.fovea.pipeline.PictureNetwork;
import io.github.fovea.pipeline.PictureUpscaler;
import io.github.fovea.pipeline.Progress;
import io.github.fovea.pipeline.Workers;
import io.github.fovea.resample.ResampleKernel;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Measures what a model does on this machine, in the steady state.
@Command(name = "bench", mixinStandardHelpOptions = true,
        description = {
            "Measures a model in the steady state: 8-bit 4:2:0 frames in memory to large frames in memory, chroma "
                    + "included; RGB pictures where the model takes those.",
            "Prints the median of the frames after a warm-up, and the bytes allocated per frame by all threads of "
                    + "the process."
        })
final class BenchCommand implements Callable<Integer> {
    private static final int MOST_EXTENT = 16_384;
    private static final double LEAST_SECONDS = 0.01;
    private static final double MOST_SECONDS = 3600;
    private static final Pattern SIZE = Pattern.compile("(\\d{1,5})x(\\d{1,5})");

    @Option(names = "--model", paramLabel = "NAME|FILE", split = ",",
            description = "Models to measure, or bicubic (default: all bundled ones and bicubic).")
    private List<String> models;

    @Option(names = "--size", paramLabel = "WxH", defaultValue = "480x270",
            description = "Size of the small frames (default: ${DEFAULT-VALUE}).")
    private String size;

    @Option(names = "--seconds", paramLabel = "S", defaultValue = "3",
            description = "Seconds to measure each, after as many of warm-up (default: ${DEFAULT-VALUE}).")
    private double seconds;

    @Option(names = "--tsv", description = "Prints tab-separated lines with a header.")
    private boolean tsv;

    @Mixin
    private RangeOption range;

    @Mixin
    private EngineOptions engine;

    @Spec
    private CommandSpec spec;

    private record Row(String model, int threads, double medianMillis, double bestMillis, double bytesPerFrame,
            long peakBytes) {}

    @Override
    public Integer call() throws IOException {
        Matcher match = SIZE.matcher(size);
        if (!match.matches()) {
            throw new IllegalArgumentException("--size " + size + ", wanted columns and rows such as 480x270");
        }
        int width = Integer.parseInt(match.group(1));
        int height = Integer.parseInt(match.group(2));
        OptionRange.check("--size " + size + ": width", width, 1, MOST_EXTENT);
        OptionRange.check("--size " + size + ": height", height, 1, MOST_EXTENT);
        OptionRange.check("--seconds", seconds, LEAST_SECONDS, MOST_SECONDS);
        int most = engine.threads();
        List<String> names = models;
        if (names == null) {
            names = new ArrayList<>(Models.names());
            names.add(ModelChoice.BICUBIC);
        }
        // All are read before the first is measured.
        Map<String, Optional<PictureNetwork>> networks = new HashMap<>();
        for (String name : names) {
            networks.put(name, ModelChoice.network(name, 2, range.maximum(names)));
        }
        PrintWriter out = spec.commandLine().getOut();
        String head = tsv ? "model\tsize\tthreads\tms_median\tms_best\tframes_per_s\tbytes_per_frame\tpeak_bytes%n"
                : "%-20s %9s %7s %9s %8s %9s %12s %10s%n";
        if (tsv) {
            out.printf(Locale.ROOT, head);
        } else {
            out.printf(Locale.ROOT, head, "model", "LR size", "threads", "ms/frame", "best", "frames/s", "bytes/frame",
                    "peak MB");
        }
        for (String name : names) {
            PictureNetwork given = networks.get(name).orElse(null);
            for (int threads : most == 1 ? new int[] {1} : new int[] {1, most}) {
                Row row = measure(name, given, width, height, threads);
                if (tsv) {
                    out.printf(Locale.ROOT, "%s\t%s\t%d\t%.3f\t%.3f\t%.2f\t%.1f\t%d%n", row.model(), size, threads,
                            row.medianMillis(), row.bestMillis(), 1000 / row.medianMillis(), row.bytesPerFrame(),
                            row.peakBytes());
                } else {
                    out.printf(Locale.ROOT, "%-20s %9s %7d %9.2f %8.2f %9.1f %12.1f %10.1f%n", row.model(), size,
                            threads, row.medianMillis(), row.bestMillis(), 1000 / row.medianMillis(),
                            row.bytesPerFrame(), row.peakBytes() / 1e6);
                }
                out.flush();
            }
        }
        return ExitCode.OK;
    }

    /// One frame; a network for RGB is measured on RGB pictures, each a new array.
    private static Runnable frame(NetworkRunner network, int width, int height, int scale, Workers workers) {
        boolean rgb = network != null && network.channels() == 3;
        Frame small = noise(new FrameFormat(width, height, rgb ? PixelLayout.RGB : PixelLayout.YCBCR_420, 8,
                ColorDescription.UNKNOWN));
        if (rgb) {
            return () -> new PictureUpscaler(small, width * scale, height * scale, network, ResampleKernel.BICUBIC,
                    workers)
                    .upscale(Progress.NONE, new Cancellation());
        }
        FrameUpscaler upscaler = new FrameUpscaler(small.format(), width * scale, height * scale, network,
                ResampleKernel.BICUBIC, workers);
        Frame large = Frame.allocate(upscaler.output());
        return () -> upscaler.upscale(small, large);
    }

    private Row measure(String name, PictureNetwork given, int width, int height, int threads) {
        try (Workers workers = Workers.ofThreads(threads)) {
            NetworkRunner network = given == null ? null
                    : NetworkRunner.compile(given, engine.backend(), threads, engine.maxMemoryBytes());
            int scale = network == null ? 2 : network.scale();
            Runnable frame = frame(network, width, height, scale, workers);
            long end = System.nanoTime() + (long) (seconds * 1e9);
            int warm = 0;
            while (System.nanoTime() < end || warm < 3) {
                frame.run();
                warm++;
            }
            long[] nanos = new long[Math.max(5, warm * 4)];
            int count = 0;
            var memory = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = memory.getTotalThreadAllocatedBytes();
            end = System.nanoTime() + (long) (seconds * 1e9);
            while ((System.nanoTime() < end || count < 5) && count < nanos.length) {
                long start = System.nanoTime();
                frame.run();
                nanos[count++] = System.nanoTime() - start;
            }
            double bytes = (double) (memory.getTotalThreadAllocatedBytes() - before) / count;
            Arrays.sort(nanos, 0, count);
            return new Row(name, threads, nanos[count / 2] / 1e6, nanos[0] / 1e6, bytes,
                    network == null ? 0 : network.peakBytes(width, height));
        }
    }

    /// Noise is the hardest content there is for the branchless kernels to be lucky with: no denormals, no long runs.
    private static Frame noise(FrameFormat format) {
        SplittableRandom random = new SplittableRandom(1);
        Frame frame = Frame.allocate(format);
        for (Plane plane : frame.planes()) {
            for (int i = 0; i < plane.samples().length; i++) {
                plane.samples()[i] = (short) random.nextInt(16, 236);
            }
        }
        return frame;
    }
}
