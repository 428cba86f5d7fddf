package io.github.fovea.cli;

import io.github.fovea.flow.ElementType;
import io.github.fovea.media.AtomicOutput;
import io.github.fovea.model.StoredModel;
import io.github.fovea.onnx.Lowering;
import io.github.fovea.onnx.OnnxFile;
import io.github.fovea.onnx.OnnxModels;
import io.github.fovea.pipeline.TensorRunner;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Runs a network on raw tensors.
@Command(name = "run", mixinStandardHelpOptions = true,
        description = {
            "Runs any network on raw little-endian tensors and prints the shape of its result. The network of an ONNX file takes",
            "and gives numbers as it does elsewhere; a .fovea model those of docs/model-format.md (samples of -0.5 to 0.5)."
        })
final class RunCommand implements Callable<Integer> {
    private static final int CHUNK_FLOATS = 1 << 14;

    @Parameters(paramLabel = "MODEL", description = "An ONNX file, a .fovea file, or the name of a bundled model.")
    private String model;

    @Option(names = "--input", required = true, paramLabel = "[NAME=]FILE",
            description = "A tensor; named, and given more than once, where the network has several inputs.")
    private List<String> inputs;

    @Option(names = "--shape", required = true, paramLabel = "[NAME=]EXTENTS",
            description = "Its extents, like 1x3x48x60; :int64 or :bool behind them where it does not hold floats.")
    private List<String> shapes;

    @Option(names = {"-o", "--output"}, required = true, paramLabel = "FILE", description = "The result, raw 32-bit floats.")
    private Path output;

    @Option(names = "--overwrite", description = "Replaces a result that exists.")
    private boolean overwrite;

    @Mixin
    private EngineOptions engine;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        List<TensorArgument> tensors = TensorArgument.of(inputs, shapes);
        Path file = Path.of(model);
        if (OnnxModels.named(file)) {
            switch (Lowering.of(OnnxFile.read(file).graph())) {
                case Lowering.Lowered lowered -> run(new TensorRunner(lowered.graph(), lowered.parameters(), lowered.low(),
                        lowered.high(), engine.backend()), tensors);
                case Lowering.General(String reason) -> throw new IllegalArgumentException(file + ": " + reason);
            }
        } else {
            StoredModel stored = ModelChoice.open(model, 1).orElseThrow(
                    () -> new IllegalArgumentException("bicubic is no network; give a model"));
            run(new TensorRunner(stored.graph(), stored.parameters(), Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY,
                    engine.backend()), tensors);
        }
        return ExitCode.OK;
    }

    private void run(TensorRunner runner, List<TensorArgument> tensors) throws IOException {
        if (tensors.size() != 1 || tensors.getFirst().type() != ElementType.FLOAT) {
            throw new IllegalArgumentException("this network takes one tensor of floats, got " + tensors.size() + " tensors"
                    + (tensors.size() == 1 ? " of type " + tensors.getFirst().type() : ""));
        }
        TensorArgument tensor = tensors.getFirst();
        int[] shape = runner.outputShape(tensor.shape());
        try (AtomicOutput target = AtomicOutput.open(output, overwrite)) {
            write(runner.run(tensor.floats(), tensor.shape()), target);
        }
        spec.commandLine().getOut().println(TensorArgument.text(shape));
    }

    private static void write(float[] numbers, AtomicOutput target) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_FLOATS * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(target.temporary()))) {
            for (int from = 0; from < numbers.length; from += CHUNK_FLOATS) {
                int count = Math.min(CHUNK_FLOATS, numbers.length - from);
                chunk.asFloatBuffer().put(numbers, from, count);
                out.write(chunk.array(), 0, count * Float.BYTES);
            }
        }
        target.commit();
    }
}
