package io.github.fovea.flow;

import ai.onnxruntime.OrtException;
import io.github.fovea.onnx.OnnxWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Operators of convolutional networks against ONNX Runtime: element-wise ones, convolutions, pools, norms, products.
class OperatorOracleTest {
    @ParameterizedTest
    @MethodSource
    void elementwise(OracleCase oracle) throws IOException, OrtException {
        oracle.check();
    }

    static Stream<OracleCase> elementwise() {
        List<OracleCase> cases = new ArrayList<>();
        for (String operator : List.of("Relu", "LeakyRelu", "Elu", "Selu", "Sigmoid", "HardSigmoid", "HardSwish", "Tanh", "Erf",
                "Exp", "Sin", "Cos", "Softplus", "Softsign", "Round", "Floor", "Ceil", "Sign", "Reciprocal", "Abs", "Neg")) {
            cases.add(OracleCase.of(17, operator, "").x(2, 3, 5, 7));
        }
        cases.add(OracleCase.of(20, "Gelu", "exact").x(2, 37));
        cases.add(OracleCase.of(20, "Gelu", "tanh").x(2, 37).text("approximate", "tanh"));
        cases.add(OracleCase.of(17, "LeakyRelu", "alpha").x(2, 37).real("alpha", 0.3f));
        cases.add(OracleCase.of(17, "Elu", "alpha").x(2, 37).real("alpha", 0.3f));
        cases.add(OracleCase.of(17, "HardSigmoid", "alpha beta").x(2, 37).real("alpha", 0.3f).real("beta", 0.4f));
        cases.add(OracleCase.of(17, "Sqrt", "").x(new float[] {0, 1, 2, 9, 1e6f}, 5));
        cases.add(OracleCase.of(17, "Log", "").x(new float[] {1, 2, 9, 1e6f}, 4));
        cases.add(OracleCase.of(17, "Sigmoid", "wide").x(new float[] {-100, -20, -5, 0, 5, 20, 100}, 7));
        cases.add(OracleCase.of(17, "Erf", "wide").x(new float[] {-100, -4, -3.5f, 0, 3.9f, 20, 100}, 7));
        cases.add(OracleCase.of(10, "Clip", "attributes").x(4, 9).real("min", -0.5f).real("max", 1f));
        cases.add(OracleCase.of(10, "Clip", "none").x(4, 9));
        cases.add(OracleCase.of(13, "Clip", "both").x(4, 9).w(new float[] {-0.5f}).w(new float[] {1}));
        cases.add(OracleCase.of(13, "Clip", "upper").x(4, 9).none().w(new float[] {1}));
        cases.add(OracleCase.of(13, "Clip", "lower").x(4, 9).w(new float[] {0.1f}));
        cases.add(OracleCase.of(13, "Clip", "integers").n(new long[] {-7, 3, 9}, 3).n(new long[] {0}).n(new long[] {5})
                .type(OnnxWriter.INT64));
        int[][][] shapes = {{{2, 3, 4}, {2, 3, 4}}, {{2, 3, 4}, {4}}, {{2, 3, 4}, {3, 1}}, {{2, 1, 4}, {3, 1}}, {{1, 5}, {7, 1}},
            {{3}, {2, 3}}, {{1, 16, 5, 6}, {16, 1, 1}}, {{2, 1030}, {1}}, {{2, 2, 3}, {2, 1, 3}}};
        for (String operator : List.of("Add", "Sub", "Mul", "Div", "Min", "Max")) {
            for (int[][] pair : shapes) {
                cases.add(OracleCase.of(17, operator, java.util.Arrays.deepToString(pair)).x(pair[0]).w(pair[1]));
            }
            cases.add(OracleCase.of(17, operator, "integers").n(new long[] {-7, 3, 9, 12}, 2, 2).n(new long[] {2, -4}, 2)
                    .type(OnnxWriter.INT64));
        }
        cases.add(OracleCase.of(17, "Max", "three").x(2, 3).w(3).w(2, 1));
        cases.add(OracleCase.of(17, "Min", "one").x(2, 3));
        cases.add(OracleCase.of(17, "PRelu", "channels").x(2, 5, 3, 4).w(5, 1, 1));
        cases.add(OracleCase.of(17, "PRelu", "one").x(2, 5, 3, 4).w(1));
        cases.add(OracleCase.of(15, "Pow", "two").x(3, 4).w(new float[] {2}));
        cases.add(OracleCase.of(15, "Pow", "three").x(3, 4).w(new float[] {3}));
        cases.add(OracleCase.of(15, "Pow", "root").x(new float[] {0, 1, 2, 9}, 4).w(new float[] {0.5f}));
        cases.add(OracleCase.of(15, "Pow", "whole exponent").x(3, 4).ints(2));
        cases.add(OracleCase.of(15, "Pow", "integers").n(new long[] {2, 3, -4}, 3).ints(3).type(OnnxWriter.INT64));
        cases.add(OracleCase.of(13, "Mod", "integers").n(new long[] {-7, 7, 8}, 3).n(new long[] {3, -3, 3}, 3)
                .type(OnnxWriter.INT64));
        cases.add(OracleCase.of(13, "Mod", "truncated").n(new long[] {-7, 7, 8}, 3).n(new long[] {3, -3, 3}, 3)
                .integer("fmod", 1).type(OnnxWriter.INT64));
        cases.add(OracleCase.of(13, "Mod", "floats").x(3, 4).w(new float[] {0.7f}).integer("fmod", 1));
        for (String operator : List.of("Equal", "Greater", "Less", "GreaterOrEqual", "LessOrEqual")) {
            cases.add(OracleCase.of(17, operator, "floats").x(new float[] {1, 2, 3, 4}, 2, 2).w(new float[] {2, 3}, 2)
                    .type(OnnxWriter.BOOL));
            cases.add(OracleCase.of(17, operator, "integers").n(new long[] {1, 2, 3, 4}, 2, 2).ints(2).type(OnnxWriter.BOOL));
        }
        for (String operator : List.of("And", "Or", "Xor")) {
            cases.add(OracleCase.of(17, operator, "").b(new long[] {0, 0, 1, 1}, 4).b(new long[] {0, 1, 0, 1}, 4)
                    .type(OnnxWriter.BOOL));
        }
        cases.add(OracleCase.of(17, "Not", "").b(new long[] {0, 1}, 2).type(OnnxWriter.BOOL));
        cases.add(OracleCase.of(17, "Where", "").b(new long[] {0, 1, 1}, 3).x(2, 3).w(2, 1));
        cases.add(OracleCase.of(17, "Where", "integers").b(new long[] {0, 1, 1}, 3, 1).n(new long[] {1, 2}, 2).ints(9)
                .type(OnnxWriter.INT64));
        cases.add(OracleCase.of(17, "Cast", "to integer").x(3, 4).integer("to", 7).type(OnnxWriter.INT64));
        cases.add(OracleCase.of(17, "Cast", "to float").n(new long[] {-1, 5}, 2).integer("to", 1));
        cases.add(OracleCase.of(17, "Cast", "to truth").x(new float[] {0, 1, -2}, 3).integer("to", 9).type(OnnxWriter.BOOL));
        cases.add(OracleCase.of(17, "Identity", "").x(3, 4));
        cases.add(OracleCase.of(10, "Dropout", "attribute").x(3, 4).real("ratio", 0.3f));
        cases.add(OracleCase.of(13, "Dropout", "").x(3, 4));
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource
    void convolutions(OracleCase oracle) throws IOException, OrtException {
        oracle.check();
    }

    private static OracleCase conv(String name, int[] x, int[] w, boolean bias) {
        OracleCase oracle = OracleCase.of(17, "Conv", name).x(x).w(w);
        return bias ? oracle.w(w[0]) : oracle;
    }

    static Stream<OracleCase> convolutions() {
        List<OracleCase> cases = new ArrayList<>();
        int[] x = {2, 6, 9, 11};
        for (int size : new int[] {1, 3, 5}) {
            cases.add(conv("same " + size, x, new int[] {8, 6, size, size}, true)
                    .integers("pads", size / 2, size / 2, size / 2, size / 2).integers("kernel_shape", size, size));
        }
        cases.add(conv("wide same 3", new int[] {1, 32, 13, 21}, new int[] {48, 32, 3, 3}, true).integers("pads", 1, 1, 1, 1));
        cases.add(conv("no kernel_shape, no bias", x, new int[] {4, 6, 3, 3}, false));
        cases.add(conv("stride", x, new int[] {4, 6, 3, 3}, true).integers("strides", 2, 2).integers("pads", 1, 1, 1, 1));
        cases.add(conv("stride 3 2 uneven pads", x, new int[] {4, 6, 3, 2}, true).integers("strides", 3, 2)
                .integers("pads", 0, 1, 2, 3));
        cases.add(conv("dilation", x, new int[] {4, 6, 3, 3}, true).integers("dilations", 2, 3).integers("pads", 2, 3, 2, 3));
        cases.add(conv("groups", x, new int[] {4, 3, 3, 3}, true).integer("group", 2).integers("pads", 1, 1, 1, 1));
        cases.add(conv("depthwise", x, new int[] {6, 1, 3, 3}, true).integer("group", 6).integers("pads", 1, 1, 1, 1));
        cases.add(conv("depthwise stride", x, new int[] {6, 1, 5, 3}, true).integer("group", 6).integers("strides", 2, 3)
                .integers("pads", 2, 0, 1, 2));
        cases.add(conv("depthwise doubled", x, new int[] {12, 1, 3, 3}, true).integer("group", 6));
        // The last of several bands of rows is no multiple of a tile, and nothing lies behind the input.
        cases.add(conv("1x1 in bands", new int[] {1, 32, 80, 80}, new int[] {32, 32, 1, 1}, true));
        cases.add(conv("1x1 stride", x, new int[] {5, 6, 1, 1}, true).integers("strides", 2, 2));
        for (String pad : List.of("SAME_UPPER", "SAME_LOWER", "VALID")) {
            cases.add(conv(pad, x, new int[] {4, 6, 4, 3}, true).text("auto_pad", pad).integers("strides", 2, 2));
            cases.add(conv(pad + " stride 1", x, new int[] {4, 6, 4, 3}, true).text("auto_pad", pad));
        }
        cases.add(conv("one axis", new int[] {2, 6, 20}, new int[] {4, 3, 5}, true).integer("group", 2).integers("strides", 2)
                .integers("pads", 3, 1).integers("dilations", 2));
        cases.add(OracleCase.of(17, "ConvTranspose", "plain").x(x).w(6, 4, 3, 3).w(4));
        cases.add(OracleCase.of(17, "ConvTranspose", "stride, output padding").x(x).w(6, 4, 3, 4).w(4)
                .integers("strides", 2, 3).integers("pads", 1, 0, 1, 2).integers("output_padding", 1, 2));
        cases.add(OracleCase.of(17, "ConvTranspose", "groups, dilations").x(x).w(6, 2, 3, 3).w(4).integer("group", 2)
                .integers("dilations", 2, 1));
        cases.add(OracleCase.of(17, "ConvTranspose", "9x9 of FSRCNN").x(1, 12, 7, 6).w(12, 1, 9, 9)
                .integers("strides", 2, 2).integers("pads", 4, 4, 4, 4).integers("output_padding", 1, 1));
        cases.add(OracleCase.of(17, "ConvTranspose", "SAME_UPPER").x(x).w(6, 4, 3, 3).text("auto_pad", "SAME_UPPER")
                .integers("strides", 2, 2));
        cases.add(OracleCase.of(17, "ConvTranspose", "output shape").x(x).w(6, 4, 3, 3).integers("output_shape", 19, 22)
                .integers("strides", 2, 2));
        cases.add(OracleCase.of(17, "ConvTranspose", "one axis").x(2, 6, 9).w(6, 4, 3).integers("strides", 2));
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource
    void pools(OracleCase oracle) throws IOException, OrtException {
        oracle.check();
    }

    static Stream<OracleCase> pools() {
        List<OracleCase> cases = new ArrayList<>();
        for (String operator : List.of("MaxPool", "AveragePool")) {
            cases.add(OracleCase.of(19, operator, "plain").x(2, 3, 9, 11).integers("kernel_shape", 2, 3));
            cases.add(OracleCase.of(19, operator, "stride").x(2, 3, 9, 11).integers("kernel_shape", 3, 3)
                    .integers("strides", 2, 2).integers("pads", 1, 1, 1, 1));
            cases.add(OracleCase.of(19, operator, "7 stride 3").x(2, 3, 19, 23).integers("kernel_shape", 7, 7)
                    .integers("strides", 3, 3));
            cases.add(OracleCase.of(19, operator, "uneven pads").x(2, 3, 9, 11).integers("kernel_shape", 3, 3)
                    .integers("pads", 0, 1, 2, 1));
            cases.add(OracleCase.of(19, operator, "dilations").x(2, 3, 9, 11).integers("kernel_shape", 2, 3)
                    .integers("dilations", 2, 3));
            for (int extent : new int[] {9, 10, 11, 12}) {
                cases.add(OracleCase.of(19, operator, "ceil " + extent).x(1, 2, extent, extent + 1).integers("kernel_shape", 3, 2)
                        .integers("strides", 2, 3).integers("pads", 1, 0, 1, 1).integer("ceil_mode", 1));
            }
            cases.add(OracleCase.of(19, operator, "SAME_UPPER").x(2, 3, 9, 12).integers("kernel_shape", 3, 4)
                    .integers("strides", 2, 2).text("auto_pad", "SAME_UPPER"));
            cases.add(OracleCase.of(19, operator, "SAME_LOWER").x(2, 3, 9, 12).integers("kernel_shape", 3, 4)
                    .integers("strides", 2, 2).text("auto_pad", "SAME_LOWER"));
            cases.add(OracleCase.of(19, operator, "one axis").x(2, 3, 12).integers("kernel_shape", 4).integers("pads", 1, 2));
        }
        cases.add(OracleCase.of(19, "AveragePool", "counts pads").x(2, 3, 9, 11).integers("kernel_shape", 3, 3)
                .integers("pads", 1, 1, 1, 1).integer("count_include_pad", 1));
        cases.add(OracleCase.of(19, "AveragePool", "counts pads, ceil").x(2, 3, 10, 12).integers("kernel_shape", 3, 3)
                .integers("strides", 2, 2).integers("pads", 1, 1, 1, 1).integer("count_include_pad", 1).integer("ceil_mode", 1));
        cases.add(OracleCase.of(17, "GlobalAveragePool", "").x(2, 3, 9, 11));
        cases.add(OracleCase.of(17, "GlobalMaxPool", "").x(2, 3, 9, 11));
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource
    void norms(OracleCase oracle) throws IOException, OrtException {
        oracle.check();
    }

    static Stream<OracleCase> norms() {
        float[] variance = {0.5f, 1f, 2f, 0.1f};
        return Stream.of(
                OracleCase.of(15, "BatchNormalization", "").x(2, 4, 5, 6).w(4).w(4).w(4).w(variance, 4).real("epsilon", 0.01f),
                OracleCase.of(17, "InstanceNormalization", "").x(2, 4, 5, 6).w(4).w(4).real("epsilon", 0.01f),
                OracleCase.of(17, "LayerNormalization", "last").x(2, 5, 24).w(24).w(24),
                OracleCase.of(17, "LayerNormalization", "no bias").x(2, 5, 24).w(24).real("epsilon", 0.1f),
                OracleCase.of(17, "LayerNormalization", "axis").x(2, 5, 4, 6).w(4, 6).w(4, 6).integer("axis", -2),
                OracleCase.of(17, "LayerNormalization", "statistics").x(2, 5, 24).w(24).w(24).outputs(3),
                OracleCase.of(13, "Softmax", "last").x(2, 5, 7),
                OracleCase.of(13, "Softmax", "middle").x(2, 5, 7).integer("axis", 1),
                OracleCase.of(11, "Softmax", "flat").x(2, 5, 7),
                OracleCase.of(11, "Softmax", "flat axis").x(2, 5, 7).integer("axis", 2),
                OracleCase.of(13, "LogSoftmax", "").x(2, 5, 7));
    }

    @ParameterizedTest
    @MethodSource
    void products(OracleCase oracle) throws IOException, OrtException {
        oracle.check();
    }

    static Stream<OracleCase> products() {
        List<OracleCase> cases = new ArrayList<>();
        int[][][] shapes = {{{5, 7}, {7, 9}}, {{33, 300}, {300, 70}}, {{2, 5, 7}, {7, 9}}, {{2, 5, 7}, {2, 7, 9}},
            {{2, 3, 5, 7}, {3, 7, 4}}, {{2, 1, 5, 7}, {1, 3, 7, 4}}, {{7}, {7}}, {{7}, {7, 3}}, {{5, 7}, {7}}, {{2, 5, 7}, {7}},
            {{1, 17}, {17, 33}}};
        for (int[][] pair : shapes) {
            cases.add(OracleCase.of(17, "MatMul", java.util.Arrays.deepToString(pair)).x(pair[0]).x(pair[1]));
        }
        cases.add(OracleCase.of(17, "Gemm", "plain").x(5, 7).w(7, 9));
        cases.add(OracleCase.of(17, "Gemm", "all").x(7, 5).w(9, 7).w(9).integer("transA", 1).integer("transB", 1)
                .real("alpha", 0.5f).real("beta", 2f));
        cases.add(OracleCase.of(17, "Gemm", "computed factor").x(5, 7).x(9, 7).w(5, 1).integer("transB", 1));
        cases.add(OracleCase.of(17, "Gemm", "adds a row").x(5, 7).w(9, 7).w(1, 9).integer("transB", 1));
        return cases.stream();
    }
}
