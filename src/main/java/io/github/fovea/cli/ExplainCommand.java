package io.github.fovea.cli;

import io.github.fovea.backend.Backend;
import io.github.fovea.backend.Backends;
import io.github.fovea.backend.KernelTables;
import io.github.fovea.error.MalformedFileException;
import io.github.fovea.flow.FlowGraph;
import io.github.fovea.flow.FlowPlan;
import io.github.fovea.media.AtomicOutput;
import io.github.fovea.model.StoredModel;
import io.github.fovea.onnx.Lowering;
import io.github.fovea.onnx.OnnxFile;
import io.github.fovea.onnx.OnnxModels;
import io.github.fovea.plan.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Prints the plan by which a model runs.
@Command(name = "explain", mixinStandardHelpOptions = true,
        description = "Prints how a model is run: fused steps, shapes, order, memory, kernels; also as a picture.")
final class ExplainCommand implements Callable<Integer> {
    private static final Pattern SHAPE = Pattern.compile("(\\d{1,6})x(\\d{1,6})");

    @Parameters(paramLabel = "MODEL", description = "A model file (.fovea, .onnx), or the name of a bundled model.")
    private String model;

    @Option(names = "--shape", paramLabel = "HxW", defaultValue = "64x64",
            description = "Rows and columns of the input for which offsets are given (default: ${DEFAULT-VALUE}).")
    private String shape;

    @Option(names = "--picture", paramLabel = "FILE",
            description = "Draws the arena over time to a file that ends in .svg or .png.")
    private Path picture;

    @Option(names = "--overwrite", description = "Replaces a picture that exists.")
    private boolean overwrite;

    @Option(names = "--backend", paramLabel = "NAME", defaultValue = "auto",
            description = "Whose kernels: auto, vector, scalar (default: ${DEFAULT-VALUE}).")
    private String backend;

    @Mixin
    private RangeOption range;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Matcher extents = SHAPE.matcher(shape);
        if (!extents.matches() || Integer.parseInt(extents.group(1)) == 0 || Integer.parseInt(extents.group(2)) == 0) {
            throw new IllegalArgumentException("--shape " + shape
                    + ": wanted rows and columns such as 270x480, each 1 to 999999");
        }
        if (picture != null && !ends(".svg") && !ends(".png")) {
            throw new IllegalArgumentException("--picture " + picture + ": name a file that ends in .svg or .png");
        }
        if (picture != null) {
            AtomicOutput.check(picture, overwrite);
        }
        int height = Integer.parseInt(extents.group(1));
        int width = Integer.parseInt(extents.group(2));
        if (OnnxModels.named(Path.of(model)) && Files.exists(Path.of(model)) && explainedGraph(height, width)) {
            return ExitCode.OK;
        }
        StoredModel stored = ModelChoice.open(model, 1, range.maximum(List.of(model))).orElseThrow(
                () -> new IllegalArgumentException("bicubic is no network; there is no plan to explain"));
        Backend chosen = chosen();
        boolean scalar = chosen.name().equals("scalar");
        Plan plan = chosen.plan(stored.graph());
        PlanText text = new PlanText(stored.name(), plan, scalar ? null : KernelTables.costs(), height, width);
        spec.commandLine().getOut().print(text);
        if (picture != null) {
            draw(ArenaPicture.of(stored.name(), plan, height, width));
        }
        return ExitCode.OK;
    }

    private void draw(ArenaPicture drawn) throws IOException {
        AtomicOutput.write(picture, overwrite, file -> {
            if (ends(".svg")) {
                drawn.writeSvg(file);
            } else {
                drawn.writePng(file);
            }
        });
    }

    /// Explains an ONNX graph that the planned engine does not run; whether it is one.
    private boolean explainedGraph(int height, int width) throws IOException {
        FlowGraph graph = OnnxFile.read(Path.of(model)).graph();
        if (!(Lowering.of(graph) instanceof Lowering.General(String reason))) {
            return false;
        }
        FlowPlan plan;
        try {
            plan = FlowPlan.of(graph);
        } catch (IllegalArgumentException e) {
            throw new MalformedFileException(model, -1, e.getMessage());
        }
        spec.commandLine().getOut().print(new FlowText(model, reason, graph, plan, height, width));
        if (picture != null) {
            draw(ArenaPicture.of(model, plan, FlowText.bindings(graph, plan, height, width)));
        }
        return true;
    }

    private boolean ends(String ending) {
        return picture.toString().toLowerCase(Locale.ROOT).endsWith(ending);
    }

    private Backend chosen() {
        if (backend.equals("auto")) {
            return Backends.automatic();
        }
        if (!Backends.NAMES.contains(backend)) {
            throw new IllegalArgumentException("--backend " + backend + ": wanted auto, "
                    + String.join(", ", Backends.NAMES));
        }
        return Backends.require(backend);
    }
}
