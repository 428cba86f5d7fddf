package io.github.fovea.bench;

import io.github.fovea.adapt.Controller;
import io.github.fovea.adapt.ControllerOptions;
import io.github.fovea.adapt.MachineSensor;
import io.github.fovea.adapt.OperatingPoint;
import io.github.fovea.adapt.PointLadder;
import io.github.fovea.frame.Frame;
import io.github.fovea.model.ModelFile;
import io.github.fovea.pipeline.AdaptiveUpscaler;
import io.github.fovea.pipeline.FrameTurns;
import io.github.fovea.pipeline.Workers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/// Plays a film at its rate while another process keeps processors busy, in several ways.
///
/// A frame has the time of one period from its arrival on; one that comes out later is late. A frame whose successor arrives
/// before it could be begun is dropped, and counts as late. PSNR is the mean over the frames that came out, each measured against
/// the film's large frame beforehand.
final class AdaptBenchTraces {
    /// A constant point holds a rate when no more than this share of its frames is late.
    private static final double HELD = 0.01;

    private final AdaptBenchSetup setup;
    private final double seconds;
    private final double baselineSeconds;
    private final double fps;
    private final AdaptBench bench;
    private final Path framesFolder;

    /// What one way of playing gave.
    private record Run(double seconds, long frames, long late, long shown, long rescued, double psnr, double highMillis,
            double[] slowdowns) {
        double lateShare() {
            return (double) late / frames;
        }
    }

    /// Enlarges frame `k`, which arrived at a time, and tells at which point.
    @FunctionalInterface
    private interface Way {
        int frame(Frame small, Frame large, long arrival) throws IOException;
    }

    /// @param setup           film and points
    /// @param seconds         length of the adaptive runs
    /// @param baselineSeconds length of the others, on the same trace made shorter
    /// @param fps             frames per second
    /// @param framesFolder    where a line for every frame of the adaptive runs is written, or `null`
    /// @param bench           prints
    AdaptBenchTraces(AdaptBenchSetup setup, double seconds, double baselineSeconds, double fps, Path framesFolder,
            AdaptBench bench) {
        this.setup = setup;
        this.seconds = seconds;
        this.baselineSeconds = baselineSeconds;
        this.fps = fps;
        this.framesFolder = framesFolder;
        this.bench = bench;
    }

    private static String trace(String name, double length) {
        return switch (name) {
            case "steps" -> square(length / 6, length);
            case "ramp" -> "0 0\n" + length / 5 + " 1\n" + 2 * length / 5 + " 2\n" + 3 * length / 5 + " 1\n" + 4 * length / 5 + " 0";
            // A controller climbs a second after a switch at the earliest: the load comes just then.
            case "nasty" -> square(1.05, length);
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static String square(double half, double length) {
        StringBuilder text = new StringBuilder("0 0");
        for (int i = 1; i * half < length; i++) {
            text.append('\n').append(i * half).append(' ').append(i % 2 == 0 ? 0 : 2);
        }
        return text.toString();
    }

    void run(List<String> names) throws IOException {
        boolean told = false;
        for (String name : names) {
            try (Workers workers = Workers.ofThreads(setup.threads);
                    AdaptiveUpscaler session = setup.session(ControllerOptions.ofFrameRate(fps), workers,
                            new FrameTurns(MachineSensor.ofMachine()))) {
                if (!told) {
                    points(session.ladder());
                    told = true;
                }
                all(name, session);
            }
        }
    }

    private void points(PointLadder ladder) {
        bench.line("point", "ms_idle", "psnr_exp", "macs_px");
        for (OperatingPoint point : ladder.points()) {
            bench.line(point.name(), point.predictedNanos() / 1e6, point.psnr(), point.macsPerPixel());
        }
        bench.line("trace", "way", "seconds", "frames", "late", "late_%", "rescued", "fps", "psnr_db", "of_the_way",
                "switches_s", "99%_ms");
    }

    private void all(String name, AdaptiveUpscaler session) throws IOException {
        PointLadder ladder = session.ladder();
        double[][] psnr = quality(session);
        StringBuilder frames = new StringBuilder("second\tpoint\treason\trun_ms\tlatency_ms\n");
        long[] start = {-1};
        Run adaptive = play(name, seconds, ladder, psnr, (small, large, arrival) -> {
            long begin = System.nanoTime();
            session.upscale(small, large, arrival);
            long end = System.nanoTime();
            start[0] = start[0] < 0 ? arrival : start[0];
            frames.append(String.format(Locale.ROOT, "%.3f\t%s\t%s\t%.2f\t%.2f%n", (arrival - start[0]) / 1e9,
                    ladder.get(session.ran()).name(), session.reason(), (end - begin) / 1e6, (end - arrival) / 1e6));
            return session.ran();
        });
        if (framesFolder != null) {
            Files.writeString(framesFolder.resolve("frames-" + name + ".tsv"), frames);
        }
        Run[] constant = new Run[ladder.size()];
        // One that holds in hindsight by the slow-downs that the adaptive run met, then measured, with its neighbours.
        int best = Math.max(1, hindsight(ladder, adaptive));
        constant[best] = constant(name, session, psnr, best);
        while (constant[best].lateShare() > HELD && best > 1) {
            best--;
            constant[best] = constant[best] == null ? constant(name, session, psnr, best) : constant[best];
        }
        while (best < ladder.top() && constant[best].lateShare() <= HELD) {
            if (constant[best + 1] == null) {
                constant[best + 1] = constant(name, session, psnr, best + 1);
            }
            if (constant[best + 1].lateShare() > HELD) {
                break;
            }
            best++;
        }
        for (int point : new int[] {1, ladder.top()}) {
            if (constant[point] == null) {
                constant[point] = constant(name, session, psnr, point);
            }
        }
        double low = mean(psnr[1]);
        double high = mean(psnr[best]);
        row(name, "adaptive", adaptive, low, high, session.log().counts().switches());
        row(name, "best constant: " + ladder.get(best).name(), constant[best], low, high, 0);
        row(name, "largest: " + ladder.get(ladder.top()).name(), constant[ladder.top()], low, high, 0);
        row(name, "smallest: " + ladder.get(1).name(), constant[1], low, high, 0);
        Controller reloading = new Controller(ladder, ControllerOptions.ofFrameRate(fps));
        row(name, "reload", reload(name, session, psnr, reloading), low, high, reloading.switches());
    }

    private void row(String trace, String way, Run run, double low, double high, long switches) {
        bench.line(trace, way, run.seconds(), run.frames(), run.late(), 100 * run.lateShare(), run.rescued(),
                run.shown() / run.seconds(), run.psnr(), high > low ? (run.psnr() - low) / (high - low) : Double.NaN,
                switches / run.seconds(), run.highMillis());
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    /// {@return the best point whose frames would have come in time, had they met the slow-downs of a run}
    private int hindsight(PointLadder ladder, Run run) {
        double period = 1e9 / fps;
        for (int point = ladder.top(); point > 0; point--) {
            double cost = ladder.get(point).predictedNanos();
            if (Arrays.stream(run.slowdowns()).filter(s -> s * cost > period).count() <= HELD * run.slowdowns().length) {
                return point;
            }
        }
        return 0;
    }

    private Run constant(String name, AdaptiveUpscaler session, double[][] psnr, int point) throws IOException {
        return play(name, baselineSeconds, session.ladder(), psnr, (small, large, _) -> {
            session.upscaleAt(small, large, point);
            return point;
        });
    }

    /// The same controller over networks of which one is in memory at a time.
    private Run reload(String name, AdaptiveUpscaler session, double[][] psnr, Controller controller) throws IOException {
        Path file = Files.createTempFile("fovea-bench", ".fovea");
        try {
            ModelFile.write(setup.meta, file);
            int[] at = {-1};
            return play(name, baselineSeconds, session.ladder(), psnr, (small, large, arrival) -> {
                long begin = System.nanoTime();
                int point = controller.begin(begin, begin - arrival, Long.MAX_VALUE, null, 0);
                if (point != at[0]) {
                    AdaptBench.reload(setup, file, Math.clamp(point - 1, 0, setup.meta.points().size() - 1));
                    at[0] = point;
                }
                session.upscaleAt(small, large, point);
                long end = System.nanoTime();
                controller.end(end, end - begin, end - arrival);
                return point;
            });
        } finally {
            Files.delete(file);
        }
    }

    private Run play(String name, double length, PointLadder ladder, double[][] psnr, Way way) throws IOException {
        Frame large = Frame.allocate(setup.large);
        long period = Math.round(1e9 / fps);
        long all = Math.round(length * fps);
        long[] latencies = new long[(int) all];
        double[] slowdowns = new double[(int) all];
        int shown = 0;
        long late = 0;
        double sum = 0;
        long rescued = 0;
        System.gc();
        try (AdaptBenchLoad load = new AdaptBenchLoad(trace(name, length))) {
            load.begin();
            long start = System.nanoTime();
            for (int k = 0; k < all; k++) {
                long arrival = start + k * period;
                for (long left = arrival - System.nanoTime(); left > 0; left = arrival - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                if (System.nanoTime() - arrival >= period) {
                    late++;
                    continue;
                }
                int frame = k % setup.smallFrames.size();
                long begin = System.nanoTime();
                int ran = way.frame(setup.smallFrames.get(frame), large, arrival);
                long end = System.nanoTime();
                latencies[shown] = end - arrival;
                slowdowns[shown] = (double) (end - begin) / ladder.get(ran).predictedNanos();
                late += latencies[shown] > period ? 1 : 0;
                rescued += ran == PointLadder.FALLBACK ? 1 : 0;
                sum += psnr[ran][frame];
                shown++;
            }
        }
        long[] sorted = Arrays.copyOf(latencies, shown);
        Arrays.sort(sorted);
        return new Run(length, all, late, shown, rescued, sum / Math.max(1, shown),
                shown == 0 ? Double.NaN : sorted[sorted.length * 99 / 100] / 1e6, Arrays.copyOf(slowdowns, shown));
    }

    /// The quality of every point on every frame of the film.
    private double[][] quality(AdaptiveUpscaler session) {
        Frame large = Frame.allocate(session.output());
        double[][] psnr = new double[session.ladder().size()][setup.smallFrames.size()];
        for (int point = 0; point < psnr.length; point++) {
            for (int k = 0; k < psnr[point].length; k++) {
                session.upscaleAt(setup.smallFrames.get(k), large, point);
                psnr[point][k] = setup.psnr(large, k);
            }
        }
        return psnr;
    }
}
