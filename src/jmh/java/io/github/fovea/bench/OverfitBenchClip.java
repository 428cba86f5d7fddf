package io.github.fovea.bench;

import io.github.fovea.media.FfmpegTools;
import io.github.fovea.media.Ratio;
import io.github.fovea.media.VideoFiles;
import io.github.fovea.media.VideoProbe;
import io.github.fovea.model.Domain;
import io.github.fovea.model.DynamicModel;
import io.github.fovea.model.ModelFile;
import io.github.fovea.model.Models;
import io.github.fovea.model.Origin;
import io.github.fovea.model.Routing;
import io.github.fovea.model.StoredModel;
import io.github.fovea.network.DynamicNetwork;
import io.github.fovea.network.NetworkPath;
import io.github.fovea.pipeline.Progress;
import io.github.fovea.pipeline.Workers;
import io.github.fovea.route.RouteMapFile;
import io.github.fovea.route.VideoHash;
import io.github.fovea.train.ClipFrames;
import io.github.fovea.train.ClipPass;
import io.github.fovea.train.LowResolution;
import io.github.fovea.train.OverfitListener;
import io.github.fovea.train.OverfitOptions;
import io.github.fovea.train.OverfittedNetwork;
import io.github.fovea.train.Overfitting;
import io.github.fovea.train.RouteLearning;
import io.github.fovea.train.TrainingOptions;
import io.github.fovea.train.WarmStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/// One clip made ready for [OverfitBench], and what is done with it: training, and the pass that measures.
///
/// @param options the options of the program
/// @param name    what tables call the clip
/// @param hr      the HR video
/// @param lr      the LR video
/// @param crf     quality of the LR video through H.264, -1 for lossless
/// @param rate    frames per second that an HR video of variable rate is converted to, or `null`
/// @param frames  both in memory
/// @param hash    SHA-256 of the LR video
/// @param lrBytes its size
record OverfitBenchClip(OverfitBenchOptions options, String name, Path hr, Path lr, int crf, Ratio rate, ClipFrames frames,
        String hash, long lrBytes) {
    /// A network overfitted, with its routes and scores.
    ///
    /// @param trained    what training made
    /// @param model      the model
    /// @param pass       what the pass over the clip found
    /// @param modelBytes bytes of its file
    /// @param mapBytes   bytes of the route map
    record Overfitted(OverfittedNetwork trained, DynamicModel model, ClipPass.Result pass, long modelBytes, long mapBytes) {
        /// {@return average multiply-adds per LR pixel, as the route map says}
        double averageMacs() {
            double average = 0;
            for (int path = 0; path < pass.shares().size(); path++) {
                average += pass.shares().get(path) * model.macsPerPixel(path);
            }
            return average;
        }

        /// {@return index of the way that the route map says}
        int byMap() {
            return pass.scores().methods().indexOf("routed by map");
        }

        /// {@return index of the way that scores say}
        int byScore() {
            return pass.scores().methods().indexOf("routed by score");
        }
    }

    /// {@return a clip, its LR video made}
    ///
    /// @param options the options of the program
    /// @param hr      the HR video
    /// @param crf     quality of the LR video through H.264, -1 for lossless
    /// @param scratch folder for the LR video
    static OverfitBenchClip of(OverfitBenchOptions options, Path hr, int crf, Path scratch) throws IOException {
        String name = hr.getFileName().toString().equals("hr.mp4") ? hr.getParent().getFileName().toString()
                : hr.getFileName().toString();
        Ratio rate = null;
        if (!VideoFiles.isY4mName(hr)) {
            VideoProbe probe = VideoProbe.read(FfmpegTools.find(), hr);
            rate = probe.variableRate() ? probe.frameRate() : null;
        }
        Path lr = scratch.resolve(name + (crf < 0 ? ".y4m" : "-crf" + crf + ".mp4"));
        LowResolution.make(hr, rate, lr, options.scale(), crf, true);
        ClipFrames frames = ClipFrames.read(lr, hr, rate, options.scale(), Runtime.getRuntime().maxMemory() / 2);
        return new OverfitBenchClip(options, name, hr, lr, crf, rate, frames, VideoHash.of(lr), Files.size(lr));
    }

    /// {@return the bundled general model of the scale, if there is one}
    List<StoredModel> general() throws IOException {
        String model = "general-x" + options.scale();
        return Models.names().contains(model) ? List.of(Models.open(model)) : List.of();
    }

    /// Trains a network from the bundled models.
    ///
    /// @param network the paths
    /// @param time    how long
    /// @param focus   cells that patches are drawn around
    OverfittedNetwork train(DynamicNetwork network, Duration time, OverfitOptions.Focus focus) throws IOException {
        List<WarmStart> starts = new ArrayList<>();
        for (String start : Models.names()) {
            StoredModel model = Models.open(start);
            if (model.scale() == options.scale()) {
                starts.add(WarmStart.of(model));
            }
        }
        OverfitOptions base = OverfitOptions.of(network).withSeed(options.seed(), options.threads()).withStarts(starts);
        OverfitOptions.Sampling sampling = base.sampling();
        List<Integer> batches = options.batch() > 0 ? List.of(options.batch()) : sampling.batches();
        double rate0 = options.learningRate() > 0 ? options.learningRate() : base.schedule().learningRate();
        // A training that gets half of the time gets half of the steps.
        long steps = Math.round((double) options.steps() * time.toMillis() / options.time().toMillis());
        return Overfitting.run(base.with(new TrainingOptions.Schedule(steps, steps > 0 ? null : time, rate0, 100))
                .with(sampling(network, batches, focus))
                .with(base.loss(), base.weights(), options.average() < 0 ? base.averageDecay() : options.average())
                .with(options.precision())
                .withPlateau(false), frames, OverfitListener.silent());
    }

    private OverfitOptions.Sampling sampling(DynamicNetwork network, List<Integer> batches, OverfitOptions.Focus focus) {
        OverfitOptions.PatchSize small = new OverfitOptions.PatchSize(options.patch(), options.patch());
        int paths = network.paths().size();
        if (!options.bySize() || paths == 1) {
            return new OverfitOptions.Sampling(batches, List.of(small), options.margin(), List.of(focus));
        }
        OverfitOptions.PatchSize large = new OverfitOptions.PatchSize(2 * options.patch(), 2 * options.patch());
        List<OverfitOptions.PatchSize> sizes = new ArrayList<>(Collections.nCopies(paths - 1, large));
        sizes.add(small);
        return OverfitOptions.Sampling.bySize(batches, sizes, options.margin());
    }

    /// {@return a network trained, its routes learnt, and everything measured}
    ///
    /// @param network the paths
    /// @param time    how long to train
    Overfitted overfit(DynamicNetwork network, Duration time) throws IOException {
        return measure(network, train(network, time, options.focus()));
    }

    /// {@return a trained network with its routes learnt, and everything measured}
    ///
    /// @param network the paths
    /// @param trained its weights
    Overfitted measure(DynamicNetwork network, OverfittedNetwork trained) throws IOException {
        double quality = network.paths().size() == 1 ? 1 : options.quality();
        try (Workers workers = Workers.ofThreads(options.threads())) {
            int columns = RouteLearning.columns(frames);
            int rows = RouteLearning.rows(frames);
            Routing routing = options.bySize() && network.paths().size() > 1
                    ? RouteLearning.bySize(network, frames, columns, rows, "laplacian", quality)
                    : RouteLearning.learn(trained, frames, columns, rows, "laplacian", quality, workers);
            return pass(trained, model(network.name(), network.paths(), trained.parameters(), routing), quality, general(), workers);
        }
    }

    /// {@return what a pass over the clip finds}
    Overfitted pass(OverfittedNetwork trained, DynamicModel model, double quality, List<StoredModel> others, Workers workers)
            throws IOException {
        ClipPass.Result result = ClipPass.run(lr, hr, rate, frames, model, hash, others, quality, workers, Progress.NONE);
        Path file = Files.createTempFile("fovea-bench", ".fovea");
        try {
            ModelFile.write(model, file);
            return new Overfitted(trained, model, result, Files.size(file), RouteMapFile.bytes(result.map()).length);
        } finally {
            Files.delete(file);
        }
    }

    /// {@return a model for this clip}
    DynamicModel model(String network, List<NetworkPath> paths, Map<String, float[]> parameters, Routing routing) {
        return new DynamicModel("bench", network, Domain.LUMA, paths, parameters, routing,
                new Origin("", "", List.of(), Map.of(), "bench", "", hash));
    }
}
