package io.github.fovea.train;

import io.github.fovea.backend.Backend;
import io.github.fovea.backend.Backends;
import io.github.fovea.frame.ColorDescription;
import io.github.fovea.frame.ColorDescription.Matrix;
import io.github.fovea.frame.ColorDescription.Primaries;
import io.github.fovea.frame.ColorDescription.Range;
import io.github.fovea.frame.ColorDescription.Siting;
import io.github.fovea.frame.ColorDescription.Transfer;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.PixelLayout;
import io.github.fovea.frame.Plane;
import io.github.fovea.graph.Graph;
import io.github.fovea.model.Domain;
import io.github.fovea.model.StoredModel;
import io.github.fovea.network.DynamicNetwork;
import io.github.fovea.network.NetworkPath;
import io.github.fovea.patch.Region;
import io.github.fovea.pipeline.FrameUpscaler;
import io.github.fovea.pipeline.NetworkRunner;
import io.github.fovea.pipeline.Workers;
import io.github.fovea.resample.ResampleKernel;
import io.github.fovea.route.Grid;
import io.github.fovea.route.ReferencePsnr;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Runs whole frames of a clip through bicubic and every path of a network, as a player does, and measures the squared
/// error of the rounded luma. Sums are of whole numbers, so that they do not depend on threads.
final class PathScorer {
    private static final long MAX_MEMORY_BYTES = 128L << 20;

    private final int scale;
    private final Workers workers;
    private final Backend backend = Backends.automatic();
    private final FrameFormat format;
    private final Frame small;
    private final Frame large;

    /// Prepares for a clip.
    PathScorer(ClipFrames clip, Workers workers) {
        scale = clip.scale();
        this.workers = workers;
        format = new FrameFormat(clip.width(), clip.height(), PixelLayout.GREY, 8,
                new ColorDescription(Matrix.UNSPECIFIED, clip.fullRange() ? Range.FULL : Range.LIMITED,
                Transfer.UNSPECIFIED, Primaries.UNSPECIFIED, Siting.UNSPECIFIED));
        small = Frame.allocate(format);
        large = Frame.allocate(format.withSize(clip.width() * scale, clip.height() * scale));
    }

    /// {@return what enlarges frames by plain bicubic}
    FrameUpscaler bicubic() {
        return upscaler(null);
    }

    /// {@return what enlarges frames by each path}
    ///
    /// @param network    the paths
    /// @param parameters the parameters of all of them by name
    List<FrameUpscaler> paths(DynamicNetwork network, Map<String, float[]> parameters) {
        List<FrameUpscaler> upscalers = new ArrayList<>();
        for (NetworkPath path : network.paths()) {
            Graph graph = path.graph();
            Map<String, float[]> own = new LinkedHashMap<>();
            graph.parameters().keySet().forEach(name -> own.put(name, parameters.get(name)));
            StoredModel model = new StoredModel(path.name(), path.network(), Domain.LUMA, graph, own, "", "",
                    List.of(), Map.of(), "");
            upscalers.add(network(model));
        }
        return upscalers;
    }

    /// {@return what enlarges frames by a luma model}
    ///
    /// @param model the model
    FrameUpscaler network(StoredModel model) {
        return upscaler(NetworkRunner.compile(model, backend, workers.threads(), MAX_MEMORY_BYTES));
    }

    private FrameUpscaler upscaler(NetworkRunner network) {
        return new FrameUpscaler(format, large.format().width(), large.format().height(), network,
                ResampleKernel.BICUBIC, workers);
    }

    /// Sums the squared errors of the cells of a frame.
    ///
    /// @param made      HR luma as it was made
    /// @param reference HR luma as it should be
    /// @param grid      the cells, in LR pixels
    /// @param errors    receives a sum for each cell
    void errors(Plane made, Plane reference, Grid grid, double[] errors) {
        for (int cell = 0; cell < errors.length; cell++) {
            Region region = grid.cells().get(cell);
            errors[cell] = ReferencePsnr.squaredError(made, reference, region.x() * scale, region.y() * scale,
                    region.width() * scale, region.height() * scale);
        }
    }

    /// {@return a plane of the size of HR luma}
    Plane newLarge() {
        return new Plane(large.format().width(), large.format().height(), 8);
    }

    /// Enlarges LR luma.
    ///
    /// @param upscaler from [#bicubic], [#paths] or [#network]
    /// @param luma     LR luma, 8 bit
    /// @param into     receives HR luma
    void enlarge(FrameUpscaler upscaler, Plane luma, Plane into) {
        upscaler.upscale(new Frame(format, List.of(luma)), new Frame(large.format(), List.of(into)));
    }

    /// {@return the PSNR in dB of the mean squared error over some frames}
    ///
    /// @param upscaler from [#bicubic] or [#paths]
    /// @param pairs    the frames, at least one
    double psnr(FrameUpscaler upscaler, List<ClipFrames.Pair> pairs) {
        long sum = 0;
        for (ClipFrames.Pair pair : pairs) {
            ClipFrames.widen(pair.lr(), small.plane(0));
            upscaler.upscale(small, large);
            short[] made = large.plane(0).samples();
            for (int i = 0; i < made.length; i++) {
                int e = made[i] - (pair.hr()[i] & 0xFF);
                sum += e * e;
            }
        }
        long samples = (long) large.format().width() * large.format().height() * pairs.size();
        return 10 * Math.log10(255.0 * 255 * samples / sum);
    }

    /// {@return HR luma of one frame as it should be}
    ///
    /// @param pair the frame
    Plane reference(ClipFrames.Pair pair) {
        Plane plane = newLarge();
        ClipFrames.widen(pair.hr(), plane);
        return plane;
    }
}
