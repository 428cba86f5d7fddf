package io.github.fovea.adapt;

/// How small tiles are to be when memory is short: halved at once where less than a tenth is free, doubled again when
/// more than a quarter has been free for ten seconds. Only when the smallest tiles do not help, [#relief] asks for an
/// operating point that takes less, and only for one that makes a difference.
public final class MemoryPolicy {
    /// The smallest share of the usual tile memory.
    public static final double LEAST_SHARE = 1.0 / 8;

    /// Less than this share of the heap is not worth a worse picture.
    private static final double NOTICED = 0.02;
    private static final double SHORT = 0.10;
    private static final double AMPLE = 0.25;
    private static final double PRESSED = 0.2;
    private static final long CALM_NANOS = 10_000_000_000L;
    /// Shrinking takes a moment to help.
    private static final long SETTLE_NANOS = 1_000_000_000L;
    private static final long NEVER = Long.MIN_VALUE / 4;

    private final long heapBytes;
    private final SteadyClock clock = new SteadyClock();
    private double share = 1;
    private boolean exhausted;
    private long changed = NEVER;
    private long shortAt = NEVER;

    /// Starts with tiles of full size.
    ///
    /// @param heapBytes bytes that the heap may take at most, at least 1
    public MemoryPolicy(long heapBytes) {
        if (heapBytes < 1) {
            throw new IllegalArgumentException("a heap of " + heapBytes + " bytes, wanted at least 1");
        }
        this.heapBytes = heapBytes;
    }

    /// Takes in what the machine reports.
    ///
    /// @param now     what the clock says, in nanoseconds
    /// @param sensing what the machine reports
    /// @return the share of the usual tile memory to use: 1, 1/2, 1/4 or 1/8
    public double update(long now, Sensing sensing) {
        long time = clock.advance(now);
        double free = sensing.free();
        boolean scarce = free < SHORT || sensing.memoryPressure() > PRESSED;
        boolean ample = !scarce && !(free < AMPLE);
        if (!ample) {
            shortAt = time;
        }
        exhausted = scarce && share <= LEAST_SHARE && time - changed >= SETTLE_NANOS;
        if (scarce && share > LEAST_SHARE && time - changed >= SETTLE_NANOS) {
            share /= 2;
            changed = time;
        } else if (ample && share < 1 && time - shortAt >= CALM_NANOS && time - changed >= CALM_NANOS) {
            share *= 2;
            changed = time;
        }
        return share;
    }

    /// {@return the share of the usual tile memory to use}
    public double share() {
        return share;
    }

    /// {@return bytes that another operating point must save to be worth its worse picture, of what points take with
    /// tiles of full size ([OperatingPoint#bytes]); 0 where memory is not short, or smaller tiles are still to help}
    public double relief() {
        return exhausted ? NOTICED * heapBytes / share : 0;
    }
}
