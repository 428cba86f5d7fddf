package io.github.fovea.cli;

import io.github.fovea.flow.Constant;
import io.github.fovea.flow.ElementType;
import io.github.fovea.flow.FlowInput;
import io.github.fovea.media.AtomicOutput;
import io.github.fovea.model.StoredModel;
import io.github.fovea.onnx.OnnxFile;
import io.github.fovea.onnx.OnnxModels;
import io.github.fovea.pipeline.TensorNetwork;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
            "Runs any network on raw little-endian tensors, on one thread, and prints the shape of its result.",
            "The network of an ONNX file takes and gives numbers as it does elsewhere; a .fovea model those of "
                    + "docs/model-format.md (samples of -0.5 to 0.5)."
        })
final class RunCommand implements Callable<Integer> {
    private static final int CHUNK = 1 << 14;

    @Parameters(paramLabel = "MODEL", description = "An ONNX file, a .fovea file, or the name of a bundled model.")
    private String model;

    @Option(names = "--input", required = true, paramLabel = "[NAME=]FILE",
            description = "A tensor; named, and given more than once, where the network has several inputs.")
    private List<String> inputs;

    @Option(names = "--shape", required = true, paramLabel = "[NAME=]EXTENTS",
            description = "Its extents, like 1x3x48x60; :int64 or :bool behind them where it does not hold floats.")
    private List<String> shapes;

    @Option(names = {"-o", "--output"}, required = true, paramLabel = "[NAME=]FILE",
            description = "The result, raw and little-endian; named, and given more than once, to keep several.")
    private List<String> outputs;

    @Option(names = "--overwrite", description = "Replaces a result that exists.")
    private boolean overwrite;

    @Mixin
    private KernelOptions kernels;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        List<TensorArgument> tensors = TensorArgument.of(inputs, shapes);
        TensorNetwork network = open();
        Map<String, Path> files = files(network, tensors);
        Map<String, Constant> given = new LinkedHashMap<>();
        for (TensorArgument tensor : tensors) {
            given.put(inputName(tensor, network), tensor.constant());
        }
        Map<String, Constant> results = network.run(given);
        for (Map.Entry<String, Path> file : files.entrySet()) {
            Constant result = results.get(file.getKey());
            AtomicOutput.write(file.getValue(), overwrite, temporary -> write(result, temporary));
            spec.commandLine().getOut().println(TensorArgument.text(result.shape())
                    + (result.type() == ElementType.FLOAT ? "" : result.type() == ElementType.LONG ? ":int64"
                    : ":bool"));
        }
        return ExitCode.OK;
    }

    private TensorNetwork open() throws IOException {
        Path file = Path.of(model);
        if (OnnxModels.named(file)) {
            return TensorNetwork.of(OnnxFile.read(file).graph(), file.toString(), kernels.cpuBackend());
        }
        StoredModel stored = ModelChoice.open(model, 1).orElseThrow(
                () -> new IllegalArgumentException("bicubic is no network; give a model"));
        return TensorNetwork.of(stored, kernels.cpuBackend());
    }

    private static String inputName(TensorArgument tensor, TensorNetwork network) {
        List<String> names = network.inputs().stream().map(FlowInput::name).toList();
        if (tensor.name().isEmpty() && names.size() == 1) {
            return names.getFirst();
        }
        if (!names.contains(tensor.name())) {
            throw new IllegalArgumentException("--input " + (tensor.name().isEmpty() ? "" : tensor.name() + "=")
                    + tensor.file()
                    + ": the network's inputs are " + String.join(", ", names) + "; name them as --input NAME=FILE");
        }
        return tensor.name();
    }

    /// {@return the files to write by the name of the output; checked before the network runs}
    private Map<String, Path> files(TensorNetwork network, List<TensorArgument> tensors) throws IOException {
        Map<String, Path> files = new LinkedHashMap<>();
        FilesApart apart = new FilesApart().reads("the model", Path.of(model));
        tensors.forEach(tensor -> apart.reads("--input " + tensor.file(), tensor.file()));
        for (String option : outputs) {
            int equals = option.indexOf('=');
            String name = equals < 0 ? network.outputs().getFirst() : option.substring(0, equals);
            Path file = Path.of(option.substring(equals + 1));
            if (!network.outputs().contains(name) || files.put(name, file) != null) {
                throw new IllegalArgumentException("-o " + option + ": the network's outputs are "
                        + String.join(", ", network.outputs()) + "; name each once as -o NAME=FILE");
            }
            apart.writes("-o " + name, file);
            AtomicOutput.check(file, overwrite);
        }
        return files;
    }

    private static void write(Constant result, Path file) throws IOException {
        int elementBytes = switch (result.type()) {
            case FLOAT -> Float.BYTES;
            case LONG -> Long.BYTES;
            case BOOLEAN -> 1;
        };
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK * elementBytes).order(ByteOrder.LITTLE_ENDIAN);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            for (int from = 0; from < result.elements(); from += CHUNK) {
                int count = Math.min(CHUNK, result.elements() - from);
                chunk.clear();
                for (int i = from; i < from + count; i++) {
                    switch (result.type()) {
                        case FLOAT -> chunk.putFloat(result.floats()[i]);
                        case LONG -> chunk.putLong(result.longs()[i]);
                        case BOOLEAN -> chunk.put((byte) result.longs()[i]);
                    }
                }
                out.write(chunk.array(), 0, count * elementBytes);
            }
        }
    }
}
