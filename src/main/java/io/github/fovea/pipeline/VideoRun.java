package io.github.fovea.pipeline;

import io.github.fovea.frame.Frame;
import io.github.fovea.media.FrameSink;
import io.github.fovea.media.FrameSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;

/// Enlarges a video: one thread decodes, the caller's (with the workers) enlarges, one encodes, with a few frames
/// between them. Frames go round in a circle, so that memory does not grow with the video's length.
public final class VideoRun {
    /// Frames between two stages: enough to even out a slow frame, few enough to stay in the cache.
    private static final int QUEUE_FRAMES = 2;
    /// All frames of a side and the end fit into a queue: putting in never waits, waiting is for free frames only.
    private static final int QUEUE_ITEMS = QUEUE_FRAMES + 3;

    /// What a run took.
    ///
    /// @param frames       frames enlarged
    /// @param decodeNanos  time spent inside the source
    /// @param networkNanos time spent enlarging
    /// @param encodeNanos  time spent inside the sink
    /// @param wallNanos    time from the first to the last
    public record Statistics(long frames, long decodeNanos, long networkNanos, long encodeNanos, long wallNanos) {}

    /// A frame on its way, or the end.
    private record Item(Frame frame) {
        static final Item END = new Item(null);
    }

    private final FrameSource source;
    private final FrameSink sink;
    private final FrameStage upscaler;
    private final BlockingQueue<Item> decoded = new ArrayBlockingQueue<>(QUEUE_ITEMS);
    private final BlockingQueue<Item> enlarged = new ArrayBlockingQueue<>(QUEUE_ITEMS);
    private final BlockingQueue<Frame> smallFree = new ArrayBlockingQueue<>(QUEUE_ITEMS);
    private final BlockingQueue<Frame> largeFree = new ArrayBlockingQueue<>(QUEUE_ITEMS);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    /// What ended the source early. Apart from `failure`, which ends the run at once.
    private volatile Throwable sourceFailure;
    private volatile boolean stopped;
    private volatile long decodeNanos;
    private volatile long encodeNanos;

    private VideoRun(FrameSource source, FrameSink sink, FrameStage upscaler) {
        this.source = source;
        this.sink = sink;
        this.upscaler = upscaler;
        for (int i = 0; i < QUEUE_FRAMES + 2; i++) {
            smallFree.add(Frame.allocate(source.format().frame()));
            largeFree.add(Frame.allocate(upscaler.output()));
        }
    }

    /// Enlarges every frame of a source and commits the sink. Whatever goes wrong, the sink is left uncommitted and the
    /// trouble is thrown. Where a source ends in an error, the frames it gave before are written all the same: who
    /// reads a stream at the other end gets every frame that was whole.
    ///
    /// @param source       gives the small frames; left open
    /// @param sink         takes the large ones; committed at the end
    /// @param upscaler     made for the source's format
    /// @param progress     hears of frames handed to the sink
    /// @param cancellation looked at between frames
    /// @return what it took
    /// @throws IOException if reading or writing fails
    public static Statistics run(
            FrameSource source, FrameSink sink, FrameStage upscaler, Progress progress, Cancellation cancellation)
            throws IOException {
        return new VideoRun(source, sink, upscaler).run(progress, cancellation);
    }

    private Statistics run(Progress progress, Cancellation cancellation) throws IOException {
        long start = System.nanoTime();
        long networkNanos = 0;
        long frames = 0;
        Thread decoder = start("fovea-decode", this::decode);
        Thread encoder = start("fovea-encode", this::encode);
        try {
            for (Item item = decoded.take(); item != Item.END && failure.get() == null; item = decoded.take()) {
                cancellation.check();
                Frame large = largeFree.take();
                long before = System.nanoTime();
                upscaler.upscale(item.frame(), large);
                networkNanos += System.nanoTime() - before;
                smallFree.add(item.frame());
                enlarged.add(new Item(large));
                frames++;
                progress.update(frames, source.frameCountEstimate() > frames ? source.frameCountEstimate() : -1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure.compareAndSet(null, new CancellationException("interrupted"));
        } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
        } finally {
            end(decoder, encoder);
        }
        rethrow();
        sink.commit();
        progress.update(frames, frames);
        return new Statistics(frames, decodeNanos, networkNanos, encodeNanos, System.nanoTime() - start);
    }

    private static Thread start(String name, Runnable body) {
        return Thread.ofPlatform().daemon().name(name).start(body);
    }

    /// Tells both threads that no more frames come, and waits for them: nobody may commit or close a sink that is being
    /// written. The decoder may sit in a read or wait for a free frame; closing the source ends the one, an interrupt
    /// the other.
    private void end(Thread decoder, Thread encoder) throws IOException {
        boolean interrupted = Thread.interrupted();
        if (failure.get() != null) {
            stopped = true;
            try {
                source.close();
            } catch (IOException | RuntimeException e) {
                // What ended the run is told; both threads must end all the same.
                if (e != failure.get()) {
                    failure.get().addSuppressed(e);
                }
            }
            decoder.interrupt();
        }
        enlarged.add(Item.END);
        while (decoder.isAlive() || encoder.isAlive()) {
            try {
                decoder.join();
                encoder.join();
            } catch (InterruptedException e) {
                // The run is called off: frames that wait are not written any more.
                interrupted = true;
                failure.compareAndSet(null, new CancellationException("interrupted"));
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void rethrow() throws IOException {
        switch (failure.get() != null ? failure.get() : sourceFailure) {
            case null -> { }
            case IOException e -> throw e;
            case UncheckedIOException e -> throw e.getCause();
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }

    private void decode() {
        try {
            long nanos = 0;
            while (!stopped) {
                Frame free = smallFree.take();
                long before = System.nanoTime();
                Frame frame = source.next(free);
                nanos += System.nanoTime() - before;
                decodeNanos = nanos;
                if (frame == null) {
                    break;
                }
                decoded.add(new Item(frame));
            }
        } catch (InterruptedException e) {
            // The run has ended; there is nobody left to tell.
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException | Error e) {
            sourceFailure = e;
        } finally {
            decoded.add(Item.END);
        }
    }

    private void encode() {
        try {
            long nanos = 0;
            for (Item item = enlarged.take(); item != Item.END; item = enlarged.take()) {
                if (failure.get() == null) {
                    long before = System.nanoTime();
                    try {
                        sink.write(item.frame());
                    } catch (IOException | RuntimeException | Error e) {
                        // Goes on taking frames, so that nobody waits for a place in the queue.
                        failure.compareAndSet(null, e);
                    }
                    nanos += System.nanoTime() - before;
                    encodeNanos = nanos;
                }
                largeFree.add(item.frame());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
