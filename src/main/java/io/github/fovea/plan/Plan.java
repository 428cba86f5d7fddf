package io.github.fovea.plan;

import io.github.fovea.graph.Graph;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.tensor.Layout;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A network made ready to run: fused steps in order and the tensors between them, for every picture size and without
/// weights. Immutable.
///
/// Layout rule: tensors of up to 4 channels are [Layout#PLANAR], wider ones [Layout#BLOCKED16]; the input and the
/// result are always planar. The input is never overwritten, so a run may be repeated.
///
/// The depth-first form is built with the plan: whoever looks for tiles asks for [#peakBytes] many times.
public final class Plan {
    /// Tensors of at most this many channels are planar.
    public static final int MAX_PLANAR_CHANNELS = 4;

    private final Graph graph;
    private final List<Slot> slots;
    private final List<Step> steps;
    private final int input;
    private final int output;
    private final Kernels kernels;
    private final KernelNeeds kernelNeeds;
    private final Memory memory;
    private final Optional<WindowPlan> windows;
    private final int rowRadius;

    Plan(Graph graph, List<Slot> slots, List<Step> steps, int input, int output, Kernels kernels) {
        this.graph = graph;
        this.slots = List.copyOf(slots);
        this.steps = List.copyOf(steps);
        this.input = input;
        this.output = output;
        this.kernels = kernels;
        kernelNeeds = KernelNeeds.of(graph, kernels);
        memory = new Memory(this.slots);
        windows = this.steps.isEmpty() ? Optional.empty() : Optional.of(WindowPlan.of(this));
        rowRadius = new WantedRows(this).reach();
    }

    /// {@return the plan of a graph with weights of its own for the kernels of a table}
    ///
    /// @param graph the network
    /// @param table the kernels that will run it
    public static Plan of(Graph graph, KernelTable table) {
        return of(graph, new Kernels(table, graph.parameters()));
    }

    /// {@return the plan of a graph}
    ///
    /// @param graph   the network
    /// @param kernels the kernels that will run it
    /// @throws IllegalArgumentException if a convolution reads neither a stored tensor nor a slice of one
    public static Plan of(Graph graph, Kernels kernels) {
        return new Planner(graph, kernels).plan();
    }

    /// {@return the layout of a tensor inside a network}
    ///
    /// @param channels its channels
    static Layout layout(int channels) {
        return channels <= MAX_PLANAR_CHANNELS ? Layout.PLANAR : Layout.BLOCKED16;
    }

    /// {@return whether other kernels are those of this plan, as far as it runs them}
    ///
    /// @param others the kernels
    /// @throws IllegalArgumentException if a convolution reads none of their tensors and no slice of one
    public boolean runsOn(Kernels others) {
        return kernels.table() == others.table() && steps.stream().allMatch(
                step -> !(step instanceof Step.Conv(var op, var _, int _, int _))
                || Arrays.equals(kernels.stored(op), others.stored(op)));
    }

    /// {@return the floats of the arena for an input picture: tensors or line buffers, and behind them the kernels'
    /// scratch memory}
    ///
    /// @param height rows, at least 1
    /// @param width  pixels in a row, at least 1
    /// @throws ArithmeticException if an extent overflows
    public long arenaElements(int height, int width) {
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("picture of " + width + "x" + height + ", wanted at least 1x1");
        }
        long elements = depthFirst(height, width) ? windows.orElseThrow().elements(width)
                : wholeElements(height, width);
        return Math.addExact(elements, kernelNeeds.scratchElements());
    }

    /// {@return whether a picture of this size is run depth first, see [WindowPlan#pays]}
    ///
    /// @param height rows, at least 1
    /// @param width  pixels in a row, at least 1
    /// @throws ArithmeticException if an extent overflows
    public boolean depthFirst(int height, int width) {
        return windows.isPresent() && WindowPlan.pays(wholeElements(height, width), windows.get().elements(width));
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

    /// {@return bytes that no workspace takes more of for an input picture of at most this size; [Long#MAX_VALUE] if they
    /// overflow} At least [#peakBytes] of the size, and more where a lower or narrower picture is run layer by layer and
    /// takes more than line buffers: what whole tensors take grows with a picture, and line buffers are only taken where
    /// these leave the cache. Costs less than [#peakBytes] to find.
    ///
    /// @param height most rows, at least 1
    /// @param width  most pixels in a row, at least 1
    public long mostBytes(int height, int width) {
        try {
            long elements = wholeElements(height, width);
            if (windows.isPresent()) {
                elements = WindowPlan.most(elements, windows.get().elements(width));
            }
            return Math.multiplyExact(Math.addExact(elements, kernelNeeds.scratchElements()), (long) Float.BYTES);
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }

    /// {@return the network}
    public Graph graph() {
        return graph;
    }

    /// {@return the tensors}
    public List<Slot> slots() {
        return slots;
    }

    /// {@return kernel calls in order}
    public List<Step> steps() {
        return steps;
    }

    /// {@return slot of the picture that enters}
    public int input() {
        return input;
    }

    /// {@return slot of the result; equal to [#input] for a graph without operators}
    public int output() {
        return output;
    }

    /// {@return the kernels that run it}
    public Kernels kernels() {
        return kernels;
    }

    /// {@return what the kernels ask for besides tensors}
    public KernelNeeds kernelNeeds() {
        return kernelNeeds;
    }

    /// {@return how many rows of its output a step computes together; 1 where each is computed by itself}
    ///
    /// @param step index of the step
    int rowTile(int step) {
        return steps.get(step) instanceof Step.Conv(var op, var _, int _, int _)
                ? kernels.conv(op).rowTile(op.inChannels(), op.outChannels()) : 1;
    }

    /// {@return the first row, behind row 0, at which a tile of a step begins: further ones follow at multiples of
    /// [#rowTile], and rows above the first are a tile of their own}
    ///
    /// Tiles begin as many rows earlier as the step is behind the network's input, [WindowPlan#lags], whether a picture
    /// is run depth first or not: so windows are whole tiles though no step waits for more rows than it looks at, and a
    /// part of a picture computes few rows beyond its own.
    ///
    /// @param step index of the step
    public int firstTile(int step) {
        return Math.floorMod(-windows.orElseThrow().lags().get(step), rowTile(step));
    }

    /// {@return whether a step finds its input's rows in several pieces of memory, see
    /// [io.github.fovea.tensor.TensorView#pieces]}
    ///
    /// @param step a step of this plan, or of its depth-first form
    boolean readsPieces(Step step) {
        return switch (step) {
            case Step.Conv(var op, var _, int _, int _) -> kernels.conv(op).readsPieces(op.inChannels(),
                    op.outChannels());
            case Step.DepthwiseConv _ -> false;
            case Step.Activation _, Step.Add _, Step.PixelShuffle _, Step.Resize _ -> true;
        };
    }

    /// {@return sizes of the slots, and how they lie in the arena}
    public Memory memory() {
        return memory;
    }

    /// {@return the depth-first form with which large pictures are run; empty for a graph without operators}
    public Optional<WindowPlan> windows() {
        return windows;
    }

    /// {@return the factor between the input picture and the result}
    public int scale() {
        return graph.scale();
    }

    /// {@return how many rows of input pixels above and below it the bits of an output pixel depend on: the receptive
    /// radius, and what kernels add that compute several rows together}
    public int rowRadius() {
        return rowRadius;
    }

    /// {@return how many columns of input pixels left and right of it the bits of an output pixel depend on: the
    /// receptive radius, and what kernels add that compute several columns together}
    public int columnRadius() {
        return kernelNeeds.columnRadius();
    }

    /// {@return input pixels on any side of a part of a picture that the bits of its result depend on}
    public int exactRadius() {
        return Math.max(rowRadius() + rowAlignment(), columnRadius() + columnAlignment());
    }

    /// {@return pictures that are cut at columns that are multiples of this number give the same bits}
    public int columnAlignment() {
        return kernelNeeds.columnAlignment();
    }

    /// {@return pictures that are cut at rows that are multiples of this number give the same bits}
    public int rowAlignment() {
        return kernelNeeds.rowAlignment();
    }

    /// {@return rows of input pixels that kernels compute at once: fewer take them as long}
    public int rowUnit() {
        return rowAlignment() == 1 ? WindowPlan.WINDOW_ROWS : rowAlignment();
    }

    @Override
    public String toString() {
        return "steps " + steps + ", tensors " + slots;
    }
}
