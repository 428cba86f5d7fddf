package io.github.fovea.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import io.github.fovea.backend.KernelTables;
import io.github.fovea.onnx.OnnxFile;
import io.github.fovea.onnx.OnnxWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every operator with inputs of all types: what ONNX Runtime loads is loaded and run, what it does not is refused when the graph
/// is loaded, not when it runs.
class OperandTypesTest {
    /// Operators and the shapes of their inputs; `1` is a constant number, and the last inputs of some are constants.
    private static final List<String> CASES = List.of("MaxPool 1x4x5x5", "AveragePool 1x4x5x5", "GlobalMaxPool 1x4x5x5",
            "GlobalAveragePool 1x4x5x5", "Resize 1x4x5x5", "Pad 4x4", "Where 3x4 3x4 3x4", "Clip 3x4 1 1", "Cast 3x4", "Not 3x4",
            "Equal 3x4 3x4", "Greater 3x4 3x4", "Less 3x4 3x4", "GreaterOrEqual 3x4 3x4", "LessOrEqual 3x4 3x4", "And 3x4 3x4",
            "Or 3x4 3x4", "Xor 3x4 3x4", "Add 3x4 3x4", "Sub 3x4 3x4", "Mul 3x4 3x4", "Div 3x4 3x4", "Pow 3x4 3x4", "Mod 3x4 3x4",
            "Min 3x4 3x4", "Max 3x4 3x4", "PRelu 3x4 3x4", "Concat 3x4 3x4", "Range 1 1 1", "Gather 3x4 2", "Expand 3x4 2",
            "ArgMax 3x4", "ArgMin 3x4", "Softmax 3x4", "LogSoftmax 3x4", "DepthToSpace 1x4x5x5", "SpaceToDepth 1x4x4x4",
            "Transpose 3x4", "Reshape 1x1 2", "Slice 3x4 1 1", "Tile 3x4 2", "Split 4x4", "Squeeze 1x4", "Unsqueeze 3x4 1",
            "Flatten 3x4", "Shape 3x4", "Size 3x4", "ConstantOfShape 2", "Identity 3x4", "Dropout 3x4", "Upsample 1x4x5x5",
            "Conv 1x4x5x5 2x4x3x3 2", "ConvTranspose 1x4x5x5 4x2x3x3 2", "BatchNormalization 1x4x5x5 4 4 4 4",
            "InstanceNormalization 1x4x5x5 4 4", "LayerNormalization 3x4 4 4", "MatMul 3x4 4x2", "Gemm 3x4 4x2 2", "Relu 3x4",
            "LeakyRelu 3x4", "Elu 3x4", "Selu 3x4", "Sigmoid 3x4", "HardSigmoid 3x4", "HardSwish 3x4", "Tanh 3x4", "Erf 3x4", "Gelu 3x4",
            "Exp 3x4", "Log 3x4", "Sin 3x4", "Cos 3x4", "Softplus 3x4", "Softsign 3x4", "Round 3x4", "Floor 3x4", "Ceil 3x4",
            "Sign 3x4", "Reciprocal 3x4", "Abs 3x4", "Neg 3x4", "Sqrt 3x4", "ReduceMean 3x4", "ReduceSum 3x4", "ReduceMax 3x4",
            "ReduceMin 3x4", "ReduceProd 3x4", "ReduceL1 3x4", "ReduceL2 3x4", "ReduceSumSquare 3x4");
    /// What ONNX has for whole numbers too, and kernels here do not run.
    private static final Set<String> FLOATS_ONLY = Set.of("MaxPool", "Resize", "Upsample", "PRelu", "MatMul", "Gemm");
    private static final int[] TYPES = {OnnxWriter.FLOAT, OnnxWriter.INT64, OnnxWriter.BOOL};
    /// Files' types that are whole numbers here.
    private static final int[] WHOLE = {OnnxWriter.INT64, OnnxWriter.INT32, OnnxWriter.INT8, OnnxWriter.UINT8};
    private static final int[] OUTPUTS =
            {OnnxWriter.FLOAT, OnnxWriter.INT64, OnnxWriter.INT32, OnnxWriter.INT8, OnnxWriter.UINT8, OnnxWriter.BOOL};

    private static List<String> cases() {
        return CASES;
    }

    @Test
    void allOperatorsHaveRulesAndCases() {
        Set<String> operators = new TreeSet<>(Operators.names());
        operators.removeAll(Set.of("Constant", "If"));
        operators.forEach(operator -> assertTrue(OperandTypes.known(operator), operator));
        assertTrue(OperandTypes.known("If"));
        Set<String> tried = new TreeSet<>();
        CASES.forEach(line -> tried.add(line.split(" ")[0]));
        assertEquals(operators, tried);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whatOnnxRuntimeRefusesIsRefusedWhenLoaded(String line) throws IOException {
        String operator = line.split(" ")[0];
        List<String> shapes = Arrays.asList(line.split(" ")).subList(1, line.split(" ").length);
        int combinations = (int) Math.pow(TYPES.length, shapes.size());
        int loaded = 0;
        for (int i = 0; i < combinations; i++) {
            int[] types = new int[shapes.size()];
            int others = 0;
            for (int k = 0, rest = i; k < types.length; k++, rest /= TYPES.length) {
                types[k] = TYPES[rest % TYPES.length];
                others += types[k] == OnnxWriter.FLOAT ? 0 : 1;
            }
            if (types.length > 3 && others > 1) {
                continue;
            }
            String name = operator + " of types " + Arrays.toString(types);
            FlowExecutable executable = null;
            String refusal = null;
            try {
                executable = FlowPlan.of(OnnxFile.read(model(operator, shapes, types, OnnxWriter.FLOAT, 20), name).graph())
                        .compile(KernelTables.vector());
            } catch (IllegalArgumentException e) {
                refusal = e.getMessage();
            }
            Boolean runtime = loads(operator, shapes, types);
            if (executable != null) {
                assertTrue(runtime == null || runtime, name + " is no ONNX");
                executable.run(inputs(operator, shapes, types));
                loaded++;
            } else {
                assertTrue(refusal.startsWith("node 0 \"n\" (" + operator + "): input ") && refusal.contains(", wanted "), refusal);
                assertTrue(FLOATS_ONLY.contains(operator) || runtime != null && !runtime, name + ": " + refusal);
            }
        }
        assertTrue(loaded > 0);
    }

    /// {@return whether ONNX Runtime takes a node, by any type that is one here; `null` if it is ONNX, and not implemented}
    private static Boolean loads(String operator, List<String> shapes, int[] types) {
        boolean lacking = false;
        for (int whole : WHOLE) {
            int[] narrow = Arrays.stream(types).map(type -> type == OnnxWriter.INT64 ? whole : type).toArray();
            for (int output : OUTPUTS) {
                try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
                    options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
                    // Upsample ended with operator set 9.
                    int opset = operator.equals("Upsample") ? 9 : 20;
                    try (OrtSession session = OrtEnvironment.getEnvironment()
                            .createSession(model(operator, shapes, narrow, output, opset), options)) {
                        assertNotNull(session);
                        return true;
                    }
                } catch (OrtException e) {
                    lacking |= e.getCode() == OrtException.OrtErrorCode.ORT_NOT_IMPLEMENTED;
                    if (e.getMessage().contains("of input parameter") || e.getMessage().contains("bound to different types")) {
                        break; // saves time only: no other type of the output helps
                    }
                }
            }
            if (Arrays.stream(types).noneMatch(type -> type == OnnxWriter.INT64)) {
                break;
            }
        }
        return lacking ? null : false;
    }

    private static byte[] model(String operator, List<String> shapes, int[] types, int output, int opset) {
        OnnxWriter writer = new OnnxWriter().opset(opset).output("y", output);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < types.length; i++) {
            String name = "i" + i;
            names.add(name);
            if (shapes.get(i).equals("1") && !operator.equals("Unsqueeze")) {
                byte[] one = new byte[types[i] == OnnxWriter.INT64 ? 8 : types[i] == OnnxWriter.INT32 ? 4 : 1];
                one[0] = 1;
                writer.initializer(types[i] == OnnxWriter.FLOAT ? OnnxWriter.floats(name, new float[] {1}, operandShape(operator))
                        : OnnxWriter.raw(name, types[i], one, operandShape(operator)));
            } else {
                writer.input(name, types[i], Arrays.stream(extents(shapes.get(i))).boxed().toArray());
            }
        }
        switch (operator) {
            case "Resize", "Upsample" -> {
                if (operator.equals("Resize")) {
                    names.add("");
                }
                names.add("scales");
                writer.constant("scales", new float[] {1, 1, 2, 2}, 4);
            }
            case "Pad" -> {
                names.add("pads");
                writer.constant("pads", new long[] {1, 1, 1, 1}, 4);
            }
            default -> { }
        }
        writer.node("n", operator, List.of("y"), names);
        switch (operator) {
            case "MaxPool", "AveragePool" -> writer.integers("kernel_shape", 2, 2);
            case "DepthToSpace", "SpaceToDepth" -> writer.integer("blocksize", 2);
            case "Cast" -> writer.integer("to", OnnxWriter.FLOAT);
            case "Mod" -> writer.integer("fmod", 1);
            case "Concat" -> writer.integer("axis", 0);
            case "Split" -> writer.integer("num_outputs", 1);
            default -> { }
        }
        return writer.model();
    }

    private static long[] operandShape(String operator) {
        return operator.equals("Slice") ? new long[] {1} : new long[0];
    }

    private static int[] extents(String shape) {
        return Arrays.stream(shape.split("x")).mapToInt(Integer::parseInt).toArray();
    }

    private static Map<String, Constant> inputs(String operator, List<String> shapes, int[] types) {
        Map<String, Constant> inputs = new HashMap<>();
        for (int i = 0; i < types.length; i++) {
            if (shapes.get(i).equals("1") && !operator.equals("Unsqueeze")) {
                continue;
            }
            int[] shape = extents(shapes.get(i));
            int elements = Tensor.elements(shape, 0, shape.length);
            float[] floats = new float[elements];
            long[] longs = new long[elements];
            Arrays.fill(floats, 1);
            Arrays.fill(longs, operator.equals("Expand") && i == 1 ? 4 : 1);
            if (operator.equals("Expand") && i == 1) {
                longs[0] = 3;
            }
            inputs.put("i" + i, types[i] == OnnxWriter.FLOAT ? Constant.of(shape, floats)
                    : types[i] == OnnxWriter.INT64 ? Constant.of(shape, longs) : new Constant(ElementType.BOOLEAN, shape, null, longs));
        }
        return inputs;
    }
}
