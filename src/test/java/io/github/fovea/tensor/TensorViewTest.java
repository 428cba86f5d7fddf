package io.github.fovea.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TensorViewTest {
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
