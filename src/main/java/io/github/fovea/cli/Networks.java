package io.github.fovea.cli;

import io.github.fovea.backend.Backend;
import io.github.fovea.backend.Backends;
import io.github.fovea.backend.Lookup;
import io.github.fovea.backend.WorkingMemory;
import io.github.fovea.model.DynamicModel;
import io.github.fovea.model.MetaModel;
import io.github.fovea.model.ModelFile;
import io.github.fovea.model.Models;
import io.github.fovea.model.StoredModel;
import io.github.fovea.onnx.OnnxModels;
import io.github.fovea.pipeline.AdaptiveUpscaler;
import io.github.fovea.pipeline.LadderPoints;
import io.github.fovea.pipeline.NetworkRunner;
import io.github.fovea.pipeline.PictureNetwork;
import io.github.fovea.pipeline.RoutedNetwork;
import io.github.fovea.pipeline.TargetSize;
import io.github.fovea.pipeline.TextureLadder;
import io.github.fovea.pipeline.Workers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The networks of one command: each model is opened and compiled once, and all share the worker threads.
final class Networks implements AutoCloseable {
    private static final List<String> OUTPUT = List.of("-o", "--output");

    private final String model;
    private final int maximum;
    private final EngineOptions engine;
    private final RunLength length;
    private final Workers workers;
    /// One for each worker: the networks run in turn.
    private final List<WorkingMemory> memory;
    private final Map<String, NetworkRunner> runners = new HashMap<>();
    private final Map<String, PictureNetwork> generals = new HashMap<>();
    private PictureNetwork given;

    /// How one picture or video is enlarged.
    ///
    /// @param inWidth  width before
    /// @param inHeight height before
    /// @param width    width after
    /// @param height   height after
    /// @param network  the network, or `null` for plain resampling
    record Target(int inWidth, int inHeight, int width, int height, NetworkRunner network) {
        /// {@return the same network's way to another size}
        ///
        /// @param newWidth  width after
        /// @param newHeight height after
        Target withSize(int newWidth, int newHeight) {
            return new Target(inWidth, inHeight, newWidth, newHeight, network);
        }

        /// {@return what a user should know: that the network does not do it all}
        ///
        /// @param name name of the input
        Optional<String> note(String name) {
            if (network == null) {
                return Optional.of(String.format(Locale.ROOT, "%s: %dx%d to %dx%d by bicubic resampling alone", name,
                        inWidth, inHeight, width, height));
            }
            if (inWidth * network.scale() == width && inHeight * network.scale() == height) {
                return Optional.empty();
            }
            return Optional.of(String.format(Locale.ROOT,
                    "%s: %s enlarges %dx%d by %d, bicubic resampling takes that to %dx%d", name, network.name(),
                    inWidth, inHeight, network.scale(), width, height));
        }
    }

    /// Starts the worker threads.
    ///
    /// @param model   what `--model` said, or `null`
    /// @param maximum largest sample of the network in an ONNX file: 1, 255, or [OnnxModels#INFERRED]
    /// @param engine  the options of the engine
    /// @param length  how much is enlarged
    Networks(String model, int maximum, EngineOptions engine, RunLength length) {
        this.model = model;
        this.maximum = maximum;
        this.engine = engine;
        this.length = length;
        this.workers = Workers.ofThreads(engine.threads());
        this.memory = Stream.generate(WorkingMemory::new).limit(workers.threads()).toList();
    }

    /// Loads the fast kernels and warms those of the network that the arguments of a command name, on a thread of its
    /// own, while the caller still reads its options. A guess: what is wrong or missing is found out, and said, by the
    /// command.
    ///
    /// @param arguments the command's arguments
    static void warmUpEarly(List<String> arguments) {
        Thread.ofPlatform().daemon().name("fovea-early").start(() -> {
            if (Backends.find("vector") instanceof Lookup.Available
                    && !arguments.contains("--backend") && !arguments.contains("--accuracy")) {
                // All bundled networks are of this form. Its kernels are what matters, so no file need be read first.
                String name = after("--model", arguments);
                String factor = name == null ? after("--scale", arguments) : name.replaceFirst("general-x([234]).*",
                        "$1");
                if (factor == null || List.of("2", "3", "4").contains(factor)) {
                    int scale = factor == null ? 2 : Integer.parseInt(factor);
                    Backend backend = KernelOptions.automatic(length(arguments));
                    backend.warmUp(backend.plan(io.github.fovea.network.Networks.named("collapsed-f16-n6", scale, 1)));
                }
            }
        });
    }

    /// How much the arguments of a command name. A guess: the value of an option may be the name of a file too.
    private static RunLength length(List<String> arguments) {
        return RunLength.of(IntStream.range(1, arguments.size()).filter(i -> !OUTPUT.contains(arguments.get(i - 1)))
                .mapToObj(arguments::get).filter(a -> a.equals("-") || Files.exists(Path.of(a))).toList(),
                OUTPUT.stream().map(option -> after(option, arguments)).filter(Objects::nonNull).findFirst().orElse(null));
    }

    private static String after(String option, List<String> arguments) {
        int at = arguments.indexOf(option);
        return at < 0 || at + 1 == arguments.size() ? null : arguments.get(at + 1);
    }

    /// {@return the name of the kernels that networks run on}
    String kernels() {
        return engine.backend(length).name();
    }

    /// {@return what `--model` said, or `null`}
    String model() {
        return model;
    }

    /// {@return largest sample of the network in an ONNX file: 1, 255, or [OnnxModels#INFERRED]}
    int maximum() {
        return maximum;
    }

    /// {@return a model with all its paths, compiled}
    ///
    /// @param dynamic the model
    RoutedNetwork routed(DynamicModel dynamic) {
        return RoutedNetwork.compile(dynamic, engine.backend(length), memory, engine.maxMemoryBytes());
    }

    /// {@return the worker threads}
    Workers workers() {
        return workers;
    }

    /// {@return the working memory of the worker threads, which all networks share}
    List<WorkingMemory> memory() {
        return memory;
    }

    /// {@return the points between which a frame rate is held: those of the meta-graph that was asked for, or where no
    /// model was asked for of the bundled one of this factor; else the network and the bundled ones of its factor and
    /// domain that cost less. And bicubic}
    ///
    /// @param best the network that an idle machine runs
    /// @throws IOException if a model cannot be read
    List<AdaptiveUpscaler.Point> points(NetworkRunner best) throws IOException {
        Optional<MetaModel> meta = model == null ? bundledMeta(best.scale()) : meta();
        if (meta.isPresent()) {
            return LadderPoints.of(meta.get(),
                    NetworkRunner.compile(meta.get(), engine.backend(length), memory, engine.maxMemoryBytes()));
        }
        List<NetworkRunner> all = new ArrayList<>(List.of(best));
        for (String name : Models.names()) {
            StoredModel other = Models.open(name);
            if (other.scale() == best.scale() && other.domain().channels() == best.channels()
                    && Models.openMeta(name).isEmpty() && other.graph().macsPerPixel() < best.macsPerPixel()) {
                all.add(runner(new PictureNetwork.Planned(other)));
            }
        }
        return LadderPoints.of(all);
    }

    private static Optional<MetaModel> bundledMeta(int scale) throws IOException {
        String name = "adaptive-x" + scale;
        return Models.names().contains(name) ? Models.openMeta(name) : Optional.empty();
    }

    /// {@return the meta-graph that was asked for; empty where `--model` names another kind, or nothing}
    ///
    /// @throws IOException if the file cannot be read or is malformed
    Optional<MetaModel> meta() throws IOException {
        return meta(model);
    }

    /// {@return the meta-graph of a name; empty where the model is of another kind, or none is named}
    ///
    /// @param model a bundled model's name, a file, `bicubic` or `null`
    /// @throws IOException if the file cannot be read or is malformed
    static Optional<MetaModel> meta(String model) throws IOException {
        if (model == null || model.equals(ModelChoice.BICUBIC)) {
            return Optional.empty();
        }
        if (Models.names().contains(model)) {
            return Models.openMeta(model);
        }
        Path file = Path.of(model);
        return OnnxModels.named(file) || !ModelChoice.isFile(file) ? Optional.empty() : ModelFile.readMeta(file);
    }

    /// {@return the points by texture class of the meta-graph that was asked for, or of the bundled one of a factor;
    /// empty where it has none}
    ///
    /// @param scale the factor
    /// @throws IOException if the file cannot be read or is malformed
    Optional<TextureLadder> textures(int scale) throws IOException {
        return (model == null ? bundledMeta(scale) : meta()).filter(given -> given.texture().isPresent())
                .map(given -> TextureLadder.of(given, engine.backend(length), memory, engine.maxMemoryBytes()));
    }

    /// {@return how an input of a size is enlarged}
    ///
    /// @param size     the size asked for, or `null` for the factor of the model asked for, 2 without one
    /// @param inWidth  width of the input
    /// @param inHeight height of the input
    /// @throws IOException if the model cannot be read
    Target target(TargetSize size, int inWidth, int inHeight) throws IOException {
        TargetSize wanted = size != null ? size : TargetSize.ofFactor(given() == null ? 2 : given().scale());
        int width = wanted.widthFor(inWidth, inHeight);
        int height = wanted.heightFor(inWidth, inHeight);
        double factor = Math.max((double) width / inWidth, (double) height / inHeight);
        PictureNetwork network = given() != null ? given() : general(factor);
        return new Target(inWidth, inHeight, width, height, network == null ? null : runner(network));
    }

    private PictureNetwork given() throws IOException {
        if (given == null && model != null) {
            given = ModelChoice.network(model, 1, maximum).orElse(null);
        }
        return given;
    }

    /// The bundled network for a factor, or `null` for plain resampling.
    private PictureNetwork general(double factor) throws IOException {
        if (model != null || factor <= 1) {
            return null;
        }
        String name = ModelChoice.general(factor);
        PictureNetwork network = generals.get(name);
        if (network == null) {
            network = ModelChoice.network(name, factor, maximum).orElseThrow();
            generals.put(name, network);
        }
        return network;
    }

    private NetworkRunner runner(PictureNetwork network) {
        return runners.computeIfAbsent(network.name(), _ -> NetworkRunner.compile(network,
                engine.backend(length.through(network.macsPerPixel())), memory, engine.maxMemoryBytes()));
    }

    /// Compiles the network for a factor and warms its kernels on a thread of its own, while the caller still reads its
    /// input. Trouble is left to the caller, who meets it again.
    ///
    /// @param size the size asked for, or `null`
    void warmUpInBackground(TargetSize size) throws IOException {
        double factor = size == null ? 2 : size.factor();
        PictureNetwork network = given() != null ? given() : general(factor);
        if (network != null) {
            runner(network).warmUpInBackground();
        }
    }

    @Override
    public void close() {
        workers.close();
    }
}
