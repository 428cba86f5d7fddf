package io.github.fovea.pipeline;

import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;

/// Makes large frames of small ones, one after the other. For one thread at a time.
public interface FrameStage {
    /// {@return the format of the frames that come out}
    FrameFormat output();

    /// Enlarges one frame.
    ///
    /// @param from the small frame
    /// @param to   of the output format; every sample is written
    void upscale(Frame from, Frame to);
}
