package io.github.fovea.cli;

import io.github.fovea.frame.Frame;
import io.github.fovea.media.FrameSink;
import io.github.fovea.media.FrameSource;
import io.github.fovea.media.Ratio;
import io.github.fovea.media.VideoFormat;
import io.github.fovea.media.VideoFiles;
import io.github.fovea.media.Y4mWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Videos frame by frame.
final class VideoFrames {
    /// Takes one frame.
    @FunctionalInterface
    interface Visitor {
        /// Takes one frame.
        ///
        /// @param number 0 for the first
        /// @param frame  valid until the next call
        /// @throws IOException if the visitor fails
        void visit(long number, Frame frame) throws IOException;
    }

    private VideoFrames() {}

    /// Shows every `every`-th frame of a video, from the first on.
    ///
    /// @param file    the video
    /// @param every   1 for all
    /// @param visitor takes them
    /// @throws IOException if the video cannot be read, or the visitor fails
    static void forEach(Path file, int every, Visitor visitor) throws IOException {
        try (FrameSource source = VideoFiles.open(file, null)) {
            Frame frame = source.next(null);
            for (long number = 0; frame != null; number++) {
                if (number % every == 0) {
                    visitor.visit(number, frame);
                }
                frame = source.next(frame);
            }
        }
    }

    /// Writes a Y4M file, in place of any that is there.
    ///
    /// @param file      the file to make
    /// @param frames    at least one
    /// @param frameRate frames per second
    /// @throws IOException if it cannot be written
    static void writeY4m(Path file, List<Frame> frames, int frameRate) throws IOException {
        VideoFormat format = new VideoFormat(frames.getFirst().format(), new Ratio(frameRate, 1));
        try (FrameSink sink = Y4mWriter.open(file, format, true)) {
            for (Frame frame : frames) {
                sink.write(frame);
            }
            sink.commit();
        }
    }
}
