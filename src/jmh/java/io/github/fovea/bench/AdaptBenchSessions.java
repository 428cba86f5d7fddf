package io.github.fovea.bench;

import io.github.fovea.adapt.ControllerOptions;
import io.github.fovea.adapt.MachineSensor;
import io.github.fovea.backend.WorkingMemory;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.pipeline.AdaptiveUpscaler;
import io.github.fovea.pipeline.FrameTurns;
import io.github.fovea.pipeline.SessionLog;
import io.github.fovea.pipeline.Workers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// Eight streams on one set of threads and one set of weights; then again with one of them of four times the pixels.
final class AdaptBenchSessions {
    private static final int SESSIONS = 8;

    private final AdaptBenchSetup setup;
    private final double seconds;
    private final double fps;
    private final AdaptBench bench;

    /// @param setup   film and points
    /// @param seconds length of each run
    /// @param fps     frames per second of each stream
    /// @param bench   prints
    AdaptBenchSessions(AdaptBenchSetup setup, double seconds, double fps, AdaptBench bench) {
        this.setup = setup;
        this.seconds = seconds;
        this.fps = fps;
        this.bench = bench;
    }

    void run() throws IOException, InterruptedException {
        bench.line("sessions", "wanted_fps", "fps", "frames", "late_%", "rescued", "psnr_exp", "switches_s", "stands_at");
        equal(setup.small, "alike");
        equal(setup.small.withSize(2 * AdaptBenchSetup.WIDTH, 2 * AdaptBenchSetup.HEIGHT), "one slow");
    }

    private void equal(FrameFormat first, String name) throws IOException, InterruptedException {
        ControllerOptions options = ControllerOptions.ofFrameRate(fps);
        List<WorkingMemory> memory = setup.memory();
        FrameTurns turns = new FrameTurns(MachineSensor.ofMachine());
        AdaptBenchSetup.Points points = setup.points(memory);
        List<AdaptiveUpscaler> all = new ArrayList<>();
        try (Workers workers = Workers.ofThreads(setup.threads)) {
            for (int i = 0; i < SESSIONS; i++) {
                all.add(setup.session(i == 0 ? first : setup.small, points, memory, options, workers, turns));
            }
            System.gc();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < SESSIONS; i++) {
                AdaptiveUpscaler session = all.get(i);
                List<Frame> film = i == 0 && !first.equals(setup.small) ? List.of(Frame.allocate(first)) : setup.smallFrames;
                // Streams of a server do not begin in the same moment.
                long offset = i * options.deadlineNanos() / SESSIONS;
                threads.add(Thread.ofPlatform().start(() -> stream(session, film, offset, options.deadlineNanos())));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            double least = Double.POSITIVE_INFINITY;
            double most = 0;
            for (int i = 0; i < SESSIONS; i++) {
                SessionLog.Counts counts = all.get(i).log().counts();
                double rate = counts.framesPerSecond();
                least = Math.min(least, rate);
                most = Math.max(most, rate);
                bench.line(name + ", " + (i + 1) + (i == 0 && !first.equals(setup.small) ? " (" + first.width() + "x"
                        + first.height() + ")" : ""), fps, rate, counts.frames(), 100.0 * counts.late() / counts.frames(),
                        counts.rescued(), counts.meanPsnr(), counts.switches() / seconds, counts.point());
                all.get(i).close();
            }
            bench.line(name + ", slowest of fastest", fps, least / most, 0, 0.0, 0, Double.NaN, 0.0, "-");
        }
        // The packed weights are those of one set of points, however many sessions run them.
        bench.line(name + ", working memory kB", memory.stream().mapToLong(WorkingMemory::bytes).sum() / 1e3, 0.0, 0, 0.0, 0,
                Double.NaN, 0.0, "-");
    }

    private void stream(AdaptiveUpscaler session, List<Frame> film, long offset, long period) {
        Frame large = Frame.allocate(session.output());
        long start = System.nanoTime() + offset;
        long frames = Math.round(seconds * fps);
        for (long k = 0; k < frames; k++) {
            long arrival = start + k * period;
            for (long left = arrival - System.nanoTime(); left > 0; left = arrival - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            session.upscale(film.get((int) (k % film.size())), large, arrival);
        }
    }
}
