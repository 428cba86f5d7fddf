package io.github.fovea.cli;

import io.github.fovea.json.JsonText;
import io.github.fovea.model.MetaModel;
import io.github.fovea.model.Models;
import io.github.fovea.model.StoredModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
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

    /// What the table tells of a model.
    ///
    /// @param model      the model; of a meta-graph its best point
    /// @param points     operating points of a meta-graph; else 0
    /// @param parameters trained numbers, shared ones counted once
    /// @param leastMacs  multiply-adds per LR pixel of the cheapest point
    record Row(StoredModel model, int points, long parameters, long leastMacs) {
        static Row of(String name) throws IOException {
            StoredModel model = Models.open(name);
            Optional<MetaModel> meta = Models.openMeta(name);
            return meta.isEmpty() ? new Row(model, 0, model.graph().parameterElements(), macs(model))
                    : new Row(model, meta.get().points().size(), meta.get().parameterElements(),
                            meta.get().macsPerPixel()[1]);
        }

        String cost() {
            return (points == 0 ? "" : leastMacs + " to ") + macs(model);
        }

        private static long macs(StoredModel model) {
            return model.graph().macsPerPixel();
        }
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonText.object(o -> {
                o.writeArrayFieldStart("models");
                for (String name : Models.names()) {
                    Row row = Row.of(name);
                    StoredModel model = row.model();
                    o.writeStartObject();
                    o.writeStringField("name", name);
                    o.writeNumberField("scale", model.graph().scale());
                    o.writeNumberField("parameters", row.parameters());
                    o.writeNumberField("macsPerPixel", model.graph().macsPerPixel());
                    o.writeNumberField("leastMacsPerPixel", row.leastMacs());
                    o.writeNumberField("points", Math.max(1, row.points()));
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
        out.printf(Locale.ROOT, "%-18s %5s %10s %14s  %s%n", "name", "scale", "parameters", "MACs/LR px", "licence");
        for (String name : Models.names()) {
            Row row = Row.of(name);
            out.printf(Locale.ROOT, "%-18s %5s %10d %14s  %s%n", name, "x" + row.model().scale(), row.parameters(),
                    row.cost(), row.model().licence() + (row.points() == 0 ? "" : ", " + row.points() + " points"));
        }
        out.printf(Locale.ROOT, "%-18s %5s %10d %14d  %s%n", ModelChoice.BICUBIC, "any", 0, 0,
                "plain resampling, no network");
        return ExitCode.OK;
    }
}
