package io.github.fovea.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.graph.Graph;
import io.github.fovea.network.Networks;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Folding, its inverse, and its gradient, for every parametrisation.
class TrainedParametersTest {
    private final Graph graph = Training.withoutSkip(Networks.named("collapsed-f16-n2", 2, 1));
    private final ParameterLayout layout = new ParameterLayout(graph);

    private TrainedParameters forms(Parametrisation form) {
        return new TrainedParameters(List.of(graph), layout, form, Training.kernels().gemm());
    }

    private static float[] random(int count, double size, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (size * random.nextGaussian());
        }
        return values;
    }

    @ParameterizedTest
    @EnumSource(Parametrisation.class)
    void unfoldedParametersFoldBack(Parametrisation form) {
        TrainedParameters forms = forms(form);
        float[] parameters = random(layout.elements(), 0.3, 1);
        float[] trained = new float[forms.elements()];
        forms.unfold(parameters, trained, new SplittableRandom(2));
        float[] folded = new float[parameters.length];
        forms.fold(trained, folded);
        for (int i = 0; i < folded.length; i++) {
            assertEquals(parameters[i], folded[i], 2e-6);
        }
    }

    @ParameterizedTest
    @EnumSource(Parametrisation.class)
    void gradientsEqualDifferences(Parametrisation form) {
        TrainedParameters forms = forms(form);
        float[] trained = random(forms.elements(), 0.2, 3);
        float[] factors = random(layout.elements(), 1, 4);
        float[] gradients = new float[forms.elements()];
        forms.pullBack(trained, factors, gradients);
        // fold is linear in each number (plain, linear block) or smooth (weight norm); differences of floats need a large step.
        float step = 0x1p-7f;
        SplittableRandom random = new SplittableRandom(5);
        double error = 0;
        double size = 0;
        for (int n = 0; n < 300; n++) {
            int i = random.nextInt(trained.length);
            float before = trained[i];
            trained[i] = before + step;
            double above = dot(forms, trained, factors);
            trained[i] = before - step;
            double below = dot(forms, trained, factors);
            trained[i] = before;
            double difference = (above - below) / (2 * step);
            error += Math.pow(difference - gradients[i], 2);
            size += difference * difference;
        }
        assertTrue(Math.sqrt(error / size) < 1e-3, "gradients differ by " + Math.sqrt(error / size) + " of their size");
    }

    private double dot(TrainedParameters forms, float[] trained, float[] factors) {
        float[] folded = new float[layout.elements()];
        forms.fold(trained, folded);
        double sum = 0;
        for (int i = 0; i < folded.length; i++) {
            sum += (double) folded[i] * factors[i];
        }
        return sum;
    }

    /// The collapsed kernel, applied once, equals what it was collapsed from, applied one after the other.
    @Test
    void linearBlockEqualsItsTwoConvolutions() {
        TrainedParameters forms = forms(Parametrisation.LINEAR_BLOCK);
        float[] trained = random(forms.elements(), 0.2, 6);
        float[] folded = new float[layout.elements()];
        forms.fold(trained, folded);
        // body.0 follows head: 64 * (16 + 9) numbers, then the plain bias and slope of head.
        assertEquals("head.weight", layout.shapes().keySet().iterator().next());
        int inner = 64 * (16 + 9) + 16 + 16;
        int outer = inner + 64 * 144;
        float[] patch = random(144, 1, 7);
        for (int o = 0; o < 16; o++) {
            double chained = patch[o * 9 + 4];
            for (int p = 0; p < 64; p++) {
                double middle = 0;
                for (int k = 0; k < 144; k++) {
                    middle += (double) trained[inner + p * 144 + k] * patch[k];
                }
                chained += trained[outer + o * 64 + p] * middle;
            }
            double once = 0;
            for (int k = 0; k < 144; k++) {
                once += (double) folded[layout.offset("body.0.weight") + o * 144 + k] * patch[k];
            }
            assertEquals(chained, once, 1e-4);
        }
    }

    /// Convolutions with more outputs than a linear block has channels inside are trained as they are: here all but the tail.
    @Test
    void wideConvolutionsStayPlain() {
        Graph wide = Training.withoutSkip(Networks.named("compact-f96-n1", 2, 1));
        ParameterLayout places = new ParameterLayout(wide);
        TrainedParameters held = new TrainedParameters(List.of(wide), places, Parametrisation.LINEAR_BLOCK,
                Training.kernels().gemm());
        assertEquals(places.elements() - 4 * 96 * 9 + 64 * (4 + 96 * 9), held.elements());
    }

    @Test
    void weightNormGivesRowsTheirLength() {
        TrainedParameters forms = forms(Parametrisation.WEIGHT_NORM);
        float[] trained = random(forms.elements(), 0.2, 8);
        float[] folded = new float[layout.elements()];
        forms.fold(trained, folded);
        for (int o = 0; o < 16; o++) {
            double norm = 0;
            for (int k = 0; k < 9; k++) {
                norm += Math.pow(folded[layout.offset("head.weight") + o * 9 + k], 2);
            }
            assertEquals(Math.abs(trained[16 * 9 + o]), Math.sqrt(norm), 1e-6);
        }
    }

    @ParameterizedTest
    @EnumSource(Parametrisation.class)
    void trainingStartsFromBicubic(Parametrisation form) {
        TrainedParameters forms = forms(form);
        float[] trained = new float[forms.elements()];
        forms.initialise(graph, trained, new SplittableRandom(1));
        float[] folded = new float[layout.elements()];
        forms.fold(trained, folded);
        for (int i = 0; i < layout.elements("tail.weight"); i++) {
            assertEquals(0, folded[layout.offset("tail.weight") + i], 1e-6);
        }
    }
}
