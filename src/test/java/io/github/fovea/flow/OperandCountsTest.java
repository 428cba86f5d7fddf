package io.github.fovea.flow;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.onnx.OnnxFile;
import io.github.fovea.onnx.OnnxWriter;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Nodes with inputs left out that their operator needs, and with more than it knows.
class OperandCountsTest {
    @Test
    void everyOperatorHasItsNumbers() {
        Operators.names().forEach(operator -> assertTrue(OperandCounts.known(operator), operator));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"BatchNormalization | x c c c | has 4 inputs, wanted 5",
        "LayerNormalization | x - c | lacks input 1", "Where | b x x - | has 4 inputs, wanted 3", "Where | b x - | lacks input 2",
        "Conv | x | has 1 inputs, wanted 2 to 3", "Conv | - x | lacks input 0", "Concat | x - | lacks input 1", "Min | x - x | lacks input 1",
        "Add | x - | lacks input 1", "Relu | - | lacks input 0", "Gemm | x | has 1 inputs", "Slice | x c | has 2 inputs, wanted 3 to 5",
        "Reshape | x | has 1 inputs", "Range | x x | has 2 inputs", "InstanceNormalization | x c - | lacks input 2",
        "Resize | - - c | lacks input 0"})
    void misfitsNameTheNode(String operator, String inputs, String words) throws IOException {
        OnnxWriter graph = new OnnxWriter().opset(17).input("x", OnnxWriter.FLOAT, 1, 4, "h", "w").input("b", OnnxWriter.BOOL, 1)
                .output("y", OnnxWriter.FLOAT).constant("c", new float[4], 4)
                .node(operator, "y", Arrays.stream(inputs.split(" ")).map(name -> name.replace("-", "")).toArray(String[]::new));
        if (operator.equals("Concat")) {
            graph.integer("axis", 1);
        }
        FlowGraph read = OnnxFile.read(graph.model(), "counts").graph();
        String message = assertThrows(IllegalArgumentException.class, () -> FlowPlan.of(read)).getMessage();
        assertTrue(message.startsWith("node 0 (" + operator + ")") && message.contains(words), message);
    }
}
