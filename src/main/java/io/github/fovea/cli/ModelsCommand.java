package io.github.fovea.cli;

import io.github.fovea.json.JsonText;
import io.github.fovea.model.Models;
import io.github.fovea.model.StoredModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Lists the models that ship with Fovea.
@Command(name = "models", description = "Lists the bundled models.", mixinStandardHelpOptions = true)
final class ModelsCommand implements Callable<Integer> {
    @Option(names = "--json", description = "Prints one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonText.object(o -> {
                o.writeArrayFieldStart("models");
                for (String name : Models.names()) {
                    StoredModel model = Models.open(name);
                    o.writeStartObject();
                    o.writeStringField("name", name);
                    o.writeNumberField("scale", model.graph().scale());
                    o.writeNumberField("parameters", model.graph().parameterElements());
                    o.writeNumberField("macsPerPixel", model.graph().macsPerPixel());
                    o.writeStringField("licence", model.licence());
                    o.writeObjectFieldStart("figures");
                    for (var figure : model.figures().entrySet()) {
                        o.writeStringField(figure.getKey(), figure.getValue());
                    }
                    o.writeEndObject();
                    o.writeEndObject();
                }
                o.writeEndArray();
            }));
            return ExitCode.OK;
        }
        out.printf(Locale.ROOT, "%-18s %5s %10s %12s  %s%n", "name", "scale", "parameters", "MACs/LR px", "licence");
        for (String name : Models.names()) {
            StoredModel model = Models.open(name);
            out.printf(Locale.ROOT, "%-18s %5s %10d %12d  %s%n", name, "x" + model.graph().scale(),
                    model.graph().parameterElements(), model.graph().macsPerPixel(), model.licence());
        }
        out.printf(Locale.ROOT, "%-18s %5s %10d %12d  %s%n", ModelChoice.BICUBIC, "any", 0, 0,
                "plain resampling, no network");
        return ExitCode.OK;
    }
}
