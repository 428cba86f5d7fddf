package io.github.fovea;

import io.github.fovea.pipeline.AdaptiveUpscaler;
import io.github.fovea.pipeline.FrameStage;
import io.github.fovea.pipeline.FrameTurns;
import io.github.fovea.pipeline.RoutedFrameUpscaler;
import io.github.fovea.pipeline.SessionLog;
import io.github.fovea.pipeline.ThreadEnd;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/// Enlarges the frames of one video, one after the other. Steady state allocates nothing. Parts that are the same as in
/// the frame before, as in recordings of a screen, are not computed again; the result has the same bits.
///
/// A session made with [SessionOptions] keeps a frame rate: it moves between the operating points of its model, all of
/// them resident, and takes the best that the machine of the moment allows; [#statistics()] counts what came of it, and
/// the flight recorder's event `io.github.fovea.Decision` tells of every frame, `io.github.fovea.Refusal` of every one
/// dropped. Such a session computes every frame whole, unless its points go by texture.
///
/// For one thread at a time, which is checked; several sessions may share an [Upscaler] and then take turns frame by
/// frame.
public final class UpscaleSession implements AutoCloseable {
    private final VideoFormat input;
    private final VideoFormat output;
    private final FrameTurns turns;
    /// One of the two.
    private final FrameStage fixed;
    private final AdaptiveUpscaler adaptive;
    private final String modelName;
    private final int queueFrames;
    private final AtomicReference<Thread> user = new AtomicReference<>();
    private final BlockingQueue<Item> queue = new LinkedBlockingQueue<>();
    private final AtomicInteger pending = new AtomicInteger();
    private final AtomicInteger dropped = new AtomicInteger();
    /// Number of the frame that comes next; each one handed in has one, dropped or not.
    private final AtomicInteger next = new AtomicInteger();
    private final Object lock = new Object();
    private Thread worker;
    private volatile boolean closed;
    private volatile long frames;

    /// A frame on its way, or the end.
    private record Item(VideoFrame small, VideoFrame large, int number, long arrival,
            CompletableFuture<VideoFrame> done) {
        static final Item END = new Item(null, null, 0, 0, null);
    }

    UpscaleSession(Upscaler owner, VideoFormat input, FrameStage stage, FrameTurns turns) {
        this.input = input;
        this.output = enlarged(input, owner.scale());
        this.turns = turns;
        this.modelName = owner.model().name();
        this.queueFrames = 1;
        this.adaptive = null;
        this.fixed = stage;
    }

    UpscaleSession(Upscaler owner, VideoFormat input, AdaptiveUpscaler adaptive, int queueFrames, FrameTurns turns) {
        this.input = input;
        this.output = enlarged(input, owner.scale());
        this.turns = turns;
        this.modelName = owner.model().name();
        this.queueFrames = queueFrames;
        this.adaptive = adaptive;
        this.fixed = null;
    }

    static VideoFormat enlarged(VideoFormat input, int scale) {
        return input.withSize(Math.multiplyExact(input.width(), scale), Math.multiplyExact(input.height(), scale));
    }

    /// {@return the format of the small frames}
    public VideoFormat input() {
        return input;
    }

    /// {@return the format of the large frames}
    public VideoFormat output() {
        return output;
    }

    /// {@return the names of the operating points, the cheapest first; of the model alone where the session keeps no
    /// rate}
    public List<String> points() {
        return adaptive == null ? List.of(modelName)
                : adaptive.ladder().points().stream().map(point -> point.name()).toList();
    }

    /// Enlarges a frame into a new one.
    ///
    /// @param small a frame of the input format
    /// @return a new frame of the output format
    public VideoFrame upscale(VideoFrame small) {
        VideoFrame large = new VideoFrame(output);
        upscale(small, large);
        return large;
    }

    /// Enlarges a frame into one that the caller uses again and again. Its time counts from the call.
    ///
    /// @param small a frame of the input format
    /// @param large a frame of the output format; every sample is written
    /// @throws IllegalArgumentException if a frame has another format
    /// @throws IllegalStateException    if another thread is inside, or the session is closed
    public void upscale(VideoFrame small, VideoFrame large) {
        // Frames that were submitted are asked once, where they are counted.
        if (closed) {
            throw new IllegalStateException("the session is closed");
        }
        int number = next.get();
        upscale(small, large, number, System.nanoTime());
        next.compareAndSet(number, number + 1);
    }

    private void upscale(VideoFrame small, VideoFrame large, int number, long arrival) {
        Objects.requireNonNull(small, "small");
        Objects.requireNonNull(large, "large");
        Thread current = Thread.currentThread();
        Thread inside = user.compareAndExchange(null, current);
        if (inside != null) {
            throw new IllegalStateException("thread " + inside.getName()
                    + " is enlarging a frame of this session; a session serves one thread at a time, give each thread "
                    + "its own");
        }
        try {
            if (adaptive != null) {
                adaptive.seek(number);
                adaptive.upscale(small.internal(), large.internal(), arrival);
            } else {
                turns.turn().lock();
                try {
                    if (fixed instanceof RoutedFrameUpscaler routed) {
                        routed.seek(number);
                    }
                    fixed.upscale(small.internal(), large.internal());
                } finally {
                    turns.turn().unlock();
                }
            }
            frames++;
        } finally {
            user.set(null);
        }
    }

    /// Hands a frame in and returns at once; a thread of the session enlarges it. A frame that finds the queue full is
    /// dropped and counted: a live source does not wait. Neither frame may be touched until the future is done.
    ///
    /// @param small a frame of the input format; its time counts from the call
    /// @param large a frame of the output format
    /// @return gives `large` when it is done; at once a [RejectedExecutionException] when the frame is dropped
    public CompletableFuture<VideoFrame> submit(VideoFrame small, VideoFrame large) {
        Objects.requireNonNull(small, "small");
        Objects.requireNonNull(large, "large");
        long arrival = System.nanoTime();
        Item item;
        synchronized (lock) {
            item = new Item(small, large, next.getAndIncrement(), arrival, new CompletableFuture<>());
            if (closed || pending.get() > queueFrames) {
                return refuse(item, closed ? "the session is closed"
                        : pending.get() + " frames are in flight or waiting, as many as the session allows");
            }
            pending.incrementAndGet();
            if (worker == null) {
                worker = Thread.ofPlatform().daemon().name("fovea-session").start(this::serve);
            }
            queue.add(item);
        }
        return item.done();
    }

    private CompletableFuture<VideoFrame> refuse(Item item, String why) {
        dropped.incrementAndGet();
        if (adaptive != null) {
            adaptive.refused(item.number(), why);
        }
        item.done().completeExceptionally(new RejectedExecutionException("frame dropped: " + why));
        return item.done();
    }

    private void serve() {
        try {
            for (Item item = queue.take(); item != Item.END; item = queue.take()) {
                Throwable problem = null;
                try {
                    if (closed) {
                        refuse(item, "the session is closed");
                    } else {
                        upscale(item.small(), item.large(), item.number(), item.arrival());
                    }
                } catch (RuntimeException | Error e) {
                    problem = e;
                }
                // The place is free before the caller hears of it and hands in the next frame.
                pending.decrementAndGet();
                if (problem != null) {
                    item.done().completeExceptionally(problem);
                } else {
                    item.done().complete(item.large());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// {@return the counts so far; may be asked for by any thread}
    public SessionStatistics statistics() {
        if (adaptive == null) {
            return new SessionStatistics(frames, 0, 0, 0, dropped.get(), 0, Map.of(modelName, frames), modelName,
                    Double.NaN, Duration.ZERO, Duration.ZERO, Double.NaN);
        }
        SessionLog.Counts counts = adaptive.log().counts();
        return new SessionStatistics(counts.frames(), counts.late(), counts.rescued(), counts.starved(), dropped.get(),
                counts.switches(), counts.framesByPoint(), counts.point(), counts.meanPsnr(),
                Duration.ofNanos(counts.medianNanos()), Duration.ofNanos(counts.highNanos()), counts.framesPerSecond());
    }

    /// {@return what frames took that went by parts, so far; empty where one network does all, or a frame rate is kept.
    /// May be asked for by any thread, and waits for the frame in flight}
    public Optional<RoutingStatistics> routing() {
        if (!(fixed instanceof RoutedFrameUpscaler routed)) {
            return Optional.empty();
        }
        turns.turn().lock();
        try {
            return Optional.of(RoutingStatistics.of(routed.statistics()));
        } finally {
            turns.turn().unlock();
        }
    }

    /// Says which frame of the video is handed in next, after a jump in the video: the route map knows paths by frame,
    /// and segments of a video have weights of their own. Sessions without either need not hear of jumps. Frames that
    /// were submitted before keep their numbers.
    ///
    /// @param frame number of the next frame, from 0
    /// @throws IllegalArgumentException if the number is negative, or the route map ends before
    public void seek(int frame) {
        if (fixed instanceof RoutedFrameUpscaler routed) {
            turns.turn().lock();
            try {
                routed.seek(frame);
            } finally {
                turns.turn().unlock();
            }
        } else if (frame < 0) {
            throw new IllegalArgumentException("frame " + frame + ", wanted 0 or more");
        }
        next.set(frame);
    }

    /// Ends the session: the frame in flight is finished, frames that wait are dropped and counted. A second call does
    /// nothing. The [Upscaler] stays open.
    @Override
    public void close() {
        Thread last;
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            queue.add(Item.END);
            last = worker;
        }
        if (last != null && last != Thread.currentThread()) {
            ThreadEnd.await(last);
        }
        if (adaptive != null) {
            adaptive.close();
        }
    }
}
