package io.github.fovea.backend;

import io.github.fovea.tensor.TensorView;

/// The memory in which one thread runs an [Executable]. For one thread at a time.
///
/// A picture is read and its result written as the run goes:
///
/// ```
/// workspace.prepare(height, width);
/// workspace.run(reader, writer);
/// ```
///
/// or lies in memory as a whole:
///
/// ```
/// workspace.prepare(height, width);
/// ... fill workspace.input() ...
/// workspace.run();
/// ... read workspace.output() ...
/// ```
public interface Workspace {
    /// Lays out all tensors for an input picture: small ones as wholes, and those of a picture that would leave the
    /// cache as line buffers. Allocates only when the arena must grow. The content of the tensors is undefined after,
    /// except for the input's border, which is zero.
    ///
    /// @param height rows of the input picture, at least 1
    /// @param width  pixels in its rows, at least 1
    /// @throws IllegalArgumentException if an extent is below 1, or the arena would exceed what one Java array holds
    void prepare(int height, int width);

    /// Says, after [#prepare], that only some rows of the result are wanted; what only the others need is not computed,
    /// and they hold anything. Until the next [#prepare]. Where a kernel computes several rows together, whole groups
    /// are.
    ///
    /// @param rowBegin first row of the input picture whose part of the result is wanted
    /// @param rowEnd   row after the last
    /// @return the multiply-adds of a run
    /// @throws IllegalArgumentException if that is no range of rows of the picture
    /// @throws IllegalStateException    if [#prepare] was not called
    long want(int rowBegin, int rowEnd);

    /// Computes the output from the input. Allocates nothing and looks nothing up.
    ///
    /// @param reader gives the input, rows in order, each row once
    /// @param writer takes the result, rows in order, each row once
    /// @throws IllegalStateException if [#prepare] was not called
    void run(RowReader reader, RowWriter writer);

    /// {@return the whole input, planar `[c][height][width]`; the caller writes its pixels and nothing outside them}
    /// Where tensors are line buffers, the first call after [#prepare] takes memory for the whole input and output
    /// besides.
    ///
    /// @throws IllegalArgumentException if input and output would exceed what one Java array holds
    TensorView input();

    /// {@return the whole result, planar `[c][scale*height][scale*width]`, valid after [#run()]} Takes memory as
    /// [#input] does.
    ///
    /// @throws IllegalArgumentException if input and output would exceed what one Java array holds
    TensorView output();

    /// Computes [#output] from [#input], which stays as it is. Allocates nothing and looks nothing up.
    ///
    /// @throws IllegalStateException if [#prepare] was not called
    void run();

    /// Begins a run that several threads do together, see [#runPart].
    ///
    /// @param threads how many threads will do so, at least 1
    /// @param reader  gives the input: several threads ask for different rows, in any order
    /// @param writer  takes the result, likewise
    /// @return the number of parts, one for each thread
    /// @throws IllegalStateException if [#prepare] was not called
    int share(int threads, RowReader reader, RowWriter writer);

    /// Does a part of the run that [#share] has begun, and helps with the others that are late. A part waits for what
    /// others have begun only, so a thread alone may do one after the other. Each is done once. After one has thrown,
    /// the others return.
    ///
    /// @param part   its number
    /// @param memory memory of the calling thread: its kernels' scratch memory lies there
    void runPart(int part, WorkingMemory memory);

    /// {@return the bytes of memory that a thread needs for [#runPart] where it is not this workspace's own}
    long helperBytes();

    /// {@return the bytes that this workspace holds now: [io.github.fovea.plan.Plan#peakBytes] of that picture so far
    /// which took most, or more where its memory was reserved or others share it, and what whole inputs and outputs took
    /// besides}
    long bytes();

    /// Gives the memory back; [#prepare] starts anew.
    void release();
}
