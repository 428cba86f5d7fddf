package io.github.fovea.pipeline;

import io.github.fovea.backend.Backend;
import io.github.fovea.backend.Executable;
import io.github.fovea.backend.Workspace;
import io.github.fovea.graph.Graph;
import io.github.fovea.tensor.TensorView;
import java.util.Arrays;
import java.util.Map;

/// A network on raw tensors instead of pictures: floats go in as they are and come out as they are.
public final class TensorRunner {
    private final Graph graph;
    private final Executable executable;
    private final float low;
    private final float high;

    /// Makes a network ready to run.
    ///
    /// @param graph      the network
    /// @param parameters its weights by name
    /// @param low        smaller results are raised to this; negative infinity for none
    /// @param high       larger results are lowered to this; infinity for none
    /// @param backend    what runs it
    public TensorRunner(Graph graph, Map<String, float[]> parameters, float low, float high, Backend backend) {
        this.graph = graph;
        this.low = low;
        this.high = high;
        executable = backend.compile(backend.plan(graph), parameters);
    }

    /// {@return the shape of the result}
    ///
    /// @param shape extents of the input, `[n][c][h][w]`
    /// @throws IllegalArgumentException if the network does not take that shape, or the result is larger than an array
    public int[] outputShape(int[] shape) {
        if (shape.length != 4 || shape[1] != graph.inputChannels() || Arrays.stream(shape).anyMatch(extent ->
                extent < 1)) {
            throw new IllegalArgumentException("a tensor of shape " + Arrays.toString(shape)
                    + ", the network takes [n, " + graph.inputChannels() + ", h, w], each at least 1");
        }
        long[] out = {shape[0], graph.outputChannels(), (long) shape[2] * graph.scale(),
                (long) shape[3] * graph.scale()};
        long elements = 1;
        for (long extent : out) {
            elements = elements > Integer.MAX_VALUE ? elements : elements * extent;
        }
        if (elements > TensorView.MAX_ELEMENTS) {
            throw new IllegalArgumentException("a tensor of shape " + Arrays.toString(shape) + " makes more than "
                    + TensorView.MAX_ELEMENTS + " numbers; give a smaller one");
        }
        return Arrays.stream(out).mapToInt(Math::toIntExact).toArray();
    }

    /// {@return the result, row-major}
    ///
    /// @param in    the input, row-major
    /// @param shape its extents, `[n][c][h][w]`
    public float[] run(float[] in, int[] shape) {
        int[] outShape = outputShape(shape);
        int inImage = shape[1] * shape[2] * shape[3];
        int outImage = outShape[1] * outShape[2] * outShape[3];
        if (in.length != shape[0] * inImage) {
            throw new IllegalArgumentException(in.length + " numbers for a tensor of shape " + Arrays.toString(shape)
                    + ", wanted " + (long) shape[0] * inImage);
        }
        float[] out = new float[shape[0] * outImage];
        Workspace workspace = executable.newWorkspace();
        workspace.prepare(shape[2], shape[3]);
        for (int n = 0; n < shape[0]; n++) {
            TensorView input = workspace.input();
            for (int c = 0; c < shape[1]; c++) {
                for (int y = 0; y < shape[2]; y++) {
                    System.arraycopy(in, n * inImage + (c * shape[2] + y) * shape[3], input.data(),
                            input.index(c, y, 0), shape[3]);
                }
            }
            workspace.run();
            TensorView output = workspace.output();
            for (int c = 0; c < outShape[1]; c++) {
                for (int y = 0; y < outShape[2]; y++) {
                    System.arraycopy(output.data(), output.index(c, y, 0), out,
                            n * outImage + (c * outShape[2] + y) * outShape[3], outShape[3]);
                }
            }
        }
        for (int i = 0; i < out.length && (low > Float.NEGATIVE_INFINITY || high < Float.POSITIVE_INFINITY); i++) {
            out[i] = Math.clamp(out[i], low, high);
        }
        return out;
    }
}
