package io.github.fovea.flow;

import io.github.fovea.kernel.Exponentials;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.kernel.scalar.ExponentialsScalar;

/// `Softmax` and `LogSoftmax` along one axis; before opset 13, all axes from `axis` on are one.
final class SoftmaxKernel extends ScratchKernel {
    private final boolean flat;
    private final long listed;
    private final boolean log;
    private Exponentials exponentials = new ExponentialsScalar();

    SoftmaxKernel(FlowNode node) {
        flat = node.opset() < 13;
        listed = Reductions.softmaxAxis(node);
        log = node.operator().equals("LogSoftmax");
    }

    @Override
    public void use(KernelTable kernels) {
        exponentials = kernels.exponentials();
    }

    /// A line that lies apart in the tensor, and for logarithms its powers behind it.
    @Override
    public long scratchElements(Tensor[] ins, Tensor[] outs) {
        Tensor in = ins[0];
        int axis = axis(in);
        int extent = flat ? Tensor.elements(in.shape, axis, in.rank()) : in.shape[axis];
        int inner = flat ? 1 : Tensor.elements(in.shape, axis + 1, in.rank());
        return log ? 2L * extent : inner == 1 ? 0 : extent;
    }

    private int axis(Tensor in) {
        return (int) (listed < 0 ? listed + in.rank() : listed);
    }

    @Override
    public void run(Tensor[] ins, Tensor[] outs) {
        Tensor in = ins[0];
        int axis = axis(in);
        int outer = Tensor.elements(in.shape, 0, axis);
        int extent = flat ? Tensor.elements(in.shape, axis, in.rank()) : in.shape[axis];
        int inner = flat ? 1 : Tensor.elements(in.shape, axis + 1, in.rank());
        boolean apart = log || inner != 1;
        float[] line = scratch(scratchElements(ins, outs));
        float[] x = in.floats;
        float[] y = outs[0].floats;
        for (int o = 0; o < outer; o++) {
            for (int i = 0; i < inner; i++) {
                int first = o * extent * inner + i;
                if (!apart) {
                    exponentials.softmax(x, in.from + first, y, outs[0].from + first, extent);
                    continue;
                }
                for (int k = 0; k < extent; k++) {
                    line[k] = x[in.from + first + k * inner];
                }
                if (log) {
                    logSoftmax(line, extent);
                } else {
                    exponentials.softmax(line, 0, line, 0, extent);
                }
                for (int k = 0; k < extent; k++) {
                    y[outs[0].from + first + k * inner] = line[k];
                }
            }
        }
    }

    private void logSoftmax(float[] line, int n) {
        float max = Float.NEGATIVE_INFINITY;
        for (int k = 0; k < n; k++) {
            max = Math.max(max, line[k]);
        }
        for (int k = 0; k < n; k++) {
            line[k] -= max;
        }
        exponentials.exp(line, 0, line, n, n);
        double sum = 0;
        for (int k = 0; k < n; k++) {
            sum += line[n + k];
        }
        float shift = (float) Math.log(sum);
        for (int k = 0; k < n; k++) {
            line[k] -= shift;
        }
    }
}
