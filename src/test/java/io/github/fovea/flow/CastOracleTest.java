package io.github.fovea.flow;

import ai.onnxruntime.OrtException;
import io.github.fovea.onnx.OnnxWriter;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Casts to an element type and back to a wide one, against ONNX Runtime: rounding, wrapping, no numbers and too large ones.
class CastOracleTest {
    private static final float[] FLOATS = {0.1f, -1.5f, 1.5f, 1 + 1 / 256f, 1 + 3 / 256f, 2049, 65504, 65519, 65520, 1e-8f, 300, -300,
        255.7f, 40000, -40000, 3e9f};
    private static final float[] BEYOND = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 70000, 5e9f, -3e9f, 1e19f, -1e19f,
        3.4e38f};
    private static final long[] LONGS = {-1, 0, 1, 127, 128, 200, 255, 256, -129, 32768, 65535, 65536, -40000, 2147483648L, -2147483649L,
        4294967297L, 2049, 65520, 16777217, 1L << 40, (1L << 62) + 1, Long.MIN_VALUE};

    private static void check(int from, Constant x, int to) throws IOException, OrtException {
        int wide = to == OnnxWriter.FLOAT || to == OnnxWriter.FLOAT16 || to == OnnxWriter.DOUBLE || to == OnnxWriter.BFLOAT16
                ? OnnxWriter.FLOAT : OnnxWriter.INT64;
        byte[] model = new OnnxWriter().opset(19).input("x", from, "n").output("y", wide).node("Cast", "narrow", "x").integer("to", to)
                .node("Cast", "y", "narrow").integer("to", wide).model();
        OracleCase.compare(model, Map.of("x", x), 0, "cast to " + to);
        // The same of constants: what is computed when the graph is planned.
        OnnxWriter folded = new OnnxWriter().opset(19).input("x", from, "n").output("y", wide);
        folded = x.floats() == null ? folded.constant("c", x.longs(), x.elements()) : folded.constant("c", x.floats(), x.elements());
        OracleCase.compare(folded.node("Cast", "narrow", "c").integer("to", to).node("Cast", "y", "narrow").integer("to", wide).model(),
                Map.of("x", x), 0, "constant cast to " + to);
    }

    /// Types whose answer to numbers beyond them is the same everywhere, or that of the processor's instruction.
    @ParameterizedTest
    @ValueSource(ints = {OnnxWriter.UINT8, OnnxWriter.INT8, OnnxWriter.UINT16, OnnxWriter.INT16, OnnxWriter.INT32, OnnxWriter.INT64,
        OnnxWriter.BOOL, OnnxWriter.FLOAT16, OnnxWriter.DOUBLE, OnnxWriter.BFLOAT16})
    void numbersBeyondTheType(int to) throws IOException, OrtException {
        check(OnnxWriter.FLOAT, Constant.of(new int[] {BEYOND.length}, BEYOND), to);
    }

    @ParameterizedTest
    @ValueSource(ints = {OnnxWriter.UINT8, OnnxWriter.INT8, OnnxWriter.UINT16, OnnxWriter.INT16, OnnxWriter.INT32, OnnxWriter.INT64,
        OnnxWriter.UINT32, OnnxWriter.UINT64, OnnxWriter.BOOL, OnnxWriter.FLOAT16, OnnxWriter.DOUBLE, OnnxWriter.BFLOAT16})
    void floats(int to) throws IOException, OrtException {
        check(OnnxWriter.FLOAT, Constant.of(new int[] {FLOATS.length}, FLOATS), to);
    }

    @ParameterizedTest
    @ValueSource(ints = {OnnxWriter.FLOAT, OnnxWriter.UINT8, OnnxWriter.INT8, OnnxWriter.UINT16, OnnxWriter.INT16, OnnxWriter.INT32,
        OnnxWriter.INT64, OnnxWriter.UINT32, OnnxWriter.UINT64, OnnxWriter.BOOL, OnnxWriter.FLOAT16, OnnxWriter.DOUBLE,
        OnnxWriter.BFLOAT16})
    void integers(int to) throws IOException, OrtException {
        check(OnnxWriter.INT64, Constant.of(new int[] {LONGS.length}, LONGS), to);
    }

    /// An extent that half precision does not hold: what is computed of shapes rounds as it would at run time.
    @ParameterizedTest
    @ValueSource(ints = {100, 2047, 2049, 4099})
    void extentsInHalfPrecision(int extent) throws IOException, OrtException {
        byte[] model = new OnnxWriter().opset(19).input("x", OnnxWriter.FLOAT, "n").output("y", OnnxWriter.INT64).node("Shape", "s", "x")
                .node("Cast", "half", "s").integer("to", OnnxWriter.FLOAT16).node("Cast", "y", "half").integer("to", OnnxWriter.INT64).model();
        OracleCase.compare(model, Map.of("x", Constant.of(new int[] {extent}, new float[extent])), 0, "extent " + extent);
    }
}
