package io.github.fovea.cli;

import io.github.fovea.backend.Backend;
import io.github.fovea.backend.KernelTables;
import io.github.fovea.error.MalformedFileException;
import io.github.fovea.flow.FlowGraph;
import io.github.fovea.flow.FlowPlan;
import io.github.fovea.graph.Graph;
import io.github.fovea.media.AtomicOutput;
import io.github.fovea.model.StoredModel;
import io.github.fovea.onnx.Lowering;
import io.github.fovea.onnx.OnnxFile;
import io.github.fovea.onnx.OnnxModels;
import io.github.fovea.plan.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    @Mixin
    private KernelOptions kernels;

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
        Path file = Path.of(model);
        if (OnnxModels.named(file) && Files.exists(file)) {
            OnnxFile onnx = OnnxFile.read(file);
            switch (Lowering.of(onnx.graph())) {
                case Lowering.General(String reason) -> explain(onnx.graph(), reason, height, width);
                case Lowering.Lowered lowered -> explain(OnnxModels.name(file), OnnxModels.graph(lowered), height,
                        width);
            }
        } else {
            StoredModel stored = ModelChoice.open(model, 1).orElseThrow(
                    () -> new IllegalArgumentException("bicubic is no network; there is no plan to explain"));
            explain(stored.name(), stored.graph(), height, width);
        }
        return ExitCode.OK;
    }

    /// Explains a network of the planned engine.
    private void explain(String name, Graph graph, int height, int width) throws IOException {
        Backend chosen = kernels.backend();
        boolean scalar = chosen.name().equals("scalar");
        Plan plan = chosen.plan(graph);
        spec.commandLine().getOut().print(new PlanText(name, plan, scalar ? null : KernelTables.costs(), height,
                width));
        if (picture != null) {
            draw(ArenaPicture.of(name, plan, height, width));
        }
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

    /// Explains an ONNX graph that the planned engine does not run.
    private void explain(FlowGraph graph, String reason, int height, int width) throws IOException {
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
    }

    private boolean ends(String ending) {
        return picture.toString().toLowerCase(Locale.ROOT).endsWith(ending);
    }
}
