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
import io.github.fovea.pipeline.FrameUpscaler;
import io.github.fovea.pipeline.NetworkRunner;
import io.github.fovea.pipeline.Workers;
import io.github.fovea.resample.ResampleKernel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Runs whole frames of a clip through bicubic and every path of a network, as a player does, and measures the squared error
/// of the rounded luma. Sums are of whole numbers, so that they do not depend on threads.
final class PathScorer {
    private static final long MAX_MEMORY_BYTES = 128L << 20;

    private final ClipFrames clip;
    private final Workers workers;
    private final Backend backend = Backends.automatic();
    private final FrameFormat format;
    private final Frame small;
    private final Frame large;

    /// Prepares for a clip.
    PathScorer(ClipFrames clip, Workers workers) {
        this.clip = clip;
        this.workers = workers;
        format = new FrameFormat(clip.width(), clip.height(), PixelLayout.GREY, 8, new ColorDescription(Matrix.UNSPECIFIED,
                clip.fullRange() ? Range.FULL : Range.LIMITED, Transfer.UNSPECIFIED, Primaries.UNSPECIFIED,
                Siting.UNSPECIFIED));
        small = Frame.allocate(format);
        large = Frame.allocate(format.withSize(clip.width() * clip.scale(), clip.height() * clip.scale()));
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
            StoredModel model = new StoredModel(path.name(), path.network(), Domain.LUMA, graph, own, "", "", List.of(), Map.of(),
                    "");
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
        return new FrameUpscaler(format, large.format().width(), large.format().height(), network, ResampleKernel.BICUBIC,
                workers);
    }

    /// {@return the squared error of one frame, summed over cells}
    ///
    /// @param upscaler   from [#bicubic] or [#paths]
    /// @param pair       the frame
    /// @param cellHeight HR rows of a cell
    /// @param cellWidth  HR columns of a cell
    long[] errors(FrameUpscaler upscaler, ClipFrames.Pair pair, int cellHeight, int cellWidth) {
        widen(pair.lr(), small.plane(0).samples());
        upscaler.upscale(small, large);
        int width = large.format().width();
        int height = large.format().height();
        int columns = (width + cellWidth - 1) / cellWidth;
        long[] cells = new long[columns * ((height + cellHeight - 1) / cellHeight)];
        short[] made = large.plane(0).samples();
        for (int y = 0; y < height; y++) {
            for (int begin = 0, column = 0; begin < width; begin += cellWidth, column++) {
                long sum = 0;
                for (int i = y * width + begin; i < y * width + Math.min(width, begin + cellWidth); i++) {
                    int e = made[i] - (pair.hr()[i] & 0xFF);
                    sum += e * e;
                }
                cells[y / cellHeight * columns + column] += sum;
            }
        }
        return cells;
    }

    private static void widen(byte[] codes, short[] samples) {
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (short) (codes[i] & 0xFF);
        }
    }

    /// {@return one frame enlarged, in a plane of its own}
    ///
    /// @param upscaler from [#bicubic], [#paths] or [#network]
    /// @param pair     the frame
    Plane enlarged(FrameUpscaler upscaler, ClipFrames.Pair pair) {
        widen(pair.lr(), small.plane(0).samples());
        Frame made = Frame.allocate(large.format());
        upscaler.upscale(small, made);
        return made.plane(0);
    }

    /// {@return one frame as it should be}
    ///
    /// @param pair the frame
    Plane reference(ClipFrames.Pair pair) {
        Plane plane = new Plane(large.format().width(), large.format().height(), 8);
        widen(pair.hr(), plane.samples());
        return plane;
    }

    /// {@return the PSNR in dB of the mean squared error over some frames}
    ///
    /// @param upscaler from [#bicubic] or [#paths]
    /// @param pairs    the frames, at least one
    double psnr(FrameUpscaler upscaler, List<ClipFrames.Pair> pairs) {
        long sum = 0;
        for (ClipFrames.Pair pair : pairs) {
            sum += Arrays.stream(errors(upscaler, pair, large.format().height(), large.format().width())).sum();
        }
        long samples = (long) large.format().width() * large.format().height() * pairs.size();
        return 10 * Math.log10(255.0 * 255 * samples / sum);
    }
}
