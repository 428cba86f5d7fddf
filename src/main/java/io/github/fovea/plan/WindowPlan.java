package io.github.fovea.plan;

import io.github.fovea.graph.Interpolation;
import io.github.fovea.tensor.Layout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Depth-first execution of a plan: all steps advance together, a window of rows at a time, and every tensor is a line
/// buffer of a few rows, so that a large picture's tensors stay in the cache between the step that writes a row and the
/// steps that read it (Alwani et al. 2016, "Fused-layer CNN accelerators"; here rows are kept, not recomputed).
///
/// Every step follows the steps before it at a fixed distance of rows, its lag: a convolution of size 3 is one row
/// behind its input, a sum as far as the later of its terms. What a skip connection passes by waits in its buffer. All
/// of this depends on the plan alone; a picture's size only says where rows begin and end.
///
/// @param buffers one for each tensor; steps work in place only where nobody else reads their input
/// @param steps   the plan's steps, whose `in` and `out` are indices of `buffers`
/// @param lags    for each step, by how many of its output rows it is behind the network's input, at least 0
/// @param input   buffer of the picture that enters
/// @param output  buffer of the result
/// @param windowRows rows of the input picture by which a window advances
public record WindowPlan(
        List<LineBuffer> buffers, List<Step> steps, List<Integer> lags, int input, int output, int windowRows) {
    /// Rows of a window where the kernels ask for no more: what the 3x3 tiles compute at once.
    public static final int WINDOW_ROWS = 8;
    /// Rows of a window where kernels compute several rows together: buffers keep about as many more rows then, and
    /// higher windows copy them less often.
    public static final int TILED_WINDOW_ROWS = 16;

    /// Arenas of whole tensors up to this many floats are left as they are.
    private static final long CACHE_ELEMENTS = (3 << 20) / Float.BYTES;

    /// Copies the lists.
    public WindowPlan {
        buffers = List.copyOf(buffers);
        steps = List.copyOf(steps);
        lags = List.copyOf(lags);
    }

    /// {@return a plan's depth-first form}
    ///
    /// @param plan       the plan, of at least one step
    /// @param windowRows rows of the input picture by which a window advances, a positive multiple of the plan's row
    ///                   alignment
    /// @throws IllegalArgumentException if there are no steps or a window of that height is not possible
    public static WindowPlan of(Plan plan, int windowRows) {
        int alignment = plan.rowAlignment();
        if (plan.steps().isEmpty() || windowRows < 1 || windowRows % alignment != 0) {
            throw new IllegalArgumentException("windows of " + windowRows + " rows for a plan of " + plan.steps().size()
                    + " steps, wanted a positive multiple of " + alignment + " rows and at least one step");
        }
        return new Builder(plan, windowRows).build();
    }

    /// {@return the depth-first form with which the plan is run}
    ///
    /// @param plan the plan, of at least one step
    public static WindowPlan of(Plan plan) {
        int alignment = plan.rowAlignment();
        int rows = alignment == 1 ? WINDOW_ROWS : TILED_WINDOW_ROWS;
        return of(plan, (rows + alignment - 1) / alignment * alignment);
    }

    /// {@return whether a picture is run depth first: where whole tensors leave the cache and line buffers take less}
    ///
    /// @param wholeElements  floats of an arena of whole tensors
    /// @param windowElements floats of an arena of line buffers
    public static boolean pays(long wholeElements, long windowElements) {
        return wholeElements > CACHE_ELEMENTS && windowElements < wholeElements;
    }

    /// {@return the floats below which the arenas of a picture and of all its parts stay, however each of them is run}
    /// Parts that are too small to be run depth first may take more than the whole, up to what the cache holds.
    ///
    /// @param wholeElements  floats of the picture's arena of whole tensors
    /// @param windowElements floats of its arena of line buffers
    static long most(long wholeElements, long windowElements) {
        return Math.min(wholeElements, Math.max(CACHE_ELEMENTS, windowElements));
    }

    /// {@return the floats of the arena for an input picture, without the kernels' scratch memory}
    ///
    /// @param width pixels in a row, at least 1
    /// @throws ArithmeticException if an extent overflows
    public long elements(int width) {
        return new WindowPlacement(buffers).place(width);
    }

    /// {@return how many windows it takes until the result has all rows of a picture}
    ///
    /// @param height rows of the input picture
    public int windows(int height) {
        LineBuffer last = buffers.get(output);
        return (int) (((long) height * last.scale() + outputLag() + last.windowRows() - 1) / last.windowRows());
    }

    /// {@return by how many of its rows the finished result is behind the network's input}
    public int outputLag() {
        int lag = 0;
        for (int i = 0; i < steps.size(); i++) {
            lag = steps.get(i).out() == output ? lags.get(i) : lag;
        }
        return lag;
    }

    /// A buffer while its readers are still being met.
    private static final class Growing {
        final int channels;
        final Layout layout;
        final int scale;
        final int lag;
        final int firstStep;
        int border;
        int kept;
        int lastStep;
        /// Whether all readers find rows in pieces.
        boolean pieces = true;

        Growing(int channels, Layout layout, int scale, int lag, int firstStep) {
            this.firstStep = firstStep;
            this.lastStep = firstStep;
            this.channels = channels;
            this.layout = layout;
            this.scale = scale;
            this.lag = lag;
        }
    }

    /// How a step reads.
    ///
    /// @param slots  slots of the plan that it reads
    /// @param border pixels around an output pixel's place that must be there and be zero outside the picture
    /// @param rows   rows above and below an output pixel's place that it looks at
    /// @param scale  output rows per input row
    record Reading(int[] slots, int border, int rows, int scale) {
        static Reading of(Step step) {
            return switch (step) {
                case Step.Conv(var op, var _, int in, int _) -> new Reading(new int[] {in}, op.size() / 2,
                        op.size() / 2, 1);
                case Step.DepthwiseConv(var _, var _, int in, int _) -> new Reading(new int[] {in}, 1, 1, 1);
                case Step.Activation(var _, int in, int _) -> new Reading(new int[] {in}, 0, 0, 1);
                case Step.Add(int a, int b, int _) -> new Reading(new int[] {a, b}, 0, 0, 1);
                case Step.PixelShuffle(int scale, int in, int _) -> new Reading(new int[] {in}, 0, 0, scale);
                // Bilinear kernels may look as far as bicubic ones, with weights of zero.
                case Step.Resize(var interpolation, int scale, int in, int _) ->
                    new Reading(new int[] {in}, 0, interpolation == Interpolation.NEAREST ? 0 : 2, scale);
            };
        }
    }

    private static final class Builder {
        final Plan plan;
        final int windowRows;
        final List<Growing> buffers = new ArrayList<>();
        final List<Step> steps = new ArrayList<>();
        final List<Integer> lags = new ArrayList<>();
        /// Buffer that holds a slot's tensor now.
        final int[] bufferOf;
        /// Lag of a slot's tensor now; behind its buffer's where a step works in place.
        final int[] lagOf;

        Builder(Plan plan, int windowRows) {
            this.plan = plan;
            this.windowRows = windowRows;
            bufferOf = new int[plan.slots().size()];
            lagOf = new int[plan.slots().size()];
        }

        WindowPlan build() {
            open(plan.input(), 0, -1);
            for (int i = 0; i < plan.steps().size(); i++) {
                follow(i);
            }
            buffers.get(bufferOf[plan.output()]).lastStep = plan.steps().size();
            // Whoever gives the picture and takes the result may see whole tensors.
            buffers.get(bufferOf[plan.input()]).pieces = false;
            buffers.get(bufferOf[plan.output()]).pieces = false;
            return new WindowPlan(buffers.stream().map(b -> {
                int rows = windowRows * b.scale;
                boolean shared = b.kept < rows;
                int windows = shared ? 1 : (b.kept + rows - 1) / rows;
                return new LineBuffer(b.channels, b.layout, b.scale, b.border, rows, b.lag, b.kept, windows,
                        b.firstStep, b.lastStep, shared, b.pieces && shared && b.kept > 0);
            }).toList(), steps, lags, bufferOf[plan.input()], bufferOf[plan.output()], windowRows);
        }

        private void open(int slot, int lag, int step) {
            Slot like = plan.slots().get(slot);
            bufferOf[slot] = buffers.size();
            lagOf[slot] = lag;
            buffers.add(new Growing(like.channels(), like.layout(), like.scale(), lag, step));
        }

        /// Lets a step follow its inputs.
        private void follow(int index) {
            Step step = plan.steps().get(index);
            Reading reading = Reading.of(step);
            // In rows of the step's input.
            int lag = 0;
            for (int slot : reading.slots) {
                lag = Math.max(lag, lagOf[slot] + reading.rows);
            }
            int[] read = Arrays.stream(reading.slots).map(slot -> bufferOf[slot]).toArray();
            for (int buffer : read) {
                Growing in = buffers.get(buffer);
                in.border = Math.max(in.border, reading.border);
                in.kept = Math.max(in.kept, lag - in.lag + reading.rows);
                in.lastStep = index;
                in.pieces &= plan.readsPieces(step);
            }
            int out = step.out();
            boolean inPlace = Arrays.stream(reading.slots).anyMatch(slot -> slot == out);
            if (inPlace && onlyReader(index, out)) {
                lagOf[out] = lag;
                buffers.get(bufferOf[out]).lastStep = index;
            } else {
                open(out, lag * reading.scale, index);
            }
            steps.add(moved(step, read, bufferOf[out]));
            lags.add(lag * reading.scale);
        }

        /// Whether a step alone reads what is in a slot before it. Others would find rows overwritten that they still
        /// need, because they look around a pixel or are behind.
        private boolean onlyReader(int index, int slot) {
            for (int i = index - 1; i >= 0; i--) {
                Step earlier = plan.steps().get(i);
                if (Arrays.stream(Reading.of(earlier).slots).anyMatch(read -> read == slot) && earlier.out() != slot) {
                    return false;
                }
                if (earlier.out() == slot) {
                    return true;
                }
            }
            return false;
        }

        private static Step moved(Step step, int[] in, int out) {
            return switch (step) {
                case Step.Conv(var op, var slopes, int _, int _) -> new Step.Conv(op, slopes, in[0], out);
                case Step.DepthwiseConv(var op, var slopes, int _, int _) -> new Step.DepthwiseConv(op, slopes, in[0],
                        out);
                case Step.Activation(var slopes, int _, int _) -> new Step.Activation(slopes, in[0], out);
                case Step.Add _ -> new Step.Add(in[0], in[1], out);
                case Step.PixelShuffle(int scale, int _, int _) -> new Step.PixelShuffle(scale, in[0], out);
                case Step.Resize(var interpolation, int scale, int _, int _) ->
                    new Step.Resize(interpolation, scale, in[0], out);
            };
        }
    }
}
