package io.github.fovea.pipeline;

import io.github.fovea.tensor.TensorView;

/// What a picture that is made band by band takes besides the network: rows of the source as float samples, what the
/// network makes of them, and as many finished rows that wait for a writer. It is half of the bound at most, and the
/// network has the rest; where even the lowest bands take more than that, those.
///
/// @param width          pixels in a row of the small picture
/// @param scale          output pixels per input pixel along each axis
/// @param channels       channels that the network makes
/// @param radius         rows above and below a band that are read with it
/// @param threads        threads that run tiles at a time; a band is a row of tiles for each
/// @param maxMemoryBytes bound of all memory together
record BandMemory(int width, int scale, int channels, int radius, int threads, long maxMemoryBytes) {
    /// Rows of the small picture below which no tile is made for the sake of bands.
    private static final int LEAST_ROWS = 16;
    /// Samples of a pixel: red, green, blue and alpha.
    private static final int MOST_SAMPLES = 4;
    /// Tiles are no larger, so that a writer has rows to pack while the network makes the next, progress is heard
    /// often, and cancelling takes no longer. Halos between tiles of this size cost little.
    private static final int MAX_TILE_PIXELS = 1 << 19;
    /// But no lower than this for that.
    private static final int LEAST_PROGRESS_ROWS = 64;

    private long rowBytes() {
        return (long) width * (Float.BYTES * MOST_SAMPLES
                + scale * scale * ((long) Float.BYTES * channels + Short.BYTES * MOST_SAMPLES));
    }

    /// {@return the bytes of a band}
    ///
    /// @param rows its rows in the small picture
    long bytes(int rows) {
        return rows * rowBytes() + 2L * radius * width * Float.BYTES * MOST_SAMPLES;
    }

    /// {@return most rows of a tile}
    ///
    /// @param height rows of the small picture
    int tileRows(int height) {
        long rows = (maxMemoryBytes / 2 - bytes(0)) / rowBytes() / threads;
        long progressRows = Math.max(LEAST_PROGRESS_ROWS, MAX_TILE_PIXELS / width);
        return (int) Math.min(Math.min(height, arrayRows()), Math.clamp(rows, LEAST_ROWS, progressRows));
    }

    /// Most rows of a tile, at least 1, with which an array holds what is read for a band, or made of it.
    private long arrayRows() {
        return Math.max(1, (TensorView.MAX_ELEMENTS / ((long) scale * scale * width) - 2L * radius) / threads);
    }

    /// {@return what a band of the highest tiles leaves of the bound, at least 0}
    ///
    /// @param height rows of the small picture
    long leftBytes(int height) {
        return Math.max(0, maxMemoryBytes - bytes((int) Math.min(height, (long) threads * tileRows(height))));
    }
}
