package io.github.fovea.backend;

/// A run as a chain of stages. A stage is cut into blocks of rows, which several threads may compute at a time; the
/// next one may begin when all are done.
interface Stages {
    /// {@return the number of stages}
    int count();

    /// Makes a stage ready when all stages before it are done, on one thread.
    ///
    /// @param stage its number
    void open(int stage);

    /// Computes a block of a stage.
    ///
    /// @param stage       number of the stage, opened before
    /// @param block       number of the block; may be without rows
    /// @param blocks      how many the stage is cut into
    /// @param scratch     holds the plan's scratch memory, the calling thread's own
    /// @param scratchFrom index of its first float
    void run(int stage, int block, int blocks, float[] scratch, int scratchFrom);

    /// {@return the row at which a block begins, and the one before it ends}
    ///
    /// @param begin  first row of all
    /// @param end    row after the last
    /// @param unit   blocks begin at multiples of so many rows behind the origin, or with the first row
    /// @param origin see there
    /// @param block  number of the block, 0 to `blocks`
    /// @param blocks how many there are
    static int cut(int begin, int end, int unit, int origin, int block, int blocks) {
        int first = begin - Math.floorMod(begin - origin, unit);
        int units = begin >= end ? 0 : (end - first + unit - 1) / unit;
        return Math.clamp(first + (long) units * block / blocks * unit, begin, Math.max(begin, end));
    }
}
