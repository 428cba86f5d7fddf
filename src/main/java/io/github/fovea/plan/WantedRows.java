package io.github.fovea.plan;

import io.github.fovea.graph.Op;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Which rows each step of a plan must compute where only some rows of the result are wanted: of a picture that is read
/// with a halo, every layer computes less of the halo than the one before. One object serves any number of shapes
/// without allocation; for one thread at a time.
public final class WantedRows {
    /// A row that no edge is near, a multiple of all alignments.
    private static final int FAR = 1 << 20;

    private final Plan plan;
    private final List<Step> steps;
    private final WindowPlan.Reading[] readings;
    /// Rows of each step's output that are computed together, and where the first ones behind row 0 begin.
    private final int[] units;
    private final int[] firstTiles;
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
        units = IntStream.range(0, readings.length).map(i -> Math.max(plan.rowTile(i), readings[i].scale())).toArray();
        firstTiles = IntStream.range(0, readings.length).map(plan::firstTile).toArray();
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
            boolean none = slotEnds[out] == 0;
            int begin = none ? 0 : Math.max(0, tile(slotBegins[out], unit, firstTiles[i]));
            int end = none ? 0 : Math.min(height * scales[out], tile(slotEnds[out] + unit - 1, unit, firstTiles[i]));
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

    /// The row at which the tile begins that holds a row.
    private static int tile(int row, int unit, int firstTile) {
        return row - Math.floorMod(row - firstTile, unit);
    }

    /// {@return how many rows of input pixels above and below it the bits of an output pixel depend on, wherever it lies
    /// in its tile}
    int reach() {
        int reach = 0;
        for (int row = FAR; row < FAR + plan.rowAlignment(); row++) {
            want(2 * FAR, row, row + 1);
            reach = Math.max(reach, Math.max(row - slotBegins[plan.input()], slotEnds[plan.input()] - row - 1));
        }
        return reach;
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
