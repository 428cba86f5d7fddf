package io.github.fovea.cli;

import io.github.fovea.backend.MachineProfile;
import io.github.fovea.flow.OperatorClass;
import io.github.fovea.kernel.Conv;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.plan.Placement;
import io.github.fovea.plan.Plan;
import io.github.fovea.plan.Slopes;
import io.github.fovea.plan.Slot;
import io.github.fovea.plan.Step;
import io.github.fovea.plan.WindowPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/// A plan as a reader wants it: steps in order, then tensors with their places.
final class PlanText {
    private final String name;
    private final Plan plan;
    private final MachineProfile costs;
    private final int height;
    private final int width;
    private final Placement placement;

    /// Prepares the text.
    ///
    /// @param name    name of the model
    /// @param plan    its plan
    /// @param costs   times of the kernels, or `null` where none are known
    /// @param height  rows of the input for which numbers are given
    /// @param width   pixels in its rows
    PlanText(String name, Plan plan, MachineProfile costs, int height, int width) {
        this.name = name;
        this.costs = costs;
        this.plan = plan;
        this.height = height;
        this.width = width;
        placement = plan.memory().newPlacement();
        placement.place(height, width);
    }

    /// {@return the name of a tensor: `in`, `out`, or `t` and its index}
    ///
    /// @param plan the plan
    /// @param slot index of the tensor
    static String name(Plan plan, int slot) {
        return slot == plan.input() ? "in" : slot == plan.output() ? "out" : "t" + slot;
    }

    /// {@return a shape such as `16 x H x W`}
    ///
    /// @param slot the tensor
    static String shape(Slot slot) {
        return slot.channels() + " x " + slot.height() + " x " + slot.width();
    }

    /// {@return what a step does, in a few words}
    ///
    /// @param step the step
    static String operation(Step step) {
        return switch (step) {
            case Step.Conv(var op, var slopes, int _, int _) ->
                "conv " + op.size() + "x" + op.size() + " " + op.inChannels() + "->" + op.outChannels() + fused(slopes);
            case Step.DepthwiseConv(var op, var slopes, int _, int _) -> "depthwise 3x3 " + op.channels()
                    + fused(slopes);
            case Step.Activation(var slopes, int _, int _) -> fused(slopes).substring(3);
            case Step.Add _ -> "add";
            case Step.PixelShuffle(int scale, int _, int _) -> scale == 1 ? "to planes" : "pixel-shuffle x" + scale;
            case Step.Resize(var interpolation, int scale, int _, int _) ->
                "resize " + interpolation.name().toLowerCase(Locale.ROOT) + " x" + scale;
        };
    }

    private static String fused(Slopes slopes) {
        return switch (slopes) {
            case Slopes.None _ -> "";
            case Slopes.Constant(float slope) -> slope == 0 ? " + relu" : " + leaky relu " + slope;
            case Slopes.Parameter _ -> " + prelu";
        };
    }

    private static List<Integer> reads(Step step) {
        return switch (step) {
            case Step.Conv(var _, var _, int in, int _) -> List.of(in);
            case Step.DepthwiseConv(var _, var _, int in, int _) -> List.of(in);
            case Step.Activation(var _, int in, int _) -> List.of(in);
            case Step.Add(int a, int b, int _) -> List.of(a, b);
            case Step.PixelShuffle(int _, int in, int _) -> List.of(in);
            case Step.Resize(var _, int _, int in, int _) -> List.of(in);
        };
    }

    /// All operators of a plan fix their outputs' shapes by their inputs' alone; a new kind must say its class here.
    private static OperatorClass operatorClass(Step step) {
        return switch (step) {
            case Step.Conv _, Step.DepthwiseConv _, Step.Activation _, Step.Add _, Step.PixelShuffle _, Step.Resize _ ->
                OperatorClass.ISDOS;
        };
    }

    private String kernel(Step step) {
        KernelTable table = plan.kernels().table();
        return switch (step) {
            case Step.Conv(var op, var _, int _, int _) -> {
                Conv kernel = plan.kernels().conv(op);
                int rows = kernel.rowTile(op.inChannels(), op.outChannels());
                int columns = kernel.columnTile(op.inChannels(), op.outChannels());
                yield type(kernel) + (rows * columns == 1 ? ", direct" : ", tiles of " + rows + "x" + columns
                        + " pixels");
            }
            case Step.DepthwiseConv _ -> type(table.depthwise3x3());
            case Step.Activation _ -> type(table.activation());
            case Step.Add _ -> type(table.add());
            case Step.PixelShuffle _ -> type(table.pixelShuffle());
            case Step.Resize _ -> type(table.resize());
        };
    }

    /// The time of a convolution by the times that kernels are chosen by, on one thread and alone.
    private String predicted(Step step) {
        if (!(step instanceof Step.Conv(var op, var _, int _, int out)) || costs == null) {
            return "";
        }
        Conv kernel = plan.kernels().conv(op);
        int scale = plan.slots().get(out).scale();
        OptionalDouble nanos = costs.nanos("conv" + op.size() + "x" + op.size(), type(kernel), op.inChannels(),
                op.outChannels(), height * scale, width * scale);
        return nanos.isPresent() ? String.format(Locale.ROOT, "%.1f us", nanos.getAsDouble() / 1e3) : "not measured";
    }

    private static String type(Object kernel) {
        return kernel.getClass().getSimpleName();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        List<Slot> slots = plan.slots();
        text.append(String.format(Locale.ROOT, "%s, x%d, %s kernels%n", name, plan.scale(),
                plan.kernels().table().name()));
        text.append(String.format(Locale.ROOT, "in   %s%nout  %s%n", shape(slots.get(plan.input())),
                shape(slots.get(plan.output()))));
        text.append(String.format(Locale.ROOT,
                "halo %d rows, %d columns; pictures may be cut at multiples of %d rows, %d columns%n%n",
                plan.rowRadius(), plan.columnRadius(), plan.rowAlignment(), plan.columnAlignment()));
        List<String[]> steps = new ArrayList<>();
        steps.add(new String[] {"step", "operation", "class", "reads", "writes", "shape", "kernel", "predicted"});
        for (int s = 0; s < plan.steps().size(); s++) {
            Step step = plan.steps().get(s);
            String reads = String.join(" ", reads(step).stream().map(slot -> name(plan, slot)).toList());
            String inPlace = reads(step).contains(step.out()) ? " in place" : "";
            steps.add(new String[] {Integer.toString(s), operation(step), operatorClass(step).name(), reads,
                name(plan, step.out()) + inPlace, shape(slots.get(step.out())), kernel(step), predicted(step)});
        }
        text.append(table(steps, 0));
        List<String[]> tensors = new ArrayList<>();
        tensors.add(new String[] {"tensor", "shape", "layout", "border", "lives", "floats at " + height + "x" + width,
                "offset",
            "floats"});
        for (int i = 0; i < slots.size(); i++) {
            Slot slot = slots.get(i);
            tensors.add(new String[] {name(plan, i), shape(slot), slot.layout().name().toLowerCase(Locale.ROOT),
                Integer.toString(slot.border()), lives(slot), number(placement.size(i)), number(placement.offset(i)),
                plan.memory().sizes().get(i).toString()});
        }
        text.append(System.lineSeparator()).append(table(tensors, 5));
        long tensorFloats = placement.elements();
        long scratch = plan.kernelNeeds().scratchElements();
        text.append(String.format(Locale.ROOT,
                "%nat %dx%d: tensors %s floats, at least %s (ratio %.3f); scratch %s floats; peak %s bytes%n", height,
                width, number(tensorFloats), number(placement.lowerBound()),
                (double) tensorFloats / placement.lowerBound(), number(scratch),
                number(plan.peakBytes(height, width))));
        WindowPlan windows = plan.windows().orElse(null);
        if (windows != null && WindowPlan.pays(tensorFloats, windows.elements(width))) {
            text.append(String.format(Locale.ROOT,
                    "At this size it runs depth first instead, in windows of %d rows: %s floats of line buffers in "
                    + "place of whole tensors.%n", windows.windowRows(), number(windows.elements(width))));
        }
        return text.toString();
    }

    private String lives(Slot slot) {
        int last = plan.steps().size();
        return (slot.firstStep() < 0 ? "start" : Integer.toString(slot.firstStep())) + ".."
                + (slot.lastStep() >= last ? "end" : Integer.toString(slot.lastStep()));
    }

    /// {@return a number with commas between groups of three digits}
    ///
    /// @param value the number
    static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /// {@return rows of equal columns}
    ///
    /// @param rows    the rows
    /// @param numbers from this column on two are aligned to the right; 0 for none
    static String table(List<String[]> rows, int numbers) {
        int[] widths = new int[rows.getFirst().length];
        for (String[] row : rows) {
            for (int c = 0; c < row.length; c++) {
                widths[c] = Math.max(widths[c], row[c].length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int c = 0; c < row.length; c++) {
                String pad = " ".repeat(widths[c] - row[c].length());
                boolean right = numbers > 0 && (c == numbers || c == numbers + 1);
                line.append(right ? pad + row[c] : row[c] + pad).append("  ");
            }
            text.append(line.toString().stripTrailing()).append(System.lineSeparator());
        }
        return text.toString();
    }
}
