package io.github.fovea.adapt;

import io.github.fovea.adapt.Forecast.Estimate;
import java.util.Objects;

/// Chooses the operating point of every frame: the best one whose frames come in time.
///
/// Frames tell what others take ([Forecast]). The controller goes down at once when a frame was late or would be by the
/// forecast, and up when even high percentiles leave a margin. What keeps it from oscillating, as in WebRTC's quality
/// scaler and overuse detector and in games with dynamic resolution: a gap between the two thresholds, a second between
/// a switch and a climb, a wait that doubles with every climb that did not last, a point that is left alone for long
/// when a climb to it failed although the machine had not changed, and a bucket of late frames
/// ([ControllerOptions#lateShare]): while it is empty, only what would have been in time for the last five seconds is
/// climbed to. Where switching is not allowed so soon, the fallback serves. After a hiccup, one late frame among many
/// in time, it returns sooner. A frame in which the machine stood still, so that the fallback would have been late too,
/// moves nothing.
///
/// Called in turn: [#begin], the frame, [#end]. Allocates nothing. For one thread at a time.
public final class Controller {
    /// A point is left when its predicted time exceeds this share of the limit.
    private static final double LEAVE = 0.98;
    /// Going down aims at this share of the limit.
    private static final double AIM = 0.9;
    /// A point is climbed to when its predicted time is below this share of the limit; the bolder share holds as long
    /// as hardly a frame was late.
    private static final double CLIMB = 0.9;
    private static final double BOLD_CLIMB = 0.97;
    /// The first point's predicted time fits so many times into the limit.
    private static final double START_ROOM = 2;
    /// Two downs within a second: the second one leaves this much more room.
    private static final double SECOND_DOWN = 1.5;
    /// What a cheap point says about one that costs more times as much is a guess: climbs go there in two steps.
    private static final double TELLING_RATIO = 4;
    /// A frame of which nearly nothing is computed says little about the others.
    private static final double TELLING_CONTENT = 0.1;
    /// Samples that a climb needs since the last switch.
    private static final int CLIMB_LEAST_SAMPLES = 12;
    private static final int CALIBRATION = 6;
    /// Costs of networks are measured together, so that one is hardly more wrong by itself than by this factor.
    private static final double MOST_WRONG = 1.2;
    /// Share of what a climb says about the cost that is believed, in the logarithm: the load may have changed just
    /// then.
    private static final double BELIEVED = 0.25;
    /// A frame given up in time is worth so many late ones.
    private static final double ABANDONED = 0.4;
    /// The fallback is not taken to cost more than this share of the next point.
    private static final double MOST_FALLBACK = 0.8;
    /// A frame that begins this share of the deadline after its arrival is behind.
    private static final double BEHIND = 0.05;
    private static final long SECOND = 1_000_000_000L;
    private static final long LEAST_WAIT = SECOND;
    private static final long MOST_WAIT = 16 * SECOND;
    /// After a hiccup: time and samples before the return.
    private static final long HICCUP_WAIT = SECOND / 3;
    private static final int HICCUP_SAMPLES = 6;
    /// A climb that lasted this long was right.
    private static final long PROBATION = 10 * SECOND;
    /// A point that proved too dear although the machine had not changed is left alone for so long.
    private static final long LEAST_BLOCK = 20 * SECOND;
    private static final long MOST_BLOCK = 160 * SECOND;
    /// The machine has changed when frames take less than this share of what they took before the failed climb.
    private static final double UNBLOCK = 0.9;
    /// The machine has not changed when frames take less than this factor of what they took before.
    private static final double SAME_LEVEL = 1.15;
    /// Others count as having become busier when they slow us down by this factor more than before.
    private static final double SENSED_STEP = 1.25;

    private final PointLadder ladder;
    private final ControllerOptions options;
    private final Forecast forecast;
    private final SteadyClock clock = new SteadyClock();
    private final SwitchLimit limit = new SwitchLimit();
    private final LateAllowance allowance;

    private int point;
    private int executed;
    private Reason reason = Reason.START;
    private long switches;
    private boolean begun;
    private boolean rescuing;
    /// A frame that did not fit into memory is why the session stands at the fallback.
    private boolean starved;
    /// The frame before was late, or given up because it would have been.
    private boolean lateBefore;
    private boolean abandoned;
    /// The latest late frames would have been late at every point.
    private boolean stalled;
    private boolean hiccup;
    private int sinceSwitch;
    private long climbWait = LEAST_WAIT;
    private boolean onClimb;
    private double beforeClimb;
    private int climbedFrom;
    private int suspect = -1;
    private double suspectBefore;
    private int blocked = Integer.MAX_VALUE;
    private double blockedLevel;
    private long blockedUntil;
    private long block = LEAST_BLOCK;
    private double contention = Double.NaN;

    /// Starts at a point that this machine should manage with ease; a deadline that is hopeless starts at the fallback.
    ///
    /// @param ladder  the points
    /// @param options what is to be held
    public Controller(PointLadder ladder, ControllerOptions options) {
        this.ladder = Objects.requireNonNull(ladder, "ladder");
        this.options = Objects.requireNonNull(options, "options");
        allowance = new LateAllowance(options.lateShare());
        forecast = new Forecast(ladder, options.deadlineNanos());
        point = ladder.top();
        while (point > PointLadder.FALLBACK && START_ROOM * forecast.usualCost(point) > options.deadlineNanos()) {
            point--;
        }
    }

    /// Tells what the coming frames are like, where that is known before: points that look at the frame's texture cost
    /// more for a textured one. Holds until told otherwise; 1 for every point at first.
    ///
    /// @param factors what the next frame costs at each point, by the point's usual cost; not kept
    public void expect(double[] factors) {
        forecast.expect(factors);
    }

    /// Chooses the point of a frame.
    ///
    /// @param now       what the clock says, in nanoseconds of any origin; may jump
    /// @param waited    nanoseconds that the frame has waited since its arrival
    /// @param share     nanoseconds that a frame of this session may take, by a fair division among sessions; the
    ///                  deadline or more where there is no such bound
    /// @param sensing   what the machine reports, or `null`
    /// @param relief    bytes that a cheaper point must save to be taken because memory is short, see
    ///                  [MemoryPolicy#relief]; 0 where it is not. The fallback is never taken because of it, only when
    ///                  a frame did not fit ([#starve])
    /// @return index of the point to run
    public int begin(long now, long waited, long share, Sensing sensing, double relief) {
        long time = clock.advance(now);
        double most = Math.clamp(share, 1, options.deadlineNanos());
        boolean rise = busier(sensing);
        if (!begun) {
            begun = true;
            reason = Reason.START;
        } else if (rescuing && !limit.allows(time)) {
            executed = PointLadder.FALLBACK;
            reason = Reason.RESCUE;
            return executed;
        } else {
            decide(time, most, rise, relief);
        }
        executed = point;
        if (rescuing || late(waited) && point != PointLadder.FALLBACK) {
            executed = PointLadder.FALLBACK;
            reason = Reason.RESCUE;
        }
        return executed;
    }

    /// A frame that began late, often because the one before took long: what that one took counts, and not what is
    /// usual.
    private boolean late(long waited) {
        if (waited <= 0) {
            return false;
        }
        double usual = forecast.timeOrCost(Estimate.TYPICAL, point);
        double expected = lateBefore ? Math.max(usual, forecast.time(Estimate.LATEST, point))
                : stalled ? Math.max(usual, forecast.time(Estimate.HIGH, point)) : usual;
        return waited + expected > options.deadlineNanos();
    }

    private void decide(long time, double most, boolean rise, double relief) {
        boolean wasRescuing = rescuing;
        rescuing = false;
        reason = starved ? Reason.MEMORY : Reason.STEADY;
        // A point climbed to is judged by its own frames.
        int telling = onClimb ? Math.min(Forecast.RECENT, sinceSwitch) : Forecast.RECENT;
        boolean predictedLate = forecast.count() >= 4 && telling > 0 && forecast.high(telling, point) > LEAVE * most;
        if (point > PointLadder.FALLBACK) {
            if (lateBefore || wasRescuing) {
                boolean alone = lateBefore && !predictedLate;
                down(time, forecast.fit(Estimate.LATEST, AIM * most, point - 1), most, Reason.LATE);
                hiccup = alone && !rescuing;
                return;
            }
            if (predictedLate) {
                down(time, forecast.fit(Estimate.HIGH, AIM * most, point - 1), most, Reason.PREDICTED);
                return;
            }
            if (rise && SENSED_STEP * forecast.time(Estimate.MEDIAN, point) > most) {
                down(time, forecast.fit(Estimate.MEDIAN, AIM * most / SENSED_STEP, point - 1), most, Reason.SENSED);
                return;
            }
            int lighter = relief > 0 && limit.since(time) > SECOND ? lighter(relief) : point;
            if (lighter < point) {
                down(time, lighter, most, Reason.MEMORY);
                return;
            }
        }
        int highest = relief > 0 ? starved ? point : noHeavier(relief) : ladder.top();
        if (point < highest && !rise) {
            climb(time, most, highest);
        }
    }

    /// {@return the best network below the point that saves so many bytes; the point where none does}
    private int lighter(double relief) {
        for (int i = point - 1; i > PointLadder.FALLBACK; i--) {
            if (bytes(point) - bytes(i) >= relief) {
                return i;
            }
        }
        return point;
    }

    /// {@return the best point of those that take hardly more than the session's point, and of all cheaper ones}
    private int noHeavier(double relief) {
        int highest = point;
        while (highest < ladder.top() && bytes(highest + 1) - bytes(point) < relief) {
            highest++;
        }
        return highest;
    }

    private double bytes(int index) {
        return ladder.get(index).bytes();
    }

    private void down(long time, int target, double most, Reason why) {
        if (!limit.allows(time)) {
            rescuing = true;
            reason = Reason.RESCUE;
            return;
        }
        int to = target;
        if (limit.recent(time)) {
            to = Math.min(to, forecast.fit(Estimate.LATEST, most / SECOND_DOWN, target));
        }
        leaveClimb(time);
        switchTo(time, to, why);
    }

    /// What a step down says about the climb before it.
    private void leaveClimb(long time) {
        if (onClimb) {
            boolean failed = limit.since(time) < PROBATION;
            climbWait = failed ? Math.min(MOST_WAIT, climbWait * 2) : Math.max(LEAST_WAIT, climbWait / 2);
            if (failed) {
                suspect = point;
                suspectBefore = beforeClimb;
            } else if (point >= blocked) {
                block = LEAST_BLOCK;
                blocked = Integer.MAX_VALUE;
            }
        } else if (sinceSwitch >= Forecast.RECENT) {
            suspect = -1;
        }
        onClimb = false;
    }

    private void climb(long time, double most, int affordable) {
        int samples = hiccup ? HICCUP_SAMPLES : CLIMB_LEAST_SAMPLES;
        if (limit.since(time) < (hiccup ? HICCUP_WAIT : LEAST_WAIT) || sinceSwitch < samples && switches > 0
                || forecast.count() < CLIMB_LEAST_SAMPLES || !limit.allows(time)) {
            return;
        }
        boolean bold = (hiccup || limit.since(time) >= climbWait) && allowance.allowsClimb();
        if (!bold && !allowance.allowsReturn() && point > PointLadder.FALLBACK) {
            return;
        }
        // Without late frames to spare only what would have been in time for long is climbed to; but the fallback is
        // left.
        Estimate estimate = bold || point == PointLadder.FALLBACK ? Estimate.LONG_HIGH : Estimate.LASTING_HIGH;
        double room = most * (allowance.ample() ? BOLD_CLIMB : CLIMB);
        // What the fallback's frames say about others is little, and it is far worse than any other point: one step is
        // tried.
        boolean trying = point == PointLadder.FALLBACK && bold;
        // Most frames have no room for the next point: then there is nothing more to find out.
        if (forecast.time(trying ? Estimate.TYPICAL : estimate, point + 1) > room
                && forecast.cost(point + 1) >= forecast.cost(point)) {
            return;
        }
        boolean stillBlocked = time < blockedUntil && blocked <= ladder.top()
                && forecast.usualMedian(Forecast.RECENT, blocked) > UNBLOCK * blockedLevel;
        int highest = point == PointLadder.FALLBACK && !bold ? 1 : affordable;
        int target = forecast.fit(estimate, room, stillBlocked ? Math.min(highest, blocked - 1) : highest);
        if (trying && target == point && !(stillBlocked && blocked == 1)) {
            target = 1;
        }
        for (int i = point + 1; i < target; i++) {
            if (forecast.cost(i) > TELLING_RATIO * forecast.cost(point)) {
                target = i;
            }
        }
        if (target > point) {
            beforeClimb = forecast.usualMedian(8, target);
            suspect = -1;
            onClimb = true;
            climbedFrom = point;
            switchTo(time, target, Reason.ROOM);
        }
    }

    private void switchTo(long time, int target, Reason why) {
        point = target;
        reason = why;
        sinceSwitch = 0;
        hiccup = false;
        starved = false;
        switches++;
        limit.add(time);
    }

    private boolean busier(Sensing sensing) {
        if (sensing == null) {
            return false;
        }
        double now = sensing.contention();
        boolean rise = now > contention * SENSED_STEP;
        contention = now;
        return rise;
    }

    /// The frame begun did not fit into memory: the fallback does it, and the session stays there until memory is no
    /// longer short. To be called between [#begin] and [#end].
    ///
    /// @param now what the clock says
    public void starve(long now) {
        long time = clock.advance(now);
        executed = PointLadder.FALLBACK;
        if (limit.allows(time)) {
            leaveClimb(time);
            switchTo(time, PointLadder.FALLBACK, Reason.MEMORY);
            starved = true;
        } else {
            rescuing = true;
            reason = Reason.MEMORY;
        }
    }

    /// Takes in what the frame took.
    ///
    /// @param now     what the clock says
    /// @param run     nanoseconds of work on the frame; what is not positive is taken for a faulty clock and says
    ///                nothing
    /// @param latency nanoseconds from the frame's arrival to its end
    /// @return whether the frame was late
    public boolean end(long now, long run, long latency) {
        clock.advance(now);
        boolean late = latency > options.deadlineNanos();
        if (run > 0 && !abandoned) {
            learn(run);
            stalled = late && stoodStill() || stalled && latency - run > BEHIND * options.deadlineNanos();
        }
        boolean ours = !stalled;
        allowance.frame(late && ours ? (double) latency / options.deadlineNanos() : abandoned && ours ? ABANDONED : 0);
        lateBefore = ours && (abandoned || late && executed == point && point > PointLadder.FALLBACK);
        abandoned = false;
        return late;
    }

    /// Whether the latest frame would have been late at the fallback too.
    private boolean stoodStill() {
        return forecast.latestFallback() > options.deadlineNanos();
    }

    private void learn(double run) {
        boolean telling = executed == point && forecast.content(point) >= TELLING_CONTENT;
        forecast.learn(run, executed, telling);
        if (telling) {
            sinceSwitch++;
            calibrate();
        }
    }

    private void calibrate() {
        if (onClimb && sinceSwitch == CALIBRATION && beforeClimb > 0) {
            double factor = forecast.usualMedian(CALIBRATION, point) / beforeClimb;
            if (climbedFrom == PointLadder.FALLBACK) {
                // The fallback is another kind of work than the networks, whose costs fit each other: it is the one
                // that is off.
                forecast.usualCost(climbedFrom, Math.min(forecast.usualCost(climbedFrom) / Math.clamp(factor, 0.2, 5),
                        MOST_FALLBACK * forecast.usualCost(1)));
            } else {
                double part = Math.pow(Math.clamp(factor, 1 / MOST_WRONG, MOST_WRONG), BELIEVED);
                forecast.rescale(point, part, CALIBRATION);
            }
        }
        if (suspect > point && sinceSwitch == Forecast.RECENT) {
            // Slow there, but here as fast as before the climb: it was the point, not the machine.
            if (forecast.usualMedian(Forecast.RECENT, suspect) < SAME_LEVEL * suspectBefore) {
                blocked = suspect;
                blockedLevel = suspectBefore;
                blockedUntil = clock.nanos() + block;
                block = Math.min(MOST_BLOCK, 2 * block);
            }
            suspect = -1;
        }
    }

    /// {@return the share of the threads' time, in nanoseconds, that would let the session climb to the next better
    /// point; 0 where there is none or the deadline allows none}
    public double wishNanos() {
        if (point == ladder.top()) {
            return 0;
        }
        double wish = forecast.timeOrCost(Estimate.LONG_HIGH, point + 1) / CLIMB;
        return wish > options.deadlineNanos() ? 0 : wish;
    }

    /// {@return the time that a frame of the fallback may take now, in nanoseconds: what it takes at worst, but for a
    /// hiccup}
    public double fallbackNanos() {
        return forecast.timeOrCost(Estimate.HIGH, PointLadder.FALLBACK);
    }

    /// The frame begun would be late ([FrameWatch]), and the fallback does it instead. To be called between [#begin]
    /// and [#end].
    ///
    /// @param wouldTake nanoseconds that it would have taken at its point
    public void abandon(double wouldTake) {
        learn(wouldTake);
        stalled = stoodStill();
        abandoned = true;
        executed = PointLadder.FALLBACK;
        reason = Reason.RESCUE;
    }

    /// {@return the point that the session stands at; a rescued frame runs at the fallback all the same}
    public int point() {
        return point;
    }

    /// {@return why the latest frame runs at its point}
    public Reason reason() {
        return reason;
    }

    /// {@return switches between points so far}
    public long switches() {
        return switches;
    }

    /// {@return the time that a frame of a point is expected to take now, in nanoseconds}
    ///
    /// @param index index of the point
    public double expectedNanos(int index) {
        return forecast.time(Estimate.MEDIAN, index);
    }
}
