package io.github.fovea.plan;

import io.github.fovea.graph.Graph;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.tensor.Layout;
import java.util.List;

/// A network made ready to run: fused steps in order and the tensors between them, for every picture size and without
/// weights. Immutable.
///
/// Layout rule: tensors of up to 4 channels are [Layout#PLANAR], wider ones [Layout#BLOCKED16]; the input and the result
/// are always planar. The input is never overwritten, so a run may be repeated.
///
/// @param graph  the network
/// @param slots  the tensors
/// @param steps  kernel calls in order
/// @param input  slot of the picture that enters
/// @param output slot of the result; equal to `input` for a graph without operators
/// @param kernelNeeds what the kernels ask for besides tensors
/// @param memory sizes of the slots, and how they lie in the arena
public record Plan(
        Graph graph, List<Slot> slots, List<Step> steps, int input, int output, KernelNeeds kernelNeeds,
        Memory memory) {
    /// Tensors of at most this many channels are planar.
    public static final int MAX_PLANAR_CHANNELS = 4;

    /// Copies the lists.
    public Plan {
        slots = List.copyOf(slots);
        steps = List.copyOf(steps);
    }

    Plan(Graph graph, List<Slot> slots, List<Step> steps, int input, int output, KernelNeeds kernelNeeds) {
        this(graph, slots, steps, input, output, kernelNeeds, new Memory(slots));
    }

    /// {@return the plan of a graph for kernels that need nothing but tensors, as the scalar ones do}
    ///
    /// @param graph the network
    public static Plan of(Graph graph) {
        return new Planner(graph, KernelNeeds.none(graph)).plan();
    }

    /// {@return the plan of a graph for the kernels of a table}
    ///
    /// @param graph   the network
    /// @param kernels the kernels that will run it
    public static Plan of(Graph graph, KernelTable kernels) {
        return new Planner(graph, KernelNeeds.of(graph, kernels)).plan();
    }

    /// {@return the layout of a tensor inside a network}
    ///
    /// @param channels its channels
    static Layout layout(int channels) {
        return channels <= MAX_PLANAR_CHANNELS ? Layout.PLANAR : Layout.BLOCKED16;
    }

    /// {@return whether this plan may run on the kernels of a table}
    ///
    /// @param kernels the table
    public boolean serves(KernelTable kernels) {
        return kernelNeeds.cover(KernelNeeds.of(graph, kernels));
    }

    /// {@return the floats of the arena for an input picture: tensors or line buffers, and behind them the kernels' scratch
    /// memory}
    ///
    /// @param height rows, at least 1
    /// @param width  pixels in a row, at least 1
    /// @throws ArithmeticException if an extent overflows
    public long arenaElements(int height, int width) {
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("picture of " + width + "x" + height + ", wanted at least 1x1");
        }
        long whole = wholeElements(height, width);
        if (!steps.isEmpty()) {
            long windows = WindowPlan.of(this).elements(width);
            if (WindowPlan.pays(whole, windows)) {
                return Math.addExact(windows, kernelNeeds.scratchElements());
            }
        }
        return Math.addExact(whole, kernelNeeds.scratchElements());
    }

    /// The floats of all tensors as wholes; as many as a long holds if they overflow.
    private long wholeElements(int height, int width) {
        try {
            return memory.newPlacement().place(height, width);
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }

    /// {@return the bytes that one workspace takes for an input picture, exactly; [Long#MAX_VALUE] if they overflow}
    ///
    /// @param height rows, at least 1
    /// @param width  pixels in a row, at least 1
    public long peakBytes(int height, int width) {
        try {
            return Math.multiplyExact(arenaElements(height, width), (long) Float.BYTES);
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }

    /// {@return the factor between the input picture and the result}
    public int scale() {
        return graph.scale();
    }

    /// {@return how many rows of input pixels above and below it the bits of an output pixel depend on: the receptive radius,
    /// and what kernels add that compute several rows together}
    public int rowRadius() {
        return kernelNeeds.rowRadius();
    }

    /// {@return how many columns of input pixels left and right of it the bits of an output pixel depend on: the receptive
    /// radius, and what kernels add that compute several columns together}
    public int columnRadius() {
        return kernelNeeds.columnRadius();
    }

    /// {@return pictures that are cut at columns that are multiples of this number give the same bits}
    public int columnAlignment() {
        return kernelNeeds.columnAlignment();
    }

    /// {@return pictures that are cut at rows that are multiples of this number give the same bits}
    public int rowAlignment() {
        return kernelNeeds.rowAlignment();
    }
}
