package io.github.fovea.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.backend.Backends;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.PixelLayout;
import io.github.fovea.frame.Plane;
import io.github.fovea.media.ImageFiles;
import io.github.fovea.media.PictureMetadata;
import io.github.fovea.media.WriteOptions;
import io.github.fovea.patch.Tile;
import io.github.fovea.resample.ResampleKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Pictures of 24x250 pixels, enlarged twice: bands of 128 rows without a network, 500 rows in all.
class PictureRowsTest {
    private static final int WIDTH = 24;
    private static final int HEIGHT = 250;
    private static final int BAND = 128;

    private static Frame small() {
        return PictureUpscalerTest.picture(PixelLayout.RGBA, WIDTH, HEIGHT, 8, 17);
    }

    private static PictureUpscaler upscaler(Frame small, Workers workers) {
        return new PictureUpscaler(small, 2 * WIDTH, 2 * HEIGHT, null, ResampleKernel.BICUBIC, workers);
    }

    private static Frame whole(PictureUpscaler upscaler) {
        return upscaler.upscale(Progress.NONE, new Cancellation());
    }

    private static void assertRows(Frame expected, int y, Frame actual) {
        int width = expected.format().width();
        for (int p = 0; p < expected.planes().size(); p++) {
            assertArrayEquals(Arrays.copyOfRange(expected.plane(p).samples(), y * width,
                    (y + actual.format().height()) * width), actual.plane(p).samples(), "rows from " + y + ", plane " + p);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 64", "2, 64", "3, 17", "2, 499", "2, 500", "2, 200"})
    void rowsAreThoseOfTheWholePictureInAnyOrder(int threads, int rows) {
        try (Workers workers = Workers.ofThreads(threads)) {
            NetworkRunner network = NetworkRunner.compile(SmallNetworks.of(1, 2, 0.05), Backends.automatic(), threads, 500_000);
            PictureUpscaler upscaler = new PictureUpscaler(small(), 2 * WIDTH, 2 * HEIGHT, network, ResampleKernel.BICUBIC,
                    workers);
            Frame expected = whole(upscaler);
            int total = 2 * HEIGHT;
            try (PictureRows source = new PictureRows(upscaler, Progress.NONE, new Cancellation())) {
                for (int pass = 0; pass < 2; pass++) {
                    for (int y = 0; y < total; y += rows) {
                        assertRows(expected, y, source.rows(y, Math.min(rows, total - y)));
                    }
                }
                for (int y : new int[] {0, 300, 100, 110, 120, 400, 0, 10, 20, 15}) {
                    assertRows(expected, y, source.rows(y, 10));
                }
                assertRows(expected, 25, source.rows(25, 10));
                assertRows(expected, 35, source.rows(35, 11));
            }
        }
    }

    @Test
    void progressIsHeardOnTheWritersThreadAndRisesToTheEnd() {
        List<Long> heard = new ArrayList<>();
        Thread writer = Thread.currentThread();
        try (Workers workers = Workers.ofThreads(2);
                PictureRows source = new PictureRows(upscaler(small(), workers), (done, total) -> {
                    assertSame(writer, Thread.currentThread());
                    assertEquals(2 * HEIGHT, total);
                    heard.add(done);
                }, new Cancellation())) {
            for (int y = 0; y < 2 * HEIGHT; y += 50) {
                source.rows(y, 50);
                assertTrue(heard.getLast() >= y + 50, heard + " after the rows before " + (y + 50));
            }
        }
        assertEquals(heard.stream().sorted().distinct().toList(), heard);
        assertEquals(2 * HEIGHT, heard.getLast());
    }

    @Test
    void failuresOfRowsMadeAheadReachTheWriterAndLeaveNoFile(@TempDir Path folder) throws IOException {
        Workers workers = Workers.ofThreads(2);
        PictureUpscaler upscaler = upscaler(small(), workers);
        try (PictureRows source = new PictureRows(upscaler, Progress.NONE, new Cancellation())) {
            IllegalStateException thrown = assertThrows(IllegalStateException.class,
                    () -> ImageFiles.write(upscaler.format(), PictureMetadata.NONE, 16, (y, rows) -> {
                        Frame frame = source.rows(y, rows);
                        workers.close();
                        return frame;
                    }, folder.resolve("large.png"), new WriteOptions(90, false)));
            assertEquals("the upscaler whose threads these are is closed; open another", thrown.getMessage());
        }
        try (var files = Files.list(folder)) {
            assertEquals(List.of(), files.toList());
        }
    }

    @Test
    void cancellationReachesTheWriter() {
        Cancellation cancellation = new Cancellation();
        try (Workers workers = Workers.ofThreads(2);
                PictureRows source = new PictureRows(upscaler(small(), workers), (_, _) -> cancellation.cancel(),
                        cancellation)) {
            assertThrows(CancellationException.class, () -> {
                for (int y = 0; y < 2 * HEIGHT; y += 20) {
                    source.rows(y, 20);
                }
            });
        }
    }

    @Test
    void noThreadWorksOnAfterClose() {
        Set<Thread> callers = ConcurrentHashMap.newKeySet();
        try (Workers workers = Workers.of(task -> {
            callers.add(Thread.currentThread());
            task.run();
        }, 2)) {
            PictureRows source = new PictureRows(upscaler(small(), workers), Progress.NONE, new Cancellation());
            source.rows(0, 20);
            source.rows(20, 20);
            source.close();
            assertEquals(1, callers.size());
            Thread maker = callers.iterator().next();
            assertNotSame(Thread.currentThread(), maker);
            assertFalse(maker.isAlive());
            source.close();
        }
    }

    @Test
    void noMoreThanABandIsMadeAhead() {
        Semaphore jobs = new Semaphore(0);
        AtomicReference<Thread> maker = new AtomicReference<>();
        try (Workers workers = Workers.of(_ -> {
            maker.set(Thread.currentThread());
            jobs.release();
        }, 2)) {
            try (PictureRows source = new PictureRows(upscaler(small(), workers), Progress.NONE, new Cancellation())) {
                source.rows(0, 32);
                // The windows of two bands, the piece that was taken, and a band of pieces that wait.
                jobs.acquireUninterruptibly(2 + 1 + BAND / 32);
                // No helper runs and nobody takes: the maker waits for a place, or it would go on to the end.
                while (maker.get().getState() != Thread.State.WAITING && maker.get().isAlive()) {
                    Thread.onSpinWait();
                }
                assertEquals(0, jobs.availablePermits());
                source.rows(32, 32);
                jobs.acquireUninterruptibly();
            }
        }
    }

    @Test
    void aBandAndItsFinishedRowsStayWithinTheMemoryBound() {
        long bound = 20_000_000;
        NetworkRunner network = NetworkRunner.compile(SmallNetworks.of(1, 2, 0.05), Backends.automatic(), 2, bound);
        List<List<Tile>> groups = network.groups(2000, 4000);
        // Luma in and out as floats, and red, green, blue and alpha as shorts.
        long rowBytes = 2000 * (4 + 4 * (4 + 4 * 2));
        for (List<Tile> group : groups) {
            int rows = group.stream().mapToInt(tile -> tile.core().height()).sum();
            assertTrue(rows * rowBytes <= bound, rows + " rows of " + rowBytes + " bytes in a group");
        }
        assertTrue(groups.size() > 1, groups.size() + " groups");
    }

    @Test
    void oneThreadMakesNothingAhead() {
        try (Workers workers = Workers.ofThreads(1)) {
            Frame small = small();
            try (PictureRows source = new PictureRows(upscaler(small, workers), Progress.NONE, new Cancellation())) {
                source.rows(0, BAND);
                blank(small, 0);
                Frame expected = whole(upscaler(small, workers));
                assertRows(expected, BAND, source.rows(BAND, BAND));
            }
        }
    }

    private static void blank(Frame small, int row) {
        for (Plane plane : small.planes()) {
            Arrays.fill(plane.samples(), row * WIDTH, plane.samples().length, (short) 255);
        }
    }
}
