package io.github.fovea.bench;

import io.github.fovea.graph.Graph;
import io.github.fovea.network.Networks;
import io.github.fovea.train.Parametrisation;
import io.github.fovea.train.Training;
import io.github.fovea.train.TrainingListener;
import io.github.fovea.train.TrainingOptions;
import io.github.fovea.train.TrainingProgress;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/// Times a step of training (forward, backward, update): 16 patches of 48x48 LR of a luma network of 16 channels and 6 body
/// layers at x2, on one thread and on two, with plain weights and with linear blocks.
///
/// GFLOP/s counts forward, input gradient and weight gradient of every convolution (2 per multiply-add), without the input
/// gradient of the first one, and nothing else.
public final class TrainStepBench {
    private static final String NETWORK = "collapsed-f16-n6";
    private static final int BATCH = 16;
    private static final int PATCH = 48;
    private static final int SECONDS = 12;

    private TrainStepBench() {}

    /// Prints the table.
    ///
    /// @param args options; `--help` lists them
    /// @throws IOException if the temporary folder cannot be used
    public static void main(String[] args) throws IOException {
        boolean tsv = new BenchOptions("train-step", "A step of training.").parse(args).tsv();
        Graph graph = Networks.named(NETWORK, 2, 1);
        double flops = 2.0 * BATCH * PATCH * PATCH * (3.0 * graph.macsPerPixel() - 16 * 9);
        Path folder = Files.createTempDirectory("fovea-bench");
        try {
            ImageIO.write(noise(), "png", folder.resolve("noise.png").toFile());
            System.out.println(tsv ? "threads\tweights\tms_per_step\tgflops" : "threads  weights       ms per step  GFLOP/s");
            for (Parametrisation form : List.of(Parametrisation.PLAIN, Parametrisation.LINEAR_BLOCK)) {
                for (int threads : new int[] {1, 2}) {
                    double seconds = secondsPerStep(folder, form, threads);
                    System.out.printf(Locale.ROOT, tsv ? "%d\t%s\t%.2f\t%.1f%n" : "%7d  %-12s  %11.2f  %7.1f%n", threads,
                            form.name().toLowerCase(Locale.ROOT), seconds * 1e3, flops / seconds / 1e9);
                }
            }
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /// The median over the reports of the second half, when everything is compiled.
    private static double secondsPerStep(Path folder, Parametrisation form, int threads) throws IOException {
        List<Double> speeds = new ArrayList<>();
        TrainingListener listener = (TrainingProgress progress) -> {
            speeds.add(progress.stepsPerSecond());
            return true;
        };
        Training.run(TrainingOptions.of(folder, NETWORK, 2).withTime(Duration.ofSeconds(SECONDS)).withSeed(1, threads)
                .withPatches(BATCH, PATCH, 1).withHeldOut(0).withWeights(form, 0.999, 0), listener);
        List<Double> warm = speeds.subList(speeds.size() / 2, speeds.size()).stream().sorted().toList();
        return 1 / warm.get(warm.size() / 2);
    }

    private static BufferedImage noise() {
        BufferedImage image = new BufferedImage(512, 512, BufferedImage.TYPE_BYTE_GRAY);
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 512 * 512; i++) {
            image.getRaster().setSample(i % 512, i / 512, 0, random.nextInt(256));
        }
        return image;
    }
}
