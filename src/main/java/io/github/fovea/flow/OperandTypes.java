package io.github.fovea.flow;

import java.util.HashMap;
import java.util.Map;

/// What the inputs of an operator may hold: where ONNX allows it, and kernels here run it.
///
/// A rule has a word for each input: `F` floating point, `I` whole numbers, `B` truth values, `N` numbers of either
/// kind, `A` anything, `=k` what input `k` holds. The last word holds for all further inputs.
final class OperandTypes {
    private static final Map<String, String[]> RULES = new HashMap<>();

    static {
        put("F", "LeakyRelu Elu Selu Sigmoid HardSigmoid HardSwish Tanh Erf Gelu Exp Log Sin Cos Softplus Softsign"
                + " Round Floor Ceil Reciprocal Sqrt PRelu Softmax LogSoftmax BatchNormalization InstanceNormalization"
                + " LayerNormalization MatMul Gemm Conv ConvTranspose MaxPool AveragePool GlobalMaxPool"
                + " GlobalAveragePool Upsample");
        put("N", "Abs Neg Sign Relu ArgMax ArgMin Pow");
        put("N =0", "Add Sub Mul Div Mod Min Max Clip Range Greater Less GreaterOrEqual LessOrEqual");
        put("N I", "ReduceMean ReduceSum ReduceProd ReduceL1 ReduceL2 ReduceSumSquare");
        put("A", "Identity Cast Transpose Flatten Shape Size DepthToSpace SpaceToDepth");
        put("A =0", "Concat Equal");
        put("A I", "ReduceMax ReduceMin Reshape Squeeze Unsqueeze Expand Tile Split Slice Gather");
        put("A I =0 I", "Pad");
        put("F F F I", "Resize");
        put("F F B", "Dropout");
        put("I", "ConstantOfShape");
        put("B", "And Or Xor Not If");
        put("B A =1", "Where");
    }

    private OperandTypes() {}

    private static void put(String rule, String operators) {
        for (String operator : operators.split(" ")) {
            RULES.put(operator, rule.split(" "));
        }
    }

    /// {@return whether there is a rule for an operator}
    static boolean known(String operator) {
        return RULES.containsKey(operator);
    }

    /// Refuses inputs that hold what the operator does not take.
    ///
    /// @param operator the operator
    /// @param inputs   what is known of its inputs; `null` for those left out
    /// @throws IllegalArgumentException if one does not fit; the message says which
    static void check(String operator, Fact[] inputs) {
        String[] rule = RULES.get(operator);
        for (int i = 0; rule != null && i < inputs.length; i++) {
            if (inputs[i] == null) {
                continue;
            }
            ElementType type = inputs[i].type();
            String word = rule[Math.min(i, rule.length - 1)];
            String wanted = switch (word) {
                case "F" -> type == ElementType.FLOAT ? null : "FLOAT";
                case "I" -> type == ElementType.LONG ? null : "LONG";
                case "B" -> type == ElementType.BOOLEAN ? null : "BOOLEAN";
                case "N" -> type != ElementType.BOOLEAN ? null : "FLOAT or LONG";
                case "A" -> null;
                default -> like(inputs, word.charAt(1) - '0', type);
            };
            if (wanted != null) {
                throw new IllegalArgumentException("input " + i + " is of type " + type + ", wanted " + wanted);
            }
        }
    }

    private static String like(Fact[] inputs, int first, ElementType type) {
        return first >= inputs.length || inputs[first] == null || inputs[first].type() == type ? null
                : inputs[first].type() + " as input " + first;
    }
}
