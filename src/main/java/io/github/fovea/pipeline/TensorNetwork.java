package io.github.fovea.pipeline;

import io.github.fovea.backend.CpuBackend;
import io.github.fovea.error.MalformedFileException;
import io.github.fovea.flow.Constant;
import io.github.fovea.flow.ElementType;
import io.github.fovea.flow.FlowExecutable;
import io.github.fovea.flow.FlowGraph;
import io.github.fovea.flow.FlowInput;
import io.github.fovea.flow.FlowPlan;
import io.github.fovea.model.StoredModel;
import io.github.fovea.onnx.Lowering;
import java.util.List;
import java.util.Map;

/// Any network on raw tensors: a picture network of the planned engine where it is one, else the graph as the file has
/// it. For one thread at a time.
public final class TensorNetwork {
    private final List<FlowInput> inputs;
    private final List<String> outputs;
    private final Engine engine;

    /// What computes the outputs.
    private interface Engine {
        Map<String, Constant> run(Map<String, Constant> given);
    }

    private TensorNetwork(List<FlowInput> inputs, List<String> outputs, Engine engine) {
        this.inputs = inputs;
        this.outputs = outputs;
        this.engine = engine;
    }

    /// {@return a graph made ready to run}
    ///
    /// @param graph   the graph of a file
    /// @param where   what to call the file in errors
    /// @param backend whose kernels run it
    /// @throws MalformedFileException if nodes do not fit one another; says which
    public static TensorNetwork of(FlowGraph graph, String where, CpuBackend backend) throws MalformedFileException {
        return switch (Lowering.of(graph)) {
            case Lowering.Lowered lowered -> {
                TensorRunner runner = new TensorRunner(lowered.graph(), lowered.parameters(), lowered.low(),
                        lowered.high(), backend);
                yield new TensorNetwork(graph.inputs(), graph.outputs(),
                        pictures(runner, graph.inputs().getFirst().name(), graph.outputs().getFirst()));
            }
            case Lowering.General _ -> {
                FlowExecutable executable;
                try {
                    executable = FlowPlan.of(graph).compile(backend.table());
                } catch (IllegalArgumentException e) {
                    throw new MalformedFileException(where, -1, e.getMessage());
                }
                yield new TensorNetwork(graph.inputs(), graph.outputs(), executable::run);
            }
        };
    }

    /// {@return a model made ready to run, in its own units; its input is called `input`, its output `output`}
    ///
    /// @param model   the model
    /// @param backend whose kernels run it
    public static TensorNetwork of(StoredModel model, CpuBackend backend) {
        TensorRunner runner = new TensorRunner(model.graph(), model.parameters(), Float.NEGATIVE_INFINITY,
                Float.POSITIVE_INFINITY, backend);
        return new TensorNetwork(List.of(new FlowInput("input", ElementType.FLOAT,
                List.of("n", Integer.toString(model.graph().inputChannels()), "h", "w"))), List.of("output"),
                pictures(runner, "input", "output"));
    }

    private static Engine pictures(TensorRunner runner, String input, String output) {
        return given -> {
            Constant picture = given.get(input);
            if (picture == null || picture.type() != ElementType.FLOAT) {
                throw new IllegalArgumentException("input \"" + input + "\" "
                        + (picture == null ? "is missing; given are " + given.keySet() : "is " + picture.type()
                        + ", wanted FLOAT"));
            }
            int[] shape = runner.outputShape(picture.shape());
            return Map.of(output, Constant.of(shape, runner.run(picture.floats(), picture.shape())));
        };
    }

    /// {@return what goes in}
    public List<FlowInput> inputs() {
        return inputs;
    }

    /// {@return the names of what comes out}
    public List<String> outputs() {
        return outputs;
    }

    /// {@return the values of all outputs by name}
    ///
    /// @param given the values of all inputs by name
    /// @throws IllegalArgumentException if one is missing, or of another type or shape than the network takes
    public Map<String, Constant> run(Map<String, Constant> given) {
        return engine.run(given);
    }
}
