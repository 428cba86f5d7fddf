package io.github.fovea.flow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.github.fovea.backend.KernelTables;
import io.github.fovea.onnx.OnnxFile;
import io.github.fovea.onnx.OnnxWriter;
import io.github.fovea.tensor.RandomFloats;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// One node with given inputs, run here and by ONNX Runtime. Inputs that are no constants have open extents in the file, so
/// that the symbolic path is what is tested.
final class OracleCase {
    private final String name;
    private final int opset;
    private final String operator;
    private final List<String> operands = new ArrayList<>();
    private final List<Consumer<OnnxWriter>> head = new ArrayList<>();
    private final List<Consumer<OnnxWriter>> attributes = new ArrayList<>();
    private final Map<String, Constant> inputs = new LinkedHashMap<>();
    private final SplittableRandom random;
    private int outputs = 1;
    private int outputType = OnnxWriter.FLOAT;

    private OracleCase(String name, int opset, String operator) {
        this.name = name;
        this.opset = opset;
        this.operator = operator;
        random = new SplittableRandom(name.hashCode());
    }

    static OracleCase of(int opset, String operator, String name) {
        return new OracleCase(operator + "-" + opset + " " + name, opset, operator);
    }

    private String next() {
        return "i" + operands.size();
    }

    /// Adds a run-time input of random floats.
    OracleCase x(int... shape) {
        return x(numbers(Tensor.elements(shape, 0, shape.length)), shape);
    }

    OracleCase x(float[] values, int... shape) {
        return given(Constant.of(shape, values), OnnxWriter.FLOAT);
    }

    /// Adds a run-time input of integers.
    OracleCase n(long[] values, int... shape) {
        return given(Constant.of(shape, values), OnnxWriter.INT64);
    }

    /// Adds a run-time input of truth values.
    OracleCase b(long[] values, int... shape) {
        return given(new Constant(ElementType.BOOLEAN, shape, null, values), OnnxWriter.BOOL);
    }

    private OracleCase given(Constant value, int type) {
        String input = next();
        operands.add(input);
        inputs.put(input, value);
        Object[] open = new Object[value.shape().length];
        for (int i = 0; i < open.length; i++) {
            // ONNX Runtime wants to know how many sizes a Resize gets.
            open[i] = type == OnnxWriter.INT64 && open.length == 1 ? value.shape()[0] : input + "_" + i;
        }
        // A scalar has no extent to leave open, and the writer takes no extents for an open rank: a constant stands in.
        if (open.length == 0) {
            inputs.remove(input);
            head.add(w -> {
                if (value.floats() != null) {
                    w.constant(input, value.floats());
                } else if (type == OnnxWriter.BOOL) {
                    w.initializer(OnnxWriter.raw(input, type, new byte[] {(byte) value.longs()[0]}));
                } else {
                    w.constant(input, value.longs());
                }
            });
        } else {
            head.add(w -> w.input(input, type, open));
        }
        return this;
    }

    /// Adds a constant of random floats.
    OracleCase w(int... shape) {
        return w(numbers(Tensor.elements(shape, 0, shape.length)), shape);
    }

    OracleCase w(float[] values, int... shape) {
        String input = next();
        operands.add(input);
        head.add(w -> w.constant(input, values, Arrays.stream(shape).asLongStream().toArray()));
        return this;
    }

    /// Adds a constant list of integers.
    OracleCase ints(long... values) {
        String input = next();
        operands.add(input);
        head.add(w -> w.constant(input, values, values.length));
        return this;
    }

    /// Leaves an optional input out.
    OracleCase none() {
        operands.add("");
        return this;
    }

    OracleCase integer(String attribute, long value) {
        attributes.add(w -> w.integer(attribute, value));
        return this;
    }

    OracleCase integers(String attribute, long... values) {
        attributes.add(w -> w.integers(attribute, values));
        return this;
    }

    OracleCase real(String attribute, float value) {
        attributes.add(w -> w.real(attribute, value));
        return this;
    }

    OracleCase reals(String attribute, float... values) {
        attributes.add(w -> w.reals(attribute, values));
        return this;
    }

    OracleCase text(String attribute, String value) {
        attributes.add(w -> w.string(attribute, value));
        return this;
    }

    OracleCase tensor(String attribute, byte[] tensor) {
        attributes.add(w -> w.tensor(attribute, tensor));
        return this;
    }

    OracleCase outputs(int count) {
        outputs = count;
        return this;
    }

    OracleCase type(int type) {
        outputType = type;
        return this;
    }

    private float[] numbers(int count) {
        return RandomFloats.of(random, count, 2);
    }

    private byte[] model(int version) {
        OnnxWriter writer = new OnnxWriter().opset(version);
        head.forEach(part -> part.accept(writer));
        List<String> results = new ArrayList<>();
        for (int i = 0; i < outputs; i++) {
            results.add("y" + i);
            writer.output("y" + i, outputType);
        }
        writer.node("n", operator, results, operands);
        attributes.forEach(part -> part.accept(writer));
        return writer.model();
    }

    /// Runs both, of which either may refuse. What ONNX Runtime runs must run here and come out the same; where both refuse,
    /// the message here must name the node or the input.
    void checkOrRefuse() throws IOException {
        Map<String, Constant> wanted = null;
        try {
            wanted = runtime(model(opset), inputs);
        } catch (OrtException e) {
            // Refused there: here it may run.
        }
        Map<String, Constant> got;
        try {
            got = FlowPlan.of(OnnxFile.read(model(Math.max(10, opset)), name).graph()).compile(KernelTables.vector()).run(inputs);
        } catch (IllegalArgumentException e) {
            String message = e.getMessage();
            if (wanted != null || message.contains("out of bounds") || message.contains("overflow") || message.contains("null")
                    || !message.startsWith("node 0 \"n\" (" + operator + ")") && !message.startsWith("input \"i")) {
                throw new AssertionError(name + ": " + message, e);
            }
            return;
        }
        if (wanted != null) {
            compare(wanted, got, 2e-5, name);
        }
    }

    /// Runs both and compares; exact for integers.
    void check() throws IOException, OrtException {
        if (opset >= 10) {
            check(opset);
            return;
        }
        // Upsample ended with opset 9, before the oldest that files may have here; exporters kept on writing it.
        check(10);
        check(20);
    }

    private void check(int version) throws IOException, OrtException {
        FlowPlan plan = FlowPlan.of(OnnxFile.read(model(version), name).graph());
        FlowExecutable executable = plan.compile(KernelTables.vector());
        compare(runtime(model(opset), inputs), executable.run(inputs), 2e-5, name);
        Map<String, Long> extents = new HashMap<>();
        inputs.forEach((input, value) -> {
            for (int axis = 0; axis < value.shape().length; axis++) {
                extents.put(input + "_" + axis, (long) value.shape()[axis]);
            }
        });
        boolean known = !extents.containsValue(0L)
                && IntStream.range(0, outputs).noneMatch(i -> plan.extents("y" + i, extents).isEmpty());
        if (known) {
            assertEquals(plan.scratchBytes(extents, KernelTables.vector()), executable.scratchBytes(), name);
        }
    }

    @Override
    public String toString() {
        return name;
    }

    /// Runs a model here and by ONNX Runtime, and compares every output.
    static void compare(byte[] model, Map<String, Constant> inputs, double tolerance, String name)
            throws IOException, OrtException {
        FlowExecutable executable = FlowPlan.of(OnnxFile.read(model, name).graph()).compile(KernelTables.vector());
        Map<String, Constant> wanted = runtime(model, inputs);
        compare(wanted, executable.run(inputs), tolerance, name);
    }

    static void compare(Map<String, Constant> wanted, Map<String, Constant> got, double tolerance, String name) {
        assertEquals(wanted.keySet(), got.keySet(), name);
        wanted.forEach((output, want) -> {
            Constant have = got.get(output);
            assertArrayEquals(want.shape(), have.shape(), name + " shape of " + output);
            if (want.floats() == null) {
                assertArrayEquals(want.longs(), have.longs(), name + " " + output);
                return;
            }
            // Rounding of a sum goes with the size of its terms, for which the size of all results stands.
            double size = 1;
            for (float number : want.floats()) {
                size += Float.isFinite(number) ? (double) number * number / want.floats().length : 0;
            }
            for (int i = 0; i < want.floats().length; i++) {
                float a = want.floats()[i];
                float b = have.floats()[i];
                double allowed = tolerance * Math.max(Math.sqrt(size), Math.abs(a));
                if (!(Math.abs(a - b) <= allowed) && Float.compare(a, b) != 0) {
                    throw new AssertionError(name + " " + output + "[" + i + "] is " + b + ", wanted " + a);
                }
            }
        });
    }

    /// {@return what ONNX Runtime computes}
    static Map<String, Constant> runtime(byte[] model, Map<String, Constant> inputs) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        Map<String, OnnxTensor> given = new HashMap<>();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            options.setSessionLogLevel(ai.onnxruntime.OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
            try (OrtSession session = environment.createSession(model, options)) {
                for (Map.Entry<String, Constant> input : inputs.entrySet()) {
                    given.put(input.getKey(), tensor(environment, input.getValue()));
                }
                try (OrtSession.Result result = session.run(given)) {
                    Map<String, Constant> outputs = new LinkedHashMap<>();
                    result.forEach(entry -> outputs.put(entry.getKey(), constant((OnnxTensor) entry.getValue())));
                    return outputs;
                }
            }
        } finally {
            given.values().forEach(OnnxTensor::close);
        }
    }

    private static OnnxTensor tensor(OrtEnvironment environment, Constant value) throws OrtException {
        long[] shape = Arrays.stream(value.shape()).asLongStream().toArray();
        return switch (value.type()) {
            case FLOAT -> OnnxTensor.createTensor(environment, FloatBuffer.wrap(value.floats()), shape);
            case LONG -> OnnxTensor.createTensor(environment, LongBuffer.wrap(value.longs()), shape);
            case BOOLEAN -> {
                ByteBuffer bytes = ByteBuffer.allocateDirect(value.longs().length);
                for (long truth : value.longs()) {
                    bytes.put((byte) truth);
                }
                yield OnnxTensor.createTensor(environment, bytes.flip(), shape, ai.onnxruntime.OnnxJavaType.BOOL);
            }
        };
    }

    private static Constant constant(OnnxTensor tensor) {
        TensorInfo info = tensor.getInfo();
        int[] shape = Arrays.stream(info.getShape()).mapToInt(Math::toIntExact).toArray();
        return switch (info.type) {
            case FLOAT -> {
                float[] values = new float[Tensor.elements(shape, 0, shape.length)];
                tensor.getFloatBuffer().get(values);
                yield Constant.of(shape, values);
            }
            case INT64 -> {
                long[] values = new long[Tensor.elements(shape, 0, shape.length)];
                tensor.getLongBuffer().get(values);
                yield Constant.of(shape, values);
            }
            case INT32 -> {
                int[] values = new int[Tensor.elements(shape, 0, shape.length)];
                tensor.getIntBuffer().get(values);
                yield Constant.of(shape, Arrays.stream(values).asLongStream().toArray());
            }
            case BOOL -> {
                ByteBuffer bytes = tensor.getByteBuffer();
                long[] values = new long[bytes.remaining()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = bytes.get();
                }
                yield new Constant(ElementType.BOOLEAN, shape, null, values);
            }
            default -> throw new AssertionError("element type " + info.type);
        };
    }
}
