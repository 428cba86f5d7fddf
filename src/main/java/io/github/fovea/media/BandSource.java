package io.github.fovea.media;

import io.github.fovea.frame.Frame;
import java.io.IOException;

/// Makes a picture's rows when a writer wants them, so that the whole picture never has to be in memory.
@FunctionalInterface
public interface BandSource {
    /// Makes some rows. A writer asks for the bands from top to bottom, each once.
    ///
    /// @param y      first row wanted
    /// @param height rows wanted
    /// @return a frame of the picture's width, layout and bit depth, `height` rows high; the source may reuse it for
    ///         the next band
    /// @throws IOException if the rows cannot be made; the writer stops and leaves no file
    Frame rows(int y, int height) throws IOException;
}
