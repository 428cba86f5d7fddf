package io.github.fovea.onnx;

import java.util.Set;

/// The operators that files may use.
final class OperatorSet {
    /// Oldest version of ONNX's operator set that is read.
    static final int OLDEST = 10;
    /// Newest version of ONNX's operator set that is read.
    static final int NEWEST = 23;

    private static final Set<String> OPERATORS = Set.of("Abs", "Add", "ArgMax", "AveragePool", "BatchNormalization", "Cast",
            "Clip", "Concat", "Constant", "ConstantOfShape", "Conv", "ConvTranspose", "DepthToSpace", "Div", "Dropout", "Equal",
            "Erf", "Exp", "Expand", "Flatten", "Gather", "Gelu", "Gemm", "GlobalAveragePool", "Greater", "HardSigmoid",
            "HardSwish", "Identity", "If", "InstanceNormalization", "LayerNormalization", "LeakyRelu", "Less", "MatMul", "Max",
            "MaxPool", "Min", "Mod", "Mul", "Neg", "Not", "PRelu", "Pad", "Pow", "Range", "ReduceMax", "ReduceMean", "ReduceSum",
            "Relu", "Reshape", "Resize", "Shape", "Sigmoid", "Slice", "Softmax", "SpaceToDepth", "Split", "Sqrt", "Squeeze",
            "Sub", "Tanh", "Tile", "Transpose", "Unsqueeze", "Upsample", "Where");

    private OperatorSet() {}

    /// {@return whether an operator may be used}
    ///
    /// @param domain   its domain; empty for ONNX's own operators
    /// @param operator its name
    static boolean knows(String domain, String operator) {
        return domain.isEmpty() && OPERATORS.contains(operator);
    }
}
