package io.github.fovea.pipeline;

import io.github.fovea.frame.Frame;
import io.github.fovea.media.BandSource;

/// Hands a writer the rows of a large picture, top to bottom, while [PictureUpscaler] makes them.
public final class PictureRows implements BandSource {
    private final PictureUpscaler upscaler;
    private final Progress progress;
    private final Cancellation cancellation;
    private Frame rows;

    /// Makes the source.
    ///
    /// @param upscaler     makes the rows
    /// @param progress     hears of rows done
    /// @param cancellation looked at before each run of the network
    public PictureRows(PictureUpscaler upscaler, Progress progress, Cancellation cancellation) {
        this.upscaler = upscaler;
        this.progress = progress;
        this.cancellation = cancellation;
    }

    @Override
    public Frame rows(int y, int height) {
        if (rows == null || rows.format().height() != height) {
            rows = Frame.allocate(upscaler.format().withSize(upscaler.format().width(), height));
        }
        upscaler.rows(y, height, rows, progress, cancellation);
        return rows;
    }
}
