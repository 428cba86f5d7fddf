package io.github.fovea.cli;

import io.github.fovea.json.JsonText;
import io.github.fovea.model.DynamicModel;
import io.github.fovea.model.DynamicSummary;
import io.github.fovea.model.MetaModel;
import io.github.fovea.model.MetaSummary;
import io.github.fovea.model.ModelSummary;
import io.github.fovea.model.StoredModel;
import io.github.fovea.onnx.GeneralNetwork;
import io.github.fovea.pipeline.PictureNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Prints everything a model file says.
@Command(name = "info", mixinStandardHelpOptions = true,
        description = "Prints what a model is: licence, training data, size, cost, layers or operating points.")
final class InfoCommand implements Callable<Integer> {
    @Parameters(paramLabel = "MODEL", description = "A model file, or the name of a bundled model.")
    private String model;

    @Option(names = "--json", description = "Prints one JSON object.")
    private boolean json;

    @Mixin
    private RangeOption range;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        // Two readings; a pipe can be read once only, and then tells of the best point.
        boolean again = !ModelChoice.isFile(Path.of(model)) || Files.isRegularFile(Path.of(model));
        Optional<MetaModel> meta = again ? Networks.meta(model) : Optional.empty();
        if (meta.isPresent()) {
            MetaSummary summary = new MetaSummary(meta.get());
            spec.commandLine().getOut().println(json ? summary.json() : summary.text());
            return ExitCode.OK;
        }
        Optional<DynamicModel> dynamic = ModelChoice.dynamic(model).filter(paths -> paths.paths().size() > 1);
        if (dynamic.isPresent()) {
            DynamicSummary summary = new DynamicSummary(dynamic.get());
            spec.commandLine().getOut().println(json ? summary.json() : summary.text());
            return ExitCode.OK;
        }
        PictureNetwork network = ModelChoice.network(model, 1, range.maximum(List.of(model))).orElseThrow(
                () -> new IllegalArgumentException("bicubic is no model file; there is nothing to tell"));
        spec.commandLine().getOut().println(switch (network) {
            case PictureNetwork.Planned(StoredModel stored) -> {
                ModelSummary summary = new ModelSummary(stored);
                yield json ? summary.json() : summary.text();
            }
            case PictureNetwork.General(GeneralNetwork graph) -> json ? json(graph) : text(graph);
        });
        return ExitCode.OK;
    }

    private static String text(GeneralNetwork graph) {
        StringBuilder text = new StringBuilder();
        ModelSummary.line(text, "name", graph.name());
        ModelSummary.line(text, "network", "an ONNX graph; the planned engine does not run it: " + graph.reason());
        ModelSummary.line(text, "domain", graph.channels() == 1 ? "luma" : "rgb");
        ModelSummary.line(text, "samples", "0 to " + graph.maximum());
        ModelSummary.line(text, "scale", "x" + graph.scale());
        ModelSummary.line(text, "parameters", PlanText.number(graph.parameters()));
        ModelSummary.line(text, "MACs", PlanText.number(graph.macsPerPixel()) + " per LR pixel");
        ModelSummary.line(text, "receptive", graph.radius().isPresent() ? "radius " + graph.radius().getAsInt()
                + " LR pixels" : "no proven bound: pictures are enlarged as a whole");
        if (graph.margin() > 0) {
            ModelSummary.line(text, "margin", graph.margin()
                    + " LR pixels on each side give no output; edges are repeated");
        }
        return text.toString();
    }

    private static String json(GeneralNetwork graph) {
        return JsonText.object(json -> {
            json.writeStringField("name", graph.name());
            json.writeStringField("network", "onnx");
            json.writeStringField("notPlanned", graph.reason());
            json.writeStringField("domain", graph.channels() == 1 ? "luma" : "rgb");
            json.writeNumberField("maximum", graph.maximum());
            json.writeNumberField("scale", graph.scale());
            json.writeNumberField("parameters", graph.parameters());
            json.writeNumberField("macsPerLrPixel", graph.macsPerPixel());
            if (graph.radius().isPresent()) {
                json.writeNumberField("receptiveRadius", graph.radius().getAsInt());
            }
            json.writeNumberField("margin", graph.margin());
        });
    }
}
