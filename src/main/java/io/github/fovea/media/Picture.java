package io.github.fovea.media;

import io.github.fovea.frame.Frame;
import io.github.fovea.frame.PixelLayout;
import java.util.Objects;

/// A still picture: its samples and what its file said about them.
///
/// @param frame    grey, grey-alpha, RGB or RGBA, full range, 8 or 16 bit, upright
/// @param metadata what else the file said
public record Picture(Frame frame, PictureMetadata metadata) {
    /// Checks the layout.
    public Picture {
        checkFormat(frame);
        Objects.requireNonNull(metadata, "metadata");
    }

    /// Makes a picture about which nothing else is known.
    ///
    /// @param frame grey, grey-alpha, RGB or RGBA, full range, 8 or 16 bit
    public Picture(Frame frame) {
        this(frame, PictureMetadata.NONE);
    }

    static void checkFormat(Frame frame) {
        PixelLayout layout = frame.format().layout();
        int bitDepth = frame.format().bitDepth();
        if (layout.isYCbCr() || bitDepth != 8 && bitDepth != 16) {
            throw new IllegalArgumentException("a picture is grey or RGB of 8 or 16 bit, got " + layout + " of "
                    + bitDepth + " bit; convert it first");
        }
    }
}
