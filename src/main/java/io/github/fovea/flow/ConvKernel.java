package io.github.fovea.flow;

import io.github.fovea.kernel.Conv;
import io.github.fovea.kernel.KernelTable;
import java.util.ArrayList;
import java.util.List;

/// Convolution of any kind: depthwise ones row by row, those that the network kernels have through them where that
/// pays, all others as an indirect product of matrices, in planes or in blocks of channels.
///
/// Inputs behind the node's own are further channels of the picture, in blocks as the first are: parts of a
/// concatenation, for a window of one pixel.
final class ConvKernel extends GroupedKernel {
    /// The node's own inputs: picture, weights and biases.
    private static final int INPUTS = 3;

    private BlockedConv blocked;
    private IndirectConv indirect;
    private BlockedIndirectConv intoBlocks;
    /// The kernels of weights that never change; `null` for others.
    private KernelTable table;
    private boolean packed;
    /// Where weights that never change are kept, and under whose name.
    private WeightMemory memory;
    private PlanStep step;
    private RowSink sink;

    ConvKernel(FlowNode node) {
        super(node);
    }

    /// {@return the inputs of a node that reads a picture in parts}
    ///
    /// @param inputs the node's inputs
    /// @param parts  what stands for the first of them
    static List<String> inputs(List<String> inputs, List<String> parts) {
        List<String> all = new ArrayList<>(inputs);
        all.set(0, parts.getFirst());
        while (all.size() < INPUTS) {
            all.add("");
        }
        all.addAll(parts.subList(1, parts.size()));
        return all;
    }

    /// Prepares for weights that never change: where a table has a kernel for the window, that runs.
    void fix(KernelTable kernels) {
        table = kernels;
    }

    /// Brings weights that never change into order.
    ///
    /// @param from   whether inputs come in blocks
    /// @param into   whether results are wanted in blocks
    /// @param shared holds them
    /// @param owner  whose weights they are
    void pack(Constant weights, Constant bias, boolean from, boolean into, WeightMemory shared, PlanStep owner) {
        memory = shared;
        step = owner;
        if (networkServes(weights.shape())) {
            blocked = new BlockedConv(kernel(weights.shape()), weights, bias, memory, step);
        } else if (into) {
            intoBlocks = new BlockedIndirectConv(table.blockedGemm(), window(weights.shape()), from, weights, bias,
                    memory, step);
        }
    }

    /// Gives results in blocks to a sink from now on; until then they are stored as they are.
    void pour(RowSink next) {
        sink = next;
    }

    private RowSink sink(Tensor y) {
        return sink != null ? sink
                : (from, at, element, count) -> System.arraycopy(from, at, y.floats, y.from + element, count);
    }

    private boolean networkServes(int[] weights) {
        return table != null && group() == 1 && BlockedConv.serves(window(weights));
    }

    private Conv kernel(int[] weights) {
        return table.conv(window(weights).kernel()[0]);
    }

    @Override
    public long scratchElements(Tensor[] in, Tensor[] out) {
        int[] weights = in[1].shape;
        if (networkServes(weights) && in[0].rank() == 4) {
            return BlockedConv.scratchElements(kernel(weights), weights[1], weights[0], in[0].shape[2], in[0].shape[3]);
        }
        Extents e = extents(in[0], out[0]);
        if (out[0].blocked) {
            return BlockedIndirectConv.scratchElements(table.blockedGemm(), window(weights), e, in[0].blocked);
        }
        return e.channels() == 1 && e.outChannels() == 1 ? 0 : IndirectConv.scratchElements(window(weights), e);
    }

    @Override
    public void run(Tensor[] in, Tensor[] out) {
        Tensor x = in[0];
        Tensor weights = in[1];
        int channels = x.shape[1];
        for (int i = INPUTS; i < in.length; i++) {
            channels += in[i].shape[1];
        }
        if (channels != weights.shape[1] * group()) {
            throw new IllegalArgumentException("input has " + channels + " channels, wanted "
                    + weights.shape[1] * group());
        }
        if (blocked != null && x.rank() == 4) {
            blocked.run(x, out[0], out[0].blocked ? sink(out[0]) : null, scratch(scratchElements(in, out)));
        } else if (intoBlocks != null) {
            Extents e = extents(x, out[0]);
            window(weights.shape).checkFits(e.h(), e.w(), e.outH(), e.outW());
            intoBlocks.run(e, in, INPUTS, out[0], sink(out[0]), scratch(scratchElements(in, out)));
        } else {
            pack(weights, in.length > 2 ? in[2] : null);
            groups(in, out[0]);
        }
    }

    /// Brings weights into order: once where they never change.
    private void pack(Tensor weights, Tensor bias) {
        int outChannels = weights.shape[0] / group();
        if (weights.shape[1] == 1 && outChannels == 1 || packed) {
            return;
        }
        if (indirect == null) {
            indirect = new IndirectConv(indirectGemm(), window(weights.shape), weights.shape[1], outChannels);
        }
        if (memory == null) {
            indirect.pack(group(), weights, bias);
        } else {
            indirect.pack(group(), weights, bias, memory, step);
            packed = true;
        }
    }

    @Override
    void run(Extents e, Window window, int g, Tensor[] in, int from, Tensor y, int to) {
        if (e.channels() == 1 && e.outChannels() == 1) {
            fillBias(e, g, in, y, to);
            depthwise(window, in[0].floats, from, e.h(), e.w(), in[1].floats,
                    in[1].from + g * window.kernel()[0] * window.kernel()[1], y.floats, to, e.outH(), e.outW(),
                    window.before(0, e.h(), e.outH()), window.before(1, e.w(), e.outW()));
            return;
        }
        indirect.run(g, e, in[0].floats, from, y.floats, to, scratch(IndirectConv.scratchElements(window, e)));
    }

    private static void depthwise(Window window, float[] x, int from, int h, int w, float[] weights, int weightsFrom,
            float[] y, int to, int outH, int outW, int top, int left) {
        int sx = window.strides()[1];
        for (int oy = 0; oy < outH; oy++) {
            int row = to + oy * outW;
            for (int ky = 0; ky < window.kernel()[0]; ky++) {
                int iy = oy * window.strides()[0] + ky * window.dilations()[0] - top;
                if (iy < 0 || iy >= h) {
                    continue;
                }
                for (int kx = 0; kx < window.kernel()[1]; kx++) {
                    int shift = kx * window.dilations()[1] - left;
                    float weight = weights[weightsFrom + ky * window.kernel()[1] + kx];
                    int begin = Math.min(outW, shift >= 0 ? 0 : (-shift + sx - 1) / sx);
                    int end = Math.clamp((long) Math.floorDiv(w - 1 - shift, sx) + 1, begin, outW);
                    int source = from + iy * w + shift;
                    if (sx == 1) {
                        for (int ox = begin; ox < end; ox++) {
                            y[row + ox] += weight * x[source + ox];
                        }
                    } else {
                        for (int ox = begin; ox < end; ox++) {
                            y[row + ox] += weight * x[source + ox * sx];
                        }
                    }
                }
            }
        }
    }
}
