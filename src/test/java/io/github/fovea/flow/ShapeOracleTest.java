package io.github.fovea.flow;

import ai.onnxruntime.OrtException;
import io.github.fovea.onnx.OnnxWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Operators that move elements, make shapes, resize or reduce, against ONNX Runtime.
class ShapeOracleTest {
    @ParameterizedTest
    @MethodSource
    void moves(OracleCase oracle) throws IOException, OrtException {
        oracle.check();
    }

    static Stream<OracleCase> moves() {
        List<OracleCase> cases = new ArrayList<>(List.of(
                OracleCase.of(17, "Concat", "").x(2, 3, 4).x(2, 1, 4).w(2, 2, 4).integer("axis", 1),
                OracleCase.of(17, "Concat", "negative axis").x(2, 3, 4).x(2, 3, 1).integer("axis", -1),
                OracleCase.of(17, "Concat", "integers").n(new long[] {1, 2}, 2).ints(3).integer("axis", 0).type(OnnxWriter.INT64),
                OracleCase.of(10, "Split", "even").x(2, 6, 3).integer("axis", 1).outputs(3),
                OracleCase.of(10, "Split", "attribute").x(2, 6, 3).integer("axis", 1).integers("split", 1, 5).outputs(2),
                OracleCase.of(13, "Split", "operand").x(2, 6, 3).ints(2, 1, 3).integer("axis", -2).outputs(3),
                OracleCase.of(18, "Split", "num_outputs").x(2, 7, 3).integer("axis", 1).integer("num_outputs", 3).outputs(3),
                OracleCase.of(10, "Slice", "operands").x(5, 6, 7).ints(1, 0).ints(3, 4).ints(0, 2),
                OracleCase.of(17, "Slice", "steps").x(5, 6, 7).ints(0, 5).ints(5, 0).ints(0, 1).ints(2, -2),
                OracleCase.of(17, "Slice", "negative bounds").x(5, 6, 7).ints(-3, -1000).ints(-1, 9223372036854775807L).ints(0, 2),
                OracleCase.of(17, "Slice", "reversed").x(5, 6).ints(-1).ints(-9223372036854775807L).ints(1).ints(-1),
                OracleCase.of(17, "Slice", "no axes").x(5, 6, 7).ints(1, 2).ints(4, 6),
                OracleCase.of(17, "Slice", "empty").x(5, 6).ints(4).ints(2).ints(0),
                OracleCase.of(17, "Slice", "computed bounds").x(5, 6).n(new long[] {1}, 1).n(new long[] {4}, 1).ints(0),
                OracleCase.of(17, "Gather", "rows").x(5, 4).n(new long[] {3, 0, 0, -1}, 2, 2),
                OracleCase.of(17, "Gather", "axis").x(2, 5, 3).ints(4, 1).integer("axis", 1),
                OracleCase.of(17, "Gather", "scalar").x(2, 5, 3).n(new long[] {2}).integer("axis", -1),
                OracleCase.of(17, "Transpose", "reversed").x(2, 3, 4),
                OracleCase.of(17, "Transpose", "perm").x(2, 3, 4, 5).integers("perm", 0, 2, 3, 1),
                OracleCase.of(17, "Transpose", "heads").x(2, 3, 4, 5).integers("perm", 0, 2, 1, 3),
                OracleCase.of(17, "Expand", "").x(3, 1).ints(2, 1, 4),
                OracleCase.of(17, "Expand", "shorter shape").x(2, 3, 1).ints(3, 4),
                OracleCase.of(17, "Expand", "computed shape").x(3, 1).n(new long[] {2, 3, 4}, 3),
                OracleCase.of(17, "Tile", "").x(2, 3).ints(2, 3),
                OracleCase.of(17, "Tile", "computed").x(2, 3).n(new long[] {1, 2}, 2),
                OracleCase.of(17, "Reshape", "").x(2, 3, 4).ints(0, -1),
                OracleCase.of(17, "Reshape", "computed").x(2, 3, 4).n(new long[] {4, -1}, 2),
                OracleCase.of(17, "Reshape", "allowzero").x(2, 3, 4).ints(6, 4, 1).integer("allowzero", 1),
                OracleCase.of(17, "Flatten", "").x(2, 3, 4),
                OracleCase.of(17, "Flatten", "axis 0").x(2, 3, 4).integer("axis", 0),
                OracleCase.of(17, "Flatten", "axis -1").x(2, 3, 4).integer("axis", -1),
                OracleCase.of(11, "Squeeze", "attribute").x(1, 3, 1, 4).integers("axes", 0, -2),
                OracleCase.of(13, "Squeeze", "operand").x(1, 3, 1, 4).ints(2),
                OracleCase.of(13, "Squeeze", "all").x(1, 3, 1, 4),
                OracleCase.of(11, "Unsqueeze", "attribute").x(3, 4).integers("axes", 0, 3),
                OracleCase.of(13, "Unsqueeze", "operand").x(3, 4).ints(-1, 1),
                OracleCase.of(17, "Shape", "").x(2, 3, 4).type(OnnxWriter.INT64),
                OracleCase.of(17, "Shape", "part").x(2, 3, 4).integer("start", -2).integer("end", -1).type(OnnxWriter.INT64),
                OracleCase.of(17, "Size", "").x(2, 3, 4).type(OnnxWriter.INT64),
                OracleCase.of(17, "Range", "integers").n(new long[] {2}).n(new long[] {9}).n(new long[] {3}).type(OnnxWriter.INT64),
                OracleCase.of(17, "Range", "down").n(new long[] {5}).n(new long[] {-2}).n(new long[] {-2}).type(OnnxWriter.INT64),
                OracleCase.of(17, "Range", "floats").x(new float[] {0.5f}).x(new float[] {2.6f}).x(new float[] {0.5f}),
                OracleCase.of(17, "ConstantOfShape", "").n(new long[] {2, 3}, 2),
                OracleCase.of(17, "ConstantOfShape", "integers").ints(2, 3)
                        .tensor("value", OnnxWriter.longs("v", new long[] {7}, 1)).type(OnnxWriter.INT64),
                OracleCase.of(17, "DepthToSpace", "DCR").x(2, 12, 3, 4).integer("blocksize", 2),
                OracleCase.of(17, "DepthToSpace", "CRD").x(2, 18, 3, 4).integer("blocksize", 3).text("mode", "CRD"),
                OracleCase.of(17, "SpaceToDepth", "").x(2, 3, 4, 6).integer("blocksize", 2)));
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource
    void pads(OracleCase oracle) throws IOException, OrtException {
        oracle.check();
    }

    static Stream<OracleCase> pads() {
        List<OracleCase> cases = new ArrayList<>();
        for (String mode : List.of("constant", "reflect", "edge", "wrap")) {
            int opset = mode.equals("wrap") ? 19 : 13;
            cases.add(OracleCase.of(opset, "Pad", mode).x(1, 2, 5, 6).ints(0, 0, 2, 3, 0, 0, 1, 4).text("mode", mode));
            cases.add(OracleCase.of(opset, "Pad", mode + " computed").x(1, 2, 5, 6).n(new long[] {0, 0, 0, 1, 0, 0, 3, 2}, 8)
                    .text("mode", mode));
        }
        cases.add(OracleCase.of(10, "Pad", "attributes").x(2, 3).integers("pads", 1, 0, 0, 2).real("value", 0.5f));
        cases.add(OracleCase.of(10, "Pad", "attributes reflect").x(3, 4).integers("pads", 1, 0, 2, 2).text("mode", "reflect"));
        cases.add(OracleCase.of(13, "Pad", "value").x(2, 3).ints(1, 0, 0, 2).w(new float[] {0.5f}));
        cases.add(OracleCase.of(13, "Pad", "negative").x(4, 5).ints(-1, 1, 2, -2));
        for (String mode : List.of("reflect", "edge", "wrap")) {
            cases.add(OracleCase.of(19, "Pad", mode + " of what is left").x(4, 7).ints(-1, 2, 1, -2).text("mode", mode));
        }
        cases.add(OracleCase.of(18, "Pad", "axes").x(2, 3, 4).ints(1, 2, 0, 1).none().ints(2, 0));
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource
    void resizes(OracleCase oracle) throws IOException, OrtException {
        oracle.check();
    }

    private static OracleCase resize(int opset, String name, float... scales) {
        return OracleCase.of(opset, "Resize", name + " " + java.util.Arrays.toString(scales)).x(1, 2, 5, 7).none()
                .w(scales, scales.length);
    }

    static Stream<OracleCase> resizes() {
        List<OracleCase> cases = new ArrayList<>();
        float[][] scales = {{1, 1, 2, 2}, {1, 1, 3, 2.5f}, {1, 1, 0.5f, 0.7f}, {1, 1, 1.5f, 0.6f}};
        for (String coordinates : List.of("half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric")) {
            for (float[] scale : scales) {
                for (String nearest : List.of("round_prefer_floor", "round_prefer_ceil", "floor", "ceil")) {
                    cases.add(resize(13, "nearest " + coordinates + " " + nearest, scale).text("mode", "nearest")
                            .text("nearest_mode", nearest).text("coordinate_transformation_mode", coordinates));
                }
                cases.add(resize(13, "linear " + coordinates, scale).text("mode", "linear")
                        .text("coordinate_transformation_mode", coordinates));
                cases.add(resize(13, "cubic " + coordinates, scale).text("mode", "cubic")
                        .text("coordinate_transformation_mode", coordinates));
            }
        }
        for (float[] scale : scales) {
            cases.add(resize(19, "half_pixel_symmetric", scale).text("mode", "linear")
                    .text("coordinate_transformation_mode", "half_pixel_symmetric"));
            cases.add(resize(13, "cubic a", scale).text("mode", "cubic").real("cubic_coeff_a", -0.5f));
            cases.add(resize(13, "cubic inside", scale).text("mode", "cubic").integer("exclude_outside", 1));
            cases.add(resize(18, "axes " + scale[2], scale[2], scale[3]).integers("axes", 2, 3).text("mode", "linear"));
            cases.add(OracleCase.of(10, "Resize", "nearest " + scale[2]).x(1, 2, 5, 7).w(scale, 4));
            cases.add(OracleCase.of(10, "Resize", "linear " + scale[2]).x(1, 2, 5, 7).w(scale, 4).text("mode", "linear"));
        }
        for (String mode : List.of("nearest", "linear", "cubic")) {
            cases.add(OracleCase.of(13, "Resize", "sizes " + mode).x(1, 2, 5, 7).none().none().ints(1, 2, 9, 8)
                    .text("mode", mode));
            cases.add(OracleCase.of(13, "Resize", "computed sizes " + mode).x(1, 2, 5, 7).none().none()
                    .n(new long[] {1, 2, 9, 8}, 4).text("mode", mode));
        }
        cases.add(OracleCase.of(11, "Resize", "tf_half_pixel_for_nn").x(1, 2, 5, 7).w(new float[0], 0)
                .w(new float[] {1, 1, 2, 3}, 4).text("coordinate_transformation_mode", "tf_half_pixel_for_nn"));
        cases.add(OracleCase.of(13, "Resize", "tf_crop_and_resize").x(1, 2, 5, 7)
                .w(new float[] {0, 0, 0.1f, -0.2f, 1, 1, 0.8f, 0.9f}, 8).w(new float[0], 0).ints(1, 2, 6, 8)
                .text("mode", "linear").text("coordinate_transformation_mode", "tf_crop_and_resize")
                .real("extrapolation_value", 0.5f));
        // Positions that rounding moves off the middle between two pixels.
        for (int[] sizes : new int[][] {{7, 4}, {7, 8}, {10, 12}, {14, 1}, {14, 19}, {18, 21}, {3, 7}, {5, 23}}) {
            for (String coordinates : List.of("half_pixel", "half_pixel_symmetric", "asymmetric")) {
                for (String nearest : List.of("round_prefer_floor", "round_prefer_ceil", "floor", "ceil")) {
                    cases.add(OracleCase.of(19, "Resize", "tie " + coordinates + " " + nearest + java.util.Arrays.toString(sizes))
                            .x(1, 1, 3, sizes[0]).none().none().ints(1, 1, 4, sizes[1]).text("nearest_mode", nearest)
                            .text("coordinate_transformation_mode", coordinates));
                }
            }
        }
        cases.add(resize(19, "symmetric", 1, 1, 17.01f / 6, 9.01f / 6).text("coordinate_transformation_mode", "half_pixel_symmetric")
                .text("nearest_mode", "round_prefer_ceil"));
        cases.add(OracleCase.of(13, "Resize", "size rounds in float").x(1, 1, 3, 6).none().w(new float[] {1, 1, 7 / 3f, 5 / 3f}, 4));
        for (String policy : List.of("not_larger", "not_smaller")) {
            cases.add(OracleCase.of(18, "Resize", policy).x(1, 2, 7, 5).none().none().ints(11, 9).integers("axes", 2, 3)
                    .text("keep_aspect_ratio_policy", policy).text("mode", "linear"));
        }
        cases.add(resize(18, "linear antialias", 1, 1, 0.5f, 0.6f).text("mode", "linear").integer("antialias", 1));
        cases.add(resize(18, "cubic antialias", 1, 1, 0.5f, 0.6f).text("mode", "cubic").integer("antialias", 1));
        cases.add(OracleCase.of(9, "Upsample", "nearest").x(1, 2, 5, 7).w(new float[] {1, 1, 2, 3}, 4));
        cases.add(OracleCase.of(9, "Upsample", "linear").x(1, 2, 5, 7).w(new float[] {1, 1, 2, 3}, 4).text("mode", "linear"));
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource
    void reductions(OracleCase oracle) throws IOException, OrtException {
        oracle.check();
    }

    static Stream<OracleCase> reductions() {
        List<OracleCase> cases = new ArrayList<>();
        for (String operator : List.of("ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2",
                "ReduceSumSquare")) {
            boolean sum = operator.equals("ReduceSum");
            cases.add(OracleCase.of(sum ? 11 : 13, operator, "attribute").x(2, 3, 4, 5).integers("axes", 1, -1));
            cases.add(OracleCase.of(sum ? 11 : 13, operator, "middle, dropped").x(2, 3, 4, 5).integers("axes", 2)
                    .integer("keepdims", 0));
            cases.add(OracleCase.of(18, operator, "operand").x(2, 3, 4, 5).ints(0, 2));
            cases.add(OracleCase.of(18, operator, "all").x(2, 3, 4));
            cases.add(OracleCase.of(18, operator, "none").x(2, 3, 4).integer("noop_with_empty_axes", 1));
        }
        cases.add(OracleCase.of(18, "ReduceSum", "integers").n(new long[] {1, 2, 3, 4}, 2, 2).ints(1).type(OnnxWriter.INT64));
        cases.add(OracleCase.of(18, "ReduceMax", "integers").n(new long[] {1, 5, 3, 4}, 2, 2).ints(0).type(OnnxWriter.INT64));
        for (String operator : List.of("ArgMax", "ArgMin")) {
            cases.add(OracleCase.of(13, operator, "").x(2, 5, 4).integer("axis", 1).type(OnnxWriter.INT64));
            cases.add(OracleCase.of(13, operator, "last, dropped").x(2, 5, 4).integer("axis", -1).integer("keepdims", 0)
                    .type(OnnxWriter.INT64));
            cases.add(OracleCase.of(13, operator, "ties").x(new float[] {1, 2, 2, 1}, 4).integer("axis", 0)
                    .integer("select_last_index", 1).type(OnnxWriter.INT64));
        }
        return cases.stream();
    }
}
