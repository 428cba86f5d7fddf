package io.github.fovea.pipeline;

import io.github.fovea.quality.LumaUpscaler;
import io.github.fovea.tensor.TensorView;

/// A luma network as the published protocol wants it: from float codes to float codes, nothing rounded between.
public final class RunningLuma implements LumaUpscaler {
    private final NetworkRunner network;
    private final Workers workers;

    /// Makes the adapter.
    ///
    /// @param network a luma network
    /// @param workers the threads that run it
    public RunningLuma(NetworkRunner network, Workers workers) {
        if (network.channels() != 1) {
            throw new IllegalArgumentException("the protocol measures luma networks; this one wants "
                    + network.channels() + " channels");
        }
        this.network = network;
        this.workers = workers;
    }

    @Override
    public void upscale(float[] lr, int width, int height, int maximum, float[] sr) {
        // 255 at 8 bit; deeper limited-range codes are shifted, so that code 256 * 2^(depth - 8) is one unit too many.
        float codesPerUnit = 255f * ((maximum + 1) / 256);
        int stride = width * network.scale();
        var tiles = network.tiles(width, height);
        workers.run(tiles.size(), (i, worker) -> network.run(tiles.get(i), worker,
                (x, y, into, begin, end) -> read(lr, width, codesPerUnit, x, y, into, begin, end),
                (from, fromX, fromY, x, y, columns, rows) -> {
                    for (int row = 0; row < rows; row++) {
                        int source = from.index(0, fromY + row, fromX);
                        int target = (y + row) * stride + x;
                        for (int column = 0; column < columns; column++) {
                            sr[target + column] = (from.data()[source + column] + 0.5f) * codesPerUnit;
                        }
                    }
                }));
    }

    private static void read(
            float[] lr, int width, float codesPerUnit, int x, int y, TensorView into, int rowBegin, int rowEnd) {
        for (int row = rowBegin; row < rowEnd; row++) {
            int source = (y + row) * width + x;
            int target = into.index(0, row, 0);
            for (int column = 0; column < into.width(); column++) {
                into.data()[target + column] = lr[source + column] / codesPerUnit - 0.5f;
            }
        }
    }
}
