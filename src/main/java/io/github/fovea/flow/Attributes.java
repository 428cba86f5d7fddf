package io.github.fovea.flow;

import java.util.List;

/// Reads a node's attributes, with the defaults of the ONNX operator.
record Attributes(FlowNode node) {
    long integer(String name, long otherwise) {
        return switch (node.attributes().get(name)) {
            case null -> otherwise;
            case Attribute.Int(long value) -> value;
            case Attribute other -> throw wrong(name, other, "an integer");
        };
    }

    float real(String name, float otherwise) {
        return switch (node.attributes().get(name)) {
            case null -> otherwise;
            case Attribute.Real(float value) -> value;
            case Attribute other -> throw wrong(name, other, "a number");
        };
    }

    String text(String name, String otherwise) {
        return switch (node.attributes().get(name)) {
            case null -> otherwise;
            case Attribute.Text(String value) -> value;
            case Attribute other -> throw wrong(name, other, "a text");
        };
    }

    /// {@return the integers, or `null` where the attribute is absent}
    long[] integers(String name) {
        return switch (node.attributes().get(name)) {
            case null -> null;
            case Attribute.Ints(List<Long> values) -> values.stream().mapToLong(Long::longValue).toArray();
            case Attribute other -> throw wrong(name, other, "integers");
        };
    }

    /// {@return the numbers, or `null` where the attribute is absent}
    float[] reals(String name) {
        return switch (node.attributes().get(name)) {
            case null -> null;
            case Attribute.Reals(List<Float> values) -> {
                float[] numbers = new float[values.size()];
                for (int i = 0; i < numbers.length; i++) {
                    numbers[i] = values.get(i);
                }
                yield numbers;
            }
            case Attribute other -> throw wrong(name, other, "numbers");
        };
    }

    FlowGraph graph(String name) {
        return switch (node.attributes().get(name)) {
            case Attribute.Subgraph(FlowGraph graph) -> graph;
            case null -> throw new IllegalArgumentException("lacks its " + name);
            case Attribute other -> throw wrong(name, other, "a graph");
        };
    }

    boolean has(String name) {
        return node.attributes().containsKey(name);
    }

    private IllegalArgumentException wrong(String name, Attribute got, String wanted) {
        return new IllegalArgumentException("attribute " + name + " is " + got.getClass().getSimpleName() + ", wanted "
                + wanted);
    }
}
