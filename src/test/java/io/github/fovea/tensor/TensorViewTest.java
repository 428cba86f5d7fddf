package io.github.fovea.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TensorViewTest {
    /// The definition, in numbers that do not overflow.
    private static BigInteger elements(Layout layout, int channels, long rows, int width, int border, boolean planesInRows) {
        long planes = ((long) channels + layout.channelsPerPlane() - 1) / layout.channelsPerPlane();
        BigInteger row = BigInteger.valueOf((width + 15L) / 16 * 16 + 2L * border)
                .multiply(BigInteger.valueOf(layout.pixelStride()));
        BigInteger lines = row.multiply(BigInteger.valueOf(planesInRows ? rows * planes : rows))
                .add(BigInteger.valueOf(15)).divide(BigInteger.valueOf(16)).multiply(BigInteger.valueOf(16));
        return planesInRows ? lines : lines.multiply(BigInteger.valueOf(planes));
    }

    @Test
    void sizesAreExactOrRefused() {
        SplittableRandom random = new SplittableRandom(4);
        int[] extents = {1, 15, 16, 17, 480, 1 << 15, 1 << 16, (1 << 27) + 1, 1 << 30, Integer.MAX_VALUE - 15,
            Integer.MAX_VALUE - 14, Integer.MAX_VALUE};
        int refused = 0;
        for (int i = 0; i < 4000; i++) {
            Layout layout = Layout.values()[random.nextInt(2)];
            int channels = extents[random.nextInt(extents.length)];
            int height = extents[random.nextInt(extents.length)];
            int width = extents[random.nextInt(extents.length)];
            int border = random.nextInt(3);
            boolean rows = random.nextBoolean();
            BigInteger wanted = elements(layout, channels, rows ? height : height + 2L * border, width, border, rows);
            if (wanted.bitLength() < 64) {
                long got = rows ? TensorView.rowsElements(layout, channels, height, width, border)
                        : TensorView.elements(layout, channels, height, width, border);
                assertEquals(wanted.longValueExact(), got);
            } else {
                refused++;
                assertThrows(ArithmeticException.class, () -> {
                    if (rows) {
                        TensorView.rowsElements(layout, channels, height, width, border);
                    } else {
                        TensorView.elements(layout, channels, height, width, border);
                    }
                });
            }
        }
        assertTrue(refused > 100, refused + " refused");
        TensorView view = new TensorView();
        assertThrows(IllegalArgumentException.class,
                () -> view.placeRows(new float[16], 0, Layout.PLANAR, 1, 1, Integer.MAX_VALUE, 1, 0, 1));
        assertThrows(IllegalArgumentException.class,
                () -> view.place(new float[16], 0, Layout.PLANAR, 1, 1, Integer.MAX_VALUE, 0));
    }

    /// A window moves down a tensor: its rows keep their numbers and planes whichever piece they lie in, and the pieces' borders
    /// are zeroed like any others.
    @Test
    void rowsInPiecesKeepTheirNumbers() {
        int width = 5;
        int kept = 3;
        int rows = 4;
        int row = Math.toIntExact(TensorView.rowsElements(Layout.BLOCKED16, 20, 1, width, 1));
        float[] data = new float[16 + (rows + 2 * kept) * row];
        Arrays.fill(data, Float.NaN);
        TensorView view = new TensorView().placeRows(data, 16, Layout.BLOCKED16, 20, 100, width, 1, 0, rows);
        assertEquals(row, view.rowStride());
        for (int window = 0; window < 5; window++) {
            int first = window * (rows + kept);
            int before = 16 + (rows + (window + 1) % 2 * kept) * row;
            int behind = 16 + (rows + window % 2 * kept) * row;
            view.pieces(first, rows, kept, before, behind);
            assertEquals(before, view.index(0, first - kept, -1));
            assertEquals(16, view.index(0, first, -1));
            assertEquals(behind, view.index(0, first + rows, -1));
            assertEquals(first, view.pieceEnd(first - 1));
            assertEquals(first + rows, view.pieceEnd(first));
            assertEquals(Integer.MAX_VALUE, view.pieceEnd(first + rows));
            for (int y = first; y < first + rows + kept; y++) {
                for (int x = 0; x < width; x++) {
                    view.set(17, y, x, 100 * y + x);
                }
            }
            view.clearSides(first, first + rows + kept);
            for (int y = Math.max(0, first - kept); y < first + rows + kept; y++) {
                assertEquals(0f, view.get(17, y, -1));
                assertEquals(100 * y + width - 1, view.get(17, y, width - 1));
                assertEquals(0f, view.get(17, y, width));
            }
        }
    }
}
