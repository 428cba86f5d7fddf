package io.github.fovea.kernel;

import io.github.fovea.graph.Interpolation;
import io.github.fovea.tensor.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// One case of the kernel contract. Its text names it, seeds its data and replays it: `-Dfovea.case="TEXT"` runs the cases
/// whose text contains TEXT.
record KernelCase(
        Operation operation, int size, int in, int out, int height, int width, Layout inLayout, Layout outLayout,
        Slopes slopes, Interpolation interpolation, Regime regime, boolean wholePicture) {

    enum Operation { CONV, DEPTHWISE_CONV, ADD, ACTIVATION, PIXEL_SHUFFLE, RESIZE, CONV_WEIGHT_GRADIENT }

    enum Slopes { NONE, RELU, PRELU }

    /// Where the data lie.
    enum Regime {
        /// About 1e-15: products stay normal numbers, sums of them are tiny.
        TINY,
        /// Within [-1, 1].
        UNIT,
        /// About 1e15: squares stay finite.
        HUGE,
        /// Exact zeros, and magnitudes from 1e-6 to 1e6 with both signs.
        MIXED;

        float next(SplittableRandom random) {
            double sign = random.nextDouble(-1, 1);
            return (float) switch (this) {
                case TINY -> 1e-15 * sign;
                case UNIT -> sign;
                case HUGE -> 1e15 * sign;
                case MIXED -> random.nextInt(4) == 0 ? 0 : sign * Math.pow(10, random.nextInt(-6, 7));
            };
        }
    }

    private static final int[] CHANNELS = {1, 3, 4, 9, 12, 16, 17, 32, 48};
    /// Height, width.
    private static final int[][] SHAPES = {
        {1, 1}, {2, 3}, {3, 2}, {17, 1}, {1, 17}, {4, 8}, {3, 15}, {5, 16}, {4, 17}, {3, 31}, {2, 33}, {19, 14}
    };

    /// {@return the list that every table is held to}
    static List<KernelCase> all() {
        List<KernelCase> cases = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(20261121);
        for (int size : new int[] {1, 3, 5}) {
            for (int in : CHANNELS) {
                for (int out : CHANNELS) {
                    for (int repeat = 0; repeat < (in <= 16 && out <= 16 ? 3 : 1); repeat++) {
                        Layout inLayout = in <= 4 && random.nextBoolean() ? Layout.PLANAR : Layout.BLOCKED16;
                        Layout outLayout = out <= 4 && random.nextBoolean() ? Layout.PLANAR : Layout.BLOCKED16;
                        cases.add(draw(Operation.CONV, size, in, out, inLayout, outLayout, random));
                    }
                    if (in <= 17 && out <= 17) {
                        Layout inLayout = in <= 4 && random.nextBoolean() ? Layout.PLANAR : Layout.BLOCKED16;
                        cases.add(draw(Operation.CONV_WEIGHT_GRADIENT, size, in, out, inLayout, Layout.BLOCKED16, random));
                    }
                }
            }
        }
        for (int repeat = 0; repeat < 40; repeat++) {
            cases.add(draw(Operation.CONV, 3, random.nextInt(12, 34), random.nextInt(5, 34), Layout.BLOCKED16, Layout.BLOCKED16,
                    random));
        }
        // More tiles than a strip of a Winograd kernel has, and strips that go on in the next row of tiles.
        for (int[] shape : new int[][] {{21, 50}, {9, 70}, {6, 101}}) {
            for (int[] channels : new int[][] {{16, 16}, {13, 12}, {12, 5}, {random.nextInt(17, 34), random.nextInt(17, 34)}}) {
                cases.add(draw(Operation.CONV, 3, channels[0], channels[1], Layout.BLOCKED16, Layout.BLOCKED16, random)
                        .whole(shape));
            }
        }
        for (int channels : CHANNELS) {
            for (Layout layout : Layout.values()) {
                for (int repeat = 0; repeat < SHAPES.length; repeat++) {
                    cases.add(draw(Operation.DEPTHWISE_CONV, 3, channels, channels, layout, layout, random));
                    cases.add(draw(Operation.ADD, 0, channels, channels, layout, layout, random));
                    cases.add(draw(Operation.ACTIVATION, 0, channels, channels, layout, layout, random));
                }
            }
        }
        for (int scale = 1; scale <= 5; scale++) {
            for (int channels : new int[] {1, 3, 17}) {
                for (Layout inLayout : Layout.values()) {
                    for (Layout outLayout : Layout.values()) {
                        cases.add(draw(Operation.PIXEL_SHUFFLE, scale, channels * scale * scale, channels,
                                inLayout, outLayout, random));
                    }
                    for (int repeat = 0; repeat < 9; repeat++) {
                        cases.add(draw(Operation.RESIZE, scale, channels, channels, inLayout, inLayout, random));
                    }
                }
            }
        }
        // Higher than the columns of tiles of a Winograd gradient, and up to three blocks of channels.
        for (int[] shape : new int[][] {{50, 4}, {48, 9}, {97, 5}, {49, 17}}) {
            for (int repeat = 0; repeat < 3; repeat++) {
                cases.add(draw(Operation.CONV_WEIGHT_GRADIENT, 3, random.nextInt(3, 34), random.nextInt(3, 34),
                        Layout.BLOCKED16, Layout.BLOCKED16, random)
                        .whole(shape));
            }
        }
        // The gradient of a network's last convolution is planar.
        for (int size : new int[] {1, 3, 5}) {
            for (int in : new int[] {4, 12, 16, 17}) {
                for (int out = 1; out <= 4; out++) {
                    cases.add(draw(Operation.CONV_WEIGHT_GRADIENT, size, in, out, Layout.BLOCKED16, Layout.PLANAR, random));
                }
            }
        }
        return cases;
    }

    /// {@return the same of a whole picture of other rows and columns}
    private KernelCase whole(int[] shape) {
        return new KernelCase(operation, size, in, out, shape[0], shape[1], inLayout, outLayout, slopes, interpolation, regime, true);
    }

    private static KernelCase draw(
            Operation operation, int size, int in, int out, Layout inLayout, Layout outLayout, SplittableRandom random) {
        int[] shape = SHAPES[random.nextInt(SHAPES.length)];
        if (operation == Operation.RESIZE && random.nextBoolean()) {
            shape = new int[] {3, random.nextInt(20, 90)};
        }
        return new KernelCase(operation, size, in, out, shape[0], shape[1], inLayout, outLayout,
                operation == Operation.ACTIVATION ? Slopes.PRELU : Slopes.values()[random.nextInt(3)],
                Interpolation.values()[random.nextInt(3)], Regime.values()[random.nextInt(4)], random.nextInt(3) > 0);
    }

    int rowBegin() {
        return wholePicture ? 0 : height / 3;
    }

    int rowEnd() {
        return wholePicture ? height : Math.max(height / 3 + 1, height - 1);
    }

    /// Factor between input and output rows.
    int scale() {
        return operation == Operation.PIXEL_SHUFFLE || operation == Operation.RESIZE ? size : 1;
    }

    int radius() {
        return operation == Operation.CONV || operation == Operation.DEPTHWISE_CONV
                || operation == Operation.CONV_WEIGHT_GRADIENT ? size / 2 : 0;
    }

    SplittableRandom random() {
        return new SplittableRandom(toString().hashCode());
    }

    @Override
    public String toString() {
        return operation + " size=" + size + " " + in + "->" + out + " h=" + height + " w=" + width + " " + inLayout + "->"
                + outLayout + " slopes=" + slopes + " " + interpolation + " " + regime
                + " rows=[" + rowBegin() + "," + rowEnd() + ")";
    }
}
