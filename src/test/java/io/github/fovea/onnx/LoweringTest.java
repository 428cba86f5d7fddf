package io.github.fovea.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import io.github.fovea.backend.Backends;
import io.github.fovea.graph.Op;
import io.github.fovea.pipeline.TensorRunner;
import io.github.fovea.tensor.RandomFloats;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Lowered networks on the scalar kernels against ONNX Runtime on the file itself. Data lie in [-1, 1] and sums have at
/// most a few hundred terms, so 1e-4 is far above rounding and far below any misplaced weight or border.
class LoweringTest {
    private static final int HEIGHT = 7;
    private static final int WIDTH = 9;

    private final SplittableRandom random = new SplittableRandom(31);

    private float[] numbers(int count) {
        return RandomFloats.of(random, count, 1);
    }

    private static OnnxWriter net(int channels) {
        return new OnnxWriter().input("x", OnnxWriter.FLOAT, "n", channels, "h", "w").output("y", OnnxWriter.FLOAT);
    }

    /// Adds a 3x3 convolution with bias.
    private OnnxWriter conv(OnnxWriter writer, String out, String in, int inChannels, int outChannels) {
        return writer.constant(out + "_w", numbers(outChannels * inChannels * 9), outChannels, inChannels, 3, 3)
                .constant(out + "_b", numbers(outChannels), outChannels)
                .node("Conv", out, in, out + "_w", out + "_b").integers("pads", 1, 1, 1, 1);
    }

    private Lowering.Lowered agrees(OnnxWriter writer, int channels) throws IOException, OrtException {
        byte[] model = writer.model();
        Lowering lowering = Lowering.of(OnnxFile.read(model, "test").graph());
        if (lowering instanceof Lowering.General(String reason)) {
            throw new AssertionError(reason);
        }
        Lowering.Lowered lowered = assertInstanceOf(Lowering.Lowered.class, lowering);
        float[] in = numbers(2 * channels * HEIGHT * WIDTH);
        float[] got = new TensorRunner(lowered.graph(), lowered.parameters(), lowered.low(), lowered.high(),
                Backends.require("scalar")).run(in, new int[] {2, channels, HEIGHT, WIDTH});
        float[] wanted = OnnxRuntime.run(model, in, 2, channels, HEIGHT, WIDTH);
        assertEquals(wanted.length, got.length);
        for (int i = 0; i < wanted.length; i++) {
            assertEquals(wanted[i], got[i], 1e-4f * Math.max(1, Math.abs(wanted[i])), "at " + i);
        }
        return lowered;
    }

    /// Numbers without data: nothing is laid out for them.
    @Test
    void whatIsOnlyDeclaredTakesNoMemory() throws IOException {
        assertTrue(general(net(Integer.MAX_VALUE).node("Relu", "y", "x")).contains("channels 2147483647, wanted 1 to 4"));
        byte[] none = new byte[0];
        OnnxWriter open = new OnnxWriter().input("x", OnnxWriter.FLOAT, "n", "c", "h", "w").output("y", OnnxWriter.FLOAT)
                .initializer(OnnxWriter.raw("w", OnnxWriter.FLOAT, none, 0, 1 << 28, 1, 1)).node("Conv", "y", "x", "w")
                .integer("group", 4);
        assertTrue(general(open).contains("channels 1073741824, wanted 1 to 4"), general(open));
        for (long channels : new long[] {0, 5000}) {
            OnnxWriter many = net(3).initializer(OnnxWriter.raw("w", OnnxWriter.FLOAT, new byte[(int) channels * 12], channels, 3, 1, 1))
                    .node("Conv", "y", "x", "w");
            assertTrue(general(many).contains("makes " + channels + " channels, wanted 1 to 4096"), general(many));
        }
        OnnxWriter wide = net(1).initializer(OnnxWriter.raw("w", OnnxWriter.FLOAT, new byte[4 * 500 * 9], 1, 500, 3, 3))
                .node("ConvTranspose", "y", "x", "w").integers("strides", 3, 3);
        assertTrue(general(wide).contains("makes 4500 channels"), general(wide));
    }

    /// Taps times dilations that wrap around to a reach of 2.
    @Test
    void kernelsThatWouldWrapAround() throws IOException {
        for (String auto : new String[] {"NOTSET", "SAME_UPPER"}) {
            OnnxWriter graph = net(1).initializer(OnnxWriter.raw("v", OnnxWriter.FLOAT, new byte[4 * ((1 << 22) + 1)], 1, 1, (1 << 22) + 1, 1))
                    .node("Conv", "y", "x", "v").integers("dilations", 1024, 1).string("auto_pad", auto);
            String reason = general(graph);
            assertTrue(reason.contains(auto.equals("NOTSET") ? "changes the picture's size" : "reaches more than 2 pixels far"), reason);
        }
    }

    private static long count(Lowering.Lowered lowered, Class<? extends Op> op) {
        return lowered.graph().nodes().stream().filter(node -> op.isInstance(node.op())).count();
    }

    private static String general(OnnxWriter writer) throws IOException {
        return assertInstanceOf(Lowering.General.class, Lowering.of(OnnxFile.read(writer.model(), "test").graph())).reason();
    }

    @ParameterizedTest
    @CsvSource({"1,1,1,1", "3,3,1,1", "5,5,1,1", "1,3,1,1", "3,1,1,1", "5,3,1,1", "3,3,2,1", "3,2,1,1", "2,2,2,1", "3,3,1,3",
            "4,4,1,1", "1,1,1,3"})
    void convolutionsOfEverySizeDilationAndGroup(int rows, int columns, int dilation, int groups)
            throws IOException, OrtException {
        int up = (rows - 1) * dilation / 2;
        int left = (columns - 1) * dilation / 2;
        int down = (rows - 1) * dilation - up;
        int right = (columns - 1) * dilation - left;
        Lowering.Lowered lowered = agrees(net(3).constant("w", numbers(6 * 3 / groups * rows * columns), 6, 3 / groups, rows, columns)
                .node("Conv", "y", "x", "w").integers("pads", up, left, down, right).integers("dilations", dilation, dilation)
                .integer("group", groups), 3);
        assertEquals(1, count(lowered, Op.Conv.class));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void depthwiseConvolutions(int size) throws IOException, OrtException {
        int pad = size / 2;
        Lowering.Lowered lowered = agrees(conv(net(3), "a", "x", 3, 8)
                .constant("w", numbers(8 * size * size), 8, 1, size, size).constant("b", numbers(8), 8)
                .node("Conv", "y", "a", "w", "b").integers("pads", pad, pad, pad, pad).integer("group", 8), 3);
        assertEquals(1, count(lowered, Op.DepthwiseConv.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"SAME_UPPER", "SAME_LOWER"})
    void automaticPadding(String mode) throws IOException, OrtException {
        agrees(net(2).constant("w", numbers(3 * 2 * 4 * 4), 3, 2, 4, 4).node("Conv", "y", "x", "w").string("auto_pad", mode), 2);
    }

    @Test
    void paddingApartFromItsConvolution() throws IOException, OrtException {
        agrees(net(2).constant("w", numbers(3 * 2 * 9), 3, 2, 3, 3).constant("p", new long[] {0, 0, 1, 1, 0, 0, 1, 1}, 8)
                .node("Pad", "q", "x", "p").node("Conv", "y", "q", "w"), 2);
    }

    /// FSRCNN's tail as PyTorch exports it, and two more that make exactly the stride's size.
    @ParameterizedTest
    @CsvSource({"9,2,4,1", "9,3,4,2", "4,2,1,0", "2,2,0,0"})
    void transposedConvolutions(int size, int stride, int pad, int extra) throws IOException, OrtException {
        agrees(conv(net(1), "a", "x", 1, 5).constant("w", numbers(5 * 2 * size * size), 5, 2, size, size)
                .constant("b", numbers(2), 2).node("ConvTranspose", "y", "a", "w", "b").integers("pads", pad, pad, pad, pad)
                .integers("strides", stride, stride).integers("output_padding", extra, extra), 1);
    }

    @Test
    void activations() throws IOException, OrtException {
        Lowering.Lowered lowered = agrees(conv(conv(conv(conv(conv(net(3), "a", "x", 3, 4).node("Relu", "b", "a"), "c", "b", 4, 4)
                .constant("s1", numbers(4), 4, 1, 1).node("PRelu", "d", "c", "s1"), "e", "d", 4, 4)
                .constant("s2", numbers(4), 1, 4, 1, 1).node("PRelu", "f", "e", "s2"), "g", "f", 4, 4)
                .constant("s3", new float[] {0.3f}, 1).node("PRelu", "h", "g", "s3"), "i", "h", 4, 4)
                .node("LeakyRelu", "j", "i").real("alpha", 0.2f).node("LeakyRelu", "k", "j")
                .constant("zero", new float[] {0}).node("Clip", "y", "k", "zero"), 3);
        assertEquals(2, count(lowered, Op.PRelu.class));
        assertEquals(3, count(lowered, Op.LeakyRelu.class));
        assertEquals(2, count(lowered, Op.Relu.class));
    }

    /// `Relu(x) + (x - |x|) * k * 0.5`, as Keras and old TensorFlow exports spell PReLU.
    @Test
    void parametricReluByAbsoluteValues() throws IOException, OrtException {
        Lowering.Lowered lowered = agrees(conv(net(1), "a", "x", 1, 5).node("Abs", "b", "a").node("Sub", "c", "a", "b")
                .constant("k", numbers(5), 5, 1, 1).node("Mul", "d", "k", "c").constant("half", new float[] {0.5f}, 1)
                .node("Mul", "e", "d", "half").node("Relu", "f", "a").node("Add", "y", "f", "e"), 1);
        assertEquals(1, count(lowered, Op.PRelu.class));
        assertEquals(0, count(lowered, Op.Add.class));
    }

    @Test
    void scalesAndShiftsGoIntoWeights() throws IOException, OrtException {
        Lowering.Lowered lowered = agrees(conv(net(3), "a", "x", 3, 4).constant("k", numbers(4), 4, 1, 1).node("Add", "b", "a", "k")
                .constant("m", numbers(4), 1, 4, 1, 1).node("Mul", "c", "m", "b").constant("d", new float[] {3})
                .node("Div", "e", "c", "d").node("Sub", "f", "d", "e").node("Neg", "g", "f")
                .constant("bs", numbers(4), 4).constant("bb", numbers(4), 4).constant("bm", numbers(4), 4)
                .constant("bv", new float[] {0.5f, 1, 2, 0.1f}, 4)
                .node("BatchNormalization", "h", "g", "bs", "bb", "bm", "bv").real("epsilon", 0.01f)
                .node("DepthToSpace", "i", "h").integer("blocksize", 2).string("mode", "CRD").node("Sub", "y", "i", "d"), 3);
        assertEquals(3, lowered.graph().nodes().size(), "input, one convolution, shuffle");
    }

    /// A mean that is taken off before a padded convolution cannot go into its bias: the border would be wrong.
    @Test
    void aMeanBeforePaddingStaysRightAtTheBorders() throws IOException, OrtException {
        agrees(conv(net(3).constant("m", new float[] {0.4f, 0.5f, 0.6f}, 1, 3, 1, 1).node("Sub", "c", "x", "m")
                .constant("r", new float[] {255}, 1).node("Mul", "s", "c", "r"), "y", "s", 3, 2), 3);
    }

    @Test
    void whatOthersReadTooIsNotFolded() throws IOException, OrtException {
        agrees(conv(conv(net(3), "a", "x", 3, 6).constant("k", numbers(6), 6, 1, 1).node("Mul", "b", "a", "k")
                .node("Add", "c", "a", "b").constant("half", new float[] {0.5f}).node("Add", "d", "c", "half"), "e", "d", 6, 6)
                .node("Sub", "y", "e", "d"), 3);
    }

    @Test
    void oneChannelIsAddedToAll() throws IOException, OrtException {
        agrees(conv(net(1), "a", "x", 1, 4).node("Add", "b", "x", "a").constant("k", numbers(4), 4, 1, 1)
                .node("Mul", "c", "x", "k").node("Add", "y", "b", "c"), 1);
    }

    @ParameterizedTest
    @CsvSource({"2,1,CRD", "3,2,CRD", "2,1,DCR", "2,3,DCR", "3,2,DCR"})
    void shuffles(int factor, int channels, String mode) throws IOException, OrtException {
        Lowering.Lowered lowered = agrees(conv(net(1), "a", "x", 1, channels * factor * factor)
                .node("DepthToSpace", "y", "a").integer("blocksize", factor).string("mode", mode), 1);
        assertEquals(3, lowered.graph().nodes().size(), "the order of channels goes into the weights");
    }

    @Test
    void aShuffleBehindAnActivation() throws IOException, OrtException {
        agrees(conv(net(3), "a", "x", 3, 12).constant("s", numbers(12), 12, 1, 1).node("PRelu", "b", "a", "s")
                .node("DepthToSpace", "c", "b").integer("blocksize", 2).node("DepthToSpace", "d", "b").integer("blocksize", 2)
                .string("mode", "CRD").node("Add", "y", "c", "d"), 3);
    }

    /// PyTorch up to 1.6 exported PixelShuffle so, with the size of the example picture.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shufflesSpelledWithReshapes(boolean open) throws IOException, OrtException {
        OnnxWriter writer = new OnnxWriter().input("x", OnnxWriter.FLOAT, "n", 3, HEIGHT, WIDTH).output("y", OnnxWriter.FLOAT);
        long any = open ? -1 : HEIGHT;
        Lowering.Lowered lowered = agrees(conv(writer, "a", "x", 3, 8)
                .constant("s1", new long[] {0, 2, 2, 2, any, WIDTH}, 6).node("Reshape", "b", "a", "s1")
                .node("Transpose", "c", "b").integers("perm", 0, 1, 4, 2, 5, 3)
                .constant("s2", new long[] {open ? -1 : 0, 2, 2 * HEIGHT, 2 * WIDTH}, 4).node("Reshape", "y", "c", "s2"), 3);
        assertEquals(1, count(lowered, Op.PixelShuffle.class));
    }

    @Test
    void reshapesOfAnotherSizeAreNoShuffle() throws IOException {
        OnnxWriter writer = new OnnxWriter().input("x", OnnxWriter.FLOAT, "n", 3, WIDTH, HEIGHT).output("y", OnnxWriter.FLOAT);
        String reason = general(conv(writer, "a", "x", 3, 8).constant("s1", new long[] {0, 2, 2, 2, HEIGHT, WIDTH}, 6)
                .node("Reshape", "b", "a", "s1").node("Transpose", "c", "b").integers("perm", 0, 1, 4, 2, 5, 3)
                .constant("s2", new long[] {0, 2, 2 * HEIGHT, 2 * WIDTH}, 4).node("Reshape", "y", "c", "s2"));
        assertTrue(reason.contains("no pixel shuffle"), reason);
    }

    @ParameterizedTest
    @CsvSource({"linear,half_pixel,,2", "linear,half_pixel,,3", "linear,pytorch_half_pixel,,4", "nearest,asymmetric,floor,2",
            "nearest,asymmetric,floor,4", "nearest,half_pixel,round_prefer_floor,2", "nearest,half_pixel,round_prefer_floor,3",
            "nearest,half_pixel,round_prefer_ceil,4"})
    void enlargements(String mode, String coordinates, String nearest, int scale) throws IOException, OrtException {
        OnnxWriter writer = net(2).constant("s", new float[] {1, 1, scale, scale}, 4).node("Resize", "y", "x", "", "s")
                .string("mode", mode).string("coordinate_transformation_mode", coordinates);
        if (nearest != null) {
            writer.string("nearest_mode", nearest);
        }
        agrees(writer, 2);
    }

    @Test
    void enlargementsOfTheTenthOperatorSet() throws IOException, OrtException {
        agrees(net(2).opset(10).constant("s", new float[] {1, 1, 2, 2}, 4).node("Resize", "y", "x", "s").string("mode", "nearest"),
                2);
    }

    @Test
    void aClipAtTheEndIsKept() throws IOException, OrtException {
        Lowering.Lowered lowered = agrees(conv(net(3), "a", "x", 3, 3).constant("lo", new float[] {-0.25f})
                .constant("hi", new float[] {0.5f}).node("Clip", "y", "a", "lo", "hi"), 3);
        assertEquals(-0.25f, lowered.low());
        assertEquals(0.5f, lowered.high());
    }

    @Test
    void nodesThatHandTheirInputOn() throws IOException, OrtException {
        agrees(conv(net(3).node("Identity", "a", "x").node("Dropout", "b", "a").node("Cast", "c", "b").integer("to", 1), "d", "c",
                3, 4).node("Identity", "e", "d").node("Relu", "y", "e"), 3);
    }

    @Test
    void whatTheEngineLacksIsNamed() throws IOException {
        assertTrue(general(conv(net(3), "a", "x", 3, 3).node("t", "Tanh", List.of("y"), List.of("a"))).contains("\"t\" (Tanh)"));
        assertTrue(general(net(3).constant("w", numbers(27), 1, 3, 3, 3).node("Conv", "y", "x", "w")).contains("size"));
        assertTrue(general(conv(net(3), "a", "x", 3, 3).node("Mul", "y", "a", "x")).contains("two pictures"));
        assertTrue(general(net(3).constant("w", numbers(147), 1, 3, 7, 7).node("Conv", "y", "x", "w")
                .integers("pads", 3, 3, 3, 3)).contains("more than 2 pixels"));
        assertTrue(general(net(3).constant("w", numbers(27), 1, 3, 3, 3).node("Conv", "y", "x", "w")
                .integers("pads", 1, 1, 1, 1).integers("strides", 2, 2)).contains("strides"));
        assertTrue(general(net(3).constant("s", new float[] {1, 1, 2, 2}, 4).node("Resize", "y", "x", "", "s")
                .string("mode", "cubic")).contains("cubic"));
        assertTrue(general(net(3).input("z", OnnxWriter.FLOAT, 1, 3, "h", "w").node("Add", "y", "x", "z")).contains("2 inputs"));
        assertTrue(general(net(9).node("Relu", "y", "x")).contains("channels 9"));
    }

    /// Found by fuzzing: files may leave out any input, and give an output no name.
    @Test
    void nodesWithoutInputsOrNamedOutputs() throws IOException {
        for (String operator : List.of("Conv", "ConvTranspose", "Relu", "LeakyRelu", "PRelu", "Clip", "Add", "Sub", "Mul", "Div",
                "Neg", "BatchNormalization", "DepthToSpace", "Reshape", "Resize", "Upsample", "Identity", "Dropout", "Cast")) {
            general(net(3).node(operator, "y"));
            general(net(3).node(operator, "y", ""));
            general(net(3).node("", operator, List.of(""), List.of("x")).node("Tanh", "y", "x"));
        }
        general(net(3).node("Add", "y", "x"));
    }

    @Test
    void longChainsNeedNoStack() throws IOException {
        OnnxWriter writer = net(1);
        IntStream.range(0, 9_000).forEach(i -> writer.node("Relu", "r" + i, i == 0 ? "x" : "r" + (i - 1)));
        Lowering lowering = Lowering.of(OnnxFile.read(writer.node("Relu", "y", "r8999").model(), "test").graph());
        assertEquals(9_002, assertInstanceOf(Lowering.Lowered.class, lowering).graph().nodes().size());
    }
}
