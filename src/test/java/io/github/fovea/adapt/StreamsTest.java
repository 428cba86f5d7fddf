package io.github.fovea.adapt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Several sessions alike that take turns on one set of threads, on a virtual clock: first come, first served, as a fair lock does.
class StreamsTest {
    private static final PointLadder LADDER = new PointLadder(List.of(point("bicubic", 2.4, 35.7), point("p1", 6.6, 37.0),
            point("p2", 9, 37.5), point("p3", 13, 38.1), point("p4", 15.2, 38.6), point("p5", 34, 39.0)));
    private static final double MILLIS = 60_000;
    private static final int RUNS = 4;

    private record Waiting(int stream, double arrival) {}

    private static OperatingPoint point(String name, double millis, double psnr) {
        return new OperatingPoint(name, (long) (millis * 100), 0, psnr, (long) (millis * 1e6));
    }

    /// What a run gave, in its second half.
    private static final class Run {
        private int frames;
        private int late;
        /// Frames while two sessions stand three or more points apart.
        private int apart;
        private double busy;

        Run(long seed, int streams, double fps, double load) {
            SplittableRandom random = new SplittableRandom(seed);
            Shares shares = new Shares();
            List<Controller> controllers = new ArrayList<>();
            List<Shares.Member> members = new ArrayList<>();
            PriorityQueue<Waiting> arrivals = new PriorityQueue<>(Comparator.comparingDouble(Waiting::arrival));
            double period = 1000 / fps;
            for (int i = 0; i < streams; i++) {
                controllers.add(new Controller(LADDER, ControllerOptions.ofFrameRate(fps)));
                members.add(shares.join((long) (period * 1e6)));
                arrivals.add(new Waiting(i, i * period / streams + random.nextDouble()));
            }
            double now = 0;
            while (arrivals.peek().arrival() < MILLIS) {
                Waiting next = arrivals.poll();
                now = Math.max(now, next.arrival());
                Controller controller = controllers.get(next.stream());
                long begin = (long) (now * 1e6);
                long allowed = shares.allowance(members.get(next.stream()), begin, controller.wishNanos());
                int ran = controller.begin(begin, (long) ((now - next.arrival()) * 1e6), allowed, null, 0);
                double run = LADDER.get(ran).predictedNanos() / 1e6 * load * Math.exp(0.06 * random.nextGaussian())
                        + (random.nextInt(20) == 0 ? random.nextDouble(4) : 0);
                now += run;
                boolean isLate = controller.end((long) (now * 1e6), (long) (run * 1e6), (long) ((now - next.arrival()) * 1e6));
                shares.used(members.get(next.stream()), (long) (run * 1e6), (long) (now * 1e6));
                if (next.arrival() > MILLIS / 2) {
                    int low = controllers.stream().mapToInt(Controller::point).min().orElseThrow();
                    int high = controllers.stream().mapToInt(Controller::point).max().orElseThrow();
                    frames++;
                    late += isLate ? 1 : 0;
                    apart += high - low >= 3 ? 1 : 0;
                    busy += run;
                }
                arrivals.add(new Waiting(next.stream(), next.arrival() + period));
            }
        }
    }

    /// Where the equal share is a little less than a network takes, some sessions stood at bicubic, and lent all of it to others.
    @ParameterizedTest
    @CsvSource({"2, 24, 1.4", "3, 24, 1.4", "4, 24, 1", "4, 24, 1.4", "6, 24, 1", "6, 24, 1.4", "8, 12, 1", "8, 12, 1.4",
            "8, 12, 1.8"})
    void sessionsAlikeStandAtNeighbouringPoints(int streams, double fps, double load) {
        double frames = 0;
        double apart = 0;
        double late = 0;
        double busy = 0;
        for (int seed = 0; seed < RUNS; seed++) {
            Run run = new Run(31L * seed + streams, streams, fps, load);
            frames += run.frames;
            apart += run.apart;
            late += run.late;
            busy += run.busy;
        }
        assertTrue(apart < 0.12 * frames, 100 * apart / frames + " % of the frames while two are three points apart");
        assertTrue(late < 0.01 * frames, 100 * late / frames + " % late");
        // Fairness is no reason to waste the processors.
        assertTrue(busy > 0.7 * RUNS * MILLIS / 2, 100 * busy / (RUNS * MILLIS / 2) + " % of the time used");
        assertEquals(RUNS * streams * fps * MILLIS / 2000, frames, RUNS * streams, "every frame is done");
    }
}
