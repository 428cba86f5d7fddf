package io.github.fovea.cli;

import io.github.fovea.frame.FrameFormat;
import io.github.fovea.model.DynamicModel;
import io.github.fovea.onnx.OnnxModels;
import io.github.fovea.pipeline.RouteMaps;
import io.github.fovea.pipeline.RouteOptions;
import io.github.fovea.pipeline.RoutedFrameUpscaler;
import io.github.fovea.pipeline.RoutedNetwork;
import io.github.fovea.pipeline.TargetSize;
import io.github.fovea.resample.ResampleKernel;
import io.github.fovea.route.RouteMap;
import io.github.fovea.route.VideoHash;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/// The options of `fovea upscale` for models of several paths.
final class RoutedVideo {
    @Option(names = "--routes", paramLabel = "FILE",
            description = "The route map that came with the video: which part of each frame takes which path of the "
                    + "model (default: the map beside the model, MODEL.routes, where it belongs to the video; else "
                    + "decided from each frame).")
    private Path routes;

    @Option(names = "--no-halo",
            description = "Enlarges every patch by itself, as in the paper; faster, with seams.")
    private boolean noHalo;

    @Option(names = "--reuse", paramLabel = "T", defaultValue = "0",
            description = "Keeps parts of the last frame whose samples differ by at most T of 255 from what they were "
                    + "computed from (default: ${DEFAULT-VALUE}, exactly equal).")
    private int reuse;

    /// Checks what can be checked before anything is read.
    ///
    /// @throws IllegalArgumentException naming the option that is wrong
    void check() {
        OptionRange.check("--reuse", reuse, 0, 255);
    }

    /// Checks that the same video comes out wherever a job is begun again.
    ///
    /// @throws IllegalArgumentException naming the option
    void checkResumable() {
        if (reuse > 0) {
            throw new IllegalArgumentException("--resume makes the same video however often it is begun, and what "
                    + "--reuse " + reuse + " keeps depends on the frames before; leave one of them out");
        }
    }

    /// {@return what decides how frames are routed, as a line of text}
    ///
    /// @param quality   what `--quality` said, or `null`
    /// @param paths     the model, compiled, or `null` where nothing is routed
    /// @param modelName what `--model` said, or `null`
    /// @throws IOException if the route map cannot be read
    String line(Double quality, RoutedNetwork paths, String modelName) throws IOException {
        Optional<Path> map = paths == null ? Optional.empty()
                : RouteMaps.file(paths.model(), Path.of(modelName), routes);
        return "quality " + quality + " reuse " + reuse + (noHalo ? " no halo" : "")
                + (map.isEmpty() ? "" : " SHA-256 " + VideoHash.of(map.get()));
    }

    /// {@return the model to route over; empty where one network does all}
    ///
    /// That is a model of several paths or of weights that change along the video, or any model when something about
    /// routing is asked for.
    ///
    /// @param name    what `--model` said, or `null`
    /// @param quality what `--quality` said, or `null`
    /// @throws IllegalArgumentException if something about routing is asked for where there are no paths
    /// @throws IOException              if the model cannot be read
    Optional<DynamicModel> model(String name, Double quality) throws IOException {
        String asked = asked(quality);
        if (name == null) {
            if (asked != null) {
                throw new IllegalArgumentException(asked + " needs --model, the model whose paths are to be taken");
            }
            return Optional.empty();
        }
        if (asked != null && (name.equals(ModelChoice.BICUBIC) || OnnxModels.named(Path.of(name)))) {
            throw new IllegalArgumentException(asked + " is for models whose paths are to be taken, and " + name
                    + " has none; leave it out");
        }
        return ModelChoice.dynamic(name)
                .filter(model -> asked != null || model.paths().size() > 1 || model.segments().count() > 0);
    }

    /// Checks that nothing about routing is asked for where a frame rate is held by moving between operating points.
    ///
    /// @param name    what `--model` said
    /// @param quality what `--quality` said, or `null`
    /// @throws IllegalArgumentException naming the option
    void checkNotAsked(String name, Double quality) {
        String asked = asked(quality);
        if (asked != null) {
            throw new IllegalArgumentException(asked + " is for models whose paths are to be taken, and with --fps "
                    + name + " moves between its operating points; leave one of them out");
        }
    }

    /// {@return the first option about routing that is given, or `null`}
    private String asked(Double quality) {
        return routes != null ? "--routes" : noHalo ? "--no-halo" : reuse > 0 ? "--reuse"
                : quality != null ? "--quality" : null;
    }

    /// {@return what enlarges the frames}
    ///
    /// @param network  the model, compiled
    /// @param format   format of the small frames
    /// @param large    format of the large frames
    /// @param wanted   the size asked for
    /// @param video    the file, or `null` for a stream
    /// @param quality  share of the deepest path's multiply-adds, or `null` for what the model was made for
    /// @param networks gives the threads, and the name of the model's file
    /// @param name     what to call the video
    /// @param err      takes messages
    /// @throws IOException if the route map cannot be read
    RoutedFrameUpscaler stage(RoutedNetwork network, FrameFormat format, FrameFormat large, TargetSize wanted,
            Path video, Double quality, Networks networks, String name, PrintWriter err) throws IOException {
        DynamicModel model = network.model();
        int width = format.width() * model.scale();
        int height = format.height() * model.scale();
        if (wanted.widthFor(format.width(), format.height()) != width
                || wanted.heightFor(format.width(), format.height()) != height) {
            throw new IllegalArgumentException("model " + model.name() + " enlarges by " + model.scale() + ", to "
                    + width + "x"
                    + height + "; leave --scale, --width and --height out, or give a model of the scale wanted");
        }
        return new RoutedFrameUpscaler(format, large.width(), large.height(), network,
                options(model, video, quality, networks, name, err), ResampleKernel.BICUBIC, networks.workers());
    }

    /// {@return how the frames of a video are routed}
    ///
    /// @param model    the model
    /// @param video    the file, or `null` for a stream
    /// @param quality  share of the deepest path's multiply-adds, or `null` for what the model was made for
    /// @param networks knows the name of the model's file
    /// @param name     what to call the video
    /// @param err      takes messages
    /// @throws IOException if the route map cannot be read
    RouteOptions options(DynamicModel model, Path video, Double quality, Networks networks, String name,
            PrintWriter err)
            throws IOException {
        RouteMap map = map(model, video, networks.model(), name, err);
        return new RouteOptions(map, quality == null ? Double.NaN : quality, !noHalo, reuse);
    }

    private RouteMap map(DynamicModel model, Path video, String modelName, String name, PrintWriter err)
            throws IOException {
        if (video == null) {
            if (routes != null) {
                throw new IllegalArgumentException("--routes belongs to a video file, which a stream is not; leave it "
                        + "out");
            }
            return null;
        }
        return RouteMaps.find(model, Path.of(modelName), routes, video, note -> err.println("fovea: " + name + ": "
                + note));
    }
}
