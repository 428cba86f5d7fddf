package io.github.fovea.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.frame.ColorDescription;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.PixelLayout;
import io.github.fovea.media.FrameSink;
import io.github.fovea.media.FrameSource;
import io.github.fovea.media.Ratio;
import io.github.fovea.media.VideoFormat;
import io.github.fovea.resample.ResampleKernel;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class VideoRunTest {
    private static final VideoFormat FORMAT = new VideoFormat(
            new FrameFormat(12, 8, PixelLayout.YCBCR_420, 8, ColorDescription.UNKNOWN), new Ratio(25, 1));

    /// Gives frames whose first sample counts them; may fail at one.
    private static class Source implements FrameSource {
        private final int frames;
        private final int failAt;
        private int given;

        Source(int frames, int failAt) {
            this.frames = frames;
            this.failAt = failAt;
        }

        @Override
        public VideoFormat format() {
            return FORMAT;
        }

        @Override
        public Frame next(Frame reuse) throws IOException {
            if (given == failAt) {
                throw new IOException("decoder died at frame " + given);
            }
            if (given == frames) {
                return null;
            }
            java.util.Arrays.fill(reuse.plane(0).samples(), (short) (16 + given % 200));
            given++;
            return reuse;
        }

        @Override
        public long frameCountEstimate() {
            return frames;
        }

        @Override
        public void close() {}
    }

    /// Keeps what frames say, and which objects they are.
    private static class Sink implements FrameSink {
        private final List<Integer> seen = new ArrayList<>();
        private final Set<Frame> objects = Collections.newSetFromMap(new IdentityHashMap<>());
        private final int failAt;
        private boolean committed;

        Sink(int failAt) {
            this.failAt = failAt;
        }

        @Override
        public VideoFormat format() {
            return FORMAT.withFrame(FORMAT.frame().withSize(24, 16));
        }

        @Override
        public void write(Frame frame) throws IOException {
            if (seen.size() == failAt) {
                throw new IOException("no space left at frame " + failAt);
            }
            objects.add(frame);
            seen.add(frame.plane(0).get(5, 5));
        }

        @Override
        public void commit() {
            committed = true;
        }

        @Override
        public void close() {}
    }

    private static VideoRun.Statistics run(Source source, Sink sink, Progress progress, Cancellation cancellation)
            throws IOException {
        try (Workers workers = Workers.ofThreads(2)) {
            FrameUpscaler upscaler = new FrameUpscaler(FORMAT.frame(), 24, 16, null, ResampleKernel.BICUBIC, workers);
            return VideoRun.run(source, sink, upscaler, progress, cancellation);
        }
    }

    @Test
    void framesKeepTheirOrderAndGoRoundInACircle() throws IOException {
        Sink sink = new Sink(-1);
        List<Long> heard = new ArrayList<>();
        VideoRun.Statistics statistics = run(new Source(500, -1), sink, (done, _) -> heard.add(done), new Cancellation());
        assertEquals(500, statistics.frames());
        assertTrue(sink.committed);
        for (int i = 0; i < 500; i++) {
            assertEquals(16 + i % 200, sink.seen.get(i), "frame " + i);
        }
        assertTrue(sink.objects.size() <= 4, sink.objects.size() + " frames were made for 500");
        assertEquals(heard.stream().sorted().toList(), heard);
        assertEquals(500, heard.getLast());
    }

    @Test
    void anEmptyVideoIsAnEmptyVideo() throws IOException {
        Sink sink = new Sink(-1);
        assertEquals(0, run(new Source(0, -1), sink, Progress.NONE, new Cancellation()).frames());
        assertTrue(sink.committed);
    }

    @Test
    void aDecoderThatDiesLeavesTheSinkUncommitted() {
        for (int at : new int[] {0, 1, 100}) {
            Sink sink = new Sink(-1);
            IOException thrown = assertThrows(IOException.class,
                    () -> run(new Source(500, at), sink, Progress.NONE, new Cancellation()));
            assertEquals("decoder died at frame " + at, thrown.getMessage());
            assertFalse(sink.committed);
        }
    }

    /// Frames on their way were dropped: a reader of a live stream lost up to seven whole frames before the cut.
    @Test
    void framesBeforeACutAreWritten() {
        for (int at : new int[] {0, 1, 3, 100}) {
            CountDownLatch cut = new CountDownLatch(1);
            Source source = new Source(500, at) {
                @Override
                public Frame next(Frame reuse) throws IOException {
                    try {
                        return super.next(reuse);
                    } catch (IOException e) {
                        cut.countDown();
                        throw e;
                    }
                }
            };
            Sink sink = new Sink(-1) {
                @Override
                public void write(Frame frame) throws IOException {
                    // Three frames fit between the source and the sink, so that all of them can be on their way at the cut.
                    if (at <= 3) {
                        try {
                            cut.await();
                        } catch (InterruptedException e) {
                            throw new InterruptedIOException();
                        }
                    }
                    super.write(frame);
                }
            };
            assertThrows(IOException.class, () -> run(source, sink, Progress.NONE, new Cancellation()));
            assertEquals(IntStream.range(0, at).mapToObj(i -> 16 + i % 200).toList(), sink.seen);
        }
    }

    @Test
    void anEncoderThatFailsStopsTheRun() {
        Sink sink = new Sink(3);
        IOException thrown = assertThrows(IOException.class,
                () -> run(new Source(100_000_000, -1), sink, Progress.NONE, new Cancellation()));
        assertEquals("no space left at frame 3", thrown.getMessage());
        assertFalse(sink.committed);
    }

    @Test
    void cancellationStopsTheRun() {
        Sink sink = new Sink(-1);
        Cancellation cancellation = new Cancellation();
        assertThrows(CancellationException.class, () -> run(new Source(100_000_000, -1), sink, (done, _) -> {
            if (done == 10) {
                cancellation.cancel();
            }
        }, cancellation));
        assertFalse(sink.committed);
    }

    @Test
    void whatAProgressListenerThrowsReachesTheCaller() {
        IllegalStateException mine = new IllegalStateException("listener");
        assertSame(mine, assertThrows(IllegalStateException.class, () -> run(new Source(50, -1), new Sink(-1), (_, _) -> {
            throw mine;
        }, new Cancellation())));
    }

    /// The run waits for the last frame to be written when it is interrupted; it committed a video without that frame.
    @Test
    void interruptionAtTheEndCommitsNothing() throws InterruptedException {
        CountDownLatch written = new CountDownLatch(1);
        Sink sink = new Sink(-1) {
            @Override
            public void write(Frame frame) throws IOException {
                try {
                    written.await();
                } catch (InterruptedException e) {
                    throw new InterruptedIOException();
                }
                super.write(frame);
            }
        };
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread runner = Thread.ofPlatform().start(() -> {
            try {
                run(new Source(1, -1), sink, Progress.NONE, new Cancellation());
            } catch (IOException | RuntimeException e) {
                thrown.set(e);
            }
        });
        while (runner.isAlive() && Arrays.stream(runner.getStackTrace()).noneMatch(frame -> frame.getMethodName().equals("join"))) {
            Thread.onSpinWait();
        }
        runner.interrupt();
        // Until the run has heard of it: once everything is written, it is too late to call it off.
        while (runner.isInterrupted() && runner.isAlive()) {
            Thread.onSpinWait();
        }
        written.countDown();
        runner.join();
        assertFalse(sink.committed);
        assertInstanceOf(CancellationException.class, thrown.get());
    }
}
