package io.github.fovea.adapt;

import java.util.ArrayList;
import java.util.List;

/// Divides the time of one set of worker threads among the sessions that take turns on it.
///
/// Every session may use its equal share of the time, and besides what the others leave: a session whose frames take
/// less than its share lends the rest, and gets it back when it wants it, because the borrowers' bound shrinks with its
/// use. Nobody borrows more than a poorer session would need for its next operating point: otherwise, where the equal
/// share is a little less than a network takes, some sessions would lend all of it and stay at bicubic while others
/// stand at the best points. Safe for use by several threads.
public final class Shares {
    /// Not all time can be used: threads must be woken and frames come unevenly.
    private static final double USABLE = 0.95;
    /// Weight of the latest frame in a session's use.
    private static final double LATEST = 0.1;
    /// A session borrows no more than this factor of what a poorer one misses: less than two operating points lie
    /// apart, and room enough for what scatters.
    private static final double RICHER = 1.3;
    /// A session without a frame for so long has paused: others use what it leaves until it goes on.
    private static final long PAUSE_NANOS = 1_000_000_000L;
    private static final int PAUSE_PERIODS = 4;

    private final List<Member> members = new ArrayList<>();

    /// Starts without sessions.
    public Shares() {}

    /// One session's part.
    public static final class Member {
        private final long periodNanos;
        private double use;
        /// What a better operating point would need and the session does not get; 0 where it gets what it wishes.
        private double missing;
        private long latest;

        private Member(long periodNanos) {
            this.periodNanos = periodNanos;
        }

        private boolean paused(long now) {
            return use > 0 && (now - latest) / PAUSE_PERIODS > Math.max(PAUSE_NANOS / PAUSE_PERIODS, periodNanos);
        }
    }

    /// {@return a new session's part}
    ///
    /// @param periodNanos time between two of its frames, at least 1
    public synchronized Member join(long periodNanos) {
        if (periodNanos < 1) {
            throw new IllegalArgumentException("a period of " + periodNanos + " ns, wanted at least 1");
        }
        Member member = new Member(periodNanos);
        members.add(member);
        return member;
    }

    /// Takes a session out; does nothing when it is out already.
    ///
    /// @param member its part
    public synchronized void leave(Member member) {
        members.remove(member);
    }

    /// Takes in what a frame took of the threads' time.
    ///
    /// @param member   the session's part
    /// @param runNanos time that the frame held the threads
    /// @param now      when it ended, in nanoseconds of any origin
    public synchronized void used(Member member, long runNanos, long now) {
        double use = Math.clamp((double) runNanos / member.periodNanos, 0, 1);
        member.use += LATEST * (use - member.use);
        member.latest = now;
    }

    /// {@return nanoseconds that the next frame of a session may hold the threads}
    ///
    /// @param member    the session's part
    /// @param now       the time, of the same origin as that of [#used]
    /// @param wishNanos what its next better operating point would need ([Controller#wishNanos]); 0 for nothing
    public synchronized long allowance(Member member, long now, double wishNanos) {
        double others = 0;
        double poorest = 1;
        int active = 1;
        for (Member other : members) {
            if (other != member && !other.paused(now)) {
                others += other.use;
                active++;
                poorest = other.missing > 0 ? Math.min(poorest, other.missing) : poorest;
            }
        }
        double equal = USABLE / active;
        double share = Math.max(equal, Math.min(USABLE - others, RICHER * poorest));
        double wish = wishNanos / member.periodNanos;
        member.missing = active > 1 && wish > share ? wish : 0;
        return active <= 1 ? Long.MAX_VALUE : (long) Math.max(1, share * member.periodNanos);
    }

    /// {@return the number of sessions}
    public synchronized int size() {
        return members.size();
    }
}
