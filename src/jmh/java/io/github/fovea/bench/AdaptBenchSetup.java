package io.github.fovea.bench;

import io.github.fovea.backend.Backend;
import io.github.fovea.backend.Backends;
import io.github.fovea.backend.WorkingMemory;
import io.github.fovea.frame.ColorDescription;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.PixelLayout;
import io.github.fovea.model.MetaModel;
import io.github.fovea.model.MetaPoint;
import io.github.fovea.model.ModelFile;
import io.github.fovea.model.Models;
import io.github.fovea.model.Origin;
import io.github.fovea.network.MetaGraph;
import io.github.fovea.pipeline.AdaptiveUpscaler;
import io.github.fovea.pipeline.LadderPoints;
import io.github.fovea.pipeline.NetworkRunner;
import io.github.fovea.resample.ResampleKernel;
import io.github.fovea.resample.Resampler;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/// What `bin/bench adapt` measures on: a meta-graph, a film, its small frames.
final class AdaptBenchSetup {
    static final int WIDTH = 480;
    static final int HEIGHT = 270;
    static final int FRAMES = 4;
    private static final long MEMORY = 512L << 20;
    private static final Path PICTURE = Path.of("src/main/resources/io/github/fovea/sample/harbour.png");

    final int threads;
    final Backend backend = Backends.automatic();
    final Optional<MetaModel> trained;
    /// Trained where there is a file; of random weights else, which changes no time.
    final MetaModel meta;
    final FrameFormat small = format(WIDTH, HEIGHT);
    final FrameFormat large = format(2 * WIDTH, 2 * HEIGHT);
    final List<Frame> smallFrames = new ArrayList<>();
    final List<Frame> largeFrames = new ArrayList<>();

    AdaptBenchSetup(Path model, int threads) throws IOException {
        this.threads = threads;
        trained = model != null ? ModelFile.readMeta(model)
                : Models.names().contains("adaptive-x2") ? Models.openMeta("adaptive-x2") : Optional.empty();
        meta = trained.orElseGet(AdaptBenchSetup::untrained);
        film();
    }

    private static FrameFormat format(int width, int height) {
        return new FrameFormat(width, height, PixelLayout.YCBCR_420, 8, ColorDescription.UNKNOWN);
    }

    List<WorkingMemory> memory() {
        return Stream.generate(WorkingMemory::new).limit(threads).toList();
    }

    List<NetworkRunner> compile(List<WorkingMemory> memory) {
        return NetworkRunner.compile(meta, backend, memory, MEMORY);
    }

    /// The trained points, or, where there are none, the general models of different cost.
    List<AdaptiveUpscaler.Point> points(List<WorkingMemory> memory) throws IOException {
        if (trained.isPresent()) {
            return LadderPoints.of(meta, compile(memory));
        }
        List<NetworkRunner> networks = new ArrayList<>();
        for (String name : List.of("general-x2", "general-x2-fast")) {
            networks.add(NetworkRunner.compile(Models.open(name), backend, memory, MEMORY));
        }
        return LadderPoints.of(networks);
    }

    private static MetaModel untrained() {
        MetaGraph graph = MetaGraph.named("meta-f16-n10", 2, 1);
        SplittableRandom random = new SplittableRandom(1);
        Map<String, float[]> parameters = new LinkedHashMap<>();
        graph.parameters().forEach((name, shape) -> {
            int elements = 1;
            for (int extent : shape) {
                elements *= extent;
            }
            float[] values = new float[elements];
            for (int i = 0; i < elements; i++) {
                values[i] = (float) (0.05 * random.nextGaussian());
            }
            parameters.put(name, values);
        });
        List<MetaPoint> points = new ArrayList<>();
        int[] vector = graph.smallest();
        for (int[] change : new int[][] {{1, 3}, {2, 3}, {3, 2}, {4, 3}, {5, 3}, {3, 3}, {6, 4}, {7, 4}, {8, 4}, {9, 4}, {10, 4}}) {
            vector[change[0]] = change[1];
            points.add(new MetaPoint("p" + (points.size() + 1), java.util.Arrays.stream(vector).boxed().toList(),
                    36 + 0.1 * points.size()));
        }
        return new MetaModel("untrained", graph, parameters, points, "none", 33.66,
                new Origin("", "", List.of(), Map.of(), "bench", "", ""));
    }

    /// Parts of the sample picture that drift, and what was shrunk from them.
    private void film() throws IOException {
        BufferedImage picture = ImageIO.read(PICTURE.toFile());
        Resampler shrink = Resampler.of(2 * WIDTH, 2 * HEIGHT, WIDTH, HEIGHT, ResampleKernel.BICUBIC, true);
        for (int k = 0; k < FRAMES; k++) {
            Frame hr = Frame.allocate(large);
            Frame lr = Frame.allocate(small);
            float[] luma = new float[4 * WIDTH * HEIGHT];
            for (int y = 0; y < 2 * HEIGHT; y++) {
                for (int x = 0; x < 2 * WIDTH; x++) {
                    int rgb = picture.getRGB((x + 3 * k) % picture.getWidth(), (y + k) % picture.getHeight());
                    float value = 16 + (65.481f * (rgb >> 16 & 255) + 128.553f * (rgb >> 8 & 255) + 24.966f * (rgb & 255)) / 255;
                    luma[y * 2 * WIDTH + x] = value;
                    hr.plane(0).samples()[y * 2 * WIDTH + x] = (short) Math.round(value);
                }
            }
            float[] shrunk = new float[WIDTH * HEIGHT];
            shrink.resize(luma, 0, 2 * WIDTH, shrunk, 0, WIDTH);
            for (int i = 0; i < shrunk.length; i++) {
                lr.plane(0).samples()[i] = (short) Math.clamp(Math.round(shrunk[i]), 0, 255);
            }
            for (int plane = 1; plane < 3; plane++) {
                java.util.Arrays.fill(hr.plane(plane).samples(), (short) 128);
                java.util.Arrays.fill(lr.plane(plane).samples(), (short) 128);
            }
            largeFrames.add(hr);
            smallFrames.add(lr);
        }
    }

    /// {@return the PSNR of a large frame's luma against the film, in dB}
    double psnr(Frame frame, int number) {
        short[] a = frame.plane(0).samples();
        short[] b = largeFrames.get(number % FRAMES).plane(0).samples();
        double sum = 0;
        for (int i = 0; i < b.length; i++) {
            double e = (a[i] & 0xFFFF) - (b[i] & 0xFFFF);
            sum += e * e;
        }
        return 10 * Math.log10(255 * 255 / Math.max(1e-9, sum / b.length));
    }
}
