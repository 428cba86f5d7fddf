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

    /// Computes a block of a stage: some neighbouring ones of its equal parts.
    ///
    /// @param stage       number of the stage, opened before
    /// @param part        number of the block's first part; may be without rows
    /// @param end         number of the part behind its last
    /// @param parts       how many parts the stage has
    /// @param scratch     holds the plan's scratch memory, the calling thread's own
    /// @param scratchFrom index of its first float
    void run(int stage, int part, int end, int parts, float[] scratch, int scratchFrom);

    /// {@return the row at which a part begins, and the one before it ends}
    ///
    /// @param begin  first row of all
    /// @param end    row after the last
    /// @param unit   parts begin at multiples of so many rows behind the origin, or with the first row
    /// @param origin see there
    /// @param part   number of the part, 0 to `parts`
    /// @param parts  how many there are
    static int cut(int begin, int end, int unit, int origin, int part, int parts) {
        int first = begin - Math.floorMod(begin - origin, unit);
        int units = begin >= end ? 0 : (end - first + unit - 1) / unit;
        return Math.clamp(first + (long) units * part / parts * unit, begin, Math.max(begin, end));
    }
}
