package io.github.fovea.adapt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The controller on a virtual clock.
class ControllerTest {
    private static final int TRACES = 150;
    private static final double SECONDS = 60;
    private static final PointLadder LADDER = new PointLadder(List.of(
            point("bicubic", 2, 33.7), point("small", 8, 36), point("middle", 20, 36.9), point("large", 36, 37.2)));
    private static final long MS = 1_000_000L;

    private static OperatingPoint point(String name, long millis, double psnr) {
        return new OperatingPoint(name, millis * 100, 1000, psnr, millis * MS);
    }

    @ParameterizedTest
    @EnumSource
    void framesComeInTimeUnderEveryLoad(LoadShape shape) {
        double quality = 0;
        int counted = 0;
        int poor = 0;
        for (int i = 0; i < TRACES; i++) {
            Simulation trace = new Simulation(7919L * i + shape.ordinal(), shape, SECONDS).run();
            // Behind a stall the work of one frame more or less decides whether the next one is lost.
            double most = shape == LoadShape.STALLS ? 2 : 1;
            assertTrue(trace.latePercent() <= most, () -> shape + " seed " + trace.seed + ": " + trace.latePercent() + " % late");
            assertTrue(trace.mostSwitchesPerSecond() <= 2, () -> shape + " seed " + trace.seed + ": "
                    + trace.mostSwitchesPerSecond() + " switches in a second");
            double used = trace.qualityUsed();
            if (!Double.isNaN(used)) {
                quality += used;
                counted++;
                poor += used < 0.9 ? 1 : 0;
            }
        }
        // Where the best constant point meets the deadline with nothing to spare, a controller cannot know that it does; every
        // spike costs the time until the next climb.
        double wanted = shape.normal() ? 0.95 : shape == LoadShape.SPIKES ? 0.8 : 0.9;
        assertTrue(quality / counted >= wanted, shape + ": quality used " + quality / counted);
        if (shape.normal()) {
            assertTrue(poor <= 0.1 * counted, shape + ": quality used below 0.9 in " + poor + " of " + counted);
        }
    }

    @Test
    void constantLoadEndsInOnePoint() {
        int switchesLate = 0;
        for (int i = 0; i < TRACES; i++) {
            Simulation trace = new Simulation(104_729L * i, LoadShape.CONSTANT, 60);
            trace.hiccups = 0;
            trace.run();
            long after = trace.switchTimes.stream().filter(t -> t > 20).count();
            assertTrue(after <= 4, () -> "seed " + trace.seed + ": switches at " + trace.switchTimes);
            switchesLate += (int) after;
        }
        assertTrue(switchesLate <= TRACES / 4, switchesLate + " switches after 20 s in " + TRACES + " traces");
    }

    /// Every kind of jump: back by an hour, forward by an hour, standing still.
    @ParameterizedTest
    @ValueSource(doubles = {-3.6e6, 3.6e6, -50, 700})
    void clockJumpsDoNoLastingHarm(double jumpMillis) {
        for (int i = 0; i < 50; i++) {
            Simulation trace = new Simulation(31L * i, LoadShape.CONSTANT, SECONDS);
            Simulation quiet = new Simulation(31L * i, LoadShape.CONSTANT, SECONDS).run();
            trace.clockError = frame -> frame >= 300 ? jumpMillis : 0;
            trace.run();
            assertTrue(trace.latePercent() <= 1, () -> "seed " + trace.seed + ": " + trace.latePercent() + " % late");
            int last = trace.points.getLast();
            assertTrue(Math.abs(last - quiet.points.getLast()) <= 1, () -> "seed " + trace.seed + ": ends at " + last
                    + ", without a jump at " + quiet.points.getLast());
        }
    }

    /// Runs frames at a constant factor and gives the points.
    private static List<Integer> drive(Controller controller, double[] clock, int frames, double factor) {
        return IntStream.range(0, frames).mapToObj(_ -> {
            int point = controller.begin((long) clock[0], 0, Long.MAX_VALUE, null, 0);
            double run = LADDER.get(point).predictedNanos() * factor;
            clock[0] += run;
            controller.end((long) clock[0], (long) run, (long) run);
            clock[0] += Math.max(0, 1e9 / 24 - run);
            return point;
        }).toList();
    }

    @Test
    void climbsWhenIdleFallsAtOnceAndReturns() {
        Controller controller = new Controller(LADDER, ControllerOptions.ofFrameRate(24));
        double[] clock = {5e9};
        assertEquals(3, drive(controller, clock, 240, 1).getLast());
        List<Integer> busy = drive(controller, clock, 240, 1.7);
        assertEquals(3, busy.get(0));
        assertEquals(2, busy.get(1), "the frame after a late one runs at the point that fits");
        assertEquals(2, busy.getLast());
        assertEquals(3, drive(controller, clock, 24 * 20, 1).getLast());
    }

    private static OperatingPoint heavy(String name, long millis, double psnr, long bytes) {
        return new OperatingPoint(name, millis * 100, bytes, psnr, millis * MS);
    }

    /// The points that frames ran at in so many seconds on an idle machine in which memory is short.
    private static List<Integer> whileMemoryIsShort(Controller controller, PointLadder ladder, double relief, int seconds) {
        List<Integer> points = new ArrayList<>();
        for (int frame = 0; frame < 24 * seconds; frame++) {
            long time = frame * 1_000_000_000L / 24;
            int ran = controller.begin(time, 0, Long.MAX_VALUE, null, relief);
            long run = ladder.get(ran).predictedNanos();
            controller.end(time + run, run, run);
            points.add(ran);
        }
        return points;
    }

    /// With `-Xmx40m` a session fell to bicubic, and stayed there, for the sake of a few kilobytes.
    @Test
    void wantOfMemoryCostsNoQualityWhereCheaperPointsSaveNothing() {
        Controller controller = new Controller(LADDER, ControllerOptions.ofFrameRate(24));
        List<Integer> points = whileMemoryIsShort(controller, LADDER, 2000, 40);
        assertEquals(LADDER.top(), points.getLast(), "no step down, and climbs go on");
        assertTrue(points.stream().allMatch(point -> point > PointLadder.FALLBACK));
    }

    @Test
    void wantOfMemoryGoesWhereMemoryFallsAndNoLowerThanTheCheapestNetwork() {
        PointLadder ladder = new PointLadder(List.of(heavy("bicubic", 2, 33.7, 0), heavy("small", 8, 36, 1000),
                heavy("middle", 12, 36.5, 3900), heavy("large", 20, 37.2, 4000)));
        Controller controller = new Controller(ladder, ControllerOptions.ofFrameRate(24));
        assertEquals(3, whileMemoryIsShort(controller, ladder, 0, 10).getLast());
        assertEquals(1, controller.begin(20_000 * MS, 0, Long.MAX_VALUE, null, 2000), "past the point that saves hardly any");
        assertEquals(Reason.MEMORY, controller.reason());
        controller.end(20_008 * MS, 8 * MS, 8 * MS);
        List<Integer> points = whileMemoryIsShort(controller, ladder, 2000, 40);
        assertTrue(points.stream().allMatch(point -> point == 1), "no lower, and not back while memory is short: " + points);
        assertEquals(3, whileMemoryIsShort(controller, ladder, 0, 40).getLast());
    }

    @Test
    void aFrameThatDoesNotFitIsTheFallbacksAndSaysSo() {
        Controller controller = new Controller(LADDER, ControllerOptions.ofFrameRate(24));
        double[] clock = {0};
        drive(controller, clock, 240, 1);
        assertEquals(3, controller.begin((long) clock[0], 0, Long.MAX_VALUE, null, 100));
        controller.starve((long) clock[0]);
        assertEquals(Reason.MEMORY, controller.reason());
        assertEquals(PointLadder.FALLBACK, controller.point());
        controller.end((long) clock[0] + 2 * MS, 2 * MS, 2 * MS);
        for (int frame = 1; frame < 24 * 20; frame++) {
            long time = (long) clock[0] + frame * 1_000_000_000L / 24;
            assertEquals(PointLadder.FALLBACK, controller.begin(time, 0, Long.MAX_VALUE, null, 100), "memory is still short");
            assertEquals(Reason.MEMORY, controller.reason(), "frame " + frame);
            controller.end(time + 2 * MS, 2 * MS, 2 * MS);
        }
        clock[0] += 20e9;
        assertEquals(3, drive(controller, clock, 24 * 30, 1).getLast());
        assertTrue(controller.reason() != Reason.MEMORY);
    }

    @Test
    void fallsToTheFallbackWhenNothingElseFits() {
        Controller controller = new Controller(LADDER, ControllerOptions.ofFrameRate(24));
        double[] clock = {0};
        drive(controller, clock, 240, 1);
        assertEquals(PointLadder.FALLBACK, drive(controller, clock, 100, 8).getLast());
        assertEquals(3, drive(controller, clock, 24 * 60, 1).getLast());
    }

    @Test
    void goesDownBeforeAFrameIsLateWhenLoadRisesSlowly() {
        Controller controller = new Controller(LADDER, ControllerOptions.ofFrameRate(24));
        double[] clock = {0};
        drive(controller, clock, 240, 1);
        int late = 0;
        for (int i = 0; i < 200; i++) {
            double factor = 1 + 0.002 * i;
            int point = controller.begin((long) clock[0], 0, Long.MAX_VALUE, null, 0);
            long run = (long) (LADDER.get(point).predictedNanos() * factor);
            clock[0] += 1e9 / 24;
            late += controller.end((long) clock[0], run, run) ? 1 : 0;
        }
        assertEquals(0, late);
        assertEquals(2, controller.point());
    }

    /// As a host makes it that takes the processors away in bursts: sessions fell to bicubic, which was late too.
    @Test
    void aFrameInWhichTheMachineStoodStillMovesNothing() {
        Controller controller = new Controller(LADDER, ControllerOptions.ofFrameRate(24));
        double[] clock = {0};
        drive(controller, clock, 240, 1);
        long switches = controller.switches();
        for (int stall = 0; stall < 40; stall++) {
            long time = (long) clock[0];
            assertEquals(3, controller.begin(time, 0, Long.MAX_VALUE, null, 0));
            assertTrue(controller.end(time + 200 * MS, 200 * MS, 200 * MS));
            assertEquals(PointLadder.FALLBACK, controller.begin(time + 200 * MS, 35 * MS, Long.MAX_VALUE, null, 0), "it waited");
            controller.end(time + 202 * MS, 2 * MS, 37 * MS);
            clock[0] += 250e6;
            drive(controller, clock, 10, 1);
        }
        assertEquals(switches, controller.switches());
        assertEquals(2, drive(controller, clock, 100, 1.7).getLast(), "load is still seen");
    }

    @Test
    void sensedLoadMovesBeforeAFrameIsLate() {
        Controller controller = new Controller(LADDER, ControllerOptions.ofFrameRate(24));
        double[] clock = {0};
        drive(controller, clock, 240, 1.1);
        Sensing idle = sensing(0, 0.5);
        assertEquals(3, controller.begin((long) clock[0], 0, Long.MAX_VALUE, idle, 0));
        controller.end((long) clock[0], 40 * MS, 40 * MS);
        assertEquals(2, controller.begin((long) clock[0] + 42 * MS, 0, Long.MAX_VALUE, sensing(2, 0.5), 0));
        assertEquals(Reason.SENSED, controller.reason());
    }

    private static Sensing sensing(double othersBusy, double free) {
        return new Sensing(2, 2, othersBusy, 1, 1, 0, 0, free, free, 0);
    }

    @Test
    void aFrameThatWaitedTooLongIsRescuedWithoutASwitch() {
        Controller controller = new Controller(LADDER, ControllerOptions.ofFrameRate(24));
        double[] clock = {0};
        drive(controller, clock, 240, 1);
        long switches = controller.switches();
        assertEquals(PointLadder.FALLBACK, controller.begin((long) clock[0], 20 * MS, Long.MAX_VALUE, null, 0));
        assertEquals(Reason.RESCUE, controller.reason());
        controller.end((long) clock[0] + 2 * MS, 2 * MS, 22 * MS);
        assertEquals(3, controller.begin((long) clock[0] + 42 * MS, 0, Long.MAX_VALUE, null, 0));
        assertEquals(switches, controller.switches());
    }

    /// The frame behind a late one begins late itself, at a point chosen by what the late one took.
    @Test
    void theFrameBehindALateOneIsNotLateToo() {
        Controller controller = new Controller(LADDER, ControllerOptions.ofFrameRate(24));
        double[] clock = {0};
        drive(controller, clock, 240, 1);
        long time = (long) clock[0];
        assertEquals(3, controller.begin(time, 0, Long.MAX_VALUE, null, 0));
        // Twice as slow from now on: 72 ms, so that the next frame has waited for 30 of its 41.7 when it begins.
        assertTrue(controller.end(time + 72 * MS, 72 * MS, 72 * MS));
        assertEquals(PointLadder.FALLBACK, controller.begin(time + 72 * MS, 30 * MS, Long.MAX_VALUE, null, 0),
                "16 ms of the cheapest network would be too many");
        controller.end(time + 76 * MS, 4 * MS, 34 * MS);
        assertEquals(1, controller.begin(time + 84 * MS, 0, Long.MAX_VALUE, null, 0));
    }

    @Test
    void aFrameGivenUpLowersThePointAtOnce() {
        Controller controller = new Controller(LADDER, ControllerOptions.ofFrameRate(24));
        double[] clock = {0};
        drive(controller, clock, 240, 1);
        long time = (long) clock[0];
        assertEquals(3, controller.begin(time, 0, Long.MAX_VALUE, null, 0));
        controller.abandon(60 * MS);
        assertEquals(Reason.RESCUE, controller.reason());
        assertEquals(false, controller.end(time + 40 * MS, 40 * MS, 40 * MS), "in time");
        assertEquals(2, controller.begin(time + 42 * MS, 0, Long.MAX_VALUE, null, 0));
        assertEquals(Reason.LATE, controller.reason());
    }

    @Test
    void aFrameIsGivenUpAtTheLastMomentAndOnlyIfTheFallbackIsInTime() {
        FrameWatch watch = new FrameWatch();
        watch.begin(0, 40 * MS, 20 * MS, 5 * MS);
        assertEquals(false, watch.hopeless(24 * MS, 0.5), "the fallback would still be in time later");
        assertEquals(true, watch.hopeless(30 * MS, 0.4), "slow as the machine is now, only just");
        assertEquals(true, watch.hopeless(36 * MS, 0.5), "10 ms to go");
        assertEquals(46 * MS, watch.wouldTake());
        assertEquals(false, watch.hopeless(36 * MS, 0.85), "3 ms to go");
        assertEquals(false, watch.hopeless(39 * MS, 0.85), "late, but sooner than by the fallback");
        watch.begin(0, 40 * MS, 100 * MS, 5 * MS);
        assertEquals(false, watch.hopeless(36 * MS, 0.9), "it goes faster than usual");
    }

    @Test
    void aSmallerShareOfTheThreadsMeansACheaperPoint() {
        Controller controller = new Controller(LADDER, ControllerOptions.ofFrameRate(24));
        double[] clock = {0};
        drive(controller, clock, 240, 1);
        for (int i = 0; i < 3; i++) {
            clock[0] += 1e9 / 24;
            int point = controller.begin((long) clock[0], 0, 10 * MS, null, 0);
            long run = LADDER.get(point).predictedNanos();
            controller.end((long) clock[0] + run, run, run);
        }
        assertEquals(1, controller.point());
    }

    @Test
    void tilesShrinkFirstAndGrowSlowly() {
        MemoryPolicy policy = new MemoryPolicy(1000);
        long second = 1_000_000_000L;
        assertEquals(1, policy.update(0, sensing(0, 0.5)));
        assertEquals(0.5, policy.update(second, sensing(0, 0.05)));
        assertEquals(0.5, policy.update(second + second / 2, sensing(0, 0.05)), "a change takes a second to help");
        assertEquals(0.25, policy.update(2 * second, sensing(0, 0.05)));
        assertEquals(0.125, policy.update(3 * second, sensing(0, 0.05)));
        assertEquals(0, policy.relief());
        assertEquals(0.125, policy.update(4 * second, sensing(0, 0.05)));
        assertEquals(160, policy.relief(), "a fiftieth of the heap, of points whose tiles are of full size");
        double share = 0;
        for (int i = 5; i < 14; i++) {
            share = policy.update(i * second, sensing(0, 0.5));
        }
        assertEquals(0.125, share);
        for (int i = 14; i < 60; i++) {
            share = policy.update(i * second, sensing(0, 0.5));
        }
        assertEquals(1, share);
        assertEquals(1, policy.update(70 * second, sensing(0, Double.NaN)), "what is not known is no shortage");
    }

    @Test
    void framesThatComeFasterThanTheirRateAreAPeriodApart() {
        PacedClock clock = new PacedClock(40 * MS);
        long time = 7_000 * MS;
        assertEquals(time, clock.begin(time));
        // From a file, 5 ms each.
        for (int frame = 1; frame <= 50; frame++) {
            time += 5 * MS;
            assertEquals(7_000 * MS + frame * 40 * MS, clock.begin(time));
            assertEquals(7_000 * MS + frame * 40 * MS + 3 * MS, clock.at(time + 3 * MS), "time within a frame is real");
        }
        // Slower than the rate, the clock is the real one again, ahead of it, but for two periods.
        long before = 7_000 * MS + 2_000 * MS;
        long last = 0;
        for (int frame = 0; frame < 10; frame++) {
            time += 100 * MS;
            last = clock.begin(time);
        }
        assertEquals(before + 1_000 * MS - 2 * 40 * MS, last);
        PacedClock live = new PacedClock(40 * MS);
        for (int frame = 0; frame < 500; frame++) {
            long begin = frame * 40 * MS + frame % 3 * 2 * MS;
            assertTrue(live.begin(begin) - begin <= 4 * MS, "no more than the beginnings scatter");
        }
    }

    @Test
    void sharesAreLentAndTakenBack() {
        Shares shares = new Shares();
        Shares.Member first = shares.join(40 * MS);
        assertEquals(Long.MAX_VALUE, shares.allowance(first, 0, 0));
        Shares.Member second = shares.join(40 * MS);
        for (int i = 0; i < 100; i++) {
            shares.used(first, 4 * MS, 0);
        }
        assertEquals(34, shares.allowance(second, 0, 0) / MS, 1, "what the first leaves");
        assertEquals(38, shares.allowance(first, 0, 0) / MS, 1, "the second has used nothing yet");
        for (int i = 0; i < 100; i++) {
            shares.used(first, 30 * MS, 0);
            shares.used(second, 30 * MS, 0);
        }
        assertEquals(19, shares.allowance(first, 0, 0) / MS, 1, "half for each when both want more");
        assertEquals(19, shares.allowance(first, 900 * MS, 0) / MS, 1);
        assertEquals(Long.MAX_VALUE, shares.allowance(first, 1100 * MS, 0), "the other has paused");
        shares.used(second, 30 * MS, 1100 * MS);
        assertEquals(19, shares.allowance(first, 1100 * MS, 0) / MS, 1, "and goes on");
        shares.leave(second);
        shares.leave(second);
        assertEquals(1, shares.size());
    }

    @Test
    void nobodyBorrowsWhatAPoorerSessionMisses() {
        Shares shares = new Shares();
        Shares.Member rich = shares.join(40 * MS);
        Shares.Member poor = shares.join(40 * MS);
        shares.join(40 * MS);
        for (int i = 0; i < 100; i++) {
            shares.used(rich, 28 * MS, 0);
            shares.used(poor, 2 * MS, 0);
        }
        assertEquals(36, shares.allowance(rich, 0, 0) / MS, 1, "what the others leave");
        assertEquals(12, shares.allowance(poor, 0, 14 * MS) / MS, 1, "its equal part, where it wishes a little more");
        assertEquals(18, shares.allowance(rich, 0, 0) / MS, 1, "hardly more than the other misses");
        assertEquals(12, shares.allowance(poor, 0, 10 * MS) / MS, 1, "which is enough now");
        assertEquals(36, shares.allowance(rich, 0, 0) / MS, 1);
    }

    @Test
    void badInputIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> ControllerOptions.ofFrameRate(0));
        assertThrows(IllegalArgumentException.class, () -> ControllerOptions.ofFrameRate(10_000));
        assertThrows(IllegalArgumentException.class, () -> ControllerOptions.ofFrameRate(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> new ControllerOptions(40 * MS, 0));
        assertThrows(IllegalArgumentException.class, () -> point("p", 0, 36));
        assertThrows(IllegalArgumentException.class, () -> new PointLadder(List.of(point("only", 1, 36))));
        assertThrows(IllegalArgumentException.class,
                () -> new PointLadder(List.of(point("a", 1, 36), point("b", 2, 35.9))));
    }

    @Test
    void dominatedPointsAreLeftOut() {
        PointLadder ladder = PointLadder.of(List.of(
                point("large", 36, 37.2), point("worse", 30, 36), point("small", 8, 36.1), point("bicubic", 2, 33.7),
                point("small", 8, 36.1)));
        assertEquals(List.of("bicubic", "small", "large"), ladder.points().stream().map(OperatingPoint::name).toList());
    }
}
