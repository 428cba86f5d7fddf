package io.github.fovea.plan;

import io.github.fovea.graph.Op;
import java.util.Arrays;
import java.util.List;

/// Which rows each step of a plan must compute where only some rows of the result are wanted: of a picture that is read
/// with a halo, every layer computes less of the halo than the one before. One object serves any number of shapes
/// without allocation; for one thread at a time.
public final class WantedRows {
    private final Plan plan;
    private final List<Step> steps;
    private final WindowPlan.Reading[] readings;
    /// Rows of each step's output that are computed together.
    private final int[] units;
    /// Multiply-adds per input pixel of a row of each step's output.
    private final long[] macs;
    private final int[] scales;
    private final int[] begins;
    private final int[] ends;
    /// For each slot, the rows wanted of it by the steps from the one looked at on.
    private final int[] slotBegins;
    private final int[] slotEnds;

    /// Wants nothing yet.
    ///
    /// @param plan the plan
    public WantedRows(Plan plan) {
        this.plan = plan;
        steps = plan.steps();
        readings = steps.stream().map(WindowPlan.Reading::of).toArray(WindowPlan.Reading[]::new);
        scales = plan.slots().stream().mapToInt(Slot::scale).toArray();
        // A step that enlarges begins at whole rows of its input.
        units = steps.stream().mapToInt(step -> step instanceof Step.Conv(var op, var _, int _, int _)
                ? plan.kernels().conv(op).rowTile(op.inChannels(), op.outChannels())
                : WindowPlan.Reading.of(step).scale()).toArray();
        macs = steps.stream().mapToLong(this::macs).toArray();
        begins = new int[readings.length];
        ends = new int[readings.length];
        slotBegins = new int[scales.length];
        slotEnds = new int[scales.length];
    }

    private long macs(Step step) {
        return scales[step.out()] * switch (step) {
            case Step.Conv(var op, var _, int _, int _) -> (long) op.inChannels() * op.outChannels() * op.size()
                    * op.size();
            case Step.DepthwiseConv(Op.DepthwiseConv op, var _, int _, int _) -> 9L * op.channels();
            case Step.Activation _, Step.Add _, Step.PixelShuffle _, Step.Resize _ -> 0L;
        };
    }

    /// Finds the rows of every step.
    ///
    /// @param height   rows of the input picture
    /// @param rowBegin first row of the input picture whose part of the result is wanted
    /// @param rowEnd   row after the last
    /// @throws IllegalArgumentException if that is no range of rows of the picture
    public void want(int height, int rowBegin, int rowEnd) {
        if (rowBegin < 0 || rowEnd > height || rowBegin >= rowEnd) {
            throw new IllegalArgumentException("rows " + rowBegin + " to " + rowEnd + " of a picture of " + height);
        }
        Arrays.fill(slotBegins, Integer.MAX_VALUE);
        Arrays.fill(slotEnds, 0);
        slotBegins[plan.output()] = rowBegin * scales[plan.output()];
        slotEnds[plan.output()] = rowEnd * scales[plan.output()];
        for (int i = readings.length - 1; i >= 0; i--) {
            int out = steps.get(i).out();
            int unit = units[i];
            int begin = Math.min(slotBegins[out], slotEnds[out]) / unit * unit;
            int end = Math.min(height * scales[out], (slotEnds[out] + unit - 1) / unit * unit);
            begins[i] = begin;
            ends[i] = end;
            slotBegins[out] = Integer.MAX_VALUE;
            slotEnds[out] = 0;
            if (begin == end) {
                continue;
            }
            int scale = readings[i].scale();
            for (int slot : readings[i].slots()) {
                slotBegins[slot] = Math.min(slotBegins[slot], Math.max(0, begin / scale - readings[i].rows()));
                slotEnds[slot] = Math.max(slotEnds[slot],
                        Math.min(height * scales[slot], (end + scale - 1) / scale + readings[i].rows()));
            }
        }
    }

    /// {@return the first row of its output that a step computes}
    ///
    /// @param step index of the step
    public int begin(int step) {
        return begins[step];
    }

    /// {@return the row after the last that a step computes}
    ///
    /// @param step index of the step
    public int end(int step) {
        return ends[step];
    }

    /// {@return the multiply-adds of the convolutions that compute these rows}
    ///
    /// @param width pixels in a row of the input picture
    public long macs(int width) {
        return macs(width, 1);
    }

    /// {@return the multiply-adds of the convolutions that compute these rows, where fewer rows than a unit take as
    /// long as one}
    ///
    /// @param width pixels in a row of the input picture
    /// @param unit  rows of the input picture that are computed together, at least 1
    public long macs(int width, int unit) {
        long sum = 0;
        for (int i = 0; i < macs.length; i++) {
            int together = unit * scales[steps.get(i).out()];
            sum += macs[i] * Math.ceilDiv(ends[i] - begins[i], together) * together;
        }
        return sum * width;
    }

    /// {@return LR rows on either side that a part of a picture costs more than its own: less than the receptive radius,
    /// because layers compute fewer and fewer of them; a fraction}
    ///
    /// @param rim LR rows around the part that are wanted with it
    public double haloRows(int rim) {
        int radius = plan.graph().receptiveRadius() + rim;
        long perRow = plan.graph().macsPerPixel();
        if (perRow == 0) {
            return radius;
        }
        int core = 4 * plan.rowAlignment();
        want(core + 2 * radius, radius - rim, radius + core + rim);
        return ((double) macs(1) / perRow - core) / 2;
    }
}
