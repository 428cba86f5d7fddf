package io.github.fovea.pipeline;

import io.github.fovea.adapt.Controller;
import io.github.fovea.adapt.ControllerOptions;
import io.github.fovea.adapt.FrameWatch;
import io.github.fovea.adapt.MemoryPolicy;
import io.github.fovea.adapt.OperatingPoint;
import io.github.fovea.adapt.PacedClock;
import io.github.fovea.adapt.PointLadder;
import io.github.fovea.adapt.Reason;
import io.github.fovea.adapt.Sensing;
import io.github.fovea.adapt.Shares;
import io.github.fovea.backend.WorkingMemory;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.model.TexturePoint;
import io.github.fovea.resample.ResampleKernel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Enlarges the frames of one video in time: every frame at the operating point that the machine of the moment allows.
///
/// All points are compiled, warm and resident before the first frame; a switch happens between two frames and is the
/// choice of another list of kernel calls, so it allocates nothing and reads nothing. Not for use by two threads at a
/// time.
public final class AdaptiveUpscaler implements FrameStage, AutoCloseable {
    private static final AtomicInteger SESSIONS = new AtomicInteger();

    /// One way to enlarge luma.
    ///
    /// @param name    name for people
    /// @param network the network, or `null` for plain bicubic
    /// @param psnr    expected quality in dB
    public record Point(String name, NetworkRunner network, double psnr) {}

    private final int number = SESSIONS.incrementAndGet();
    private final FrameTurns turns;
    private final Shares.Member member;
    private final PointStage stage;
    private final List<WorkingMemory> memory;
    private final PointLadder ladder;
    private final Controller controller;
    private final PacedClock clock;
    private final double[] content;
    private final FrameWatch watch = new FrameWatch();
    private final long deadlineNanos;
    private final MemoryPolicy memoryPolicy = new MemoryPolicy(Runtime.getRuntime().maxMemory());
    private final SessionLog log;
    private Sensing seen;
    private double tileShare = 1;
    private long frames;
    private volatile int next;
    /// Switches before the frame in flight.
    private long switches;
    private int ran;
    private boolean closed;

    /// A stage whose points are numbered as in a ladder.
    record Prepared(PointStage stage, PointLadder ladder) {}

    /// Prepares points that each serve whole frames for one format, runs each of them for a few frames to see what it
    /// costs on this machine, and leaves out those that cost more than a better one.
    ///
    /// @param input    format of the frames that come
    /// @param width    output width
    /// @param height   output height
    /// @param points   the points in any order; plain bicubic is added where it is missing
    /// @param memory   the working memory that the points' networks share, one per worker thread
    /// @param options  what is to be held
    /// @param periodNanos time between two frames, for the division of the threads among sessions
    /// @param workers  the threads that do it
    /// @param turns    whose turn it is on these threads
    public AdaptiveUpscaler(FrameFormat input, int width, int height, List<Point> points, List<WorkingMemory> memory,
            ControllerOptions options, long periodNanos, Workers workers, FrameTurns turns) {
        this(whole(input, width, height, points, workers, turns), memory, options, periodNanos, turns);
    }

    /// Prepares points that take a path for each texture class, for one format, and measures them likewise.
    ///
    /// @param input    format of the frames that come
    /// @param width    output width
    /// @param height   output height
    /// @param points   the points
    /// @param memory   the working memory that the paths share, one per worker thread
    /// @param options  what is to be held
    /// @param periodNanos time between two frames, for the division of the threads among sessions
    /// @param workers  the threads that do it
    /// @param turns    whose turn it is on these threads
    public AdaptiveUpscaler(FrameFormat input, int width, int height, TextureLadder points, List<WorkingMemory> memory,
            ControllerOptions options, long periodNanos, Workers workers, FrameTurns turns) {
        this(textured(input, width, height, points, workers, turns), memory, options, periodNanos, turns);
    }

    AdaptiveUpscaler(Prepared prepared, List<WorkingMemory> memory, ControllerOptions options, long periodNanos,
            FrameTurns turns) {
        this.turns = turns;
        this.memory = List.copyOf(memory);
        clock = new PacedClock(periodNanos);
        stage = prepared.stage();
        ladder = prepared.ladder();
        controller = new Controller(ladder, options);
        content = new double[ladder.size()];
        deadlineNanos = options.deadlineNanos();
        log = new SessionLog(ladder);
        member = turns.join(periodNanos);
        // The flight recorder takes a tenth of a second to know its first event: now, not in the first frame.
        DecisionEvent.PROBE.isEnabled();
    }

    private static Prepared whole(FrameFormat input, int width, int height, List<Point> points, Workers workers,
            FrameTurns turns) {
        List<Point> all = new ArrayList<>(points);
        if (points.stream().noneMatch(point -> point.network() == null)) {
            double lowest = points.stream().mapToDouble(Point::psnr).min().orElseThrow();
            all.add(new Point("bicubic", null, lowest - 1));
        }
        all.sort(Comparator.comparingDouble(Point::psnr));
        Frame small = Frame.allocate(input);
        Frame large = Frame.allocate(input.withSize(width, height));
        List<FrameUpscaler> made = new ArrayList<>();
        List<Runnable> runs = new ArrayList<>();
        for (Point point : all) {
            FrameUpscaler upscaler = new FrameUpscaler(input, width, height, point.network(), ResampleKernel.BICUBIC,
                    workers);
            if (point.network() != null) {
                point.network().warmUp();
            }
            made.add(upscaler);
            runs.add(() -> upscaler.upscale(small, large));
        }
        long[] nanos = PointTimes.measure(runs, turns.turn());
        List<OperatingPoint> measured = new ArrayList<>();
        for (int i = 0; i < nanos.length; i++) {
            NetworkRunner network = all.get(i).network();
            measured.add(new OperatingPoint(all.get(i).name(), network == null ? 0 : network.macsPerPixel(),
                    network == null ? 0 : network.peakBytes(input.width(), input.height()), all.get(i).psnr(),
                    nanos[i]));
        }
        withoutNoise(measured);
        PointLadder ladder = PointLadder.of(measured);
        return new Prepared(new WholeFrames(ladder.points().stream().map(point -> made.get(measured.indexOf(point)))
                .toArray(FrameUpscaler[]::new)), ladder);
    }

    private static Prepared textured(FrameFormat input, int width, int height, TextureLadder points, Workers workers,
            FrameTurns turns) {
        List<TexturePoint> all = new ArrayList<>(points.points());
        all.sort(Comparator.comparingDouble(TexturePoint::psnr));
        TexturedFrames frames = new TexturedFrames(input, width, height, points, workers);
        List<OperatingPoint> measured = new ArrayList<>(frames.measure(all, turns.turn()));
        withoutNoise(measured);
        PointLadder ladder = PointLadder.of(measured);
        frames.number(ladder.points().stream().map(point -> all.get(measured.indexOf(point))).toList());
        return new Prepared(frames, ladder);
    }

    /// On a busy machine a cheap point may be measured as slower than a dear one, which is noise, not a cost: no point
    /// costs more than a better one of more multiply-adds.
    ///
    /// @param measured the points by rising quality; changed where noise is seen
    static void withoutNoise(List<OperatingPoint> measured) {
        for (int i = measured.size() - 2; i >= 0; i--) {
            OperatingPoint point = measured.get(i);
            long least = Long.MAX_VALUE;
            for (OperatingPoint better : measured.subList(i + 1, measured.size())) {
                if (point.macsPerPixel() < better.macsPerPixel()) {
                    least = Math.min(least, better.predictedNanos());
                }
            }
            if (point.predictedNanos() >= least) {
                measured.set(i, new OperatingPoint(point.name(), point.macsPerPixel(), point.bytes(), point.psnr(),
                        Math.max(1, least - Math.max(1, least / 20))));
            }
        }
    }

    @Override
    public FrameFormat output() {
        return stage.output();
    }

    /// {@return the points in order of cost, as measured on this machine}
    public PointLadder ladder() {
        return ladder;
    }

    /// {@return what happened so far}
    public SessionLog log() {
        return log;
    }

    @Override
    public void upscale(Frame from, Frame to) {
        upscale(from, to, System.nanoTime());
    }

    /// Enlarges a frame that arrived some time ago.
    ///
    /// @param from    of the input format
    /// @param to      of the output format; every sample is written
    /// @param arrival when the frame arrived, by [System#nanoTime]: its deadline counts from there
    public void upscale(Frame from, Frame to, long arrival) {
        turns.turn().lock();
        try {
            if (closed) {
                throw new IllegalStateException("the session is closed");
            }
            Sensing sensing = look();
            long begin = System.nanoTime();
            stage.seek(next);
            stage.look(from);
            for (int i = 0; i < content.length; i++) {
                content[i] = stage.content(i);
            }
            controller.expect(content);
            double relief = memoryPolicy.relief();
            long share = turns.shares().allowance(member, begin, controller.wishNanos());
            ran = controller.begin(clock.begin(begin), begin - arrival, share, sensing, relief);
            if (relief > 0 && controller.switches() != switches) {
                // What the point before took; the new one takes what it needs.
                release();
            }
            double expected = controller.expectedNanos(ran);
            enlarge(from, to, begin, arrival, expected);
            long end = System.nanoTime();
            boolean late = controller.end(clock.at(end), end - begin, end - arrival);
            turns.shares().used(member, end - begin, end);
            log.frame(arrival, end, ran, controller.point(), controller.reason(), late, controller.switches(),
                    seen == null ? Double.NaN : seen.othersBusy());
            if (DecisionEvent.PROBE.isEnabled()) {
                record(expected, share, end - begin, end - arrival, late);
            }
            switches = controller.switches();
            frames++;
            next++;
        } finally {
            turns.turn().unlock();
        }
    }

    /// Enlarges at the point chosen. A frame that would be late there, or does not fit into memory, is the fallback's.
    private void enlarge(Frame from, Frame to, long begin, long arrival, double expected) {
        if (ran > PointLadder.FALLBACK) {
            watch.begin(begin, arrival + deadlineNanos, expected, controller.fallbackNanos());
            try {
                stage.upscale(from, to, ran, watch);
                return;
            } catch (FrameProgress.GivenUp _) {
                controller.abandon(watch.wouldTake());
            } catch (OutOfMemoryError _) {
                release();
                controller.starve(clock.at(System.nanoTime()));
            }
            ran = PointLadder.FALLBACK;
        }
        stage.upscale(from, to, ran, null);
    }

    /// Says which frame of the video comes next, where it is not the one behind the latest. Takes no turn: a session
    /// says it before every frame, and would wait for the other sessions' frames twice.
    ///
    /// @param frame its number, from 0
    public void seek(int frame) {
        next = frame;
    }

    /// Tells the flight recorder of a frame that was not taken in.
    ///
    /// @param frame its number in the video, from 0
    /// @param why   why it was dropped
    public void refused(int frame, String why) {
        RefusalEvent event = new RefusalEvent();
        event.session = number;
        event.frame = frame;
        event.reason = why;
        event.commit();
    }

    /// Enlarges a frame at a point of the caller's choice, uncounted: for measurements and comparisons.
    ///
    /// @param from  of the input format
    /// @param to    of the output format; every sample is written
    /// @param point index of a point of the ladder
    /// @throws IllegalArgumentException if there is no such point
    public void upscaleAt(Frame from, Frame to, int point) {
        if (point < 0 || point >= ladder.size()) {
            throw new IllegalArgumentException("operating point " + point + ", the ladder has 0 to " + ladder.top());
        }
        turns.turn().lock();
        try {
            stage.look(from);
            stage.upscale(from, to, point, null);
        } finally {
            turns.turn().unlock();
        }
    }

    private void release() {
        memory.forEach(WorkingMemory::release);
        stage.release();
    }

    /// {@return a look at the machine that the controller has not had yet, or `null`}
    private Sensing look() {
        Sensing latest = turns.sensing();
        if (latest == null || latest == seen) {
            return null;
        }
        seen = latest;
        double share = memoryPolicy.update(System.nanoTime(), latest);
        if (share != tileShare) {
            tileShare = share;
            stage.limitMemory(share);
            release();
        }
        return latest;
    }

    private void record(double expected, long share, long run, long latency, boolean late) {
        DecisionEvent event = new DecisionEvent();
        event.session = number;
        event.frame = frames;
        event.point = ladder.get(ran).name();
        event.reason = controller.reason().name();
        event.switched = controller.switches() != switches;
        event.expectedNanos = (long) expected;
        event.shareNanos = Math.min(share, deadlineNanos);
        event.runNanos = run;
        event.latencyNanos = latency;
        event.late = late;
        event.othersBusy = seen == null ? Double.NaN : seen.othersBusy();
        event.tileShare = tileShare;
        event.commit();
    }

    /// {@return index of the point that the latest frame ran at}
    public int ran() {
        return ran;
    }

    /// {@return why the latest frame ran at its point}
    public Reason reason() {
        return controller.reason();
    }

    /// Gives the session's share of the threads back once the frame in flight is done. A second call does nothing.
    @Override
    public void close() {
        turns.turn().lock();
        try {
            if (!closed) {
                closed = true;
                turns.leave(member);
            }
        } finally {
            turns.turn().unlock();
        }
    }
}
