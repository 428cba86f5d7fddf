package io.github.fovea.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.fovea.tensor.Layout;
import io.github.fovea.tensor.TensorView;
import java.util.SplittableRandom;
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

    @ParameterizedTest
    @EnumSource(Loss.class)
    void valueAndGradientAreThoseOfTheDefinition(Loss loss) {
        for (Layout layout : Layout.values()) {
            SplittableRandom random = new SplittableRandom(4);
            TensorView made = TensorView.allocate(layout, 2, HEIGHT, WIDTH, 1);
            TensorView gradient = TensorView.allocate(layout, 2, HEIGHT, WIDTH, 1);
            float[] target = new float[2 * HEIGHT * WIDTH];
            double[] values = new double[target.length];
            for (int i = 0; i < target.length; i++) {
                target[i] = (float) (0.1 * random.nextGaussian());
                made.set(i / (HEIGHT * WIDTH), i / WIDTH % HEIGHT, i % WIDTH, (float) (0.1 * random.nextGaussian()));
                values[i] = made.get(i / (HEIGHT * WIDTH), i / WIDTH % HEIGHT, i % WIDTH);
            }
            float weight = 0.25f;
            double value = loss.evaluate(made, target, weight, gradient);
            assertEquals(define(loss, values, target), value, 1e-5 * Math.abs(value));
            for (int i = 0; i < target.length; i++) {
                double before = values[i];
                values[i] = before + 1e-6;
                double above = define(loss, values, target);
                values[i] = before - 1e-6;
                double below = define(loss, values, target);
                values[i] = before;
                double wanted = weight * (above - below) / 2e-6;
                assertEquals(wanted, gradient.get(i / (HEIGHT * WIDTH), i / WIDTH % HEIGHT, i % WIDTH),
                        1e-4 * Math.max(1, Math.abs(wanted)), layout + " " + i);
            }
        }
    }
}
