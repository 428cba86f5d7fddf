package io.github.fovea.train;

import io.github.fovea.graph.Graph;
import io.github.fovea.graph.Interpolation;
import io.github.fovea.graph.Op;
import io.github.fovea.kernel.Gemm;
import io.github.fovea.kernel.ResizeWeights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// The numbers that the optimiser moves, and the way between them and the parameters of the graph: [#fold] makes
/// parameters of them, [#pullBack] takes the parameters' gradients back to them.
final class TrainedParameters {
    /// One parameter of the graph: `rows` output channels of `columns` weights each.
    ///
    /// @param offset   index in the graph's parameters
    /// @param from     index in the trained numbers
    /// @param identity distance between the centre taps of consecutive input channels where an identity is added, else
    ///                 0
    private record Block(
            String name, Parametrisation form, int rows, int columns, int offset, int from, int identity, int centre) {
        int trainedElements() {
            return switch (form) {
                case PLAIN -> rows * columns;
                case WEIGHT_NORM -> rows * (columns + 1);
                case LINEAR_BLOCK -> Parametrisation.EXPANDED * (rows + columns);
            };
        }

        /// Index of the second factor `b[o][p]` of a linear block, behind `a[p][...]`.
        int outer() {
            return from + Parametrisation.EXPANDED * columns;
        }
    }

    private final List<Block> blocks = new ArrayList<>();
    private final int elements;
    private final Gemm gemm;
    private final float[] scratch;
    /// A linear block's gradients with rows and columns exchanged, which the product takes and makes.
    private final float[] turned;
    private final float[] turnedOuter;

    /// Chooses a form for every parameter: `form` for weights of dense convolutions, plain for all others. A linear
    /// block is used only for 3x3 and larger convolutions with no more outputs than it has channels inside.
    ///
    /// @param graphs networks that share a layout
    /// @param layout where their parameters lie
    /// @param form   how weights are held
    /// @param gemm   multiplies the factors of linear blocks
    TrainedParameters(List<Graph> graphs, ParameterLayout layout, Parametrisation form, Gemm gemm) {
        this.gemm = gemm;
        Map<String, int[]> shapes = layout.shapes();
        int next = 0;
        for (Map.Entry<String, int[]> parameter : shapes.entrySet()) {
            int[] shape = parameter.getValue();
            boolean dense = shape.length == 4 && graphs.stream().flatMap(graph -> graph.nodes().stream())
                    .anyMatch(n -> n.op() instanceof Op.Conv c && c.weights().equals(parameter.getKey()));
            boolean expands = dense && shape[2] > 1 && shape[0] <= Parametrisation.EXPANDED;
            Parametrisation chosen = dense && (form != Parametrisation.LINEAR_BLOCK || expands)
                    ? form : Parametrisation.PLAIN;
            int taps = shape.length == 4 ? shape[2] * shape[3] : 1;
            int columns = shape.length == 4 ? shape[1] * taps : 1;
            boolean square = shape.length == 4 && shape[0] == shape[1];
            Block block = new Block(parameter.getKey(), chosen, shape[0], columns, layout.offset(parameter.getKey()),
                    next, chosen == Parametrisation.LINEAR_BLOCK && square ? taps : 0, taps / 2);
            blocks.add(block);
            next = Math.addExact(next, block.trainedElements());
        }
        elements = next;
        List<Block> linear = blocks.stream().filter(b -> b.form() == Parametrisation.LINEAR_BLOCK).toList();
        scratch = linear.isEmpty() ? null : new float[gemm.scratchElements()];
        turned = new float[linear.stream().mapToInt(b -> b.rows() * b.columns()).max().orElse(0)];
        turnedOuter = new float[linear.stream().mapToInt(b -> b.rows() * Parametrisation.EXPANDED).max().orElse(0)];
    }

    /// {@return how many numbers are trained}
    int elements() {
        return elements;
    }

    /// Makes the graph's parameters.
    void fold(float[] trained, float[] parameters) {
        for (Block block : blocks) {
            switch (block.form()) {
                case PLAIN -> System.arraycopy(trained, block.from(), parameters, block.offset(),
                        block.rows() * block.columns());
                case WEIGHT_NORM -> foldNorm(block, trained, parameters);
                case LINEAR_BLOCK -> collapse(block, trained, parameters);
            }
        }
    }

    private static void foldNorm(Block block, float[] trained, float[] parameters) {
        int n = block.columns();
        for (int o = 0; o < block.rows(); o++) {
            int v = block.from() + o * n;
            float factor = (float) (trained[block.from() + block.rows() * n + o] / norm(trained, v, n));
            for (int k = 0; k < n; k++) {
                parameters[block.offset() + o * n + k] = factor * trained[v + k];
            }
        }
    }

    private static double norm(float[] values, int from, int count) {
        double sum = 1e-24;
        for (int k = 0; k < count; k++) {
            sum += (double) values[from + k] * values[from + k];
        }
        return Math.sqrt(sum);
    }

    private void collapse(Block block, float[] trained, float[] parameters) {
        int n = block.columns();
        gemm.run(trained, block.outer(), Parametrisation.EXPANDED, 1, trained, block.from(), n, parameters,
                block.offset(), n, block.rows(), n, Parametrisation.EXPANDED, false, scratch);
        if (block.identity() > 0) {
            for (int o = 0; o < block.rows(); o++) {
                parameters[block.offset() + o * n + o * block.identity() + block.centre()] += 1;
            }
        }
    }

    /// Sets the gradients of the trained numbers.
    ///
    /// @param trained    the numbers as [#fold] took them
    /// @param parameters gradients of the graph's parameters
    /// @param gradients  receives the gradients of the trained numbers
    void pullBack(float[] trained, float[] parameters, float[] gradients) {
        for (Block block : blocks) {
            switch (block.form()) {
                case PLAIN -> System.arraycopy(parameters, block.offset(), gradients, block.from(),
                        block.rows() * block.columns());
                case WEIGHT_NORM -> pullBackNorm(block, trained, parameters, gradients);
                case LINEAR_BLOCK -> pullBackBlock(block, trained, parameters, gradients);
            }
        }
    }

    private static void pullBackNorm(Block block, float[] trained, float[] parameters, float[] gradients) {
        int n = block.columns();
        for (int o = 0; o < block.rows(); o++) {
            int v = block.from() + o * n;
            int w = block.offset() + o * n;
            int g = block.from() + block.rows() * n + o;
            double norm = norm(trained, v, n);
            double dot = 0;
            for (int k = 0; k < n; k++) {
                dot += (double) parameters[w + k] * trained[v + k];
            }
            gradients[g] = (float) (dot / norm);
            double scale = trained[g] / norm;
            double along = dot / (norm * norm);
            for (int k = 0; k < n; k++) {
                gradients[v + k] = (float) (scale * (parameters[w + k] - along * trained[v + k]));
            }
        }
    }

    /// With `w = b a`: the gradient of `a` is `b' w`, that of `b` is `w a'`, which is made as `(a w')'`, because the
    /// product wants the columns of its right factor side by side.
    private void pullBackBlock(Block block, float[] trained, float[] parameters, float[] gradients) {
        int n = block.columns();
        int rows = block.rows();
        int expanded = Parametrisation.EXPANDED;
        gemm.run(trained, block.outer(), 1, expanded, parameters, block.offset(), n, gradients, block.from(), n,
                expanded, n, rows, false, scratch);
        turn(parameters, block.offset(), rows, n, turned, 0);
        gemm.run(trained, block.from(), n, 1, turned, 0, rows, turnedOuter, 0, rows, expanded, rows, n, false, scratch);
        turn(turnedOuter, 0, expanded, rows, gradients, block.outer());
    }

    /// Exchanges the rows and columns of a matrix.
    private static void turn(float[] from, int at, int rows, int columns, float[] to, int begin) {
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                to[begin + column * rows + row] = from[at + row * columns + column];
            }
        }
    }

    /// Sets first values: He's normal distribution for weights, zero for biases, 1/4 for slopes. The last convolution
    /// starts at zero and a 5x5 `skip` as the bicubic enlargement, so that training starts from bicubic.
    void initialise(Graph graph, float[] trained, SplittableRandom random) {
        for (Block block : blocks) {
            float[] weights = new float[block.rows() * block.columns()];
            if (block.name().endsWith(".slope")) {
                Arrays.fill(weights, 0.25f);
            } else if (block.name().endsWith("skip.weight")) {
                bicubic(graph, block, weights);
            } else if (block.columns() > 1 && !block.name().endsWith("tail.weight")) {
                double deviation = Math.sqrt(2.0 / block.columns()) * (block.identity() > 0 ? 0.5 : 1);
                for (int k = 0; k < weights.length; k++) {
                    weights[k] = (float) (deviation * random.nextGaussian());
                }
                if (block.identity() > 0) {
                    for (int o = 0; o < block.rows(); o++) {
                        weights[o * block.columns() + o * block.identity() + block.centre()] += 1;
                    }
                }
            }
            unfold(block, weights, trained, random);
        }
    }

    /// Sets the trained numbers so that they fold into given parameters.
    void unfold(float[] parameters, float[] trained, SplittableRandom random) {
        for (Block block : blocks) {
            unfold(block, Arrays.copyOfRange(parameters, block.offset(),
                    block.offset() + block.rows() * block.columns()), trained, random);
        }
    }

    private static void unfold(Block block, float[] weights, float[] trained, SplittableRandom random) {
        int n = block.columns();
        switch (block.form()) {
            case PLAIN -> System.arraycopy(weights, 0, trained, block.from(), weights.length);
            case WEIGHT_NORM -> {
                for (int o = 0; o < block.rows(); o++) {
                    double norm = norm(weights, o * n, n);
                    trained[block.from() + block.rows() * n + o] = norm < 1e-6 ? 0 : (float) norm;
                    for (int k = 0; k < n; k++) {
                        // A row of zeros has no direction of its own; give it one.
                        trained[block.from() + o * n + k] = norm < 1e-6
                                ? (float) (random.nextGaussian() / Math.sqrt(n)) : weights[o * n + k];
                    }
                }
            }
            case LINEAR_BLOCK -> unfoldBlock(block, weights, trained, random);
        }
    }

    /// `weights - identity` has at most `rows` independent rows. The inner factor is random but for its first `rows`
    /// rows, which hold what is left after the random rows have contributed with a random outer factor.
    private static void unfoldBlock(Block block, float[] weights, float[] trained, SplittableRandom random) {
        int n = block.columns();
        int expanded = Parametrisation.EXPANDED;
        double inner = Math.sqrt(1.0 / n);
        for (int p = 0; p < expanded; p++) {
            for (int k = 0; k < n; k++) {
                trained[block.from() + p * n + k] = (float) (inner * random.nextGaussian());
            }
        }
        for (int o = 0; o < block.rows(); o++) {
            for (int p = 0; p < expanded; p++) {
                trained[block.outer() + o * expanded + p] = p == o ? 1
                        : p < block.rows() ? 0 : (float) (0.25 * random.nextGaussian() / Math.sqrt(expanded));
            }
            for (int k = 0; k < n; k++) {
                double rest = weights[o * n + k];
                if (block.identity() > 0 && k == o * block.identity() + block.centre()) {
                    rest -= 1;
                }
                for (int p = block.rows(); p < expanded; p++) {
                    rest -= (double) trained[block.outer() + o * expanded + p] * trained[block.from() + p * n + k];
                }
                trained[block.from() + o * n + k] = (float) rest;
            }
        }
    }

    private static void bicubic(Graph graph, Block block, float[] weights) {
        int scale = graph.scale();
        int channels = graph.inputChannels();
        int size = (int) Math.round(Math.sqrt((double) block.columns() / channels));
        ResizeWeights cubic = ResizeWeights.of(Interpolation.BICUBIC, scale);
        if (block.rows() != channels * scale * scale || size != 5) {
            throw new IllegalArgumentException(block.name() + " is not a 5x5 skip of scale " + scale);
        }
        for (int c = 0; c < channels; c++) {
            for (int phase = 0; phase < scale * scale; phase++) {
                int row = ((c * scale * scale + phase) * channels + c) * 25;
                for (int ky = 0; ky < cubic.taps(); ky++) {
                    for (int kx = 0; kx < cubic.taps(); kx++) {
                        int y = 2 + cubic.first(phase / scale) + ky;
                        int x = 2 + cubic.first(phase % scale) + kx;
                        weights[row + y * 5 + x] = cubic.weight(phase / scale, ky) * cubic.weight(phase % scale, kx);
                    }
                }
            }
        }
    }
}
