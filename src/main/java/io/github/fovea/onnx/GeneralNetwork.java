package io.github.fovea.onnx;

import io.github.fovea.error.MalformedFileException;
import io.github.fovea.flow.Constant;
import io.github.fovea.flow.ElementType;
import io.github.fovea.flow.FlowExecutable;
import io.github.fovea.flow.FlowGraph;
import io.github.fovea.flow.FlowInput;
import io.github.fovea.flow.FlowPlan;
import io.github.fovea.kernel.KernelTable;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// A network of an ONNX file that enlarges luma or RGB and has no counterpart in the planned engine: package `flow`
/// runs it.
///
/// What pictures want to know is found from its proven shapes, or where there are none by running it on small flat
/// pictures: the factor, how much of the edge unpadded convolutions take, and which samples it is made for. Immutable;
/// each thread runs it through an executable of its own.
public final class GeneralNetwork {
    /// Sizes `{height, width}` of pictures on which a network is tried.
    private static final int[][] TRIED = {{24, 32}, {40, 56}};
    private static final int MAX_SCALE = 16;
    /// More is no network for pictures of this size.
    private static final long MAX_TRIAL_BYTES = 1 << 29;
    /// A network of 20 million weights takes a tenth of this; more would keep a caller waiting for minutes.
    private static final long MAX_TRIAL_MACS = 1L << 37;
    /// Most elements of values whose shape only a trial tells: 64 channels of the largest result, and some.
    private static final long MAX_TRIAL_OPEN_ELEMENTS = 1 << 26;

    private final String name;
    private final FlowPlan plan;
    private final String input;
    private final String output;
    private final int channels;
    private final int scale;
    private final int margin;
    private final int maximum;
    private final OptionalInt radius;
    private final String reason;

    private GeneralNetwork(Trial trial, String name, String reason, int scale, int margin, int maximum) {
        this.name = name;
        this.reason = reason;
        plan = trial.plan;
        input = trial.input;
        output = trial.output;
        channels = trial.channels;
        this.scale = scale;
        this.margin = margin;
        this.maximum = maximum;
        radius = ReceptiveField.radius(trial.plan.graph(), input, output);
    }

    /// {@return the network of a graph}
    ///
    /// @param graph   the graph
    /// @param file    the file that it stands in, for its name and for errors
    /// @param reason  why the planned engine does not run it
    /// @param maximum largest sample of the pictures that the network was made for: 1, 255, or [OnnxModels#INFERRED]
    /// @param kernels kernels for the trial runs
    /// @throws IllegalArgumentException if the largest sample cannot be told from the network; the message asks for it
    /// @throws MalformedFileException   if the network does not enlarge luma or RGB; says why
    public static GeneralNetwork of(FlowGraph graph, Path file, String reason, int maximum, KernelTable kernels)
            throws MalformedFileException {
        OnnxModels.checkMaximum(maximum);
        Trial trial = trial(graph, file, kernels);
        int[] small;
        int[] large;
        int range;
        try {
            small = trial.size(TRIED[0]);
            large = trial.size(TRIED[1]);
            range = maximum != OnnxModels.INFERRED ? maximum : trial.maximum();
        } catch (IllegalArgumentException e) {
            throw new MalformedFileException(file.toString(), -1, "no network for pictures of any size: "
                    + e.getMessage());
        }
        int[] scales = new int[2];
        int[] lost = new int[2];
        for (int axis = 0; axis < 2; axis++) {
            int growth = TRIED[1][axis] - TRIED[0][axis];
            scales[axis] = (large[axis] - small[axis]) / growth;
            lost[axis] = scales[axis] * TRIED[0][axis] - small[axis];
            if (scales[axis] * growth != large[axis] - small[axis]) {
                scales[axis] = 0;
            }
        }
        int scale = scales[0];
        if (scale < 1 || scale > MAX_SCALE || scales[1] != scale || lost[0] < 0 || lost[1] != lost[0]
                || lost[0] % (2 * scale) != 0) {
            throw new MalformedFileException(file.toString(), -1, "the network makes " + small[0] + "x" + small[1]
                    + " of "
                    + TRIED[0][0] + "x" + TRIED[0][1] + " and " + large[0] + "x" + large[1] + " of " + TRIED[1][0] + "x"
                    + TRIED[1][1] + ", wanted a whole factor of 1 to " + MAX_SCALE + "; fovea run runs it on tensors");
        }
        if (range == OnnxModels.INFERRED) {
            throw OnnxModels.unknownRange(file);
        }
        return new GeneralNetwork(trial, OnnxModels.name(file), reason, scale, lost[0] / (2 * scale), range);
    }

    /// Makes the graph ready for pictures of any size, whatever the file declares, and finds its channels.
    private static Trial trial(FlowGraph graph, Path file, KernelTable kernels) throws MalformedFileException {
        String not = null;
        if (graph.inputs().size() != 1 || graph.outputs().size() != 1) {
            not = graph.inputs().size() + " inputs and " + graph.outputs().size() + " outputs";
        } else {
            FlowInput in = graph.inputs().getFirst();
            if (in.type() != ElementType.FLOAT || in.dims() == null || in.dims().size() != 4) {
                not = "input " + in.name() + " of type " + in.type() + " and extents " + in.dims();
            }
            for (int channels : new int[] {3, 1}) {
                if (not == null && (!in.dims().get(1).matches("\\d+")
                        || in.dims().get(1).equals(Integer.toString(channels)))) {
                    FlowGraph open = new FlowGraph(graph.name(), List.of(new FlowInput(in.name(), in.type(),
                            List.of("1", Integer.toString(channels), "H", "W"))), graph.outputs(), graph.constants(),
                            graph.nodes());
                    try {
                        Trial trial = new Trial(FlowPlan.of(open), in.name(), graph.outputs().getFirst(), channels,
                                kernels);
                        trial.size(TRIED[0]);
                        return trial;
                    } catch (IllegalArgumentException e) {
                        not = in.dims().get(1).matches("\\d+") || channels == 1 ? e.getMessage() : null;
                    }
                }
            }
            not = not == null ? in.dims().get(1) + " channels" : not;
        }
        throw new MalformedFileException(file.toString(), -1,
                "wanted a network from pictures [1, 1 or 3, h, w] of any size to larger ones of as many channels, got: "
                + "" + not + "; fovea run runs it on tensors");
    }

    /// A graph that is tried on flat pictures.
    private static final class Trial {
        final FlowPlan plan;
        final String input;
        final String output;
        final int channels;
        final FlowExecutable executable;
        final KernelTable kernels;

        Trial(FlowPlan plan, String input, String output, int channels, KernelTable kernels) {
            this.plan = plan;
            this.input = input;
            this.output = output;
            this.channels = channels;
            this.kernels = kernels;
            executable = plan.compile(kernels);
            executable.bound(MAX_TRIAL_OPEN_ELEMENTS, MAX_TRIAL_BYTES, MAX_TRIAL_MACS);
        }

        Constant run(int[] size, float value) {
            Map<String, Long> extents = Map.of("H", (long) size[0], "W", (long) size[1]);
            long values = plan.peakBytes(extents);
            atMost(MAX_TRIAL_BYTES, values, "bytes of memory", size);
            long scratch = plan.scratchBytes(extents, kernels);
            atMost(MAX_TRIAL_BYTES, values + Math.min(scratch, Long.MAX_VALUE - values), "bytes of memory", size);
            atMost(MAX_TRIAL_MACS, plan.macs(extents), "multiply-adds", size);
            float[] flat = new float[channels * size[0] * size[1]];
            Arrays.fill(flat, value);
            Constant result = executable.run(Map.of(input, Constant.of(new int[] {1, channels, size[0], size[1]},
                    flat)))
                    .get(output);
            int[] shape = result.shape();
            if (result.type() != ElementType.FLOAT || shape.length != 4 || shape[0] != 1 || shape[1] != channels) {
                throw new IllegalArgumentException("a result of type " + result.type() + " and shape "
                        + Arrays.toString(shape));
            }
            return result;
        }

        private static void atMost(long most, long taken, String unit, int[] size) {
            if (taken > most) {
                throw new IllegalArgumentException(taken + " " + unit + " for a picture of " + size[0] + " rows of "
                        + size[1] + ", tried with at most " + most);
            }
        }

        int[] size(int[] of) {
            Optional<long[]> proven = plan.extents(output, Map.of("H", (long) of[0], "W", (long) of[1]));
            if (proven.isPresent() && proven.get().length == 4 && proven.get()[0] == 1 && proven.get()[1] == channels) {
                long height = proven.get()[2];
                long width = proven.get()[3];
                if (height > MAX_SCALE * of[0] || width > MAX_SCALE * of[1]) {
                    throw new IllegalArgumentException(height + " rows of " + width + " for a picture of " + of[0]
                            + " rows of " + of[1] + ", at most " + MAX_SCALE + " times as many serve");
                }
                return new int[] {(int) height, (int) width};
            }
            int[] shape = run(of, 0.5f).shape();
            return new int[] {shape[2], shape[3]};
        }

        /// The largest sample for which flat pictures come back as they were, as [PictureUnits#maximum(double, double)]
        /// says.
        int maximum() {
            return PictureUnits.maximum(drift(1), drift(255));
        }

        private double drift(int maximum) {
            double drift = 0;
            for (float level : new float[] {0.25f, 0.5f, 0.75f}) {
                Constant result = run(TRIED[0], level * maximum);
                int[] shape = result.shape();
                for (int c = 0; c < channels; c++) {
                    float centre = result.floats()[(c * shape[2] + shape[2] / 2) * shape[3] + shape[3] / 2];
                    drift = Math.max(drift, Math.abs(centre / maximum - level));
                }
            }
            return drift;
        }
    }

    /// {@return the name of the file, without its ending}
    public String name() {
        return name;
    }

    /// {@return why the planned engine does not run it}
    public String reason() {
        return reason;
    }

    /// {@return how many numbers its floating-point tensors hold}
    public long parameters() {
        return plan.graph().constants().values().stream().filter(constant -> constant.type() == ElementType.FLOAT)
                .mapToLong(constant -> constant.floats().length).sum();
    }

    /// {@return multiply-adds per input pixel, of convolutions and products of matrices whose shapes are proven}
    public long macsPerPixel() {
        int[] size = TRIED[1];
        return plan.macs(Map.of("H", (long) size[0], "W", (long) size[1])) / (size[0] * size[1]);
    }

    /// {@return 1 (luma) or 3 (RGB)}
    public int channels() {
        return channels;
    }

    /// {@return output pixels per input pixel along each axis}
    public int scale() {
        return scale;
    }

    /// {@return the input pixels on each side of a picture for which the network gives no output}
    public int margin() {
        return margin;
    }

    /// {@return the largest sample that it takes and gives: 1 or 255}
    public int maximum() {
        return maximum;
    }

    /// {@return the input pixels around a part of a picture that its result depends on; empty where that cannot be
    /// proven}
    public OptionalInt radius() {
        return radius;
    }

    /// {@return the bytes of the memory of one executable: values and the kernels' scratch memory; without values whose
    /// shape only a run can tell, and without the branches of an `If` whose condition only a run can tell}
    ///
    /// @param height  rows, those of the margins included
    /// @param width   pixels in a row, likewise
    /// @param kernels the kernels that it runs with
    public long peakBytes(int height, int width, KernelTable kernels) {
        Map<String, Long> extents = Map.of("H", (long) height, "W", (long) width);
        return plan.peakBytes(extents) + plan.scratchBytes(extents, kernels);
    }

    /// Runs the network for one thread.
    public final class Executable {
        private final FlowExecutable executable;

        private Executable(FlowExecutable executable) {
            this.executable = executable;
        }

        /// {@return what runs the network on another thread with the same kernels and packed weights} Any thread may
        /// call, beside runs too.
        public Executable another() {
            return new Executable(executable.another());
        }

        /// {@return the enlarged picture, `[c][scale * (height - 2 * margin)][scale * (width - 2 * margin)]`}
        ///
        /// @param picture samples of 0 to [GeneralNetwork#maximum], `[c][height][width]`
        /// @param height  rows
        /// @param width   pixels in a row
        /// @throws IllegalArgumentException if the network gives another size, or cannot take this one
        public float[] run(float[] picture, int height, int width) {
            Constant result = executable.run(Map.of(input, Constant.of(new int[] {1, channels, height, width},
                    picture)))
                    .get(output);
            int[] wanted = {1, channels, scale * (height - 2 * margin), scale * (width - 2 * margin)};
            if (!Arrays.equals(result.shape(), wanted)) {
                throw new IllegalArgumentException("network " + name + " makes " + Arrays.toString(result.shape())
                        + " of a picture of " + height + " rows of " + width + ", wanted " + Arrays.toString(wanted));
            }
            return result.floats();
        }
    }

    /// {@return what runs the network on one thread, with weights packed for it}
    ///
    /// @param kernels the kernels
    public Executable executable(KernelTable kernels) {
        return new Executable(plan.compile(kernels));
    }
}
