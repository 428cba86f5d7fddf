package io.github.fovea.pipeline;

import io.github.fovea.frame.Frame;
import io.github.fovea.media.BandSource;

/// Hands a writer the rows of a large picture, top to bottom, while [PictureUpscaler] makes them band by band. Two bands'
/// worth of rows are in memory at most.
public final class PictureRows implements BandSource {
    private final PictureUpscaler upscaler;
    private final Progress progress;
    private final Cancellation cancellation;
    private Frame band;
    private int bandIndex = -1;
    private Frame rows;

    /// Makes the source.
    ///
    /// @param upscaler     makes the bands
    /// @param progress     hears of rows done
    /// @param cancellation looked at between bands
    public PictureRows(PictureUpscaler upscaler, Progress progress, Cancellation cancellation) {
        this.upscaler = upscaler;
        this.progress = progress;
        this.cancellation = cancellation;
    }

    @Override
    public Frame rows(int y, int height) {
        int width = upscaler.format().width();
        if (rows == null || rows.format().height() != height) {
            rows = Frame.allocate(upscaler.format().withSize(width, height));
        }
        int done = 0;
        while (done < height) {
            load(y + done);
            int from = y + done - upscaler.rowBegin(bandIndex);
            int count = Math.min(height - done, upscaler.rowEnd(bandIndex) - (y + done));
            for (int p = 0; p < rows.planes().size(); p++) {
                System.arraycopy(band.plane(p).samples(), from * width, rows.plane(p).samples(), done * width, count * width);
            }
            done += count;
        }
        return rows;
    }

    /// Makes the band that holds a row, unless it is the one at hand.
    private void load(int row) {
        int index = Math.max(bandIndex, 0);
        if (bandIndex >= 0 && row < upscaler.rowBegin(bandIndex)) {
            index = 0;
        }
        while (row >= upscaler.rowEnd(index)) {
            index++;
        }
        if (index == bandIndex) {
            return;
        }
        cancellation.check();
        int height = upscaler.rowEnd(index) - upscaler.rowBegin(index);
        if (band == null || band.format().height() < height) {
            band = Frame.allocate(upscaler.format().withSize(upscaler.format().width(), height));
        }
        upscaler.band(index, band);
        bandIndex = index;
        progress.update(upscaler.rowEnd(index), upscaler.format().height());
    }
}
