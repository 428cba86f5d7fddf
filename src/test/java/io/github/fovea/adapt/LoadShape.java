package io.github.fovea.adapt;

import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;

/// Kinds of load over time: the factor by which frames take longer than on an idle machine.
enum LoadShape {
    CONSTANT, STEPS, RAMPS, SPIKES, SQUARE, SQUARE_AT_OWN_PERIOD, RANDOM_WALK, BURSTS, STALLS;

    /// {@return whether a film would meet such a load on a normal day}
    boolean normal() {
        return this == CONSTANT || this == STEPS || this == RAMPS;
    }

    /// {@return the factor by time in seconds}
    DoubleUnaryOperator draw(SplittableRandom random, double seconds) {
        double low = random.nextDouble(0.8, 1.6);
        double high = low * random.nextDouble(1.2, 4);
        double period = random.nextDouble(8, 20);
        double phase = random.nextDouble(period);
        double spike = random.nextDouble(0.001, 0.006);
        long seed = random.nextLong();
        return switch (this) {
            case CONSTANT, STALLS -> _ -> low;
            case STEPS -> t -> (int) ((t + phase) / period) % 2 == 0 ? low : high;
            case RAMPS -> t -> {
                double at = (t + phase) % (2 * period) / period;
                return low + (high - low) * (at < 1 ? at : 2 - at);
            };
            case SPIKES -> t -> new SplittableRandom(seed + (long) (t * 1000)).nextDouble() < spike ? high : low;
            case SQUARE -> {
                double half = random.nextDouble(0.3, 6);
                yield t -> (int) ((t + phase) / half) % 2 == 0 ? low : high;
            }
            // A climb comes a second after a switch: the load comes just then.
            case SQUARE_AT_OWN_PERIOD -> t -> (t + phase) % 2.05 < 1.02 ? low : high;
            case RANDOM_WALK -> {
                double[] walk = new double[(int) (seconds * 10) + 20];
                double level = 0;
                for (int i = 0; i < walk.length; i++) {
                    level = 0.98 * level + 0.05 * random.nextGaussian();
                    walk[i] = low * Math.exp(Math.abs(level));
                }
                yield t -> walk[(int) Math.clamp(t * 10, 0, walk.length - 1)];
            }
            case BURSTS -> t -> new SplittableRandom(seed + (long) (t / 1.7)).nextDouble() < 0.1 ? high : low;
        };
    }

    /// {@return for how many milliseconds a frame finds no processor, by time in seconds: as a host takes them away from its guests,
    /// not at all for some seconds, then for longer than a frame's time again and again}
    DoubleUnaryOperator stalls(SplittableRandom random) {
        if (this != STALLS) {
            return _ -> 0;
        }
        double share = random.nextDouble(0.02, 0.15);
        double phase = random.nextDouble(2, 10);
        long seed = random.nextLong();
        return t -> {
            SplittableRandom at = new SplittableRandom(seed + (long) (t * 1000));
            return (int) (t / phase) % 2 == 1 && at.nextDouble() < share ? at.nextDouble(50, 300) : 0;
        };
    }
}
