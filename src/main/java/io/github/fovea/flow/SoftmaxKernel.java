package io.github.fovea.flow;

/// `Softmax` and `LogSoftmax` along one axis; before opset 13, all axes from `axis` on are one.
final class SoftmaxKernel implements Kernel {
    private final boolean flat;
    private final long listed;
    private final boolean log;
    private float[] shifted = new float[0];
    private float[] powers = new float[0];

    SoftmaxKernel(FlowNode node) {
        flat = node.opset() < 13;
        listed = Reductions.softmaxAxis(node);
        log = node.operator().equals("LogSoftmax");
    }

    @Override
    public void run(Tensor[] ins, Tensor[] outs) {
        Tensor in = ins[0];
        int axis = (int) (listed < 0 ? listed + in.rank() : listed);
        int outer = Tensor.elements(in.shape, 0, axis);
        int extent = flat ? Tensor.elements(in.shape, axis, in.rank()) : in.shape[axis];
        int inner = flat ? 1 : Tensor.elements(in.shape, axis + 1, in.rank());
        if (shifted.length < extent) {
            shifted = new float[extent];
            powers = new float[extent];
        }
        for (int o = 0; o < outer; o++) {
            for (int i = 0; i < inner; i++) {
                int first = o * extent * inner + i;
                line(in.floats, in.from + first, outs[0].floats, outs[0].from + first, inner, extent);
            }
        }
    }

    private void line(float[] in, int from, float[] out, int to, int step, int n) {
        float max = Float.NEGATIVE_INFINITY;
        for (int k = 0; k < n; k++) {
            float x = in[from + k * step];
            if (x > max) { // a branch that is seldom taken; what is no number comes through the sum
                max = x;
            }
        }
        for (int k = 0; k < n; k++) {
            shifted[k] = in[from + k * step] - max;
        }
        FloatFunctions.exp(shifted, powers, n);
        double sum = 0;
        for (int k = 0; k < n; k++) {
            sum += powers[k];
        }
        float factor = (float) (1 / sum);
        float shift = (float) Math.log(sum);
        for (int k = 0; k < n; k++) {
            out[to + k * step] = log ? shifted[k] - shift : powers[k] * factor;
        }
    }
}
