package io.github.fovea.pipeline;

/// Hears how far a job has come.
@FunctionalInterface
public interface Progress {
    /// Hears nothing.
    Progress NONE = (_, _) -> { };

    /// Says how far the job is. `done` never falls; calls come from the job's own thread.
    ///
    /// @param done  units done: rows of a picture, frames of a video
    /// @param total units in all, or -1 where that is not known
    void update(long done, long total);
}
