package io.github.fovea.bench;

import io.github.fovea.adapt.ControllerOptions;
import io.github.fovea.backend.Backend;
import io.github.fovea.backend.Backends;
import io.github.fovea.backend.WorkingMemory;
import io.github.fovea.frame.ColorDescription;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.PixelLayout;
import io.github.fovea.frame.Plane;
import io.github.fovea.media.FrameSource;
import io.github.fovea.media.Ratio;
import io.github.fovea.media.VideoFiles;
import io.github.fovea.model.MetaModel;
import io.github.fovea.model.MetaPoint;
import io.github.fovea.model.ModelFile;
import io.github.fovea.model.Models;
import io.github.fovea.model.Origin;
import io.github.fovea.network.MetaGraph;
import io.github.fovea.pipeline.AdaptiveUpscaler;
import io.github.fovea.pipeline.FrameTurns;
import io.github.fovea.pipeline.LadderPoints;
import io.github.fovea.pipeline.NetworkRunner;
import io.github.fovea.pipeline.TextureLadder;
import io.github.fovea.pipeline.Workers;
import io.github.fovea.resample.ResampleKernel;
import io.github.fovea.resample.Resampler;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
    private static final int PARTS = 4;
    private static final int CLIP_FRAMES = 48;
    private static final long MEMORY = 512L << 20;
    private static final Path CLIP = Path.of(BenchOptions.data(), "clips", "arena_game_540p", "hr.mp4");
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

    AdaptBenchSetup(Path model, int threads, String clip) throws IOException {
        this.threads = threads;
        trained = model != null ? ModelFile.readMeta(model)
                : Models.names().contains("adaptive-x2") ? Models.openMeta("adaptive-x2") : Optional.empty();
        meta = trained.orElseGet(AdaptBenchSetup::untrained);
        film(clip != null ? Path.of(clip) : Files.exists(CLIP) ? CLIP : null);
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

    /// Points of sessions: by texture class where `textured` is there, else each for whole frames.
    record Points(TextureLadder textured, List<AdaptiveUpscaler.Point> whole) {}

    /// The trained points, or, where there are none, the general models of different cost.
    Points points(List<WorkingMemory> memory) throws IOException {
        if (trained.isPresent() && trained.get().texture().isPresent()) {
            return new Points(TextureLadder.of(meta, backend, memory, MEMORY), null);
        }
        if (trained.isPresent()) {
            return new Points(null, LadderPoints.of(meta, compile(memory)));
        }
        List<NetworkRunner> networks = new ArrayList<>();
        for (String name : List.of("general-x2", "general-x2-medium", "general-x2-fast")) {
            networks.add(NetworkRunner.compile(Models.open(name), backend, memory, MEMORY));
        }
        return new Points(null, LadderPoints.of(networks));
    }

    AdaptiveUpscaler session(ControllerOptions options, Workers workers, FrameTurns turns) throws IOException {
        List<WorkingMemory> memory = memory();
        return session(small, points(memory), memory, options, workers, turns);
    }

    AdaptiveUpscaler session(FrameFormat format, Points points, List<WorkingMemory> memory, ControllerOptions options,
            Workers workers, FrameTurns turns) {
        int width = 2 * format.width();
        int height = 2 * format.height();
        return points.textured() != null
                ? new AdaptiveUpscaler(format, width, height, points.textured(), memory, options, options.deadlineNanos(), workers,
                        turns)
                : new AdaptiveUpscaler(format, width, height, points.whole(), memory, options, options.deadlineNanos(), workers,
                        turns);
    }

    private static MetaModel untrained() {
        MetaGraph graph = MetaGraph.named("meta-f16-n10", 2, 1);
        List<MetaPoint> points = new ArrayList<>();
        int[] vector = graph.smallest();
        for (int[] change : new int[][] {{1, 3}, {2, 3}, {3, 2}, {4, 3}, {5, 3}, {3, 3}, {6, 4}, {7, 4}, {8, 4}, {9, 4}, {10, 4}}) {
            vector[change[0]] = change[1];
            points.add(new MetaPoint("p" + (points.size() + 1), Arrays.stream(vector).boxed().toList(),
                    36 + 0.1 * points.size()));
        }
        return new MetaModel("untrained", graph, randomParameters(graph), points, "none", 33.66,
                new Origin("", "", List.of(), Map.of(), "bench", "", ""));
    }

    static Map<String, float[]> randomParameters(MetaGraph graph) {
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
        return parameters;
    }

    private void film(Path clip) throws IOException {
        if (clip == null) {
            parts();
            return;
        }
        try (FrameSource source = VideoFiles.open(clip, new Ratio(25, 1))) {
            FrameFormat format = source.format().frame();
            if (format.width() < 2 * WIDTH || format.height() < 2 * HEIGHT || !format.layout().isYCbCr()) {
                throw new IOException(clip + " is " + format + ", wanted YCbCr of at least " + 2 * WIDTH + "x" + 2 * HEIGHT);
            }
            for (Frame frame = source.next(null); frame != null && smallFrames.size() < CLIP_FRAMES; frame = source.next(frame)) {
                Plane luma = frame.plane(0);
                add((x, y) -> luma.samples()[y * luma.width() + x] & 0xFFFF);
            }
        }
    }

    /// Parts of the sample picture that drift.
    private void parts() throws IOException {
        BufferedImage picture = ImageIO.read(PICTURE.toFile());
        for (int k = 0; k < PARTS; k++) {
            int shift = k;
            add((x, y) -> {
                int rgb = picture.getRGB((x + 3 * shift) % picture.getWidth(), (y + shift) % picture.getHeight());
                return 16 + (65.481f * (rgb >> 16 & 255) + 128.553f * (rgb >> 8 & 255) + 24.966f * (rgb & 255)) / 255;
            });
        }
    }

    @FunctionalInterface
    private interface Luma {
        float at(int x, int y);
    }

    /// A large frame, and the small one shrunk from it, bicubic with antialias, 8 bit. Chroma is grey.
    private void add(Luma source) {
        Frame hr = Frame.allocate(large);
        Frame lr = Frame.allocate(small);
        float[] luma = new float[4 * WIDTH * HEIGHT];
        for (int y = 0; y < 2 * HEIGHT; y++) {
            for (int x = 0; x < 2 * WIDTH; x++) {
                float value = source.at(x, y);
                luma[y * 2 * WIDTH + x] = value;
                hr.plane(0).samples()[y * 2 * WIDTH + x] = (short) Math.round(value);
            }
        }
        float[] shrunk = new float[WIDTH * HEIGHT];
        Resampler.of(2 * WIDTH, 2 * HEIGHT, WIDTH, HEIGHT, ResampleKernel.BICUBIC, true)
                .resize(luma, 0, 2 * WIDTH, shrunk, 0, WIDTH);
        for (int i = 0; i < shrunk.length; i++) {
            lr.plane(0).samples()[i] = (short) Math.clamp(Math.round(shrunk[i]), 0, 255);
        }
        for (int plane = 1; plane < 3; plane++) {
            Arrays.fill(hr.plane(plane).samples(), (short) 128);
            Arrays.fill(lr.plane(plane).samples(), (short) 128);
        }
        largeFrames.add(hr);
        smallFrames.add(lr);
    }

    /// {@return the PSNR of a large frame's luma against the film, in dB}
    double psnr(Frame frame, int number) {
        short[] a = frame.plane(0).samples();
        short[] b = largeFrames.get(number).plane(0).samples();
        double sum = 0;
        for (int i = 0; i < b.length; i++) {
            double e = (a[i] & 0xFFFF) - (b[i] & 0xFFFF);
            sum += e * e;
        }
        return 10 * Math.log10(255 * 255 / Math.max(1e-9, sum / b.length));
    }
}
