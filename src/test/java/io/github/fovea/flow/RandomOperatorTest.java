package io.github.fovea.flow;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// Random combinations of operands, attributes and operator sets against ONNX Runtime, some of them wrong.
class RandomOperatorTest {
    private static final int CASES = 24;

    @ParameterizedTest
    @FieldSource("io.github.fovea.flow.RandomNode#KINDS")
    void agreesOrRefuses(String kind) throws IOException {
        for (int seed = 0; seed < CASES; seed++) {
            RandomNode.of(kind, seed).checkOrRefuse();
        }
    }
}
