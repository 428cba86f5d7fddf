package io.github.fovea.bench;

import io.github.fovea.backend.KernelTables;
import io.github.fovea.graph.Graph;
import io.github.fovea.graph.Node;
import io.github.fovea.graph.Op;
import io.github.fovea.kernel.Conv;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.tensor.Layout;
import io.github.fovea.tensor.TensorView;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// What planning and fusion are measured against: an interpreter that runs the nodes one by one on the same kernels and
/// allocates every tensor anew; a tensor is free for the collector behind its last reader.
final class UnfusedEngine {
    private static final int BORDER = 2;
    /// Element of a large array that lies on a 64-byte line.
    private static final int LINE = 12;

    private final Graph graph;
    private final KernelTable kernels;
    private final Map<String, float[]> parameters;
    private final Map<String, float[]> packed = new HashMap<>();
    private final int[] lastReader;
    private final float[] picture;
    private final int height;
    private final int width;
    private final float[] scratch;
    private long peakBytes;

    UnfusedEngine(EngineCase what) {
        this(what.graph(), what.parameters(), what.picture(), what.height(), what.width());
    }

    /// Prepares for one size.
    ///
    /// @param graph      the network
    /// @param parameters its weights
    /// @param picture    `[c][height][width]`, in the network's units
    /// @param height     rows of the picture
    /// @param width      pixels in its rows
    UnfusedEngine(Graph graph, Map<String, float[]> parameters, float[] picture, int height, int width) {
        this.graph = graph;
        kernels = KernelTables.vector();
        this.parameters = parameters;
        this.picture = picture;
        this.height = height;
        this.width = width;
        lastReader = new int[graph.nodes().size()];
        int scratchElements = 0;
        for (int i = 0; i < lastReader.length; i++) {
            lastReader[i] = i;
            for (int input : graph.nodes().get(i).inputs()) {
                lastReader[input] = i;
            }
            if (graph.nodes().get(i).op() instanceof Op.Conv conv) {
                Conv kernel = kernels.conv(conv.size());
                float[] order = new float[kernel.packedElements(conv.inChannels(), conv.outChannels())];
                kernel.pack(parameters.get(conv.weights()), 0, conv.inChannels(), conv.outChannels(), order, 0);
                packed.put(conv.weights(), order);
                scratchElements = Math.max(scratchElements,
                        kernel.scratchElements(conv.inChannels(), conv.outChannels()));
            }
        }
        scratch = new float[scratchElements + LINE];
    }

    /// Runs one frame.
    ///
    /// @return its result
    TensorView run() {
        TensorView[] values = new TensorView[lastReader.length];
        long live = (long) Float.BYTES * scratch.length;
        for (int i = 0; i < values.length; i++) {
            values[i] = value(i, values);
            live += bytes(values[i]);
            peakBytes = Math.max(peakBytes, live);
            for (int j = 0; j < i; j++) {
                if (values[j] != null && lastReader[j] <= i) {
                    live -= bytes(values[j]);
                    values[j] = null;
                }
            }
        }
        return values[values.length - 1];
    }

    /// {@return bytes of all tensors that were alive together, at most, and of what the kernels work in}
    long peakBytes() {
        return peakBytes;
    }

    private static long bytes(TensorView view) {
        return Float.BYTES
                * TensorView.elements(view.layout(), view.channels(), view.height(), view.width(), view.border());
    }

    private TensorView value(int index, TensorView[] values) {
        Node node = graph.nodes().get(index);
        int channels = graph.channels(index);
        TensorView out = TensorView.allocate(channels <= 4 ? Layout.PLANAR : Layout.BLOCKED16, channels,
                height * graph.scale(index), width * graph.scale(index), BORDER);
        TensorView in = node.inputs().isEmpty() ? null : values[node.inputs().getFirst()];
        switch (node.op()) {
            case Op.Input _ -> {
                for (int c = 0; c < channels; c++) {
                    for (int y = 0; y < height; y++) {
                        System.arraycopy(picture, (c * height + y) * width, out.data(), out.index(c, y, 0), width);
                    }
                }
            }
            case Op.Conv conv -> kernels.conv(conv.size()).run(in, packed.get(conv.weights()), 0,
                    padded(parameters.get(conv.bias())), null, out, 0, height, scratch, LINE);
            case Op.Relu _ -> kernels.activation().run(in, new float[(channels + 15) / 16 * 16], out, 0, out.height());
            case Op.PRelu(int _, String slopes) ->
                kernels.activation().run(in, padded(parameters.get(slopes)), out, 0, out.height());
            case Op.Add _ -> kernels.add().run(in, values[node.inputs().get(1)], out, 0, out.height());
            case Op.PixelShuffle(int scale) -> kernels.pixelShuffle().run(in, scale, out, 0, in.height());
            case Op.Resize(var interpolation, int scale) ->
                kernels.resize().run(in, interpolation, scale, out, 0, in.height());
            case Op.DepthwiseConv _, Op.LeakyRelu _ ->
                throw new IllegalStateException("no network of the comparison has " + node.op());
        }
        out.clearBorder(0, out.height());
        return out;
    }

    private static float[] padded(float[] values) {
        return Arrays.copyOf(values, (values.length + 15) / 16 * 16);
    }
}
