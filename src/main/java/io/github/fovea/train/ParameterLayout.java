package io.github.fovea.train;

import io.github.fovea.graph.Graph;
import io.github.fovea.model.Precision;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Where each parameter of one or more graphs lies in one flat array, in the order of [Graph#parameters()].
final class ParameterLayout {
    private final Map<String, int[]> shapes;
    private final Map<String, Integer> offsets = new LinkedHashMap<>();
    private final int elements;

    /// Lays out the parameters of a graph.
    ParameterLayout(Graph graph) {
        this(List.of(graph));
    }

    /// Lays out the parameters of several graphs; a parameter that several of them name is one.
    ///
    /// @param graphs the graphs
    /// @throws IllegalArgumentException if two of them give one name different shapes
    ParameterLayout(List<Graph> graphs) {
        shapes = new LinkedHashMap<>();
        for (Graph graph : graphs) {
            graph.parameters().forEach((name, shape) -> {
                int[] before = shapes.putIfAbsent(name, shape);
                if (before != null && !Arrays.equals(before, shape)) {
                    throw new IllegalArgumentException("parameter " + name + " is " + Arrays.toString(before)
                            + " in one path and "
                            + Arrays.toString(shape) + " in another; a shared parameter has one shape");
                }
            });
        }
        elements = place();
    }

    /// Lays out parameters of given shapes.
    ///
    /// @param shapes the shape of every parameter by name, in order
    ParameterLayout(Map<String, int[]> shapes) {
        this.shapes = shapes;
        elements = place();
    }

    /// {@return how many numbers there are, all of which have a place now}
    private int place() {
        int next = 0;
        for (Map.Entry<String, int[]> parameter : shapes.entrySet()) {
            offsets.put(parameter.getKey(), next);
            next = Math.addExact(next, product(parameter.getValue()));
        }
        return next;
    }

    private static int product(int[] shape) {
        int product = 1;
        for (int extent : shape) {
            product = Math.multiplyExact(product, extent);
        }
        return product;
    }

    /// {@return a copy of numbers by name}
    ///
    /// @param numbers all of them
    Map<String, float[]> named(float[] numbers) {
        Map<String, float[]> named = new LinkedHashMap<>();
        shapes.keySet().forEach(name -> named.put(name,
                Arrays.copyOfRange(numbers, offset(name), offset(name) + elements(name))));
        return named;
    }

    /// {@return a copy of numbers as they are kept; the very array where nothing is rounded}
    ///
    /// @param precision what each parameter is rounded to
    /// @param numbers   all of them
    float[] rounded(Precision precision, float[] numbers) {
        if (precision == Precision.F32) {
            return numbers;
        }
        float[] rounded = new float[elements];
        precision.round(shapes, named(numbers)).forEach((name, values) ->
                System.arraycopy(values, 0, rounded, offset(name), values.length));
        return rounded;
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
