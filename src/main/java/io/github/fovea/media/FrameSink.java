package io.github.fovea.media;

import io.github.fovea.frame.Frame;
import java.io.IOException;

/// A video to write, frame after frame. It exists under its name only after [#commit]. Not safe for use by several
/// threads; only [#close] may be called from another thread, to give up.
public interface FrameSink extends AutoCloseable {
    /// {@return the format of the video}
    VideoFormat format();

    /// Writes the next frame. The sink does not keep it.
    ///
    /// @param frame a frame of the video's frame format
    /// @throws IOException if writing fails
    void write(Frame frame) throws IOException;

    /// Ends the video and moves it into place.
    ///
    /// @throws IOException if that fails; then there is no file
    void commit() throws IOException;

    /// Gives up, and leaves no file, unless [#commit] came before.
    @Override
    void close() throws IOException;
}
