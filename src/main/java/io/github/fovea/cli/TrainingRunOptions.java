package io.github.fovea.cli;

import io.github.fovea.train.TrainingOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/// How long a training takes, from what seed and on how many threads: the options of every command that trains.
final class TrainingRunOptions {
    private static final double LEAST_MINUTES = 0.001;
    /// A year.
    private static final double MOST_MINUTES = 525_600;
    private static final long MOST_STEPS = 1L << 40;

    @ArgGroup
    private Length length = new Length();

    @Option(names = "--seed", paramLabel = "S", defaultValue = "1", description = "Seed (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--threads", paramLabel = "N", description = "Threads (default: the number of processors).")
    private Integer threads;

    /// One of the two at most.
    private static final class Length {
        @Option(names = "--minutes", paramLabel = "M",
                description = "Minutes to take, where --steps is not given (default: 10; of search 30).")
        private Double minutes;

        @Option(names = "--steps", paramLabel = "N", description = "Steps to train; repeatable bit for bit.")
        private Long steps;
    }

    /// Checks what can be checked before anything is read or written.
    ///
    /// @throws IllegalArgumentException naming the option that is wrong
    void check() {
        OptionRange.check("--steps", length.steps, 1, MOST_STEPS);
        OptionRange.check("--minutes", length.minutes, LEAST_MINUTES, MOST_MINUTES);
        OptionRange.check("--threads", threads, 1, EngineOptions.MAX_THREADS);
    }

    /// {@return the steps asked for; none where training goes by the clock}
    OptionalLong steps() {
        return length.steps == null ? OptionalLong.empty() : OptionalLong.of(length.steps);
    }

    /// {@return the time asked for, in minutes}
    ///
    /// @param usual the time where none is asked for
    double minutes(double usual) {
        return length.minutes == null ? usual : length.minutes;
    }

    /// {@return a schedule of the length asked for}
    ///
    /// @param usual        the schedule where none is asked for
    /// @param learningRate highest learning rate, or `null` for the usual one
    TrainingOptions.Schedule schedule(TrainingOptions.Schedule usual, Double learningRate) {
        double rate = learningRate == null ? usual.learningRate() : learningRate;
        if (length.steps != null) {
            return new TrainingOptions.Schedule(length.steps, null, rate, usual.warmUpSteps());
        }
        Duration time = length.minutes == null ? usual.time() : Duration.ofMillis(Math.round(length.minutes * 60_000));
        return new TrainingOptions.Schedule(0, time, rate, usual.warmUpSteps());
    }

    /// {@return where a command saves a training that it can go on with}
    ///
    /// @param output the model file that the training is for
    static Path checkpoint(Path output) {
        return output.resolveSibling(output.getFileName() + ".checkpoint");
    }

    /// {@return the seed}
    long seed() {
        return seed;
    }

    /// {@return the threads asked for}
    ///
    /// @param usual threads where none are asked for
    int threads(int usual) {
        return threads == null ? usual : threads;
    }
}
