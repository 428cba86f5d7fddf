package io.github.fovea.adapt;

/// Says of a frame on its way whether it is hopeless: it would come out late, while the fallback would still be in
/// time. It is given up at the last moment at which that holds, since frames that seem slow often only waited for a
/// processor.
///
/// Set by one thread before others work on the frame and ask; what it says then is asked for once they have ended.
public final class FrameWatch {
    /// A frame that seems slower than usual by more has not got far enough to tell, or was held up.
    private static final double MOST_SLOWER = 3;
    private static final double LEAST_DONE = 1e-3;

    private long begin;
    private long due;
    private double usual;
    private double fallback;
    private volatile double wouldTake;

    /// Watches nothing yet.
    public FrameWatch() {}

    /// A frame begins.
    ///
    /// @param newBegin      when, in nanoseconds of any origin
    /// @param newDue        when it is to be done
    /// @param usualNanos    time that such frames usually take now
    /// @param fallbackNanos time that the fallback may take, see [Controller#fallbackNanos]
    public void begin(long newBegin, long newDue, double usualNanos, double fallbackNanos) {
        begin = newBegin;
        due = newDue;
        usual = usualNanos;
        fallback = fallbackNanos;
        wouldTake = 0;
    }

    /// {@return whether the frame is to be given up}
    ///
    /// @param now  the time
    /// @param done share of the work done, 0 to 1
    public boolean hopeless(long now, double done) {
        double spent = now - begin;
        double pace = spent / Math.max(LEAST_DONE, done);
        double slower = Math.clamp(pace / usual, 1, MOST_SLOWER);
        // Where load has just begun, the fallback is slower than it was too.
        if (due - now > slower * fallback) {
            return false;
        }
        // The rest goes as it usually does: that the frame has been held up says little about it.
        double rest = (1 - done) * Math.min(usual, pace);
        if (rest <= due - now || rest <= fallback) {
            return false;
        }
        wouldTake = spent + rest;
        return true;
    }

    /// {@return nanoseconds that the frame would have taken when it was found hopeless}
    public double wouldTake() {
        return wouldTake;
    }
}
