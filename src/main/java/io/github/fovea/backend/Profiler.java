package io.github.fovea.backend;

import io.github.fovea.graph.Graph;
import io.github.fovea.graph.Op;
import io.github.fovea.kernel.Conv;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.plan.Placement;
import io.github.fovea.plan.Plan;
import io.github.fovea.tensor.Layout;
import io.github.fovea.tensor.TensorView;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/// Measures the convolutions of a kernel table on this machine, on one thread: channels as networks have them, on rows
/// of a video frame and on a small patch.
public final class Profiler {
    /// Kernel size, channels in, channels out.
    private static final int[][] LAYERS = {
        {1, 16, 16}, {1, 32, 32}, {3, 1, 16}, {3, 1, 32}, {3, 3, 32}, {3, 16, 4}, {3, 32, 12}, {3, 16, 16}, {3, 16, 32},
        {3, 32, 16}, {3, 32, 32}, {3, 32, 64}, {3, 64, 12}, {3, 64, 16}, {3, 64, 32}, {3, 64, 64},
        {5, 1, 4}, {5, 3, 12}, {5, 1, 64}};
    /// Rows and columns: a band of a frame, a patch.
    private static final int[][] SHAPES = {{32, 480}, {48, 54}};

    private static final int MIN_CALLS = 5;
    /// Half a megabyte.
    private static final int LARGE_ELEMENTS = 1 << 17;

    private final KernelTable kernels;
    private final long nanosEach;
    private final int[][] shapes;

    /// Prepares measurements.
    ///
    /// @param kernels the kernels
    /// @param nanos   time for all measurements together, at least 1
    public Profiler(KernelTable kernels, long nanos) {
        this(kernels, nanos, SHAPES);
    }

    /// Prepares measurements of other shapes: the usual ones take scalar kernels minutes.
    ///
    /// @param kernels the kernels
    /// @param nanos   time for all measurements together, at least 1
    /// @param shapes  pairs of rows and columns
    Profiler(KernelTable kernels, long nanos, int[][] shapes) {
        if (nanos < 1) {
            throw new IllegalArgumentException(nanos + " ns for all measurements, wanted at least 1");
        }
        this.kernels = kernels;
        this.shapes = shapes;
        nanosEach = nanos / measurements();
    }

    /// {@return how many measurements there are}
    int measurements() {
        int measurements = 0;
        for (int[] layer : LAYERS) {
            measurements += versions(kernels.conv(layer[0]), layer[1], layer[2]).size() * shapes.length;
        }
        return measurements;
    }

    /// The versions of a convolution that differ for these channels: those that compute other tiles.
    private static List<Conv> versions(Conv convolution, int inChannels, int outChannels) {
        List<Conv> different = new ArrayList<>();
        for (Conv version : convolution.versions()) {
            if (different.stream().noneMatch(other ->
                    other.columnTile(inChannels, outChannels) == version.columnTile(inChannels, outChannels)
                    && other.rowTile(inChannels, outChannels) == version.rowTile(inChannels, outChannels))) {
                different.add(version);
            }
        }
        return different;
    }

    /// {@return the times of all convolutions}
    ///
    /// @param each receives each as it is measured
    public List<MachineProfile.Cost> run(Consumer<MachineProfile.Cost> each) {
        warmUp();
        List<MachineProfile.Cost> costs = new ArrayList<>();
        // What the first round measures is thrown away: compilers and clocks are still getting up to speed.
        for (int round = 0; round < 2; round++) {
            for (int[] layer : LAYERS) {
                for (int[] shape : shapes) {
                    List<MachineProfile.Cost> measured = measure(
                            versions(kernels.conv(layer[0]), layer[1], layer[2]), layer[1], layer[2], shape[0],
                            shape[1]);
                    if (round == 1) {
                        costs.addAll(measured);
                        measured.forEach(each);
                    }
                }
            }
        }
        return costs;
    }

    /// Has the vector kernels compiled: interpreted ones take a thousand times as long, and the first calls of each
    /// would fill its time. All layers make one chain, with others between them where channels differ. Scalar kernels
    /// are compiled within their first call.
    private void warmUp() {
        if (kernels.name().equals(KernelTables.scalar().name())) {
            return;
        }
        Graph.Builder graph = new Graph.Builder();
        int channels = 1;
        int last = graph.add(new Op.Input(channels));
        for (int i = 0; i < LAYERS.length; i++) {
            int[] layer = LAYERS[i];
            if (layer[1] != channels) {
                last = graph.add(new Op.Conv(channels, layer[1], 1, "to" + i, "toBias" + i), last);
            }
            last = graph.add(new Op.Conv(layer[1], layer[2], layer[0], "w" + i, "b" + i), last);
            channels = layer[2];
        }
        Graph chain = graph.build();
        for (int version = 0; version < kernels.conv3x3().versions().size(); version++) {
            int chosen = version;
            KernelTable only = kernels.choosing((_, _, _) -> chosen);
            new WarmUp(Plan.of(chain, only)).run();
        }
    }

    /// Measures versions of a convolution, one call of each in turn: a machine that changes its speed slows all of
    /// them.
    private List<MachineProfile.Cost> measure(List<Conv> versions, int inChannels, int outChannels, int height,
            int width) {
        int size = versions.getFirst().size();
        SplittableRandom random = new SplittableRandom(size);
        int inElements = Math.toIntExact(TensorView.elements(layout(inChannels), inChannels, height, width, size / 2));
        int outElements = Math.toIntExact(TensorView.elements(layout(outChannels), outChannels, height, width, 1));
        int scratchElements = versions.stream().mapToInt(v -> v.scratchElements(inChannels, outChannels)).max().orElse(0);
        // As in a workspace: kernels that go through scratch memory lose most where it does not begin on a line.
        float[] arena = onLines(Placement.FIRST_ELEMENT + inElements + outElements + scratchElements);
        TensorView in = new TensorView().place(arena, Placement.FIRST_ELEMENT, layout(inChannels), inChannels, height, width,
                size / 2);
        TensorView out = new TensorView().place(arena, Placement.FIRST_ELEMENT + inElements, layout(outChannels), outChannels,
                height, width, 1);
        int scratch = Placement.FIRST_ELEMENT + inElements + outElements;
        for (int c = 0; c < inChannels; c++) {
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    in.set(c, y, x, (float) random.nextDouble(-1, 1));
                }
            }
        }
        float[] weights = new float[outChannels * inChannels * size * size];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) random.nextDouble(-0.1, 0.1);
        }
        float[] zeros = new float[(outChannels + 15) / 16 * 16];
        float[][] packed = new float[versions.size()][];
        long[] best = new long[versions.size()];
        for (int v = 0; v < best.length; v++) {
            packed[v] = onLines(versions.get(v).packedElements(inChannels, outChannels));
            versions.get(v).pack(weights, 0, inChannels, outChannels, packed[v], 0);
            best[v] = Long.MAX_VALUE;
        }
        long end = System.nanoTime() + nanosEach * best.length / 2;
        for (int calls = 0; calls < MIN_CALLS || System.nanoTime() - end < 0; calls++) {
            for (int v = 0; v < best.length; v++) {
                long start = System.nanoTime();
                versions.get(v).run(in, packed[v], 0, zeros, zeros, out, 0, height, arena, scratch);
                best[v] = Math.min(best[v], System.nanoTime() - start);
            }
        }
        List<MachineProfile.Cost> costs = new ArrayList<>();
        for (int v = 0; v < best.length; v++) {
            costs.add(new MachineProfile.Cost("conv" + size + "x" + size, versions.get(v).getClass().getSimpleName(),
                    inChannels, outChannels, height, width, Math.max(1, best[v])));
        }
        return costs;
    }

    /// {@return an array whose element [Placement#FIRST_ELEMENT] lies on a 64-byte line, where the collector lets it: G1 puts
    /// arrays of half a region at the start of one}
    private static float[] onLines(int elements) {
        return new float[Math.max(LARGE_ELEMENTS, elements)];
    }

    private static Layout layout(int channels) {
        return channels <= Plan.MAX_PLANAR_CHANNELS ? Layout.PLANAR : Layout.BLOCKED16;
    }
}
