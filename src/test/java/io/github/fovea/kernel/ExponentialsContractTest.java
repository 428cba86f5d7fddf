package io.github.fovea.kernel;

import io.github.fovea.backend.KernelTables;
import java.util.Arrays;
import java.util.SplittableRandom;

/// Exponentials and their relatives against double precision: lengths that fill no vector, in place or not, numbers that are none,
/// infinite, or at the ends of what floats hold, and frames of numbers around what may be written.
class ExponentialsContractTest extends TableContract {
    private static final int CASES = 250;
    private static final int MAGNITUDES = 1 << 10;
    private static final float[] SPECIAL = {0f, -0f, Float.NaN, Float.intBitsToFloat(0x7fc0_0123), Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY, Float.MAX_VALUE, -Float.MAX_VALUE, Float.MIN_VALUE, -Float.MIN_VALUE, Float.MIN_NORMAL,
        -Float.MIN_NORMAL, 0x1p-126f - Float.MIN_VALUE, 88.376f, 88.3763f, 88.72283f, 88.72284f, 89f, 89.01f, -86.64f, -87.3f, -87.59f,
        -87.61f, -88.1f, -88.72283f, -88.8f, -103.9f, -104.1f, 1e30f, -1e30f};

    private interface Row {
        void run(float[] in, int from, float[] out, int to, int n);
    }

    private interface Definition {
        double of(double x);
    }

    private int digest;

    /// For [KernelContractTest#fork]: checks the vector table at another width.
    public static void main(String[] arguments) {
        System.out.println(new ExponentialsContractTest().verdict(KernelTables.vector()));
    }

    @Override
    String verdict(KernelTable table) {
        Exponentials kernel = table.exponentials();
        digest = 1;
        for (String failure : new String[] {
            failure("exp", kernel::exp, Math::exp, Exponentials.EXP_ULP),
            failure("sigmoid", kernel::sigmoid, x -> 1 / (1 + Math.exp(-x)), Exponentials.SIGMOID_ULP),
            failure("silu", kernel::silu, x -> x / (1 + Math.exp(-x)), Exponentials.SILU_ULP),
            failure("tanh", kernel::tanh, Math::tanh, Exponentials.TANH_ULP),
            failure("erf", kernel::erf, ExponentialsContractTest::erf, Exponentials.ERF_ULP),
            range("exp", kernel::exp, 0, Float.POSITIVE_INFINITY),
            range("sigmoid", kernel::sigmoid, 0, 1),
            range("tanh", kernel::tanh, -1, 1),
            range("erf", kernel::erf, -1, 1),
            softmax(kernel)}) {
            if (failure != null) {
                return failure;
            }
        }
        return "ok " + digest;
    }

    /// By Simpson's rule.
    private static double erf(double x) {
        double end = Math.clamp(x, -6, 6);
        int steps = 200;
        double sum = 1 + Math.exp(-end * end);
        for (int i = 1; i < steps; i++) {
            double t = end * i / steps;
            sum += (i % 2 == 0 ? 2 : 4) * Math.exp(-t * t);
        }
        return 2 / Math.sqrt(Math.PI) * end * sum / (3 * steps);
    }

    private String failure(String name, Row row, Definition definition, int ulps) {
        SplittableRandom random = new SplittableRandom(23);
        for (int i = 0; i < CASES; i++) {
            int n = i < 70 ? i : random.nextInt(200);
            int from = random.nextInt(20);
            float[] x = new float[from + n + 5];
            for (int k = from; k < from + n; k++) {
                x[k] = number(random, i);
            }
            float[] got = new float[from + n + 20];
            Arrays.fill(got, FRAME);
            int to = i % 2 == 0 ? from : random.nextInt(20);
            if (i % 2 == 0) {
                System.arraycopy(x, from, got, from, n);
            }
            int cut = random.nextInt(n + 1);
            row.run(i % 2 == 0 ? got : x, from, got, to, cut);
            row.run(i % 2 == 0 ? got : x, from + cut, got, to + cut, n - cut);
            float[] uncut = new float[from + n];
            row.run(x, from, uncut, from, n);
            for (int k = 0; k < n; k++) {
                String failure = failure(got[to + k], definition.of(x[from + k]), ulps, name.equals("silu") ? 0x1p-121 : 0x1p-125);
                if (failure != null || Float.compare(got[to + k], uncut[from + k]) != 0) {
                    return name + ", case " + i + ", element " + k + " of " + n + " at " + x[from + k] + ": "
                            + (failure != null ? failure : got[to + k] + " and, in one run, " + uncut[from + k]);
                }
                digest = 31 * digest + Float.floatToIntBits(got[to + k]);
                got[to + k] = FRAME;
            }
            if (!framed(got)) {
                return name + ", case " + i + ": writes beside its " + n + " results";
            }
        }
        return null;
    }

    /// Numbers of every exponent and both signs, each magnitude somewhere in its share of the exponent's.
    private String range(String name, Row row, float least, float most) {
        SplittableRandom random = new SplittableRandom(25);
        float[] x = new float[MAGNITUDES];
        float[] got = new float[MAGNITUDES];
        int share = (1 << 23) / MAGNITUDES;
        for (int signAndExponent = 0; signAndExponent < 512; signAndExponent++) {
            for (int i = 0; i < MAGNITUDES; i++) {
                x[i] = Float.intBitsToFloat(signAndExponent << 23 | i * share + random.nextInt(share));
            }
            row.run(x, 0, got, 0, MAGNITUDES);
            for (int i = 0; i < MAGNITUDES; i++) {
                if (Float.isNaN(x[i]) ? !Float.isNaN(got[i]) : !(got[i] >= least && got[i] <= most)) {
                    return name + " at " + x[i] + ": " + got[i] + ", wanted " + least + " to " + most;
                }
            }
        }
        return null;
    }

    /// Four regimes, and every eighth case all that is special.
    private static float number(SplittableRandom random, int number) {
        return switch (number % 8) {
            case 0, 4 -> (float) random.nextDouble(-8, 8);
            case 1, 5 -> (float) random.nextDouble(-105, 90);
            case 2, 6 -> (float) random.nextDouble(-0.01, 0.01);
            case 3 -> (float) (Math.pow(10, random.nextDouble(-46, 39)) * (random.nextBoolean() ? 1 : -1));
            default -> SPECIAL[random.nextInt(SPECIAL.length)];
        };
    }

    /// @param least results below may be zero
    private static String failure(float got, double want, double ulps, double least) {
        if (Double.isNaN(want) || Float.isNaN(got)) {
            return Double.isNaN(want) && Float.isNaN(got) ? null : got + ", wanted " + want;
        }
        boolean vanishing = Math.abs(want) < least && Math.abs(got) <= least;
        boolean right = Float.isInfinite((float) want) || Float.isInfinite(got) ? Math.abs(got) >= Float.MAX_VALUE
                        && Math.abs(want) >= Float.MAX_VALUE * (1 - ulps * 0x1p-23) && Math.signum(want) == Math.signum(got)
                : vanishing || Math.abs(got - want) <= ulps * Math.ulp((float) want);
        return right ? null : got + ", wanted " + want + " up to " + ulps + " ulp";
    }

    private String softmax(Exponentials kernel) {
        SplittableRandom random = new SplittableRandom(24);
        for (int i = 0; i < CASES; i++) {
            int n = i < 70 ? i + 1 : random.nextInt(1, i % 10 == 0 ? 3000 : 200);
            int from = random.nextInt(20);
            double spread = new double[] {1e-3, 1, 30, 300}[i % 4];
            float[] x = new float[from + n + 5];
            for (int k = from; k < from + n; k++) {
                x[k] = (float) random.nextDouble(-spread, spread);
            }
            if (i % 7 == 0) {
                x[from + random.nextInt(n)] = SPECIAL[random.nextInt(SPECIAL.length)];
            }
            double max = Double.NEGATIVE_INFINITY;
            for (int k = from; k < from + n; k++) {
                max = Math.max(max, x[k]);
            }
            double sum = 0;
            for (int k = from; k < from + n; k++) {
                sum += Math.exp(x[k] - max);
            }
            float[] got = new float[from + n + 20];
            Arrays.fill(got, FRAME);
            int to = i % 2 == 0 ? from : random.nextInt(20);
            if (i % 2 == 0) {
                System.arraycopy(x, from, got, from, n);
            }
            kernel.softmax(i % 2 == 0 ? got : x, from, got, to, n);
            for (int k = 0; k < n; k++) {
                String failure = failure(got[to + k], Math.exp(x[from + k] - max) / sum, n / 16 + 8 + Math.min(max - x[from + k], 128), 0x1p-125);
                if (failure != null || got[to + k] < 0 || got[to + k] > 1) {
                    return "softmax, case " + i + ", element " + k + " of " + n + ": "
                            + (failure != null ? failure : got[to + k] + ", wanted 0 to 1");
                }
                digest = 31 * digest + Float.floatToIntBits(got[to + k]);
                got[to + k] = FRAME;
            }
            if (!framed(got)) {
                return "softmax, case " + i + ": writes beside its " + n + " results";
            }
        }
        return null;
    }

    private static boolean framed(float[] numbers) {
        for (float number : numbers) {
            if (number != FRAME) {
                return false;
            }
        }
        return true;
    }
}
