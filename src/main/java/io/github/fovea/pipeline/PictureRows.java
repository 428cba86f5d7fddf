package io.github.fovea.pipeline;

import io.github.fovea.frame.Frame;
import io.github.fovea.media.BandSource;

/// Hands a writer the rows of a large picture while [PictureUpscaler] makes them.
///
/// A writer that asks from top to bottom, the same number of rows each time, finds the next rows made: a thread of this
/// object's own makes them while the writer packs the last ones, at most one band of the network ahead. Any other order
/// works, and nothing is made ahead then; nor is it where the upscaler has one thread, since that thread would become
/// two. Progress is told, and failures and cancellation are thrown, on the writer's thread. Not for use by two threads.
public final class PictureRows implements BandSource, AutoCloseable {
    private final PictureUpscaler upscaler;
    private final Progress progress;
    private final Cancellation cancellation;
    /// The row behind the last that was asked for.
    private int next;
    private Frame rows;
    private RowsAhead ahead;

    /// Makes the source.
    ///
    /// @param upscaler     makes the rows; nobody else uses it until this is closed
    /// @param progress     hears of rows done
    /// @param cancellation looked at before each run of the network
    public PictureRows(PictureUpscaler upscaler, Progress progress, Cancellation cancellation) {
        this.upscaler = upscaler;
        this.progress = progress;
        this.cancellation = cancellation;
    }

    @Override
    public Frame rows(int y, int height) {
        int total = upscaler.format().height();
        if (ahead == null && y == next && y + height < total && upscaler.threads() > 1 && upscaler.bandRows() < total) {
            rows = null;
            ahead = new RowsAhead(upscaler, cancellation, y, height);
        } else if (ahead != null && !ahead.continuesWith(y, height)) {
            close();
        }
        next = y + height;
        if (ahead != null) {
            return ahead.take(progress);
        }
        if (rows == null || rows.format().height() != height) {
            rows = upscaler.allocate(height);
        }
        upscaler.rows(y, height, rows, progress, cancellation);
        return rows;
    }

    /// Ends what is made ahead: when this returns, no thread works for this source. A running band is made to its end.
    @Override
    public void close() {
        if (ahead != null) {
            ahead.close();
            ahead = null;
        }
    }
}
