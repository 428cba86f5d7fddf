package io.github.fovea.train;

import io.github.fovea.kernel.KernelTable;
import io.github.fovea.network.MetaGraph;
import io.github.fovea.tensor.TensorView;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// First values of tails behind nodes that have been trained already: the convolution that makes the least squared
/// error of what is there, found by solving the normal equations over pixels of random patches. Gradient descent would
/// take thousands of steps for that, and spoil the nodes before the tail on the way.
final class TailStart {
    private static final int PATCHES = 400;
    private static final int PIXELS_PER_PATCH = 96;
    /// Added to the diagonal, as a share of its mean.
    private static final double RIDGE = 1e-6;

    private TailStart() {}

    /// Sets the tails of sub-graphs.
    ///
    /// @param meta     the meta-graph
    /// @param vectors  the sub-graphs, each with a tail of its own; may be empty
    /// @param tensors  where tensors lie
    /// @param all      the shared numbers: nodes are read, tails written
    /// @param pictures where patches come from
    /// @param patch    rows and columns of a patch of the small picture
    /// @param kernels  kernels to run on
    /// @param random   source of chance
    static void fit(MetaGraph meta, List<int[]> vectors, SharedTensors tensors, float[] all, TrainingSet pictures,
            int patch, KernelTable kernels, SplittableRandom random) {
        if (vectors.isEmpty()) {
            return;
        }
        JointGraph joint = JointGraph.of(meta, vectors);
        int[] features = new int[vectors.size()];
        for (int k = 0; k < features.length; k++) {
            int tail = joint.graph().nodes().get(joint.results()[k]).inputs().getFirst();
            features[k] = joint.graph().nodes().get(tail).inputs().getFirst();
        }
        ParameterLayout layout = new ParameterLayout(joint.graph());
        Backpropagation forward = new Backpropagation(joint.graph(), layout, kernels, patch, patch, false, features);
        PackedParameters packed = new PackedParameters(joint.graph(), layout, kernels);
        int[] indices = tensors.indices(layout);
        float[] own = new float[indices.length];
        SharedTensors.gather(all, indices, own);
        packed.update(own);
        int outputs = meta.channels() * meta.scale() * meta.scale();
        List<NormalEquations> equations = new ArrayList<>();
        for (int k = 0; k < features.length; k++) {
            equations.add(new NormalEquations(9 * forward.output(k).channels() + 1, outputs));
        }
        float[] target = new float[outputs * patch * patch];
        // Near its edges a patch is not what the picture is there.
        int radius = vectors.stream().mapToInt(vector -> meta.subGraph(vector).receptiveRadius()).max().orElseThrow();
        int margin = Math.max(1, Math.min(radius, patch / 3));
        double[] row = new double[9 * meta.widths().getLast() + 1];
        double[] wanted = new double[outputs];
        for (int i = 0; i < PATCHES; i++) {
            TrainingSet.Patch drawn = pictures.draw(random);
            pictures.images().get(drawn.image()).patch(drawn.x(), drawn.y(), patch, drawn.turn(), forward.input(),
                    target);
            forward.forward(packed);
            for (int n = 0; n < PIXELS_PER_PATCH; n++) {
                int y = margin + random.nextInt(patch - 2 * margin);
                int x = margin + random.nextInt(patch - 2 * margin);
                wanted(target, meta, patch, y, x, wanted);
                for (int k = 0; k < features.length; k++) {
                    neighbourhood(forward.output(k), y, x, row);
                    equations.get(k).add(row, wanted);
                }
            }
        }
        for (int k = 0; k < features.length; k++) {
            double[][] solved = equations.get(k).solve(RIDGE);
            int last = solved[0].length - 1;
            int stored = 9 * meta.widths().getLast();
            for (int o = 0; o < outputs; o++) {
                String tail = "tail." + meta.exit(vectors.get(k));
                for (int j = 0; j < last; j++) {
                    all[tensors.layout().offset(tail + ".weight") + o * stored + j] = (float) solved[o][j];
                }
                all[tensors.layout().offset(tail + ".bias") + o] = (float) solved[o][last];
            }
        }
    }

    /// The numbers that a 3x3 convolution without padding takes at a pixel, in the order of its weights, and a one.
    private static void neighbourhood(TensorView features, int y, int x, double[] row) {
        int at = 0;
        for (int c = 0; c < features.channels(); c++) {
            for (int dy = -1; dy <= 1; dy++) {
                for (int dx = -1; dx <= 1; dx++) {
                    row[at++] = features.get(c, y + dy, x + dx);
                }
            }
        }
        row[at] = 1;
    }

    /// What the channels behind the tail shall hold at a pixel: the pixel shuffle, undone.
    private static void wanted(float[] target, MetaGraph meta, int patch, int y, int x, double[] wanted) {
        int scale = meta.scale();
        int large = patch * scale;
        int at = 0;
        for (int c = 0; c < meta.channels(); c++) {
            for (int dy = 0; dy < scale; dy++) {
                for (int dx = 0; dx < scale; dx++) {
                    wanted[at++] = target[(c * large + y * scale + dy) * large + x * scale + dx];
                }
            }
        }
    }
}
