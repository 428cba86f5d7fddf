package io.github.fovea.adapt;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;

/// A session on a virtual clock: frames arrive at their rate, wait for the frame before them, and take the true time of their
/// point, which the ladder knows roughly, times the load, times noise, and wait for a processor besides when the machine is
/// loaded, as the kernel's scheduler makes them. Now and then comes a hiccup. A frame that could not be begun before its
/// successor arrived is dropped.
final class Simulation {
    static final double FPS = 24;
    /// Parts of a frame, after each of which its threads look at the clock.
    private static final int PARTS = 20;

    final PointLadder ladder;
    final double[] trueMillis;
    final double noise;
    /// Longest wait for a processor, in milliseconds, when the load is twice the lowest.
    final double delay;
    /// Share of frames that a hiccup hits.
    double hiccups;
    final double lowest;
    final double seconds;
    final DoubleUnaryOperator load;
    /// Milliseconds for which a frame that begins at a time, in seconds, finds no processor.
    final DoubleUnaryOperator stall;
    final SplittableRandom random;
    final long seed;
    /// Added to the clock that the controller sees, by frame.
    DoubleUnaryOperator clockError = _ -> 0;

    private final SplittableRandom waits;
    private double givenUp;
    long frames;
    long late;
    /// Frames that came too late although the fallback would have met the deadline; those not counted that a hiccup hit, which no
    /// controller foresees.
    long lateWithoutNeed;
    double quality;
    final List<Double> switchTimes = new ArrayList<>();
    final List<Integer> points = new ArrayList<>();
    final List<double[]> slowdowns = new ArrayList<>();

    Simulation(long seed, LoadShape shape, double seconds) {
        this.seed = seed;
        this.seconds = seconds;
        random = new SplittableRandom(seed);
        waits = new SplittableRandom(seed + 3);
        int levels = random.nextInt(2, 8);
        double top = random.nextDouble(10, 45);
        double fallback = top / random.nextDouble(15, 30);
        // Networks measured before the JVM had compiled them.
        double cold = new SplittableRandom(seed + 1).nextInt(4) == 0 ? new SplittableRandom(seed + 2).nextDouble(1, 4) : 1;
        List<OperatingPoint> points = new ArrayList<>();
        trueMillis = new double[levels + 1];
        for (int i = 0; i <= levels; i++) {
            // From an eighth of the top's cost up, evenly in the logarithm; quality follows the logarithm of the cost.
            double share = levels == 1 ? 1 : (double) (i - 1) / (levels - 1);
            double millis = i == 0 ? fallback : top / 8 * Math.pow(8, share);
            trueMillis[i] = millis * (1 + 0.1 * random.nextDouble(-1, 1));
            points.add(new OperatingPoint("p" + i, i * 1000, 1000, i == 0 ? 33.7 : 36 + 1.2 * share,
                    (long) (millis * (i == 0 ? 1 : cold) * 1e6)));
        }
        ladder = new PointLadder(points);
        noise = random.nextDouble(0.01, 0.08);
        delay = random.nextBoolean() ? random.nextDouble(0, 6) : 0;
        hiccups = random.nextBoolean() ? random.nextDouble(0, 0.003) : 0;
        load = shape.draw(random, seconds);
        stall = shape.stalls(new SplittableRandom(seed + 4));
        double least = Double.POSITIVE_INFINITY;
        for (double t = 0; t < seconds; t += 0.25) {
            least = Math.min(least, load.applyAsDouble(t));
        }
        lowest = least;
    }

    double periodMillis() {
        return 1000 / FPS;
    }

    Simulation run() {
        Controller controller = new Controller(ladder, ControllerOptions.ofFrameRate(FPS));
        FrameWatch watch = new FrameWatch();
        double end = 0;
        double cheapestEnd = 0;
        long switches = 0;
        for (int k = 0; k < seconds * FPS; k++) {
            double arrival = k * periodMillis();
            double start = Math.max(end, arrival);
            double loaded = load.applyAsDouble(start / 1000);
            double factor = loaded * Math.exp(noise * random.nextGaussian());
            double wait = random.nextDouble() * delay * Math.clamp(loaded / lowest - 1, 0, 1);
            boolean hiccup = random.nextDouble() < hiccups;
            wait += hiccup ? random.nextDouble(5, 60) : 0;
            wait += stall.applyAsDouble(arrival / 1000);
            if (cheapestEnd - arrival < periodMillis()) {
                cheapestEnd = Math.max(cheapestEnd, arrival) + trueMillis[0] * factor + wait;
            }
            boolean possible = !hiccup && cheapestEnd - arrival <= periodMillis();
            frames++;
            slowdowns.add(new double[] {factor, wait});
            if (start - arrival >= periodMillis()) {
                late++;
                lateWithoutNeed += possible ? 1 : 0;
                continue;
            }
            long at = clock(start, k);
            int point = controller.begin(at, (long) ((start - arrival) * 1e6), Long.MAX_VALUE, null, 0);
            end = start + trueMillis[point] * factor + wait;
            if (point > PointLadder.FALLBACK && hopeless(controller, watch, point, start, arrival, factor, wait)) {
                end = givenUp + trueMillis[PointLadder.FALLBACK] * factor;
                controller.abandon(watch.wouldTake());
                point = PointLadder.FALLBACK;
            }
            boolean isLate = controller.end(clock(end, k), Math.max(0, clock(end, k) - at),
                    (long) ((start - arrival) * 1e6) + Math.max(0, clock(end, k) - at));
            points.add(point);
            quality += ladder.get(point).psnr();
            if (end - arrival > periodMillis()) {
                late++;
                lateWithoutNeed += possible ? 1 : 0;
            }
            if (controller.switches() != switches) {
                switches = controller.switches();
                switchTimes.add(start / 1000);
            }
            if (!isLate && end - arrival > periodMillis() + 1e-3 && clockError.applyAsDouble(k) == 0) {
                throw new AssertionError("frame " + k + " was late and not counted");
            }
        }
        return this;
    }

    /// Whether a frame is given up: its threads look at the clock as they go, but not while they wait for a processor.
    private boolean hopeless(Controller controller, FrameWatch watch, int point, double start, double arrival, double factor,
            double wait) {
        double work = trueMillis[point] * factor;
        double heldUp = waits.nextDouble() * work;
        watch.begin((long) (start * 1e6), (long) ((arrival + periodMillis()) * 1e6), controller.expectedNanos(point),
                controller.fallbackNanos());
        for (int part = 0; part < PARTS; part++) {
            double done = (double) part / PARTS;
            givenUp = start + done * work + (done * work > heldUp ? wait : 0);
            if (watch.hopeless((long) (givenUp * 1e6), done)) {
                return true;
            }
        }
        return false;
    }

    private long clock(double millis, int frame) {
        return (long) ((millis + clockError.applyAsDouble(frame)) * 1e6);
    }

    double latePercent() {
        return 100.0 * lateWithoutNeed / frames;
    }

    /// The frames that would have been late if all had run at a point.
    private BitSet lateAt(int point) {
        BitSet late = new BitSet();
        double end = 0;
        for (int k = 0; k < slowdowns.size(); k++) {
            double arrival = k * periodMillis();
            if (end - arrival < periodMillis()) {
                end = Math.max(end, arrival) + slowdowns.get(k)[0] * trueMillis[point] + slowdowns.get(k)[1];
            }
            late.set(k, end - arrival > periodMillis());
        }
        return late;
    }

    /// {@return the best point that would have kept 99 % of the frames in time, in hindsight; 0 where none would have}
    int bestConstant() {
        BitSet unavoidable = lateAt(PointLadder.FALLBACK);
        for (int i = ladder.top(); i > 0; i--) {
            BitSet late = lateAt(i);
            // What the fallback would not have met either is no point's fault.
            late.andNot(unavoidable);
            if (late.cardinality() <= frames / 100) {
                return i;
            }
        }
        return 0;
    }

    /// {@return how far the mean quality went from the smallest network's to the best constant point's; NaN where these are
    /// the same or worse}
    double qualityUsed() {
        int best = bestConstant();
        if (best <= 1) {
            return Double.NaN;
        }
        double low = ladder.get(1).psnr();
        return (quality / points.size() - low) / (ladder.get(best).psnr() - low);
    }

    /// {@return the most switches in any second}
    int mostSwitchesPerSecond() {
        int most = 0;
        for (int i = 0; i < switchTimes.size(); i++) {
            int count = 0;
            for (int j = i; j < switchTimes.size() && switchTimes.get(j) - switchTimes.get(i) <= 1; j++) {
                count++;
            }
            most = Math.max(most, count);
        }
        return most;
    }
}
