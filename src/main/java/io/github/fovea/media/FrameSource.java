package io.github.fovea.media;

import io.github.fovea.frame.Frame;
import java.io.IOException;

/// A video to read, frame after frame. Not safe for use by several threads; only [#close] may be called from another
/// thread, to stop a reader that waits.
public interface FrameSource extends AutoCloseable {
    /// {@return the format of the video}
    VideoFormat format();

    /// Reads the next frame.
    ///
    /// @param reuse a frame to fill and return, of the video's frame format, or null for a new one
    /// @return the frame, or null after the last
    /// @throws io.github.fovea.error.MalformedFileException if the video is damaged or cut off
    /// @throws IOException                                  if reading fails
    Frame next(Frame reuse) throws IOException;

    /// {@return how many frames the video has, as far as its header or size tells, or -1}
    long frameCountEstimate();

    /// Stops reading.
    @Override
    void close() throws IOException;
}
