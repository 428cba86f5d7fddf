package io.github.fovea.adapt;

import java.util.ArrayList;
import java.util.List;

/// Divides the time of one set of worker threads among the sessions that take turns on it.
///
/// Every session may use its equal share of the time, and besides what the others leave: a session whose frames take less
/// than its share lends the rest, and gets it back when it wants it, because the borrowers' bound shrinks with its use. Safe
/// for use by several threads.
public final class Shares {
    /// Not all time can be used: threads must be woken and frames come unevenly.
    private static final double USABLE = 0.95;
    /// Weight of the latest frame in a session's use.
    private static final double LATEST = 0.1;

    private final List<Member> members = new ArrayList<>();

    /// Starts without sessions.
    public Shares() {}

    /// One session's part.
    public static final class Member {
        private final long periodNanos;
        private double use;

        private Member(long periodNanos) {
            this.periodNanos = periodNanos;
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
    public synchronized void used(Member member, long runNanos) {
        double use = Math.clamp((double) runNanos / member.periodNanos, 0, 1);
        member.use += LATEST * (use - member.use);
    }

    /// {@return nanoseconds that the next frame of a session may hold the threads}
    ///
    /// @param member the session's part
    public synchronized long allowance(Member member) {
        double others = 0;
        for (Member other : members) {
            if (other != member) {
                others += other.use;
            }
        }
        double share = Math.max(USABLE / Math.max(1, members.size()), USABLE - others);
        return members.size() <= 1 ? Long.MAX_VALUE : (long) Math.max(1, share * member.periodNanos);
    }

    /// {@return the number of sessions}
    public synchronized int size() {
        return members.size();
    }
}
