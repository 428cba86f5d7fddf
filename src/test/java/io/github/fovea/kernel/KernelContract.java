package io.github.fovea.kernel;

import io.github.fovea.backend.KernelTables;
import io.github.fovea.tensor.Layout;
import io.github.fovea.tensor.TensorView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// Holds a kernel table to its contracts: values against a definition in double, memory outside the promised rows
/// untouched, inputs unchanged, unused lanes zero. All versions of a convolution are held to them, not only those that the
/// table chooses. Also a program, so that a test may run it in a JVM with other vectors.
///
/// Tolerance: a sum of n products in float is off by at most (n + 2) * 2^-24 times the sum of their magnitudes, in whatever
/// order it is made (Higham, Accuracy and Stability of Numerical Algorithms, 4.2); one more factor for the activation. Where
/// a kernel computes several columns together, the magnitudes are those of its transformed terms, see [KernelDefinition].
final class KernelContract {
    private static final double UNIT_ROUNDOFF = 0x1p-24;

    private final KernelTable table;

    private KernelContract(KernelTable table) {
        this.table = table;
    }

    /// Prints `ok COUNT` or the failures.
    public static void main(String[] arguments) {
        KernelTable table = arguments[0].equals("vector") ? KernelTables.vector() : KernelTables.scalar();
        List<String> failures = failures(table);
        System.out.println(failures.isEmpty() ? "ok " + KernelCase.all().size() : String.join("\n", failures));
    }

    /// {@return one line per case that fails, at most 20}
    static List<String> failures(KernelTable table) {
        String only = System.getProperty("fovea.case", "");
        List<String> failures = new ArrayList<>();
        for (int version = 0; version < table.conv3x3().versions().size(); version++) {
            int n = version;
            KernelContract contract = new KernelContract(table.choosing((all, _, _) -> Math.min(n, all.size() - 1)));
            for (KernelCase one : KernelCase.all()) {
                boolean versions = one.operation() == KernelCase.Operation.CONV && one.size() == 3;
                if ((n == 0 || versions) && one.toString().contains(only) && failures.size() < 20) {
                    contract.check(one, failures);
                }
            }
        }
        return failures;
    }

    private void check(KernelCase one, List<String> failures) {
        try {
            check(one);
        } catch (AssertionError | RuntimeException e) {
            String kernel = one.operation() == KernelCase.Operation.CONV
                    ? ", " + table.conv(one.size()).version(one.in(), one.out()).getClass().getSimpleName() : "";
            failures.add(table.name() + " kernels" + kernel + ", vectors of "
                    + System.getProperty("fovea.vectorBits", "preferred") + " bits: " + e
                    + "; replay with -Dfovea.case=\"" + one + "\"");
        }
    }

    private void check(KernelCase one) {
        SplittableRandom random = one.random();
        TensorView in = GuardBands.tensor(one.inLayout(), one.in(), one.height(), one.width(), one.radius(), Float.NaN);
        fill(in, one, random);
        float[] weights = numbers(one.out() * one.in() * one.size() * one.size(), one, random);
        float[] bias = Arrays.copyOf(numbers(one.out(), one, random), (one.out() + 15) / 16 * 16);
        float[] slopes = slopes(one, random);
        if (one.operation() == KernelCase.Operation.CONV_WEIGHT_GRADIENT) {
            gradient(one, in, random);
            return;
        }
        TensorView other = GuardBands.tensor(one.inLayout(), one.in(), one.height(), one.width(), 1, Float.NaN);
        fill(other, one, random);
        int scale = one.scale();
        TensorView out = GuardBands.tensor(one.outLayout(), one.out(), scale * one.height(), scale * one.width(), 2, GuardBands.SENTINEL);
        float[] before = in.data().clone();
        int begin = one.rowBegin();
        int end = one.rowEnd();
        run(one, in, other, weights, bias, slopes, out, begin, end);
        if (Arrays.mismatch(bits(before), bits(in.data())) >= 0) {
            throw new AssertionError("the input changed");
        }
        GuardBands.checkUntouched(out, scale * begin, scale * end);
        KernelDefinition definition = new KernelDefinition(one, in, other, weights, bias, slopes);
        if (one.operation() == KernelCase.Operation.CONV) {
            definition.tile(table.conv(one.size()).columnTile(one.in(), one.out()),
                    table.conv(one.size()).rowTile(one.in(), one.out()));
        }
        for (int c = 0; c < one.out(); c++) {
            for (int y = scale * begin; y < scale * end; y++) {
                for (int x = 0; x < out.width(); x++) {
                    definition.at(c, y, x);
                    compare(out.get(c, y, x), definition, "c=" + c + " y=" + y + " x=" + x);
                }
            }
        }
        GuardBands.checkUnusedLanes(out, scale * begin, scale * end);
        if (one.operation() == KernelCase.Operation.CONV && one.inLayout() == Layout.BLOCKED16
                && one.outLayout() == Layout.BLOCKED16 && table.conv(one.size()).gates(one.in(), one.out())) {
            gated(one, in, weights, random);
        }
    }

    /// The gated form makes what the plain one and the activation's gradient make one after the other: the same bits, and
    /// sums that differ by their order.
    private void gated(KernelCase one, TensorView in, float[] weights, SplittableRandom random) {
        Conv conv = table.conv(one.size());
        int padded = (one.out() + 15) / 16 * 16;
        float[] packed = new float[conv.packedElements(one.in(), one.out())];
        conv.pack(weights, 0, one.in(), one.out(), packed, 0);
        int count = conv.scratchElements(one.in(), one.out());
        float[] scratch = GuardBands.floats(count);
        TensorView gate = TensorView.allocate(Layout.BLOCKED16, one.out(), one.height(), one.width(), 1);
        // Within [-1, 1] whatever the data: products with outputs stay finite.
        for (int i = 0; i < one.out() * one.height() * one.width(); i++) {
            gate.set(i % one.out(), i / one.out() / one.width(), i / one.out() % one.width(),
                    KernelCase.Regime.UNIT.next(random));
        }
        float[] slopes = new float[padded];
        for (int c = 0; c < one.out(); c++) {
            slopes[c] = (float) random.nextDouble(0, 1.5);
        }
        TensorView wanted = GuardBands.tensor(Layout.BLOCKED16, one.out(), one.height(), one.width(), 2, GuardBands.SENTINEL);
        conv.run(in, packed, 0, new float[padded], null, wanted, 0, one.height(), scratch, GuardBands.SIZE);
        double[] sums = new double[one.out()];
        double[] magnitudes = new double[one.out()];
        for (int c = 0; c < one.out(); c++) {
            for (int y = 0; y < one.height(); y++) {
                for (int x = 0; x < one.width(); x++) {
                    double product = gate.get(c, y, x) > 0 ? 0 : (double) gate.get(c, y, x) * wanted.get(c, y, x);
                    sums[c] += product;
                    magnitudes[c] += Math.abs(product);
                    wanted.set(c, y, x, gate.get(c, y, x) > 0 ? wanted.get(c, y, x)
                            : wanted.get(c, y, x) * slopes[c]);
                }
            }
        }
        TensorView out = GuardBands.tensor(Layout.BLOCKED16, one.out(), one.height(), one.width(), 2, GuardBands.SENTINEL);
        float[] got = new float[padded];
        Arrays.fill(got, 0, one.out(), 1f);
        conv.runGated(in, packed, 0, gate, slopes, out, scratch, GuardBands.SIZE, got);
        GuardBands.check(scratch, count);
        GuardBands.checkUntouched(out, 0, one.height());
        GuardBands.checkUnusedLanes(out, 0, one.height());
        for (int c = 0; c < one.out(); c++) {
            double tolerance = (one.height() * one.width() + 2) * UNIT_ROUNDOFF * (1 + magnitudes[c]);
            if (!(Math.abs(got[c] - 1 - sums[c]) <= tolerance)) {
                throw new AssertionError("sum of c=" + c + ": got " + got[c] + ", wanted " + (1 + sums[c]) + " +- "
                        + tolerance);
            }
            for (int y = 0; y < one.height(); y++) {
                for (int x = 0; x < one.width(); x++) {
                    if (Float.floatToRawIntBits(out.get(c, y, x)) != Float.floatToRawIntBits(wanted.get(c, y, x))) {
                        throw new AssertionError("gated c=" + c + " y=" + y + " x=" + x + ": got " + out.get(c, y, x)
                                + ", wanted " + wanted.get(c, y, x));
                    }
                }
            }
        }
    }

    private void run(
            KernelCase one, TensorView in, TensorView other, float[] weights, float[] bias, float[] slopes,
            TensorView out, int begin, int end) {
        switch (one.operation()) {
            case CONV -> {
                Conv conv = table.conv(one.size());
                int weightCount = conv.packedElements(one.in(), one.out());
                float[] packed = GuardBands.floats(weightCount);
                conv.pack(shifted(weights), 5, one.in(), one.out(), packed, GuardBands.SIZE);
                GuardBands.check(packed, weightCount);
                int count = conv.scratchElements(one.in(), one.out());
                float[] scratch = GuardBands.floats(count);
                conv.run(in, packed, GuardBands.SIZE, bias, slopes, out, begin, end, scratch, GuardBands.SIZE);
                GuardBands.check(scratch, count);
            }
            case DEPTHWISE_CONV -> {
                float[] packed = new float[table.depthwise3x3().packedElements(one.in())];
                table.depthwise3x3().pack(shifted(weights), 5, one.in(), packed);
                table.depthwise3x3().run(in, packed, bias, slopes, out, begin, end);
            }
            case ADD -> table.add().run(in, other, out, begin, end);
            case ACTIVATION -> table.activation().run(in, slopes, out, begin, end);
            case PIXEL_SHUFFLE -> table.pixelShuffle().run(in, one.size(), out, begin, end);
            case RESIZE -> table.resize().run(in, one.interpolation(), one.size(), out, begin, end);
            case CONV_WEIGHT_GRADIENT -> throw new IllegalStateException();
        }
    }

    private void gradient(KernelCase one, TensorView in, SplittableRandom random) {
        TensorView dout = GuardBands.tensor(one.outLayout(), one.out(), one.height(), one.width(), one.radius(), Float.NaN);
        fill(dout, one, random);
        ConvWeightGradient kernel = table.gradient(one.size());
        float[] start = numbers(7 + one.out() * one.in() * one.size() * one.size() + 7, one, random);
        float[] dw = start.clone();
        float[] biasStart = numbers(3 + one.out() + 3, one, random);
        float[] db = biasStart.clone();
        int count = kernel.scratchElements(one.in(), one.out());
        float[] scratch = GuardBands.floats(count);
        kernel.run(in, dout, scratch, GuardBands.SIZE, dw, 7, db, 3);
        GuardBands.check(scratch, count);
        for (int k = 0; k < dw.length; k++) {
            int index = k - 7;
            KernelDefinition definition = new KernelDefinition(one, in, dout, null, null, null);
            if (index < 0 || k >= dw.length - 7) {
                definition.exactly(start[k]);
            } else {
                definition.tile(kernel.columnTile(one.in(), one.out()), 1);
                definition.gradientAt(index, start[k]);
            }
            compare(dw[k], definition, "dw[" + index + "]");
        }
        for (int k = 0; k < db.length; k++) {
            KernelDefinition definition = new KernelDefinition(one, in, dout, null, null, null);
            if (k < 3 || k >= db.length - 3) {
                definition.exactly(biasStart[k]);
            } else {
                definition.biasGradientAt(k - 3, biasStart[k]);
            }
            compare(db[k], definition, "db[" + (k - 3) + "]");
        }
    }

    private static void compare(float got, KernelDefinition wanted, String where) {
        double tolerance = (wanted.terms() + 2) * UNIT_ROUNDOFF * wanted.magnitude();
        if (!(Math.abs(got - wanted.value()) <= tolerance)) {
            throw new AssertionError(where + ": got " + got + ", wanted " + wanted.value() + " +- " + tolerance);
        }
    }

    private static void fill(TensorView view, KernelCase one, SplittableRandom random) {
        int end = view.offset() + view.planes() * view.planeStride();
        Arrays.fill(view.data(), view.offset(), end, 0f);
        for (int c = 0; c < view.channels(); c++) {
            for (int y = 0; y < view.height(); y++) {
                for (int x = 0; x < view.width(); x++) {
                    view.set(c, y, x, one.regime().next(random));
                }
            }
        }
    }

    private static float[] numbers(int count, KernelCase one, SplittableRandom random) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = one.regime().next(random);
        }
        return numbers;
    }

    private static float[] shifted(float[] weights) {
        float[] shifted = new float[weights.length + 5];
        Arrays.fill(shifted, 0, 5, Float.NaN);
        System.arraycopy(weights, 0, shifted, 5, weights.length);
        return shifted;
    }

    private static float[] slopes(KernelCase one, SplittableRandom random) {
        float[] slopes = new float[(one.out() + 15) / 16 * 16];
        for (int c = 0; c < one.out() && one.slopes() == KernelCase.Slopes.PRELU; c++) {
            slopes[c] = (float) random.nextDouble(-0.5, 1.5);
        }
        return one.slopes() == KernelCase.Slopes.NONE ? null : slopes;
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }
}
