package io.github.fovea.pipeline;

import io.github.fovea.adapt.FrameWatch;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;

/// Points that enlarge the whole frame with one network each.
final class WholeFrames implements PointStage {
    private final FrameUpscaler[] stages;

    /// @param stages what enlarges frames, by point
    WholeFrames(FrameUpscaler[] stages) {
        this.stages = stages.clone();
    }

    @Override
    public FrameFormat output() {
        return stages[0].output();
    }

    @Override
    public void upscale(Frame from, Frame to, int point, FrameWatch watch) {
        stages[point].upscale(from, to, watch);
    }

    @Override
    public void limitMemory(double share) {
        for (FrameUpscaler stage : stages) {
            stage.limitTiles(share);
        }
    }

    @Override
    public void release() {
        for (FrameUpscaler stage : stages) {
            stage.release();
        }
    }
}
