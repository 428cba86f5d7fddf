package io.github.fovea.pipeline;

import io.github.fovea.adapt.FrameWatch;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;

/// The operating points of a session for frames of one format, all resident, numbered as in the session's ladder. For
/// one thread at a time.
interface PointStage {
    /// {@return the format of the frames that come out}
    FrameFormat output();

    /// Says which frame of the video comes next: segments of a video have weights of their own. Does nothing where all
    /// frames are alike.
    ///
    /// @param frame its number, from 0
    default void seek(int frame) {}

    /// Looks at a frame before its point is chosen. Does nothing where all frames are alike.
    ///
    /// @param from the small frame, which stays as it is until it has been enlarged
    default void look(Frame from) {}

    /// {@return how many times the usual cost of a point the frame looked at will cost; 1 where all frames are alike}
    ///
    /// @param point the point
    default double content(int point) {
        return 1;
    }

    /// Enlarges the frame looked at.
    ///
    /// @param from  the small frame
    /// @param to    of the output format; every sample is written
    /// @param point the point
    /// @param watch says whether to give the frame up; `null` for never
    /// @throws FrameProgress.GivenUp if the frame was given up; its large frame holds anything then
    void upscale(Frame from, Frame to, int point, FrameWatch watch);

    /// Cuts frames into smaller pieces from the next frame on, or into the usual ones again.
    ///
    /// @param share share of the usual working memory, more than 0, at most 1
    void limitMemory(double share);

    /// Gives back the working memory that networks hold for themselves; the session's own is the session's. Not while
    /// a frame is enlarged.
    default void release() {}
}
