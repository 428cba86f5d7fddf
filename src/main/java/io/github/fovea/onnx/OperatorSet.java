package io.github.fovea.onnx;

import io.github.fovea.flow.Operators;

/// The operators that files may use: those that package `flow` runs, and constants.
final class OperatorSet {
    /// Oldest version of ONNX's operator set that is read.
    static final int OLDEST = 10;
    /// Newest version of ONNX's operator set that is read.
    static final int NEWEST = 23;

    private OperatorSet() {}

    /// {@return whether an operator may be used}
    ///
    /// @param domain   its domain; empty for ONNX's own operators
    /// @param operator its name
    static boolean knows(String domain, String operator) {
        return domain.isEmpty() && (Operators.supported(operator) || operator.equals("Constant"));
    }
}
