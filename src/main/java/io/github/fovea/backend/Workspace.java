package io.github.fovea.backend;

import io.github.fovea.tensor.TensorView;

/// The memory in which one thread runs an [Executable]. For one thread at a time.
///
/// ```
/// workspace.prepare(height, width);
/// ... fill workspace.input() ...
/// workspace.run();
/// ... read workspace.output() ...
/// ```
public interface Workspace {
    /// Lays out all tensors for an input picture. Allocates only when the arena must grow. The content of the tensors is
    /// undefined after, except for the input's border, which is zero.
    ///
    /// @param height rows of the input picture, at least 1
    /// @param width  pixels in its rows, at least 1
    /// @throws IllegalArgumentException if an extent is below 1, or the arena would exceed what one Java array holds
    void prepare(int height, int width);

    /// {@return the input, planar `[c][height][width]`; the caller writes its pixels and nothing outside them}
    TensorView input();

    /// {@return the result, planar `[c][scale*height][scale*width]`, valid after [#run()]}
    TensorView output();

    /// Computes the output from the input, which stays as it is. Allocates nothing and looks nothing up.
    ///
    /// @throws IllegalStateException if [#prepare] was not called
    void run();

    /// {@return the bytes that this workspace holds now; [io.github.fovea.plan.Plan#peakBytes] of the largest picture so
    /// far}
    long bytes();

    /// Gives the arena back; [#prepare] starts anew.
    void release();
}
