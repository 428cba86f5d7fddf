package io.github.fovea.adapt;

/// Why a frame runs at its point.
public enum Reason {
    /// Nothing changed.
    STEADY,
    /// The first frame.
    START,
    /// The frame before was late.
    LATE,
    /// Measured times say that one of the next frames would be late.
    PREDICTED,
    /// Others on the machine have just become busy.
    SENSED,
    /// Memory is short, tiles are as small as they get, and this point takes less; or the frame did not fit at its
    /// point, and the fallback does it and those behind it.
    MEMORY,
    /// There is room for a better point.
    ROOM,
    /// This frame alone: it waited or took so long, or switching is not allowed so soon, that only the fallback meets
    /// its deadline.
    RESCUE
}
