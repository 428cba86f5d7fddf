package io.github.fovea.train;

import io.github.fovea.graph.Graph;
import java.util.LinkedHashMap;
import java.util.Map;

/// Where each parameter of a graph lies in one flat array, in the order of [Graph#parameters()].
final class ParameterLayout {
    private final Map<String, int[]> shapes;
    private final Map<String, Integer> offsets = new LinkedHashMap<>();
    private final int elements;

    /// Lays out the parameters of a graph.
    ParameterLayout(Graph graph) {
        shapes = graph.parameters();
        int next = 0;
        for (Map.Entry<String, int[]> parameter : shapes.entrySet()) {
            offsets.put(parameter.getKey(), next);
            next = Math.addExact(next, product(parameter.getValue()));
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

    /// {@return the shape of every parameter by name, in order}
    Map<String, int[]> shapes() {
        return shapes;
    }

    /// {@return the index of a parameter's first number}
    int offset(String name) {
        return offsets.get(name);
    }

    /// {@return how many numbers a parameter has}
    int elements(String name) {
        return product(shapes.get(name));
    }

    /// {@return how many numbers all parameters have}
    int elements() {
        return elements;
    }
}
