package io.github.fovea.train;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.graph.Graph;
import io.github.fovea.graph.Interpolation;
import io.github.fovea.graph.Node;
import io.github.fovea.graph.Op;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.kernel.ResizeWeights;
import io.github.fovea.kernel.scalar.ScalarKernels;
import io.github.fovea.kernel.vector.VectorKernels;
import io.github.fovea.network.Networks;
import io.github.fovea.tensor.TensorView;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Gradients of every operator against central differences of a second, double-precision evaluation of the graph.
///
/// The differences are taken in double with a step of 1e-6, far below the distance of almost every activation from its
/// kink, so that the comparison is limited by the float arithmetic of the gradients under test alone.
class GradientCheckTest {
    private static final double STEP = 1e-6;
    private static final double TOLERANCE = 2e-4;

    static Stream<Arguments> cases() {
        List<Arguments> cases = new ArrayList<>();
        for (KernelTable table : List.of(ScalarKernels.table(), VectorKernels.table(ScalarKernels.table()))) {
            cases.add(Arguments.of("conv1", table, chain(3, new Op.Conv(3, 5, 1, "a", "ab"), new Op.Conv(5, 2, 1, "b", "bb"))));
            cases.add(Arguments.of("conv3", table, chain(1, new Op.Conv(1, 17, 3, "a", "ab"), new Op.Conv(17, 3, 3, "b", "bb"))));
            cases.add(Arguments.of("conv5", table, chain(3, new Op.Conv(3, 6, 5, "a", "ab"), new Op.Conv(6, 18, 5, "b", "bb"))));
            cases.add(Arguments.of("depthwise", table, chain(1, new Op.Conv(1, 19, 3, "a", "ab"),
                    new Op.DepthwiseConv(19, "d", "db"), new Op.Relu(), new Op.Conv(19, 2, 3, "b", "bb"))));
            cases.add(Arguments.of("relu", table, chain(1, new Op.Conv(1, 16, 3, "a", "ab"), new Op.Relu(),
                    new Op.Conv(16, 4, 3, "b", "bb"))));
            cases.add(Arguments.of("leaky relu", table, chain(1, new Op.Conv(1, 4, 3, "a", "ab"), new Op.LeakyRelu(0.1f),
                    new Op.Conv(4, 4, 3, "b", "bb"))));
            cases.add(Arguments.of("leaky relu, negative slope", table, chain(1, new Op.Conv(1, 4, 3, "a", "ab"),
                    new Op.LeakyRelu(-0.5f), new Op.Conv(4, 4, 3, "b", "bb"))));
            // Random slopes of both signs take the path that keeps the activation's input; positive ones the fused path.
            cases.add(Arguments.of("prelu", table, chain(1, new Op.Conv(1, 18, 3, "a", "ab"), new Op.PRelu(18, "s"),
                    new Op.Conv(18, 4, 3, "b", "bb"))));
            cases.add(Arguments.of("prelu, positive", table, chain(1, new Op.Conv(1, 18, 3, "a", "ab"),
                    new Op.PRelu(18, "positive"), new Op.Conv(18, 4, 3, "b", "bb"))));
            cases.add(Arguments.of("shuffle", table, chain(1, new Op.Conv(1, 18, 3, "a", "ab"), new Op.PixelShuffle(3))));
            cases.add(Arguments.of("shuffle, then convolve", table, chain(1, new Op.Conv(1, 8, 3, "a", "ab"),
                    new Op.PixelShuffle(2), new Op.Conv(2, 3, 3, "b", "bb"))));
            for (Interpolation interpolation : Interpolation.values()) {
                cases.add(Arguments.of("resize " + interpolation, table, chain(1, new Op.Conv(1, 3, 3, "a", "ab"),
                        new Op.Resize(interpolation, 3), new Op.Conv(3, 2, 3, "b", "bb"))));
            }
            cases.add(Arguments.of("add, used twice", table, fan(false)));
            cases.add(Arguments.of("activation beside its input", table, fan(true)));
            for (String name : List.of("espcn", "fsrcnn", "wdsr-f6-n2", "compact-f5-n2", "collapsed-f16-n2")) {
                cases.add(Arguments.of(name, table, Networks.named(name, 2, 1)));
            }
            cases.add(Arguments.of("wdsr-f6-n2 rgb x3", table, Networks.named("wdsr-f6-n2", 3, 3)));
        }
        return cases.stream();
    }

    private static Graph chain(int channels, Op... ops) {
        Graph.Builder builder = new Graph.Builder();
        int last = builder.add(new Op.Input(channels));
        for (Op op : ops) {
            last = builder.add(op, last);
        }
        return builder.build();
    }

    /// One convolution feeds three others, an addition of itself and, if wanted, an activation too.
    private static Graph fan(boolean activation) {
        Graph.Builder builder = new Graph.Builder();
        int input = builder.add(new Op.Input(1));
        int a = builder.add(new Op.Conv(1, 4, 3, "a", "ab"), input);
        int twice = builder.add(new Op.Add(), a, a);
        int b = builder.add(activation ? new Op.PRelu(4, "s") : new Op.Conv(4, 4, 1, "b", "bb"), a);
        int sum = builder.add(new Op.Add(), b, twice);
        // The same weights a second time: their gradients must add up.
        int c = builder.add(new Op.Conv(4, 4, 3, "c", "cb"), sum);
        int d = builder.add(new Op.Conv(4, 4, 3, "c", "cb"), c);
        int e = builder.add(new Op.Add(), sum, d);
        builder.add(new Op.Add(), e, c);
        return builder.build();
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("cases")
    void gradientsEqualDifferences(String name, KernelTable table, Graph graph) {
        SplittableRandom random = new SplittableRandom(name.hashCode());
        ParameterLayout layout = new ParameterLayout(graph);
        float[] parameters = new float[layout.elements()];
        layout.shapes().forEach((parameter, shape) -> {
            int fanIn = shape.length == 4 ? shape[1] * shape[2] * shape[3] : 4;
            for (int i = 0; i < layout.elements(parameter); i++) {
                double value = random.nextGaussian() / Math.sqrt(fanIn);
                boolean slopes = parameter.endsWith("slope") || parameter.equals("positive");
                parameters[layout.offset(parameter) + i] = (float) (slopes ? 0.1 + Math.abs(value) : value);
            }
        });
        int height = 7;
        int width = 18;
        Backpropagation net = new Backpropagation(graph, layout, table, height, width, true);
        PackedParameters packed = new PackedParameters(graph, layout, table);
        packed.update(parameters);
        double[][][] picture = new double[graph.inputChannels()][height][width];
        for (int c = 0; c < picture.length; c++) {
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    net.input().set(c, y, x, random.nextFloat() - 0.5f);
                    picture[c][y][x] = net.input().get(c, y, x);
                }
            }
        }
        float[] sums = new float[layout.elements()];
        TensorView output = net.output();
        double[][][] factors = new double[output.channels()][output.height()][output.width()];
        // Twice: buffers that a first pass left behind must not matter.
        for (int pass = 0; pass < 2; pass++) {
            java.util.Arrays.fill(sums, 0f);
            net.forward(packed);
            for (int c = 0; c < factors.length; c++) {
                for (int y = 0; y < factors[c].length; y++) {
                    for (int x = 0; x < factors[c][y].length; x++) {
                        float factor = (float) random.nextGaussian();
                        factors[c][y][x] = factor;
                        net.outputGradient().set(c, y, x, factor);
                    }
                }
            }
            net.backward(packed, sums);
        }
        double[] exact = new double[parameters.length];
        for (int i = 0; i < exact.length; i++) {
            exact[i] = parameters[i];
        }
        double largestOutput = 0;
        double outputError = 0;
        double[][][] expected = evaluate(graph, layout, exact, picture);
        for (int c = 0; c < factors.length; c++) {
            for (int y = 0; y < factors[c].length; y++) {
                for (int x = 0; x < factors[c][y].length; x++) {
                    largestOutput = Math.max(largestOutput, Math.abs(expected[c][y][x]));
                    outputError = Math.max(outputError, Math.abs(expected[c][y][x] - output.get(c, y, x)));
                }
            }
        }
        assertTrue(outputError <= 1e-5 * Math.max(1, largestOutput), "forward differs by " + outputError);
        layout.shapes().forEach((parameter, _) -> {
            int count = layout.elements(parameter);
            double error = 0;
            double size = 0;
            for (int n = 0; n < Math.min(count, 12); n++) {
                int i = layout.offset(parameter) + (count <= 12 ? n : random.nextInt(count));
                double before = exact[i];
                exact[i] = before + STEP;
                double above = dot(evaluate(graph, layout, exact, picture), factors);
                exact[i] = before - STEP;
                double below = dot(evaluate(graph, layout, exact, picture), factors);
                exact[i] = before;
                double difference = (above - below) / (2 * STEP);
                error += Math.pow(difference - sums[i], 2);
                size += difference * difference;
            }
            assertTrue(size > 0, parameter + " has no influence");
            assertTrue(Math.sqrt(error / size) <= TOLERANCE,
                    parameter + ": gradients differ from differences by " + Math.sqrt(error / size) + " of their size");
        });
    }

    private static double dot(double[][][] a, double[][][] b) {
        double sum = 0;
        for (int c = 0; c < a.length; c++) {
            for (int y = 0; y < a[c].length; y++) {
                for (int x = 0; x < a[c][y].length; x++) {
                    sum += a[c][y][x] * b[c][y][x];
                }
            }
        }
        return sum;
    }

    private static double[][][] evaluate(Graph graph, ParameterLayout layout, double[] p, double[][][] picture) {
        List<double[][][]> values = new ArrayList<>();
        for (Node node : graph.nodes()) {
            double[][][] in = node.inputs().isEmpty() ? picture : values.get(node.inputs().getFirst());
            values.add(switch (node.op()) {
                case Op.Input _ -> picture;
                case Op.Conv c -> convolve(in, c.outChannels(), c.inChannels(), c.size(), p, layout.offset(c.weights()),
                        layout.offset(c.bias()), false);
                case Op.DepthwiseConv c -> convolve(in, c.channels(), 1, 3, p, layout.offset(c.weights()),
                        layout.offset(c.bias()), true);
                case Op.Relu _ -> activate(in, _ -> 0.0);
                case Op.LeakyRelu(float slope) -> activate(in, _ -> (double) slope);
                case Op.PRelu(int _, String slopes) -> activate(in, c -> p[layout.offset(slopes) + c]);
                case Op.Add _ -> sum(in, values.get(node.inputs().get(1)));
                case Op.PixelShuffle(int scale) -> shuffle(in, scale);
                case Op.Resize(Interpolation interpolation, int scale) -> resize(in, ResizeWeights.of(interpolation, scale), scale);
            });
        }
        return values.getLast();
    }

    private static double[][][] convolve(
            double[][][] in, int out, int inputs, int size, double[] p, int weights, int bias, boolean depthwise) {
        int height = in[0].length;
        int width = in[0][0].length;
        double[][][] result = new double[out][height][width];
        for (int o = 0; o < out; o++) {
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    double sum = p[bias + o];
                    for (int i = 0; i < inputs; i++) {
                        for (int k = 0; k < size * size; k++) {
                            int sy = y + k / size - size / 2;
                            int sx = x + k % size - size / 2;
                            if (sy >= 0 && sy < height && sx >= 0 && sx < width) {
                                sum += p[weights + (o * inputs + i) * size * size + k] * in[depthwise ? o : i][sy][sx];
                            }
                        }
                    }
                    result[o][y][x] = sum;
                }
            }
        }
        return result;
    }

    private static double[][][] activate(double[][][] in, java.util.function.IntToDoubleFunction slope) {
        double[][][] result = new double[in.length][in[0].length][in[0][0].length];
        for (int c = 0; c < in.length; c++) {
            for (int y = 0; y < in[c].length; y++) {
                for (int x = 0; x < in[c][y].length; x++) {
                    result[c][y][x] = in[c][y][x] > 0 ? in[c][y][x] : slope.applyAsDouble(c) * in[c][y][x];
                }
            }
        }
        return result;
    }

    private static double[][][] sum(double[][][] a, double[][][] b) {
        double[][][] result = new double[a.length][a[0].length][a[0][0].length];
        for (int c = 0; c < a.length; c++) {
            for (int y = 0; y < a[c].length; y++) {
                for (int x = 0; x < a[c][y].length; x++) {
                    result[c][y][x] = a[c][y][x] + b[c][y][x];
                }
            }
        }
        return result;
    }

    private static double[][][] shuffle(double[][][] in, int s) {
        double[][][] result = new double[in.length / (s * s)][in[0].length * s][in[0][0].length * s];
        for (int c = 0; c < in.length; c++) {
            for (int y = 0; y < in[c].length; y++) {
                for (int x = 0; x < in[c][y].length; x++) {
                    result[c / (s * s)][s * y + c % (s * s) / s][s * x + c % s] = in[c][y][x];
                }
            }
        }
        return result;
    }

    private static double[][][] resize(double[][][] in, ResizeWeights weights, int s) {
        int height = in[0].length;
        int width = in[0][0].length;
        double[][][] result = new double[in.length][height * s][width * s];
        for (int c = 0; c < in.length; c++) {
            for (int y = 0; y < height * s; y++) {
                for (int x = 0; x < width * s; x++) {
                    for (int ky = 0; ky < weights.taps(); ky++) {
                        for (int kx = 0; kx < weights.taps(); kx++) {
                            int sy = Interpolation.mirror(y / s + weights.first(y % s) + ky, height);
                            int sx = Interpolation.mirror(x / s + weights.first(x % s) + kx, width);
                            result[c][y][x] += (double) weights.weight(y % s, ky) * weights.weight(x % s, kx) * in[c][sy][sx];
                        }
                    }
                }
            }
        }
        return result;
    }
}
