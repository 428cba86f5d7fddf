package io.github.fovea.kernel.scalar;

import io.github.fovea.tensor.Layout;
import io.github.fovea.tensor.TensorView;

/// Keeps the promise of [Layout#BLOCKED16]: lanes past the last channel hold zero.
final class UnusedLanes {
    private UnusedLanes() {}

    /// Writes zero into the unused lanes of the pixels in rows `[rowBegin, rowEnd)`. Allocates nothing.
    static void clear(TensorView view, int rowBegin, int rowEnd) {
        int end = view.planes() * view.layout().channelsPerPlane();
        for (int c = view.channels(); c < end; c++) {
            for (int y = rowBegin; y < rowEnd; y++) {
                for (int x = 0; x < view.width(); x++) {
                    view.set(c, y, x, 0f);
                }
            }
        }
    }
}
