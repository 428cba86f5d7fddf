package io.github.fovea.flow;

import io.github.fovea.onnx.OnnxWriter;
import java.util.SplittableRandom;

/// A BERT-style encoder, narrow, with random weights, exported the way PyTorch does it: the heads' reshapes are computed by
/// Shape-Gather-Concat chains, so that batch and length stay open. Inputs `tokens` and `mask`, both `[batch,length]`.
public final class TextEncoder {
    /// Words that it knows.
    public static final int WORDS = 50;
    static final int WIDTH = 32;
    private static final int HEADS = 4;
    private static final int MAX_LENGTH = 64;

    private final SplittableRandom random = new SplittableRandom(12);
    private final OnnxWriter writer = new OnnxWriter().opset(17);

    /// {@return the bytes of an ONNX file}
    public byte[] model() {
        writer.input("tokens", OnnxWriter.INT64, "batch", "length").input("mask", OnnxWriter.INT64, "batch", "length")
                .output("hidden", OnnxWriter.FLOAT).output("pooled", OnnxWriter.FLOAT)
                .constant("words", numbers(WORDS * WIDTH, 1), WORDS, WIDTH)
                .constant("positions", numbers(MAX_LENGTH * WIDTH, 1), MAX_LENGTH, WIDTH)
                .constant("i0", new long[] {0}).constant("i1", new long[] {1}).constant("a0", new long[] {0}, 1)
                .constant("a12", new long[] {1, 2}, 2).constant("one", new float[] {1}).constant("low", new float[] {-10000})
                .constant("first", new long[] {0}, 1).constant("last1", new long[] {1}, 1)
                .node("Gather", "word", "words", "tokens")
                .node("Shape", "shape", "tokens").node("Gather", "batch#", "shape", "i0").node("Gather", "length#", "shape", "i1")
                .node("Unsqueeze", "length1", "length#", "a0").node("Unsqueeze", "batch1", "batch#", "a0")
                .node("Slice", "position", "positions", "first", "length1", "a0").node("Add", "embedded", "word", "position")
                .node("Unsqueeze", "mask4", "mask", "a12").node("Cast", "maskf", "mask4").integer("to", 1)
                .node("Sub", "hidden#", "one", "maskf").node("Mul", "bias", "hidden#", "low");
        String last = norm("embedding", "embedded");
        for (int layer = 0; layer < 2; layer++) {
            last = layer(layer == 1 ? "hidden" : "layer0", "l" + layer + ".", last);
        }
        writer.constant("zero", new long[] {0}).node("Gather", "cls", "hidden", "zero").integer("axis", 1)
                .constant("poolw", numbers(WIDTH * WIDTH, 0.3), WIDTH, WIDTH).constant("poolb", numbers(WIDTH, 0.1), WIDTH)
                .node("Gemm", "dense", "cls", "poolw", "poolb").integer("transB", 1).node("Tanh", "pooled", "dense");
        return writer.model();
    }

    private float[] numbers(int count, double most) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextDouble(-most, most);
        }
        return numbers;
    }

    private String norm(String name, String from) {
        writer.constant(name + ".g", numbers(WIDTH, 1), WIDTH).constant(name + ".b", numbers(WIDTH, 0.1), WIDTH)
                .node("LayerNormalization", name, from, name + ".g", name + ".b").integer("axis", -1).real("epsilon", 1e-12f);
        return name;
    }

    private String linear(String name, String from, int in, int out) {
        writer.constant(name + ".w", numbers(in * out, 0.3), in, out).constant(name + ".b", numbers(out, 0.1), out)
                .node("MatMul", name + ".m", from, name + ".w").node("Add", name, name + ".b", name + ".m");
        return name;
    }

    private String heads(String name, String from, String prefix, long... permutation) {
        writer.constant(name + ".tail", new long[] {HEADS, WIDTH / HEADS}, 2)
                .node("Concat", name + ".shape", "batch1", "length1", name + ".tail").integer("axis", 0)
                .node("Reshape", name + ".r", linear(prefix + name, from, WIDTH, WIDTH), name + ".shape")
                .node("Transpose", name + ".t", name + ".r").integers("perm", permutation);
        return name + ".t";
    }

    private String layer(String name, String prefix, String from) {
        String q = heads(prefix + "q", from, "lin.", 0, 2, 1, 3);
        String k = heads(prefix + "k", from, "lin.", 0, 2, 3, 1);
        String v = heads(prefix + "v", from, "lin.", 0, 2, 1, 3);
        writer.constant(prefix + "scale", new float[] {(float) Math.sqrt(WIDTH / HEADS)})
                .node("MatMul", prefix + "scores", q, k).node("Div", prefix + "scaled", prefix + "scores", prefix + "scale")
                .node("Add", prefix + "masked", prefix + "scaled", "bias").node("Softmax", prefix + "p", prefix + "masked")
                .integer("axis", -1).node("MatMul", prefix + "context", prefix + "p", v)
                .node("Transpose", prefix + "back", prefix + "context").integers("perm", 0, 2, 1, 3)
                .constant(prefix + "width", new long[] {WIDTH}, 1)
                .node("Concat", prefix + "flat", "batch1", "length1", prefix + "width").integer("axis", 0)
                .node("Reshape", prefix + "joined", prefix + "back", prefix + "flat")
                .node("Add", prefix + "sum", linear(prefix + "o", prefix + "joined", WIDTH, WIDTH), from);
        String middle = norm(prefix + "n1", prefix + "sum");
        String up = linear(prefix + "up", middle, WIDTH, 4 * WIDTH);
        // GELU as exporters spell it before opset 20.
        writer.constant(prefix + "root", new float[] {(float) Math.sqrt(2)}).constant(prefix + "half", new float[] {0.5f})
                .node("Div", prefix + "e1", up, prefix + "root").node("Erf", prefix + "e2", prefix + "e1")
                .node("Add", prefix + "e3", prefix + "e2", "one").node("Mul", prefix + "e4", up, prefix + "e3")
                .node("Mul", prefix + "gelu", prefix + "e4", prefix + "half")
                .node("Add", prefix + "sum2", linear(prefix + "down", prefix + "gelu", 4 * WIDTH, WIDTH), middle);
        return norm(name, prefix + "sum2");
    }
}
