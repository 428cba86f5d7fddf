package io.github.fovea;

import io.github.fovea.adapt.MachineSensor;
import io.github.fovea.backend.Backend;
import io.github.fovea.backend.Backends;
import io.github.fovea.backend.WorkingMemory;
import io.github.fovea.error.UnavailableException;
import io.github.fovea.frame.Frame;
import io.github.fovea.media.BufferedImages;
import io.github.fovea.model.MetaModel;
import io.github.fovea.model.StoredModel;
import io.github.fovea.pipeline.AdaptiveUpscaler;
import io.github.fovea.pipeline.Cancellation;
import io.github.fovea.pipeline.FrameTurns;
import io.github.fovea.pipeline.LadderPoints;
import io.github.fovea.pipeline.NetworkRunner;
import io.github.fovea.pipeline.PictureUpscaler;
import io.github.fovea.pipeline.Workers;
import io.github.fovea.resample.ResampleKernel;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.DoublePredicate;
import java.util.stream.Stream;

/// Enlarges pictures and frames of video by a model's factor.
///
/// Immutable after [#open], and shareable between threads: concurrent calls take turns on the same worker threads and the
/// same working memory, whose size is known before ([#peakBytes]). Closing ends the threads that the upscaler has made,
/// never an executor of the caller's.
public final class Upscaler implements AutoCloseable {
    private final Model model;
    private final UpscalerOptions options;
    private final Workers workers;
    private final NetworkRunner network;
    /// What the networks of all operating points share, one for each worker.
    private final List<WorkingMemory> memory;
    /// Pictures and frames take turns: they share the working memory.
    private final FrameTurns turns = new FrameTurns(MachineSensor.ofMachine());
    private List<AdaptiveUpscaler.Point> points;

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
            NetworkRunner network = NetworkRunner.compile(model.stored(), backend(options.backend()), memory,
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

    /// {@return bytes of working memory that the network takes, over all threads, for pictures of a size; pictures
    /// themselves are not counted}
    ///
    /// @param width  pixels in a row of the small picture
    /// @param height rows of the small picture
    /// @throws IllegalArgumentException if no tile is small enough for the memory bound; the message names the least that
    ///                                  works
    public long peakBytes(int width, int height) {
        return network.peakBytes(width, height);
    }

    /// Enlarges a picture.
    ///
    /// @param picture any type of image; not changed. Alpha is kept; 16-bit pictures give 16-bit pictures
    /// @return a new picture of [#scale()] times the width and height; of the same type and colour model, or, for
    ///         indexed pictures, `TYPE_BYTE_GRAY`, `TYPE_3BYTE_BGR` or `TYPE_4BYTE_ABGR`
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
            BufferedImage result = BufferedImages.createLike(picture, large.format().width(), large.format().height());
            BufferedImages.store(large, result);
            return result;
        } finally {
            turns.turn().unlock();
        }
    }

    /// {@return a session for frames of one format; several sessions of one upscaler take turns frame by frame}
    ///
    /// @param format the format of the small frames
    /// @throws IllegalArgumentException if the model is not a luma network, or no tile is small enough for the memory bound
    public UpscaleSession session(VideoFormat format) {
        return new UpscaleSession(this, format, network, workers, turns);
    }

    /// {@return a session that keeps a frame rate: it moves between the model's operating points (see [Model#ladder]) and plain
    /// bicubic, and takes the best that the machine of the moment allows. Making it takes a few frames' time, in which every
    /// point is measured on this machine. Sessions of one upscaler share the weights and the threads: together they use no
    /// more threads than the options say, and each keeps to its share}
    ///
    /// @param format  the format of the small frames
    /// @param wanted  frame rate, deadline and queue
    /// @throws IllegalArgumentException if a model is not a luma network, or no tile is small enough for the memory bound
    public UpscaleSession session(VideoFormat format, SessionOptions wanted) {
        Objects.requireNonNull(wanted, "options");
        VideoFormat large = UpscaleSession.enlarged(format, scale());
        AdaptiveUpscaler adaptive = new AdaptiveUpscaler(format.internal(), large.width(), large.height(),
                points(), memory, wanted.controller(), wanted.periodNanos(), workers, turns);
        return new UpscaleSession(this, format, adaptive, wanted.queueFrames(), turns);
    }

    private synchronized List<AdaptiveUpscaler.Point> points() {
        if (points == null) {
            Backend backend = backend(options.backend());
            if (model.meta().isPresent()) {
                MetaModel meta = model.meta().get();
                points = LadderPoints.of(meta, NetworkRunner.compile(meta, backend, memory, options.maxMemoryBytes()));
            } else {
                List<NetworkRunner> all = new ArrayList<>(List.of(network));
                for (StoredModel cheaper : model.cheaper()) {
                    all.add(NetworkRunner.compile(cheaper, backend, memory, options.maxMemoryBytes()));
                }
                points = LadderPoints.of(all);
            }
        }
        return points;
    }

    /// Runs the network on tiny inputs until the JIT has compiled its kernels: the first pictures are then as fast as later
    /// ones. Takes about a second; call it from any thread, before or beside real work.
    public void warmUp() {
        network.warmUp();
    }

    /// Ends the threads this upscaler has made.
    @Override
    public void close() {
        workers.close();
    }
}
