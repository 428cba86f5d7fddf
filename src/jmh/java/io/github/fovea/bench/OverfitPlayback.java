package io.github.fovea.bench;

import io.github.fovea.backend.Backends;
import io.github.fovea.frame.Frame;
import io.github.fovea.media.FrameSource;
import io.github.fovea.media.VideoFiles;
import io.github.fovea.model.DynamicModel;
import io.github.fovea.pipeline.RouteOptions;
import io.github.fovea.pipeline.RoutedFrameUpscaler;
import io.github.fovea.pipeline.RoutedNetwork;
import io.github.fovea.pipeline.Workers;
import io.github.fovea.resample.ResampleKernel;
import io.github.fovea.route.RouteMap;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Plays the first frames of a clip on a model and times them, chroma included, from frames in memory to frames in memory.
///
/// @param leastMillis  the fastest frame, in ms
/// @param medianMillis the middle one
/// @param mostMillis   the slowest one
/// @param memoryBytes  weights and working memory of all threads
/// @param haloFactor   multiply-adds with halos over those without
record OverfitPlayback(double leastMillis, double medianMillis, double mostMillis, long memoryBytes, double haloFactor) {
    private static final int FRAMES = 30;
    private static final int ROUNDS = 3;
    static final long MEMORY = 512L << 20;

    /// {@return the round with the fastest median}
    ///
    /// @param model   the model
    /// @param map     the route map, or `null`
    /// @param lr      the LR video
    /// @param workers threads to run on
    static OverfitPlayback of(DynamicModel model, RouteMap map, Path lr, Workers workers) throws IOException {
        List<Frame> frames = frames(lr);
        RoutedNetwork network = RoutedNetwork.compile(model, Backends.automatic(), workers.threads(), MEMORY);
        network.warmUp();
        OverfitPlayback best = null;
        for (int round = 0; round < ROUNDS; round++) {
            RoutedFrameUpscaler upscaler = new RoutedFrameUpscaler(frames.getFirst().format(),
                    frames.getFirst().format().width() * model.scale(), frames.getFirst().format().height() * model.scale(),
                    network, RouteOptions.DEFAULT.withMap(map), ResampleKernel.BICUBIC, workers);
            Frame large = Frame.allocate(upscaler.output());
            double[] millis = new double[frames.size()];
            for (int i = 0; i < millis.length; i++) {
                long start = System.nanoTime();
                upscaler.upscale(frames.get(i), large);
                millis[i] = (System.nanoTime() - start) / 1e6;
            }
            Arrays.sort(millis);
            if (best == null || millis[millis.length / 2] < best.medianMillis) {
                long weights = model.parameters().values().stream().mapToLong(values -> 4L * values.length).sum();
                best = new OverfitPlayback(millis[0], millis[millis.length / 2], millis[millis.length - 1],
                        weights + network.workspaceBytes(), upscaler.statistics().haloFactor());
            }
        }
        return best;
    }

    private static List<Frame> frames(Path lr) throws IOException {
        List<Frame> frames = new ArrayList<>();
        try (FrameSource source = VideoFiles.open(lr, null)) {
            for (Frame frame = source.next(null); frame != null && frames.size() < FRAMES; frame = source.next(null)) {
                frames.add(frame);
            }
        }
        return frames;
    }
}
