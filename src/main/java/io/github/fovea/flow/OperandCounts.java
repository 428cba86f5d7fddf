package io.github.fovea.flow;

import java.util.HashMap;
import java.util.Map;

/// How many inputs an operator takes: those that it cannot do without, and those that it knows.
final class OperandCounts {
    private static final Map<String, int[]> COUNTS = new HashMap<>();

    static {
        put(0, 0, "Constant");
        put(1, 1, "Identity Cast Transpose Flatten Shape Size DepthToSpace SpaceToDepth ConstantOfShape If Not Abs Neg Sign"
                + " Relu LeakyRelu Elu Selu Sigmoid HardSigmoid HardSwish Tanh Erf Gelu Exp Log Sin Cos Softplus Softsign"
                + " Round Floor Ceil Reciprocal Sqrt Softmax LogSoftmax ArgMax ArgMin MaxPool AveragePool GlobalMaxPool"
                + " GlobalAveragePool");
        put(1, 2, "ReduceMax ReduceMin ReduceMean ReduceSum ReduceProd ReduceL1 ReduceL2 ReduceSumSquare Squeeze Unsqueeze"
                + " Split");
        put(1, 3, "Clip Dropout");
        put(1, 4, "Pad Resize");
        put(1, Integer.MAX_VALUE, "Concat Min Max");
        put(2, 2, "Add Sub Mul Div Mod Pow PRelu Greater Less GreaterOrEqual LessOrEqual Equal And Or Xor MatMul Reshape"
                + " Expand Tile Gather Upsample");
        put(2, 3, "Conv ConvTranspose Gemm LayerNormalization");
        put(3, 3, "Where Range InstanceNormalization");
        put(3, 5, "Slice");
        put(5, 5, "BatchNormalization");
    }

    private OperandCounts() {}

    private static void put(int least, int most, String operators) {
        for (String operator : operators.split(" ")) {
            COUNTS.put(operator, new int[] {least, most});
        }
    }

    /// {@return whether the inputs of an operator are counted}
    static boolean known(String operator) {
        return COUNTS.containsKey(operator);
    }

    /// Refuses a node that lacks inputs, or has more than its operator knows.
    ///
    /// @param operator the operator
    /// @param inputs   what is known of its inputs; `null` for those left out
    /// @throws IllegalArgumentException if there are too few or too many, or one is left out that may not be
    static void check(String operator, Fact[] inputs) {
        int[] count = COUNTS.get(operator);
        if (count == null) {
            return;
        }
        if (inputs.length < count[0] || inputs.length > count[1]) {
            throw new IllegalArgumentException("has " + inputs.length + " inputs, wanted " + text(count));
        }
        int required = count[1] == Integer.MAX_VALUE ? inputs.length : count[0];
        for (int i = 0; i < required; i++) {
            if (inputs[i] == null) {
                throw new IllegalArgumentException("lacks input " + i + ", wanted " + text(count) + " of which the first "
                        + required + " are there");
            }
        }
    }

    private static String text(int[] count) {
        return count[0] == count[1] ? Integer.toString(count[0])
                : count[1] == Integer.MAX_VALUE ? "at least " + count[0] : count[0] + " to " + count[1];
    }
}
