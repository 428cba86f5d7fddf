package io.github.fovea.train;

import io.github.fovea.network.MetaGraph;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/// Where the stored tensors of a meta-graph lie in one flat array, and the way between them and the parameters of a
/// sub-graph, which are slices.
final class SharedTensors {
    private final Map<String, int[]> shapes;
    private final Map<String, Integer> offsets = new LinkedHashMap<>();
    private final int elements;

    SharedTensors(MetaGraph meta) {
        shapes = meta.parameters();
        int next = 0;
        for (Map.Entry<String, int[]> tensor : shapes.entrySet()) {
            offsets.put(tensor.getKey(), next);
            next += product(tensor.getValue());
        }
        elements = next;
    }

    private static int product(int[] shape) {
        int product = 1;
        for (int extent : shape) {
            product = Math.multiplyExact(product, extent);
        }
        return product;
    }

    int elements() {
        return elements;
    }

    /// {@return the parameters of a sub-graph in its own layout}
    float[] extract(float[] all, ParameterLayout layout) {
        float[] own = new float[layout.elements()];
        layout.shapes().forEach((name, shape) -> {
            float[] slice = MetaGraph.slice(tensor(all, name), shapes.get(name), shape);
            System.arraycopy(slice, 0, own, layout.offset(name), slice.length);
        });
        return own;
    }

    /// Adds gradients of a sub-graph's parameters to those of the stored tensors.
    void add(float[] own, ParameterLayout layout, float[] all) {
        layout.shapes().forEach((name, shape) ->
                MetaGraph.addSlice(own, layout.offset(name), shape, all, offsets.get(name), shapes.get(name)));
    }

    private float[] tensor(float[] all, String name) {
        int from = offsets.get(name);
        return java.util.Arrays.copyOfRange(all, from, from + product(shapes.get(name)));
    }

    /// {@return every tensor by name}
    Map<String, float[]> tensors(float[] all) {
        Map<String, float[]> tensors = new LinkedHashMap<>();
        shapes.keySet().forEach(name -> tensors.put(name, tensor(all, name)));
        return tensors;
    }

    /// {@return first values}
    ///
    /// A node begins near the identity, so that leaving it out changes little: its convolution is an identity with He noise of
    /// half the usual size, the second one of a residual block nearly zero, a depthwise kernel a single one. The tail begins
    /// with zeros: every sub-graph begins as plain bicubic.
    float[] initial(SplittableRandom random) {
        float[] all = new float[elements];
        shapes.forEach((name, shape) -> {
            int from = offsets.get(name);
            int count = product(shape);
            if (name.endsWith(".slope")) {
                java.util.Arrays.fill(all, from, from + count, 0.25f);
            } else if (name.endsWith(".weight") && !name.startsWith("tail.")) {
                boolean depth = name.endsWith(".depth.weight");
                boolean node = name.startsWith("node.") && !name.endsWith(".second.weight");
                double deviation = Math.sqrt(2.0 / (shape[1] * 9)) * (name.startsWith("head.") ? 1
                        : depth ? 0.1 : node ? 0.5 : 0.1);
                for (int k = 0; k < count; k++) {
                    all[from + k] = (float) (deviation * random.nextGaussian());
                }
                if (node) {
                    for (int o = 0; o < shape[0]; o++) {
                        all[from + (depth ? o : o * shape[1] + o) * 9 + 4] += 1;
                    }
                }
            }
        });
        return all;
    }
}
