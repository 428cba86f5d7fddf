package io.github.fovea;

import io.github.fovea.pipeline.FrameUpscaler;
import io.github.fovea.pipeline.NetworkRunner;
import io.github.fovea.pipeline.Workers;
import io.github.fovea.resample.ResampleKernel;
import java.util.concurrent.locks.ReentrantLock;

/// Enlarges the frames of one video, one after the other. Steady state allocates nothing.
///
/// For one thread at a time; several sessions may share an [Upscaler] and then take turns frame by frame.
public final class UpscaleSession {
    private final VideoFormat input;
    private final VideoFormat output;
    private final FrameUpscaler upscaler;
    private final ReentrantLock turn;

    UpscaleSession(Upscaler owner, VideoFormat input, NetworkRunner network, Workers workers, ReentrantLock turn) {
        this.input = input;
        this.output = input.withSize(Math.multiplyExact(input.width(), owner.scale()),
                Math.multiplyExact(input.height(), owner.scale()));
        this.upscaler = new FrameUpscaler(input.internal(), output.width(), output.height(), network,
                ResampleKernel.BICUBIC, workers);
        this.turn = turn;
    }

    /// {@return the format of the small frames}
    public VideoFormat input() {
        return input;
    }

    /// {@return the format of the large frames}
    public VideoFormat output() {
        return output;
    }

    /// Enlarges a frame into a new one.
    ///
    /// @param small a frame of the input format
    /// @return a new frame of the output format
    public VideoFrame upscale(VideoFrame small) {
        VideoFrame large = new VideoFrame(output);
        upscale(small, large);
        return large;
    }

    /// Enlarges a frame into one that the caller uses again and again.
    ///
    /// @param small a frame of the input format
    /// @param large a frame of the output format; every sample is written
    /// @throws IllegalArgumentException if a frame has another format
    public void upscale(VideoFrame small, VideoFrame large) {
        turn.lock();
        try {
            upscaler.upscale(small.internal(), large.internal());
        } finally {
            turn.unlock();
        }
    }
}
