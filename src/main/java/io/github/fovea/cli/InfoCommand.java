package io.github.fovea.cli;

import io.github.fovea.model.DynamicModel;
import io.github.fovea.model.DynamicSummary;
import io.github.fovea.model.ModelSummary;
import io.github.fovea.model.StoredModel;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Prints everything a model file says.
@Command(name = "info", description = "Prints what a model is: licence, training data, size, cost, layers.",
        mixinStandardHelpOptions = true)
final class InfoCommand implements Callable<Integer> {
    @Parameters(paramLabel = "MODEL", description = "A model file, or the name of a bundled model.")
    private String model;

    @Option(names = "--json", description = "Prints one JSON object.")
    private boolean json;

    @Option(names = "--range", paramLabel = "MAX", defaultValue = "0",
            description = "Samples that the network of an ONNX file takes: 1 or 255 (default: found from the network).")
    private int range;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Optional<DynamicModel> dynamic = ModelChoice.dynamic(model).filter(paths -> paths.paths().size() > 1);
        if (dynamic.isPresent()) {
            DynamicSummary summary = new DynamicSummary(dynamic.get());
            spec.commandLine().getOut().println(json ? summary.json() : summary.text());
            return ExitCode.OK;
        }
        StoredModel stored = ModelChoice.open(model, 1, range).orElseThrow(
                () -> new IllegalArgumentException("bicubic is no model file; there is nothing to tell"));
        ModelSummary summary = new ModelSummary(stored);
        spec.commandLine().getOut().println(json ? summary.json() : summary.text());
        return ExitCode.OK;
    }
}
