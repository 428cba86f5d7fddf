package io.github.fovea.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.fovea.tensor.Layout;
import io.github.fovea.tensor.TensorView;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LossTest {
    private static final int HEIGHT = 3;
    private static final int WIDTH = 5;

    /// The losses by their definitions, in double.
    private static double define(Loss loss, double[] made, float[] target) {
        double sum = 0;
        for (int i = 0; i < made.length; i++) {
            double e = made[i] - target[i];
            sum += switch (loss) {
                case L1 -> Math.abs(e);
                case L2, PSNR -> e * e;
                case CHARBONNIER -> Math.sqrt(e * e + 1e-6);
            };
        }
        return loss == Loss.PSNR ? made.length * Math.log(sum / made.length + 1e-6) : sum;
    }

    /// What counts of numbers `[2][HEIGHT][WIDTH]`.
    private static double[] counted(double[] all, int margin) {
        return IntStream.range(0, all.length).filter(i -> counts(i, HEIGHT, WIDTH, margin)).mapToDouble(i -> all[i])
                .toArray();
    }

    private static boolean counts(int i, int height, int width, int margin) {
        int y = i / width % height;
        int x = i % width;
        return y >= margin && y < height - margin && x >= margin && x < width - margin;
    }

    private static float[] counted(float[] all, int margin) {
        double[] part = counted(IntStream.range(0, all.length).mapToDouble(i -> all[i]).toArray(), margin);
        float[] floats = new float[part.length];
        for (int i = 0; i < part.length; i++) {
            floats[i] = (float) part[i];
        }
        return floats;
    }

    @ParameterizedTest
    @EnumSource(Loss.class)
    void valueAndGradientAreThoseOfTheDefinition(Loss loss) {
        for (Layout layout : Layout.values()) {
            check(loss, layout, 0);
            check(loss, layout, 1);
        }
    }

    private static void check(Loss loss, Layout layout, int margin) {
        SplittableRandom random = new SplittableRandom(4);
        TensorView made = TensorView.allocate(layout, 2, HEIGHT, WIDTH, 1);
        TensorView gradient = TensorView.allocate(layout, 2, HEIGHT, WIDTH, 1);
        float[] target = new float[2 * HEIGHT * WIDTH];
        double[] values = new double[target.length];
        for (int i = 0; i < target.length; i++) {
            target[i] = (float) (0.1 * random.nextGaussian());
            made.set(i / (HEIGHT * WIDTH), i / WIDTH % HEIGHT, i % WIDTH, (float) (0.1 * random.nextGaussian()));
            values[i] = made.get(i / (HEIGHT * WIDTH), i / WIDTH % HEIGHT, i % WIDTH);
            gradient.set(i / (HEIGHT * WIDTH), i / WIDTH % HEIGHT, i % WIDTH, 9f);
        }
        float weight = 0.25f;
        float[] wantedThere = counted(target, margin);
        double value = loss.evaluate(made, target, margin, weight, gradient);
        assertEquals(define(loss, counted(values, margin), wantedThere), value, 1e-5 * Math.abs(value));
        for (int i = 0; i < target.length; i++) {
            float got = gradient.get(i / (HEIGHT * WIDTH), i / WIDTH % HEIGHT, i % WIDTH);
            if (!counts(i, HEIGHT, WIDTH, margin)) {
                assertEquals(0f, got, layout + " " + i);
                continue;
            }
            double before = values[i];
            values[i] = before + 1e-6;
            double above = define(loss, counted(values, margin), wantedThere);
            values[i] = before - 1e-6;
            double below = define(loss, counted(values, margin), wantedThere);
            values[i] = before;
            double wanted = weight * (above - below) / 2e-6;
            assertEquals(wanted, got, 1e-4 * Math.max(1, Math.abs(wanted)), layout + " " + i);
        }
    }

    /// Sums of floats depend on their order: overfitted networks must come out as they did.
    @ParameterizedTest
    @EnumSource(value = Loss.class, names = {"L1", "L2"})
    void aMarginIsWorthWhatAResultWithoutErrorIs(Loss loss) {
        int height = 60;
        int width = 48;
        SplittableRandom random = new SplittableRandom(6);
        for (int margin : new int[] {1, 4, 23}) {
            TensorView made = TensorView.allocate(Layout.PLANAR, 1, height, width, 0);
            TensorView gradient = TensorView.allocate(Layout.PLANAR, 1, height, width, 0);
            TensorView wanted = TensorView.allocate(Layout.PLANAR, 1, height, width, 0);
            float[] target = new float[height * width];
            float[] own = new float[target.length];
            for (int i = 0; i < target.length; i++) {
                target[i] = (float) random.nextDouble();
                made.set(0, i / width, i % width, (float) random.nextDouble());
                own[i] = counts(i, height, width, margin) ? target[i] : made.get(0, i / width, i % width);
            }
            assertEquals(loss.evaluate(made, own, 0, 0.1f, wanted), loss.evaluate(made, target, margin, 0.1f, gradient));
            for (int i = 0; i < target.length; i++) {
                assertEquals(wanted.get(0, i / width, i % width), gradient.get(0, i / width, i % width));
            }
        }
    }
}
