package io.github.fovea;

import io.github.fovea.adapt.MachineSensor;
import io.github.fovea.backend.Backend;
import io.github.fovea.backend.Backends;
import io.github.fovea.backend.WorkingMemory;
import io.github.fovea.error.UnavailableException;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.Plane;
import io.github.fovea.media.BufferedImages;
import io.github.fovea.media.EncodeOptions;
import io.github.fovea.media.FrameSink;
import io.github.fovea.media.FrameSource;
import io.github.fovea.media.VideoFiles;
import io.github.fovea.model.MetaModel;
import io.github.fovea.pipeline.AdaptiveUpscaler;
import io.github.fovea.pipeline.Cancellation;
import io.github.fovea.pipeline.FrameStage;
import io.github.fovea.pipeline.FrameTurns;
import io.github.fovea.pipeline.FrameUpscaler;
import io.github.fovea.pipeline.LadderPoints;
import io.github.fovea.pipeline.NetworkRunner;
import io.github.fovea.pipeline.PictureNetwork;
import io.github.fovea.pipeline.PictureUpscaler;
import io.github.fovea.pipeline.Progress;
import io.github.fovea.pipeline.RouteMaps;
import io.github.fovea.pipeline.RouteOptions;
import io.github.fovea.pipeline.RoutedFrameUpscaler;
import io.github.fovea.pipeline.RoutedNetwork;
import io.github.fovea.pipeline.TextureLadder;
import io.github.fovea.pipeline.VideoRun;
import io.github.fovea.pipeline.WorkerBytes;
import io.github.fovea.pipeline.Workers;
import io.github.fovea.resample.ResampleKernel;
import io.github.fovea.route.RouteMap;
import io.github.fovea.route.RouteMapFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.DoublePredicate;
import java.util.stream.Stream;

/// Enlarges pictures, frames of video, and video files by a model's factor.
///
/// ```java
/// Model model = Model.load(Path.of("clip.fovea"));
/// try (Upscaler upscaler = Upscaler.open(model)) {
///     upscaler.upscaleVideo(Path.of("lr.mp4"), Path.of("hr.mp4"));
/// }
/// ```
///
/// Immutable after [#open], and shareable between threads: concurrent calls take turns on the same worker threads and
/// the same working memory, whose size is known before ([#peakBytes]). Closing ends the threads that the upscaler has
/// made, never an executor of the caller's.
public final class Upscaler implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Upscaler.class.getName());

    private final Model model;
    private final UpscalerOptions options;
    private final Workers workers;
    private final NetworkRunner network;
    /// What the networks of all operating points share, one for each worker.
    private final List<WorkingMemory> memory;
    /// Pictures and frames take turns: they share the working memory.
    private final FrameTurns turns = new FrameTurns(MachineSensor.ofMachine());
    /// The operating points of sessions; made when they are first wanted.
    private List<AdaptiveUpscaler.Point> points;
    private TextureLadder textures;
    /// All paths of the model; compiled when they are first wanted.
    private RoutedNetwork routed;
    private volatile boolean closed;

    private Upscaler(
            Model model, UpscalerOptions options, Workers workers, NetworkRunner network, List<WorkingMemory> memory) {
        this.model = model;
        this.options = options;
        this.workers = workers;
        this.network = network;
        this.memory = memory;
    }

    /// {@return an upscaler with the default options}
    ///
    /// @param model the network
    public static Upscaler open(Model model) {
        return open(model, UpscalerOptions.defaults());
    }

    /// {@return an upscaler}
    ///
    /// @param model   the network
    /// @param options how it uses the machine
    /// @throws UpscaleException if the backend asked for by name cannot run here
    public static Upscaler open(Model model, UpscalerOptions options) {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(options, "options");
        Workers workers = options.executor()
                .map(executor -> Workers.of(executor, options.threads()))
                .orElseGet(() -> Workers.ofThreads(options.threads()));
        try {
            List<WorkingMemory> memory = Stream.generate(WorkingMemory::new).limit(workers.threads()).toList();
            NetworkRunner network = NetworkRunner.compile(model.network(), backend(options.backend()), memory,
                    options.maxMemoryBytes());
            return new Upscaler(model, options, workers, network, memory);
        } catch (UnavailableException e) {
            workers.close();
            throw new UpscaleException(e.getMessage(), e);
        } catch (RuntimeException | Error e) {
            workers.close();
            throw e;
        }
    }

    private static Backend backend(BackendChoice choice) {
        return switch (choice) {
            case AUTO -> Backends.automatic();
            case VECTOR -> Backends.require("vector");
            case SCALAR -> Backends.require("scalar");
        };
    }

    /// {@return the network}
    public Model model() {
        return model;
    }

    /// {@return the options}
    public UpscalerOptions options() {
        return options;
    }

    /// {@return output pixels per input pixel along each axis}
    public int scale() {
        return model.scale();
    }

    /// {@return bytes of working memory that the network takes at most, over all threads, for pictures of a size and
    /// frames of videos, in any order; at most [UpscalerOptions#maxMemoryBytes]. Pictures and frames themselves are not
    /// counted}
    ///
    /// @param width  pixels in a row of the small picture, 1 to 1,048,576
    /// @param height rows of the small picture, 1 to 1,048,576; fewer than 2^31 pixels in all
    /// @throws IllegalArgumentException if no tile is small enough for the memory bound; the message names the least
    ///                                  that works
    public long peakBytes(int width, int height) {
        Plane.checkedElements(width, height);
        WorkerBytes bytes = network.workerBytes(width, height);
        if (model.routed()) {
            bytes = bytes.max(routed().workerBytes(width, height));
        }
        return Math.min(bytes.total(), options.maxMemoryBytes());
    }

    /// Enlarges a picture.
    ///
    /// @param picture any type of image; not changed. Alpha is kept; 16-bit pictures give 16-bit pictures
    /// @return a new picture of [#scale()] times the width and height; of the same type and colour model, or, for
    ///         indexed pictures, 8-bit grey, grey with alpha, `TYPE_3BYTE_BGR` or `TYPE_4BYTE_ABGR`; for samples of
    ///         other kinds (floating point, inks) one of the last two
    /// @throws IllegalArgumentException if no tile is small enough for the memory bound
    public BufferedImage upscale(BufferedImage picture) {
        return upscale(picture, _ -> true);
    }

    /// Enlarges a picture and says how far it is.
    ///
    /// @param picture  any type of image; not changed
    /// @param progress hears the share done, 0 to 1, and returns whether to go on
    /// @return a new picture, as [#upscale(BufferedImage)] gives it
    /// @throws java.util.concurrent.CancellationException if `progress` returned false
    /// @throws IllegalArgumentException                   if no tile is small enough for the memory bound
    public BufferedImage upscale(BufferedImage picture, DoublePredicate progress) {
        Objects.requireNonNull(picture, "picture");
        Objects.requireNonNull(progress, "progress");
        checkOpen();
        Frame small = BufferedImages.toPicture(picture).frame();
        Cancellation cancellation = new Cancellation();
        turns.turn().lock();
        try {
            PictureUpscaler upscaler = new PictureUpscaler(small, Math.multiplyExact(picture.getWidth(), scale()),
                    Math.multiplyExact(picture.getHeight(), scale()), network, ResampleKernel.BICUBIC, workers);
            Frame large = upscaler.upscale((done, total) -> {
                if (!progress.test((double) done / total)) {
                    cancellation.cancel();
                }
            }, cancellation);
            // What was said when the last rows were done counts too.
            cancellation.check();
            BufferedImage result = BufferedImages.createLike(picture, large.format().width(), large.format().height());
            BufferedImages.store(large, result);
            return result;
        } finally {
            turns.turn().unlock();
        }
    }

    /// Enlarges a video file: luma by the model, of several paths each part of a frame by its own; chroma by
    /// resampling. What the video's file holds beside pictures is copied. Files in `.y4m` need nothing else, all others
    /// the program ffmpeg.
    ///
    /// @param video  the small video; with a constant frame rate
    /// @param result the large video; its ending says the container. It must not exist, and appears when it is complete
    /// @return what its frames took; empty where one network does all
    /// @throws IOException              if a file cannot be read or written, or the video is damaged
    /// @throws IllegalArgumentException if the model is not a luma network, or no tile is small enough for the memory
    ///                                  bound
    /// @throws UpscaleException         if ffmpeg is wanted and missing
    public Optional<RoutingStatistics> upscaleVideo(Path video, Path result) throws IOException {
        return model.routed() ? Optional.of(upscaleVideo(video, result, RoutingOptions.defaults(), _ -> true))
                : upscaleVideo(video, result, null, Progress.NONE, new Cancellation());
    }

    /// Enlarges a video file, as [#upscaleVideo(Path, Path)] does, and says how far it is.
    ///
    /// @param video    the small video
    /// @param result   the large video
    /// @param options  which parts of a frame take which path
    /// @param progress hears after each frame the share done, 0 to 1 (0 where the video does not tell its length), and
    ///                 returns whether to go on; at the end, when the result is there, it hears 1 and may return
    ///                 anything
    /// @return what its frames took
    /// @throws java.util.concurrent.CancellationException if `progress` returned false; there is no result then
    /// @throws IOException              if a file cannot be read or written, or the video or the route map is damaged
    /// @throws IllegalArgumentException if the model is not a luma network, the route map belongs to another video or
    ///                                  model, or no tile is small enough for the memory bound
    /// @throws UpscaleException         if ffmpeg is wanted and missing
    public RoutingStatistics upscaleVideo(Path video, Path result, RoutingOptions options, DoublePredicate progress)
            throws IOException {
        Objects.requireNonNull(options, "options");
        Objects.requireNonNull(progress, "progress");
        Cancellation cancellation = new Cancellation();
        double[] share = new double[1];
        Optional<RoutingStatistics> statistics = upscaleVideo(video, result, options, (done, total) -> {
            share[0] = total < 1 ? share[0] : (double) done / total;
            if (!progress.test(share[0])) {
                cancellation.cancel();
            }
        }, cancellation);
        progress.test(1);
        return statistics.orElseThrow();
    }

    private Optional<RoutingStatistics> upscaleVideo(Path video, Path result, RoutingOptions options, Progress progress,
            Cancellation cancellation) throws IOException {
        Objects.requireNonNull(video, "video");
        Objects.requireNonNull(result, "result");
        checkOpen();
        try (FrameSource source = VideoFiles.open(video, null)) {
            FrameFormat format = source.format().frame();
            FrameFormat large = VideoFiles.fitting(result, format.withSize(Math.multiplyExact(format.width(), scale()),
                    Math.multiplyExact(format.height(), scale())));
            FrameStage stage = options == null ? whole(format, large) : routed(format, large, options.internal(
                    RouteMaps.find(model.dynamic(), model.file().orElse(null), options.routes().orElse(null), video,
                    note -> LOG.log(System.Logger.Level.INFO, "{0}: {1}", video, note))));
            FrameStage inTurn = new FrameStage() {
                @Override
                public FrameFormat output() {
                    return stage.output();
                }

                @Override
                public void upscale(Frame from, Frame to) {
                    turns.turn().lock();
                    try {
                        stage.upscale(from, to);
                    } finally {
                        turns.turn().unlock();
                    }
                }
            };
            try (FrameSink sink = VideoFiles.create(result, source.format().withFrame(stage.output()), source,
                    EncodeOptions.DEFAULT)) {
                VideoRun.run(source, sink, inTurn, progress, cancellation);
            }
            return stage instanceof RoutedFrameUpscaler paths ? Optional.of(RoutingStatistics.of(paths.statistics()))
                    : Optional.empty();
        } catch (UnavailableException e) {
            throw new UpscaleException(e.getMessage(), e);
        }
    }

    /// {@return the lock whose holder uses the worker threads}
    ReentrantLock turn() {
        return turns.turn();
    }

    /// {@return a session for frames of one format; several sessions of one upscaler take turns frame by frame}
    ///
    /// With a model of several paths each part of a frame takes its own, as the frame itself decides.
    ///
    /// @param format the format of the small frames
    /// @throws IllegalArgumentException if the model is not a luma network, or no tile is small enough for the memory
    ///                                  bound
    public UpscaleSession session(VideoFormat format) {
        Objects.requireNonNull(format, "format");
        checkOpen();
        VideoFormat large = UpscaleSession.enlarged(format, scale());
        FrameStage stage = model.routed()
                ? routed(format.internal(), large.internal(), RoutingOptions.defaults().internal(null))
                : whole(format.internal(), large.internal());
        return new UpscaleSession(this, format, stage, turns);
    }

    /// {@return a session whose frames go by parts}
    ///
    /// @param format  the format of the small frames
    /// @param options which parts of a frame take which path. That a route map belongs to the frames, the first of
    ///                which is the video's first ([UpscaleSession#seek]), is the caller's promise; only its size is
    ///                checked. Without one each frame decides
    /// @throws IOException              if the route map cannot be read or is damaged
    /// @throws IllegalArgumentException if the model is not a luma network, the route map is for frames of another size
    ///                                  or another model, or no tile is small enough for the memory bound
    public UpscaleSession session(VideoFormat format, RoutingOptions options) throws IOException {
        Objects.requireNonNull(format, "format");
        Objects.requireNonNull(options, "options");
        checkOpen();
        RouteMap map = options.routes().isPresent() ? RouteMapFile.read(options.routes().get()) : null;
        return new UpscaleSession(this, format, routed(format.internal(),
                UpscaleSession.enlarged(format, scale()).internal(), options.internal(map)), turns);
    }

    private FrameStage whole(FrameFormat format, FrameFormat large) {
        return new FrameUpscaler(format, large.width(), large.height(), network, ResampleKernel.BICUBIC, workers)
                .keepUnchanged();
    }

    private FrameStage routed(FrameFormat format, FrameFormat large, RouteOptions routes) {
        return new RoutedFrameUpscaler(format, large.width(), large.height(), routed(), routes, ResampleKernel.BICUBIC,
                workers);
    }

    private synchronized RoutedNetwork routed() {
        if (routed == null) {
            routed = RoutedNetwork.compile(model.dynamic(), backend(options.backend()), memory,
                    options.maxMemoryBytes());
        }
        return routed;
    }

    /// {@return a session that keeps a frame rate: it moves between the model's operating points and plain bicubic, and
    /// takes the best that the machine of the moment allows}
    ///
    /// The points are those of an adaptive model, the networks of a ladder ([Model#ladder]), or, of a model of several
    /// paths, the paths that its texture classes take: with less time cheaper ones, with more time deeper ones. Making
    /// a session takes a few frames' time, in which every point is measured on this machine. Sessions of one upscaler
    /// share the weights and the threads: together they use no more threads than the options say, and each keeps to its
    /// share.
    ///
    /// @param format  the format of the small frames
    /// @param wanted  frame rate, deadline and queue
    /// @throws IllegalArgumentException if a model is not a luma network, or no tile is small enough for the memory
    ///                                  bound
    public UpscaleSession session(VideoFormat format, SessionOptions wanted) {
        Objects.requireNonNull(format, "format");
        Objects.requireNonNull(wanted, "wanted");
        checkOpen();
        FrameFormat small = format.internal();
        VideoFormat large = UpscaleSession.enlarged(format, scale());
        AdaptiveUpscaler adaptive = byTexture()
                ? new AdaptiveUpscaler(small, large.width(), large.height(), textures(), memory, wanted.controller(),
                        wanted.periodNanos(), workers, turns)
                : new AdaptiveUpscaler(small, large.width(), large.height(), points(), memory, wanted.controller(),
                        wanted.periodNanos(), workers, turns);
        return new UpscaleSession(this, format, adaptive, wanted.queueFrames(), turns);
    }

    private boolean byTexture() {
        return model.routed() || model.meta().flatMap(MetaModel::texture).isPresent();
    }

    private synchronized TextureLadder textures() {
        if (textures == null) {
            textures = model.meta().isPresent()
                    ? TextureLadder.of(model.meta().get(), backend(options.backend()), memory, options.maxMemoryBytes())
                    : TextureLadder.of(routed(), RouteOptions.DEFAULT);
        }
        return textures;
    }

    private synchronized List<AdaptiveUpscaler.Point> points() {
        if (points == null) {
            Backend backend = backend(options.backend());
            if (model.meta().isPresent()) {
                MetaModel meta = model.meta().get();
                points = LadderPoints.of(meta, NetworkRunner.compile(meta, backend, memory, options.maxMemoryBytes()));
            } else {
                List<NetworkRunner> all = new ArrayList<>(List.of(network));
                for (PictureNetwork cheaper : model.cheaper()) {
                    all.add(NetworkRunner.compile(cheaper, backend, memory, options.maxMemoryBytes()));
                }
                points = LadderPoints.of(all);
            }
        }
        return points;
    }

    /// Runs the network on tiny inputs until the JIT has compiled its kernels: the first pictures are then as fast as
    /// later ones. Takes about a second; call it from any thread, before or beside real work.
    public void warmUp() {
        network.warmUp();
        if (model.routed()) {
            routed().warmUp();
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the upscaler of " + model + " is closed; open another");
        }
    }

    /// Ends the threads this upscaler has made, without waiting. Pictures, videos, frames and sessions that come after
    /// it are refused with an [IllegalStateException], and what is under way in other threads ends with one at its next
    /// part of a picture or frame of a video; a second call does nothing.
    @Override
    public void close() {
        closed = true;
        workers.close();
    }
}
