package io.github.fovea.pipeline;

import io.github.fovea.adapt.PointLadder;
import io.github.fovea.adapt.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Counts what happened to a session's frames. Safe for use by several threads; a frame allocates nothing but, once a
/// second, a line of the timeline.
public final class SessionLog {
    /// Latest frame times kept for percentiles.
    private static final int KEPT = 1024;
    /// A day; then the timeline stops growing.
    private static final int MAX_SECONDS = 86_400;

    /// One second of the timeline.
    ///
    /// @param second       since the session's first frame
    /// @param frames       frames done
    /// @param late         of these, late ones
    /// @param point        name of the point at the end of the second
    /// @param psnr         mean expected quality in dB
    /// @param worstNanos   longest time from a frame's arrival to its end
    /// @param othersBusy   processors that others kept busy; NaN where not known
    public record Second(int second, int frames, int late, String point, double psnr, long worstNanos,
            double othersBusy) {}

    /// The counts at one moment.
    ///
    /// @param frames         frames done
    /// @param late           of these, later than the deadline
    /// @param rescued        of these, done by the fallback because nothing else would have come in time
    /// @param starved        frames done by the fallback because memory was short
    /// @param switches       changes of the operating point
    /// @param framesByPoint  frames by name of the point they ran at, the cheapest first
    /// @param point          name of the point that the session stands at
    /// @param meanPsnr       mean expected quality in dB
    /// @param medianNanos    half of the latest thousand frames took no longer from arrival to end
    /// @param highNanos      99 % of them took no longer
    /// @param elapsedNanos   from the first frame's arrival to the last one's end
    public record Counts(long frames, long late, long rescued, long starved, long switches, Map<String,
            Long> framesByPoint, String point, double meanPsnr, long medianNanos, long highNanos, long elapsedNanos) {
        /// Copies the map.
        public Counts {
            framesByPoint = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(framesByPoint));
        }

        /// {@return frames per second from the first frame's arrival to the last one's end}
        public double framesPerSecond() {
            return elapsedNanos == 0 ? 0 : frames * 1e9 / elapsedNanos;
        }
    }

    private final PointLadder ladder;
    private final long[] byPoint;
    private final long[] latencies = new long[KEPT];
    private final List<Second> timeline = new ArrayList<>();
    private long frames;
    private long late;
    private long rescued;
    private long starved;
    private long switches;
    private int point;
    private double psnr;
    private long first;
    private long last;
    private long secondFrames;
    private int secondLate;
    private double secondPsnr;
    private long secondWorst;
    private int second;

    SessionLog(PointLadder ladder) {
        this.ladder = ladder;
        byPoint = new long[ladder.size()];
    }

    synchronized void frame(long arrival, long end, int ran, int stands, Reason reason, boolean wasLate,
            long allSwitches, double othersBusy) {
        if (frames == 0) {
            first = arrival;
        }
        int at = Math.clamp((end - first) / 1_000_000_000L, 0, MAX_SECONDS);
        if (at > second) {
            if (secondFrames > 0 && timeline.size() < MAX_SECONDS) {
                timeline.add(line(othersBusy));
            }
            second = at;
            secondFrames = 0;
            secondLate = 0;
            secondPsnr = 0;
            secondWorst = 0;
        }
        latencies[(int) (frames % KEPT)] = end - arrival;
        last = end;
        frames++;
        byPoint[ran]++;
        psnr += ladder.get(ran).psnr();
        late += wasLate ? 1 : 0;
        rescued += reason == Reason.RESCUE ? 1 : 0;
        starved += reason == Reason.MEMORY && ran == PointLadder.FALLBACK ? 1 : 0;
        switches = allSwitches;
        point = stands;
        secondFrames++;
        secondLate += wasLate ? 1 : 0;
        secondPsnr += ladder.get(ran).psnr();
        secondWorst = Math.max(secondWorst, end - arrival);
    }

    private Second line(double othersBusy) {
        return new Second(second, (int) secondFrames, secondLate, ladder.get(point).name(), secondPsnr / secondFrames,
                secondWorst, othersBusy);
    }

    /// {@return the counts so far}
    public synchronized Counts counts() {
        Map<String, Long> names = new LinkedHashMap<>();
        for (int i = 0; i < byPoint.length; i++) {
            names.put(ladder.get(i).name(), byPoint[i]);
        }
        long[] sorted = Arrays.copyOf(latencies, (int) Math.min(frames, KEPT));
        Arrays.sort(sorted);
        int n = sorted.length;
        return new Counts(frames, late, rescued, starved, switches, names, ladder.get(point).name(),
                frames == 0 ? Double.NaN : psnr / frames, n == 0 ? 0 : sorted[n / 2],
                n == 0 ? 0 : sorted[Math.min(n - 1, n * 99 / 100)], frames == 0 ? 0 : last - first);
    }

    /// {@return what happened, second by second; the running second last}
    public synchronized List<Second> timeline() {
        List<Second> all = new ArrayList<>(timeline);
        if (secondFrames > 0) {
            all.add(line(Double.NaN));
        }
        return all;
    }
}
