package io.github.fovea.graph;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleBiFunction;

/// Seeded random numbers for the parameters of a network, in the order in which the network names them.
public final class RandomParameters {
    private RandomParameters() {}

    /// {@return normally distributed numbers with mean 0 for every parameter}
    ///
    /// @param shapes    each parameter's shape by name
    /// @param random    where the numbers come from
    /// @param deviation standard deviation of all of them
    public static Map<String, float[]> of(Map<String, int[]> shapes, SplittableRandom random, double deviation) {
        return of(shapes, random, (name, shape) -> deviation);
    }

    /// {@return normally distributed numbers with mean 0 for every parameter}
    ///
    /// @param shapes    each parameter's shape by name
    /// @param random    where the numbers come from
    /// @param deviation standard deviation by name and shape
    public static Map<String, float[]> of(Map<String, int[]> shapes, SplittableRandom random,
            ToDoubleBiFunction<String, int[]> deviation) {
        Map<String, float[]> parameters = new LinkedHashMap<>();
        shapes.forEach((name, shape) -> {
            double size = deviation.applyAsDouble(name, shape);
            int elements = 1;
            for (int extent : shape) {
                elements *= extent;
            }
            float[] values = new float[elements];
            for (int i = 0; i < elements; i++) {
                values[i] = (float) (random.nextGaussian() * size);
            }
            parameters.put(name, values);
        });
        return parameters;
    }
}
