package io.github.fovea.route;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.error.MalformedFileException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteMapFileTest {
    private static final String HASH = "00ff".repeat(16);

    /// Blobs of paths that drift over a frame, with noise: a share of cells flips from frame to frame.
    static RouteMap drifting(int frames, int paths, double flips, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Grid grid = Grid.of(960, 540, 20, 10);
        List<byte[]> list = new ArrayList<>();
        for (int f = 0; f < frames; f++) {
            byte[] cells = new byte[grid.cells().size()];
            for (int i = 0; i < cells.length; i++) {
                double x = i % 20 / 20.0 - 0.3 - f * 0.002;
                double y = i / 20 / 10.0 - 0.5;
                cells[i] = (byte) Math.clamp((int) ((paths + 1) * (1.2 - 3 * (x * x + y * y))), 0, paths);
                if (random.nextDouble() < flips) {
                    cells[i] = (byte) random.nextInt(paths + 1);
                }
            }
            list.add(cells);
        }
        return new RouteMap(960, 540, 20, 10, paths, HASH, list);
    }

    private static void assertSame(RouteMap wanted, RouteMap got) {
        assertEquals(List.of(wanted.width(), wanted.height(), wanted.columns(), wanted.rows(), wanted.paths(), wanted.frames()),
                List.of(got.width(), got.height(), got.columns(), got.rows(), got.paths(), got.frames()));
        assertEquals(wanted.video(), got.video());
        byte[] a = new byte[wanted.grid().cells().size()];
        byte[] b = new byte[a.length];
        for (int f = 0; f < wanted.frames(); f++) {
            wanted.copy(f, a);
            got.copy(f, b);
            assertArrayEquals(a, b, "frame " + f);
        }
    }

    private static RouteMap read(byte[] bytes) throws IOException {
        return RouteMapFile.read(new ByteArrayInputStream(bytes), "memory");
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 0", "1, 1, 0.5", "1, 4, 1", "50, 1, 0.03", "50, 2, 0.03", "50, 3, 0.1", "50, 4, 1", "300, 2, 0"})
    void whatIsWrittenIsRead(int frames, int paths, double flips) throws IOException {
        RouteMap map = drifting(frames, paths, flips, frames + paths);
        assertSame(map, read(RouteMapFile.bytes(map)));
    }

    @Test
    void oddGridsAndFiles(@TempDir Path folder) throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        Path file = folder.resolve("a.routes");
        for (int round = 0; round < 30; round++) {
            int width = random.nextInt(1, 500);
            int height = random.nextInt(1, 300);
            int columns = random.nextInt(1, 30);
            int rows = random.nextInt(1, 30);
            int paths = random.nextInt(1, 5);
            List<byte[]> frames = new ArrayList<>();
            for (int f = random.nextInt(6); f > 0; f--) {
                byte[] cells = new byte[Grid.of(width, height, columns, rows).cells().size()];
                for (int i = 0; i < cells.length; i++) {
                    cells[i] = (byte) random.nextInt(paths + 1);
                }
                frames.add(cells);
            }
            RouteMap map = new RouteMap(width, height, columns, rows, paths, HASH, frames);
            RouteMapFile.write(map, file);
            assertSame(map, RouteMapFile.read(file));
            assertArrayEquals(RouteMapFile.bytes(map), Files.readAllBytes(file));
        }
    }

    /// The authors' maps flip 2 to 3 % of their cells from frame to frame.
    @Test
    void plausibleMapsTakeLessThanABitPerCell() {
        for (int paths = 1; paths <= 3; paths++) {
            RouteMap map = drifting(100, paths, 0.03, paths);
            double bits = 8.0 * RouteMapFile.bytes(map).length / (100 * 200);
            assertTrue(bits < 0.5, bits + " bits per cell of " + paths + " paths, header included");
        }
        assertTrue(8.0 * RouteMapFile.bytes(drifting(100, 2, 0, 1)).length / (100 * 200) < 0.15);
    }

    private static byte[] withSum(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, bytes.length - 4);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(bytes.length - 4, (int) crc.getValue());
        return bytes;
    }

    @ParameterizedTest
    @CsvSource({"0, 1, FovRoute", "8, 2, version", "9, 0, paths is 0", "9, 5, paths is 5", "14, 0, columns", "15, 1, columns",
        "16, 65, rows", "62, 1, routes begin with 1", "62, 255, routes begin with 255", "21, 127, frames", "21, 255, frames", "25, 127, bytes of routes", "26, 1, reserved", "18, 9, do not fill"})
    void headersThatLie(int at, int value, String because) {
        byte[] bytes = RouteMapFile.bytes(drifting(10, 2, 0.1, 3));
        bytes[at] = (byte) value;
        String message = assertThrows(MalformedFileException.class, () -> read(withSum(bytes))).getMessage();
        assertTrue(message.contains(because), message);
    }

    @Test
    void mapsThatTheReaderWouldRefuseAreNotWritten() {
        RouteMap map = drifting(10, 2, 0.1, 3);
        int codeBytes = ByteBuffer.wrap(RouteMapFile.bytes(map)).order(ByteOrder.LITTLE_ENDIAN).getInt(22);
        assertArrayEquals(RouteMapFile.bytes(map), RouteMapFile.bytes(map, codeBytes));
        String message = assertThrows(IllegalArgumentException.class, () -> RouteMapFile.bytes(map, codeBytes - 1)).getMessage();
        assertTrue(message.contains("take " + codeBytes + " bytes, wanted at most " + (codeBytes - 1)), message);
    }

    @Test
    void aFolderIsNoRouteMap(@TempDir Path folder) {
        String message = assertThrows(MalformedFileException.class, () -> RouteMapFile.read(folder)).getMessage();
        assertTrue(message.contains("is a folder, wanted a route map"), message);
    }

    /// A few bytes must not become gigabytes.
    @Test
    void aShortFileHoldsFewCells() {
        byte[] bytes = RouteMapFile.bytes(drifting(10, 2, 0.1, 3));
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(18, RouteMap.MAX_CELLS / 200);
        String message = assertThrows(MalformedFileException.class, () -> read(withSum(bytes))).getMessage();
        assertTrue(message.contains("wanted at most"), message);
    }

    @Test
    void mapsHoldSoManyCellsAndNoMore() {
        Grid grid = Grid.of(960, 540, 20, 10);
        long most = RouteMap.MAX_CELLS / grid.cells().size();
        RouteMap.checkCells(most, grid);
        String message = assertThrows(IllegalArgumentException.class, () -> RouteMap.checkCells(most + 1, grid)).getMessage();
        assertTrue(message.contains((most + 1) + " frames of 200 cells"), message);
    }

    /// The limit on cells per byte lets the most compressible map through.
    @Test
    void theLongestDullVideoIsRead() throws IOException {
        Grid grid = Grid.of(960, 540, 20, 10);
        List<byte[]> frames = new ArrayList<>();
        byte[] cells = new byte[grid.cells().size()];
        for (int f = 0; f < 3000; f++) {
            frames.add(cells);
        }
        RouteMap map = new RouteMap(960, 540, 20, 10, 1, HASH, frames);
        assertSame(map, read(RouteMapFile.bytes(map)));
    }

    @Test
    void everyTruncationAndMore() {
        byte[] bytes = RouteMapFile.bytes(drifting(5, 2, 0.1, 4));
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThrows(MalformedFileException.class, () -> read(cut), length + " bytes");
        }
        assertTrue(assertThrows(MalformedFileException.class, () -> read(Arrays.copyOf(bytes, bytes.length + 1))).getMessage()
                .contains("more follows"));
    }

    @Test
    @Timeout(60)
    void randomDamageIsRefused() {
        byte[] good = RouteMapFile.bytes(drifting(5, 3, 0.1, 5));
        SplittableRandom random = new SplittableRandom(6);
        for (int round = 0; round < 1000; round++) {
            byte[] bytes = good.clone();
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            assertThrows(MalformedFileException.class, () -> read(bytes));
            // With a right checksum the routes may happen to be other ones, but never a crash.
            byte[] summed = withSum(bytes);
            try {
                read(summed);
            } catch (IOException e) {
                assertTrue(e instanceof MalformedFileException, e.toString());
            }
        }
    }

    @Test
    void mapsThatAreNoneAreNotMade() {
        List<byte[]> short1 = List.of(new byte[199]);
        assertThrows(IllegalArgumentException.class, () -> new RouteMap(960, 540, 20, 10, 2, HASH, short1));
        byte[] high = new byte[200];
        high[7] = 3;
        assertThrows(IllegalArgumentException.class, () -> new RouteMap(960, 540, 20, 10, 2, HASH, List.of(high)));
        assertThrows(IllegalArgumentException.class, () -> new RouteMap(960, 540, 20, 10, 2, "abc", List.of()));
        assertThrows(IllegalArgumentException.class, () -> new RouteMap(960, 540, 20, 10, 5, HASH, List.of()));
        assertThrows(IllegalArgumentException.class, () -> new RouteMap(70000, 540, 20, 10, 1, HASH, List.of()));
    }

    @Test
    void aVideoIsKnownByItsBytes(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("a"), "abc");
        assertEquals("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", VideoHash.of(file));
    }
}
