package io.github.fovea.cli;

import io.github.fovea.media.AtomicOutput;
import io.github.fovea.model.ModelFile;
import io.github.fovea.model.Precision;
import io.github.fovea.model.StoredModel;
import io.github.fovea.onnx.OnnxModels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Makes a model file of an ONNX file.
@Command(name = "convert", mixinStandardHelpOptions = true,
        description = "Makes a .fovea model of an ONNX file whose network enlarges luma or RGB.")
final class ConvertCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE.onnx", description = "The network, operator sets 10 to 23.")
    private Path file;

    @Option(names = {"-o", "--output"}, required = true, paramLabel = "FILE.fovea",
            description = "The model file to write.")
    private Path output;

    @Mixin
    private RangeOption range;

    @Mixin
    private PrecisionOption precision;

    @Option(names = "--overwrite", description = "Replaces a model file that exists.")
    private boolean overwrite;

    @Mixin
    private ModelFileOptions modelFile;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        modelFile.check(output);
        AtomicOutput.check(output, overwrite);
        StoredModel model = OnnxModels.read(file, range.maximum(List.of(file.toString())));
        StoredModel named = new StoredModel(modelFile.name(model.name()), model.network(), model.domain(),
                model.graph(), precision.or(Precision.F32).round(model.graph().parameters(), model.parameters()),
                modelFile.licence(), modelFile.trainingData(), model.attributions(),
                model.figures(), model.createdBy());
        AtomicOutput.write(output, overwrite, temporary -> ModelFile.write(named, temporary));
        spec.commandLine().getErr().println(String.format(Locale.ROOT, "fovea: %s: %s x%d, %d parameters, %s", output,
                named.domain().name().toLowerCase(Locale.ROOT), named.scale(), named.graph().parameterElements(),
                named.createdBy()));
        return ExitCode.OK;
    }
}
