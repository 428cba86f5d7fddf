package io.github.fovea.flow;

import io.github.fovea.dim.Dim;
import io.github.fovea.dim.Known;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Decides which values lie in blocks of 16 channels: results of convolutions, and what element-wise programs,
/// concatenations, pools and resizing make of them. A convolution reads either order, so values change their order where
/// a convolution makes them and, as a step of its own, where a step reads them that knows row-major order only; such a
/// copy, and every result of the graph, keeps the value's name. A concatenation that only convolutions of single pixels
/// read is not made: they read its parts.
final class Blocking {
    private static final int LANES = Tensor.LANES;

    private final Analysis analysis;
    private final List<PlanStep> steps;
    private final Map<String, List<PlanStep>> readers = new HashMap<>();
    private final Map<PlanStep, Boolean> wanted = new HashMap<>();
    /// Names in blocks by the names of their values.
    private final Map<String, String> blocked = new HashMap<>();

    private Blocking(List<PlanStep> steps, Analysis analysis) {
        this.steps = steps;
        this.analysis = analysis;
        for (PlanStep step : steps) {
            step.reads().forEach(name -> readers.computeIfAbsent(name, _ -> new ArrayList<>()).add(step));
        }
    }

    /// {@return the steps, in topological order, with those in blocks marked and changes of order between them}
    ///
    /// @param steps    steps in topological order
    /// @param graph    their graph
    /// @param analysis its facts; takes those of names in blocks
    static List<PlanStep> apply(List<PlanStep> steps, FlowGraph graph, Analysis analysis) {
        return new Blocking(steps, analysis).run(new HashSet<>(graph.outputs()));
    }

    private List<PlanStep> run(Set<String> rowMajor) {
        for (PlanStep step : steps) {
            boolean reads = step.node == null || inputs(step).stream().allMatch(blocked::containsKey);
            if (takesBlocks(step) && (reads || isConv(step) && isWanted(step)) && step.operands.stream()
                    .allMatch(name -> blocked.containsKey(name) || name.equals(PlanStep.RESULT) || isNumber(name))) {
                step.blocked = true;
                step.outputs.forEach(name -> blocked.put(name, analysis.inBlocks(name)));
            } else {
                rowMajor.addAll(step.reads());
            }
        }
        List<PlanStep> all = new ArrayList<>();
        Map<String, List<String>> parts = new HashMap<>();
        for (PlanStep step : steps) {
            if (step.blocked && isOperator(step, "Concat") && isReadInParts(step, rowMajor)) {
                parts.put(step.outputs.getFirst(), step.inputs);
                continue;
            }
            all.add(step);
            if (!step.blocked) {
                continue;
            }
            if (isConv(step) && parts.containsKey(step.inputs.getFirst())) {
                step.inputs = ConvKernel.inputs(step.inputs, parts.get(step.inputs.getFirst()));
            }
            List<String> outputs = step.outputs;
            step.outputs = renamed(outputs);
            step.inputs = renamed(step.inputs);
            step.operands = renamed(step.operands);
            outputs.stream().filter(rowMajor::contains).forEach(name -> all.add(change(name, step.index)));
        }
        return all;
    }

    private List<String> renamed(List<String> names) {
        return names.stream().map(name -> blocked.getOrDefault(name, name)).toList();
    }

    private PlanStep change(String name, int index) {
        FlowNode node = new FlowNode(name + ": in row-major order", "Identity", 13, List.of(blocked.get(name)),
                List.of(name), Map.of());
        PlanStep step = new PlanStep(node, index, null);
        step.blocked = true;
        return step;
    }

    private static boolean isOperator(PlanStep step, String operator) {
        return step.node != null && step.node.operator().equals(operator);
    }

    private static boolean isConv(PlanStep step) {
        return isOperator(step, "Conv");
    }

    /// Whether a value is only read by convolutions of single pixels.
    private boolean isReadInParts(PlanStep concat, Set<String> rowMajor) {
        String name = concat.outputs.getFirst();
        return concat.program == null && !rowMajor.contains(name) && readers.getOrDefault(name, List.of()).stream()
                .allMatch(reader -> reader.blocked && isConv(reader) && !reader.operands.contains(name)
                        && Window.of(reader.node, Convolutions.kernel(StepRun.constant(reader, 1, analysis).shape()))
                        .isPixel());
    }

    /// Whether a convolution, behind steps that keep blocks, reads what a step makes.
    private boolean isWanted(PlanStep step) {
        Boolean known = wanted.get(step);
        if (known == null) {
            known = step.outputs.stream().flatMap(name -> readers.getOrDefault(name, List.of()).stream())
                    .anyMatch(reader -> takesBlocks(reader) && (isConv(reader) || isWanted(reader)));
            wanted.put(step, known);
        }
        return known;
    }

    /// The pictures that a step's node reads.
    private static List<String> inputs(PlanStep step) {
        return isOperator(step, "Concat") ? step.inputs : step.inputs.subList(0, 1);
    }

    private boolean takesBlocks(PlanStep step) {
        return step.outputs.stream().allMatch(this::fillsBlocks) && (step.node == null || serves(step))
                && step.operands.stream().allMatch(name -> name.equals(PlanStep.RESULT) || isNumber(name)
                        || sameShape(name, step.outputs.getFirst()));
    }

    private boolean serves(PlanStep step) {
        Attributes attributes = new Attributes(step.node);
        return fillsBlocks(step.inputs.getFirst()) && switch (step.node.operator()) {
            case "Concat" -> attributes.integer("axis", 0) == 1 && step.inputs.stream().allMatch(this::fillsBlocks);
            case "Split" -> attributes.integer("axis", 0) == 1;
            case "MaxPool" -> true;
            case "Resize" -> keepsChannels(step.node, attributes);
            default -> false;
        } || isConv(step) && convolves(step);
    }

    private boolean convolves(PlanStep step) {
        Constant weights = StepRun.constant(step, 1, analysis);
        Known[] in = analysis.fact(step.inputs.getFirst()).shape();
        return weights != null && weights.shape().length == 4 && StepRun.isFixed(step, analysis) && in != null
                && new Attributes(step.node).integer("group", 1) == 1
                && BlockedIndirectConv.serves(Window.of(step.node, Convolutions.kernel(weights.shape())));
    }

    /// Whether a `Resize` is known to leave images and channels alone.
    private boolean keepsChannels(FlowNode node, Attributes attributes) {
        if (node.opset() < 11 || attributes.text("coordinate_transformation_mode", "").equals("tf_crop_and_resize")
                || attributes.integers("axes") != null || !attributes.text("keep_aspect_ratio_policy", "stretch")
                .equals("stretch")) {
            return false;
        }
        Known[] in = analysis.fact(node.inputs().getFirst()).shape();
        Known[] out = analysis.fact(node.outputs().getFirst()).shape();
        boolean byScale = node.inputs().size() < 4 || node.inputs().get(3).isEmpty();
        Constant scales = byScale ? Analysis.constant(analysis.fact(node.inputs().get(2))) : null;
        return in[0].equals(out[0]) && in[1].equals(out[1])
                && (!byScale || scales != null && scales.floats()[0] == 1f && scales.floats()[1] == 1f);
    }

    /// Whether a value is a picture of channels that fill three quarters of their blocks.
    private boolean fillsBlocks(String name) {
        Fact fact = name.isEmpty() ? null : analysis.fact(name);
        return fact != null && fact.type() == ElementType.FLOAT && fact.isProven() && !fact.hasProvenValue()
                && fact.shape().length == 4 && fact.shape()[1].dimOrNull() instanceof Dim.Constant(long channels)
                && channels > 0 && 4 * channels >= 3 * Math.ceilDiv(channels, LANES) * LANES;
    }

    private boolean isNumber(String name) {
        Constant constant = Analysis.constant(analysis.fact(name));
        return constant != null && constant.elements() == 1;
    }

    private boolean sameShape(String name, String other) {
        return Arrays.equals(analysis.fact(name).shape(), analysis.fact(other).shape());
    }
}
