package io.github.fovea.backend;

import static org.junit.jupiter.api.Assertions.fail;

import io.github.fovea.graph.Graph;
import io.github.fovea.graph.Interpolation;
import io.github.fovea.graph.Op;
import io.github.fovea.kernel.ResizeWeights;
import io.github.fovea.tensor.TensorView;
import java.util.Map;

/// Evaluates a graph node by node in double, each node into its own array, without plan, layouts or kernels.
final class GraphDefinition {
    private final Graph graph;
    private final Map<String, float[]> parameters;
    private final double[][][][] values;
    private double largest;

    GraphDefinition(Graph graph, Map<String, float[]> parameters, TensorView input) {
        this.graph = graph;
        this.parameters = parameters;
        values = new double[graph.nodes().size()][][][];
        for (int i = 0; i < values.length; i++) {
            int scale = graph.scale(i);
            values[i] = new double[graph.channels(i)][input.height() * scale][input.width() * scale];
            for (int c = 0; c < values[i].length; c++) {
                for (int y = 0; y < values[i][c].length; y++) {
                    for (int x = 0; x < values[i][c][y].length; x++) {
                        values[i][c][y][x] = i == 0 ? input.get(c, y, x) : value(i, c, y, x);
                        largest = Math.max(largest, Math.abs(values[i][c][y][x]));
                    }
                }
            }
        }
    }

    private double value(int node, int c, int y, int x) {
        double[][][] in = values[graph.nodes().get(node).inputs().getFirst()];
        return switch (graph.nodes().get(node).op()) {
            case Op.Input _ -> throw new IllegalStateException();
            case Op.Conv conv -> {
                double sum = parameters.get(conv.bias())[c];
                int taps = conv.size() * conv.size();
                for (int i = 0; i < conv.inChannels(); i++) {
                    sum += window(in[i], parameters.get(conv.weights()), (c * conv.inChannels() + i) * taps, conv.size(), y, x);
                }
                yield sum;
            }
            case Op.DepthwiseConv conv -> parameters.get(conv.bias())[c]
                    + window(in[c], parameters.get(conv.weights()), c * 9, 3, y, x);
            case Op.Relu _ -> Math.max(0, in[c][y][x]);
            case Op.LeakyRelu(float slope) -> in[c][y][x] * (in[c][y][x] < 0 ? slope : 1);
            case Op.PRelu(int _, String slopes) -> in[c][y][x] * (in[c][y][x] < 0 ? parameters.get(slopes)[c] : 1);
            case Op.Add _ -> in[c][y][x] + values[graph.nodes().get(node).inputs().get(1)][c][y][x];
            case Op.PixelShuffle(int s) -> in[(c * s + y % s) * s + x % s][y / s][x / s];
            case Op.Resize(var interpolation, int s) -> {
                ResizeWeights weights = ResizeWeights.of(interpolation, s);
                double sum = 0;
                for (int j = 0; j < weights.taps(); j++) {
                    for (int i = 0; i < weights.taps(); i++) {
                        sum += (double) weights.weight(y % s, j) * weights.weight(x % s, i)
                                * in[c][Interpolation.mirror(y / s + weights.first(y % s) + j, in[c].length)]
                                [Interpolation.mirror(x / s + weights.first(x % s) + i, in[c][0].length)];
                    }
                }
                yield sum;
            }
        };
    }

    private static double window(double[][] plane, float[] weights, int from, int size, int y, int x) {
        double sum = 0;
        for (int ky = 0; ky < size; ky++) {
            for (int kx = 0; kx < size; kx++) {
                int yy = y + ky - size / 2;
                int xx = x + kx - size / 2;
                if (yy >= 0 && yy < plane.length && xx >= 0 && xx < plane[0].length) {
                    sum += weights[from + ky * size + kx] * plane[yy][xx];
                }
            }
        }
        return sum;
    }

    /// Weights keep activations near 1, so rounding stays near 1e-6 of the largest; a wrong tensor is off by far more.
    void assertEqual(TensorView out, String what) {
        double[][][] wanted = values[values.length - 1];
        for (int c = 0; c < out.channels(); c++) {
            for (int y = 0; y < out.height(); y++) {
                for (int x = 0; x < out.width(); x++) {
                    if (!(Math.abs(out.get(c, y, x) - wanted[c][y][x]) <= 2e-5 * largest)) {
                        fail(what + " at " + c + "," + y + "," + x + ": got " + out.get(c, y, x) + ", wanted "
                                + wanted[c][y][x]);
                    }
                }
            }
        }
    }
}
