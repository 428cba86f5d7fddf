package io.github.fovea.onnx;

import io.github.fovea.model.ModelFile;
import io.github.fovea.model.Precision;
import io.github.fovea.model.StoredModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The inputs of [ReaderFuzz] from which others are made.
final class ReaderFuzzSeeds {
    private ReaderFuzzSeeds() {}

    /// Writes them, one file each.
    ///
    /// @param arguments the folder
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        Path scratch = Files.createTempDirectory("fovea-fuzz");
        int index = 0;
        for (byte[] seed : of(scratch)) {
            Files.write(folder.resolve("seed-" + index++), seed);
        }
        Files.delete(scratch.resolve("seed.onnx"));
        Files.delete(scratch);
    }

    /// Files that reach much of the readers: every kind of attribute, tensor and subgraph, and what lowering knows.
    static List<byte[]> of(Path folder) throws IOException {
        float[] weights = new float[4 * 9];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = i * 0.01f;
        }
        OnnxWriter branch = new OnnxWriter().output("p", OnnxWriter.FLOAT).node("Identity", "p", "x");
        byte[] network = new OnnxWriter().input("x", OnnxWriter.FLOAT, 1, 1, 4, "w").output("y", OnnxWriter.FLOAT)
                .constant("w", weights, 4, 1, 3, 3).initializer(OnnxWriter.halves("b", new float[4], 4))
                .node("Conv", "a", "x", "w", "b").integers("pads", 1, 1, 1, 1).constant("s", new float[] {0.1f}, 1)
                .node("PRelu", "c", "a", "s").node("DepthToSpace", "d", "c").integer("blocksize", 2).string("mode", "DCR")
                .constant("u", new float[] {1, 1, 2, 2}, 4).node("Resize", "e", "x", "", "u").string("mode", "linear")
                .node("Add", "f", "d", "e").constant("m", new float[] {2}).node("Mul", "g", "f", "m").constant("lo", new float[1])
                .constant("hi", new float[] {255}).node("Clip", "y", "g", "lo", "hi")
                .model();
        byte[] values = new OnnxWriter().opset("other", 1).input("x", OnnxWriter.FLOAT, "n", null).input("c", OnnxWriter.BOOL)
                .output("y", OnnxWriter.FLOAT).initializer(OnnxWriter.typed("i", OnnxWriter.INT32, 5, true, new long[] {3, -1}, 2))
                .initializer(OnnxWriter.typedFloats("r", true, new float[] {3, -1}, 2))
                .initializer(OnnxWriter.typedDoubles("q", new double[] {3, -1}, 2))
                .node("If", "y", "c").subgraph("then_branch", branch).subgraph("else_branch", branch).reals("reals", 1, 2)
                .strings("texts", "a").tensor("t", OnnxWriter.longs("", new long[] {1}, 1)).node("Constant", "k")
                .integers("value_ints", 1, 2).model();
        byte[] shapes = new OnnxWriter().opset(18).input("x", OnnxWriter.FLOAT, 1, 1, "h", "w").input("c", OnnxWriter.BOOL, 1)
                .output("y", OnnxWriter.FLOAT).output("z", OnnxWriter.INT64)
                .node("Shape", "s", "x").constant("two", new long[] {2}).node("Gather", "h#", "s", "two")
                .constant("four", new long[] {4}).node("Mod", "m", "h#", "four").node("Sub", "p", "four", "m")
                .constant("a0", new long[] {0}, 1).node("Unsqueeze", "p1", "p", "a0").constant("none", new long[3], 3)
                .constant("n4", new long[4], 4).node("Concat", "pads", "n4", "none", "p1").integer("axis", 0)
                .node("Pad", "padded", "x", "pads").string("mode", "reflect").constant("w", weights, 4, 1, 3, 3)
                .node("Conv", "f", "padded", "w").integers("pads", 1, 1, 1, 1).integers("strides", 2, 2).node("Sigmoid", "g", "f")
                .node("Mul", "silu", "f", "g").node("MaxPool", "k", "silu").integers("kernel_shape", 2, 2)
                .node("ReduceMean", "r", "k").integer("keepdims", 1).node("Add", "t", "k", "r")
                .constant("r6", new long[] {1, 1, 2, 2, -1, 1}, 6).node("Reshape", "u", "t", "r6").node("Transpose", "v", "u")
                .integers("perm", 0, 1, 4, 2, 5, 3).node("Flatten", "fl", "v").constant("gw", new float[4], 4, 1)
                .node("If", "branch", "c").subgraph("then_branch", new OnnxWriter().output("p", OnnxWriter.FLOAT)
                        .node("Identity", "p", "x")).subgraph("else_branch", new OnnxWriter().output("q", OnnxWriter.FLOAT)
                        .node("Tanh", "q", "padded"))
                .constant("up", new float[] {1, 1, 2, 2}, 4).node("Resize", "y", "branch", "", "up").string("mode", "cubic")
                .constant("one", new long[] {1}).node("Range", "i", "a0", "h#", "one").node("Cast", "z", "i").integer("to", 7)
                .model();
        byte[] encoder = new OnnxWriter().opset(17).input("t", OnnxWriter.INT64, "n", "l").output("o", OnnxWriter.FLOAT)
                .constant("e", new float[24], 6, 4).node("Gather", "a", "e", "t").constant("g", new float[4], 4)
                .node("LayerNormalization", "b", "a", "g", "g").constant("w", new float[16], 4, 4).node("MatMul", "q", "b", "w")
                .node("Transpose", "k", "q").integers("perm", 0, 2, 1).node("MatMul", "s", "q", "k").node("Softmax", "p", "s")
                .integer("axis", -1).node("MatMul", "v", "p", "q").constant("zero", new long[] {0}).node("Gather", "c", "v", "zero")
                .integer("axis", 1).node("Gemm", "d", "c", "w", "g").integer("transB", 1).node("Erf", "f", "d")
                .node("Split", "sp", "f").integer("axis", 1).constant("shape", new long[] {2, 1, 4}, 3)
                .node("Expand", "ex", "d", "shape").node("ConstantOfShape", "cs", "shape").node("Where", "o", "cs", "ex", "ex")
                .model();
        byte[] functions = new OnnxWriter().opset("own", 1).input("x", OnnxWriter.FLOAT, 1, 1, "h", "w").output("y", OnnxWriter.FLOAT)
                .constant("w", weights, 4, 1, 3, 3).node("block", "a", "x", "w").domain("own").real("slope", 0.2f)
                .node("DepthToSpace", "d", "a").integer("blocksize", 2).node("block", "y", "d", "w").domain("own")
                .function("own", "block", List.of("v", "k"), List.of("r"), new OnnxWriter().node("Conv", "c", "v", "k")
                        .integers("pads", 1, 1, 1, 1).node("act", "r", "c").domain("own").reference("alpha", 1, "slope"),
                        List.of(OnnxWriter.realAttribute("slope", 0.1f)))
                .function("own", "act", List.of("v"), List.of("r"), new OnnxWriter().node("LeakyRelu", "r", "v")
                        .reference("alpha", 1, "alpha"), List.of(), "alpha")
                .model();
        Path onnx = Files.write(folder.resolve("seed.onnx"), network);
        StoredModel model = OnnxModels.read(onnx, 255);
        return List.of(input(0, network), input(0, values), input(0, shapes), input(0, encoder), input(0, functions),
                input(1, fovea(model, Precision.F32)), input(1, fovea(model, Precision.I8)));
    }

    private static byte[] fovea(StoredModel model, Precision precision) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ModelFile.write(new StoredModel(model.name(), model.network(), model.domain(), model.graph(),
                precision.round(model.graph().parameters(), model.parameters()), model.licence(), model.trainingData(),
                model.attributions(), model.figures(), model.createdBy()), file);
        return file.toByteArray();
    }

    private static byte[] input(int kind, byte[] file) {
        byte[] input = new byte[file.length + 1];
        input[0] = (byte) kind;
        System.arraycopy(file, 0, input, 1, file.length);
        return input;
    }
}
