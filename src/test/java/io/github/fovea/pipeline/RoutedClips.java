package io.github.fovea.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.github.fovea.backend.Backend;
import io.github.fovea.backend.Backends;
import io.github.fovea.frame.ColorDescription.Range;
import io.github.fovea.frame.ColorDescription;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.PixelLayout;
import io.github.fovea.frame.Plane;
import io.github.fovea.graph.RandomParameters;
import io.github.fovea.model.Domain;
import io.github.fovea.model.DynamicModel;
import io.github.fovea.model.Origin;
import io.github.fovea.model.Routing;
import io.github.fovea.model.StoredModel;
import io.github.fovea.network.DynamicNetwork;
import io.github.fovea.resample.ResampleKernel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// Dynamic models and clips for tests of routed frames.
final class RoutedClips {
    static final long PLENTY = 1L << 30;
    /// Compiled at once; the vector kernels are interpreted for long. One test runs them.
    static final Backend BACKEND = Backends.require("scalar");
    static final String HASH = "0".repeat(64);
    static final String TWO = "collapsed-f2-n1+collapsed-f4-n1";

    static DynamicModel model(String network, int scale, Routing routing) {
        DynamicNetwork built = DynamicNetwork.named(network, scale, 1);
        Map<String, float[]> parameters = RandomParameters.of(built.parameters(), new SplittableRandom(11), 0.1);
        return new DynamicModel("clip", network, Domain.LUMA, built.paths(), parameters, routing,
                new Origin("", "", List.of(), Map.of(), "", "", ""));
    }

    /// Every cell of 6 x 4 to one path of two.
    static Routing everything(int path) {
        Double[] thresholds = new Double[2];
        for (int p = 0; p < 2; p++) {
            thresholds[p] = p < path ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        return new Routing.ByScore(6, 4, "laplacian", List.of(thresholds), List.of(1.0, 1.5));
    }

    static FrameFormat format(PixelLayout layout, int width, int height, int bitDepth) {
        ColorDescription unknown = ColorDescription.UNKNOWN;
        return new FrameFormat(width, height, layout, bitDepth, new ColorDescription(unknown.matrix(), Range.LIMITED,
                unknown.transfer(), unknown.primaries(), unknown.siting()));
    }

    /// Smooth waves, noise to the right.
    static Frame picture(FrameFormat format, int shift, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Frame frame = Frame.allocate(format);
        for (Plane plane : frame.planes()) {
            for (int y = 0; y < plane.height(); y++) {
                for (int x = 0; x < plane.width(); x++) {
                    int noise = random.nextInt(1 + 40 * x / plane.width());
                    double value = 100 + 50 * Math.sin((x + shift) * 0.2) * Math.cos(y * 0.15) + noise;
                    plane.set(x, y, (int) (value * plane.maximum() / 255));
                }
            }
        }
        return frame;
    }

    static RoutedFrameUpscaler upscaler(FrameFormat format, DynamicModel model, RouteOptions options, Workers workers,
            long memory) {
        RoutedNetwork network = RoutedNetwork.compile(model, BACKEND, workers.threads(), memory);
        return new RoutedFrameUpscaler(format, format.width() * model.scale(), format.height() * model.scale(), network,
                options, ResampleKernel.BICUBIC, workers);
    }

    static List<Frame> routed(List<Frame> clip, DynamicModel model, RouteOptions options, int threads, long memory) {
        try (Workers workers = Workers.ofThreads(threads)) {
            RoutedFrameUpscaler upscaler = upscaler(clip.getFirst().format(), model, options, workers, memory);
            List<Frame> large = new ArrayList<>();
            for (Frame small : clip) {
                Frame made = Frame.allocate(upscaler.output());
                upscaler.upscale(small, made);
                large.add(made);
            }
            return large;
        }
    }

    static Frame routed(Frame small, DynamicModel model, RouteOptions options, int threads) {
        return routed(List.of(small), model, options, threads, PLENTY).getFirst();
    }

    static Frame whole(Frame small, StoredModel model, int scale) {
        try (Workers workers = Workers.ofThreads(1)) {
            NetworkRunner network = model == null ? null : NetworkRunner.compile(model, BACKEND, 1, PLENTY);
            FrameUpscaler upscaler = new FrameUpscaler(small.format(), small.format().width() * scale,
                    small.format().height() * scale, network, ResampleKernel.BICUBIC, workers);
            Frame large = Frame.allocate(upscaler.output());
            upscaler.upscale(small, large);
            return large;
        }
    }

    static void assertSame(Frame wanted, Frame got, String what) {
        for (int p = 0; p < wanted.planes().size(); p++) {
            assertArrayEquals(wanted.plane(p).samples(), got.plane(p).samples(), what + ", plane " + p);
        }
    }

    private RoutedClips() {}
}
