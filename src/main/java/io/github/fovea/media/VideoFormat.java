package io.github.fovea.media;

import io.github.fovea.frame.FrameFormat;
import java.util.List;
import java.util.Objects;

/// Everything about a video but its frames.
///
/// @param frame        the format of every frame
/// @param frameRate    frames per second; known
/// @param sampleAspect width of a pixel to its height; [Ratio#UNKNOWN] where not stated
/// @param fieldOrder   progressive or interlaced
/// @param tags         further Y4M header tags (`X...`) to carry along; empty for other sources
public record VideoFormat(FrameFormat frame, Ratio frameRate, Ratio sampleAspect, FieldOrder fieldOrder,
        List<String> tags) {
    /// Checks the rate.
    public VideoFormat {
        Objects.requireNonNull(frame, "frame");
        Objects.requireNonNull(sampleAspect, "sampleAspect");
        Objects.requireNonNull(fieldOrder, "fieldOrder");
        if (!frameRate.isKnown()) {
            throw new IllegalArgumentException("frame rate " + frameRate + ", wanted more than 0");
        }
        tags = List.copyOf(tags);
    }

    /// Makes the format of a progressive video with square pixels and no further tags.
    ///
    /// @param frame     the format of every frame
    /// @param frameRate frames per second; known
    public VideoFormat(FrameFormat frame, Ratio frameRate) {
        this(frame, frameRate, Ratio.ONE, FieldOrder.PROGRESSIVE, List.of());
    }

    /// {@return the same video with frames of another format}
    ///
    /// @param newFrame the format of every frame
    public VideoFormat withFrame(FrameFormat newFrame) {
        return new VideoFormat(newFrame, frameRate, sampleAspect, fieldOrder, tags);
    }
}
