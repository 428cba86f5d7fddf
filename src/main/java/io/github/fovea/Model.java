package io.github.fovea;

import io.github.fovea.error.UnavailableException;
import io.github.fovea.model.DynamicModel;
import io.github.fovea.model.MetaModel;
import io.github.fovea.model.ModelFile;
import io.github.fovea.model.Models;
import io.github.fovea.model.StoredModel;
import io.github.fovea.onnx.OnnxModels;
import io.github.fovea.pipeline.PictureNetwork;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// A trained network: immutable data, loaded once and shared by any number of upscalers.
///
/// A model may have several paths, a shallow one for smooth parts of a frame and deeper ones for the difficult parts:
/// what `fovea overfit` makes of a video. Frames of video then go by parts, see [RoutingOptions]; pictures take the
/// deepest path.
public final class Model {
    /// Of several paths the deepest.
    private final PictureNetwork network;
    private final List<PictureNetwork> cheaper;
    /// Where the model is one: a meta-graph, whose best point is `network`.
    private final Optional<MetaModel> meta;
    /// All paths; a network alone is the only path. Empty where the network is a graph that the planned engine does not
    /// run.
    private final Optional<DynamicModel> dynamic;
    /// Where the model comes from, if from a file: its route map may lie beside it.
    private final Optional<Path> file;

    private Model(PictureNetwork network, List<PictureNetwork> cheaper) {
        this(network, cheaper, Optional.empty(),
                stored(network).map(DynamicModel::of), Optional.empty());
    }

    private Model(PictureNetwork network, List<PictureNetwork> cheaper, Optional<MetaModel> meta,
            Optional<DynamicModel> dynamic, Optional<Path> file) {
        this.network = network;
        this.cheaper = List.copyOf(cheaper);
        this.meta = meta;
        this.dynamic = dynamic;
        this.file = file;
    }

    private static Model of(MetaModel meta) {
        StoredModel best = meta.standAlone(meta.points().getLast());
        return new Model(new PictureNetwork.Planned(best), List.of(), Optional.of(meta),
                Optional.of(DynamicModel.of(best)), Optional.empty());
    }

    private static Model of(DynamicModel dynamic, Optional<Path> file) {
        return new Model(new PictureNetwork.Planned(dynamic.path(dynamic.paths().size())), List.of(), Optional.empty(),
                Optional.of(dynamic), file);
    }

    private static Optional<StoredModel> stored(PictureNetwork network) {
        return switch (network) {
            case PictureNetwork.Planned(StoredModel model) -> Optional.of(model);
            case PictureNetwork.General _ -> Optional.empty();
        };
    }

    /// {@return a model that ships with the library}
    ///
    /// @param name one of [#bundledNames()], for example `general-x2`
    /// @throws IllegalArgumentException if there is none of that name; the message lists those there are
    public static Model bundled(String name) {
        Objects.requireNonNull(name, "name");
        try {
            Optional<MetaModel> meta = Models.openMeta(name);
            return meta.isPresent() ? of(meta.get()) : new Model(new PictureNetwork.Planned(Models.open(name)),
                    List.of());
        } catch (IOException e) {
            throw new UncheckedIOException("this build of Fovea is damaged", e);
        }
    }

    /// {@return the names of the models that ship with the library}
    public static List<String> bundledNames() {
        return Models.names();
    }

    /// {@return the model of a `.fovea` file, or of an ONNX file if its name ends in `.onnx`}
    ///
    /// ONNX files want protobuf-java on the class path or module path. Networks of plain convolutions run on the
    /// fastest engine, graphs of other operators on a general one; those are tried on small flat pictures here.
    ///
    /// @param file the file
    /// @throws IOException              if it cannot be read, is malformed, or holds a network that does not enlarge
    ///                                  luma or RGB of any size by a whole factor; the message says where and how
    /// @throws IllegalArgumentException if it cannot be told which samples the network of an ONNX file takes; then give
    ///                                  them to [#load(Path, int)]
    /// @throws UpscaleException         if it is an ONNX file and protobuf-java is missing
    public static Model load(Path file) throws IOException {
        Objects.requireNonNull(file, "file");
        if (OnnxModels.named(file)) {
            return onnx(() -> PictureNetwork.read(file, OnnxModels.INFERRED));
        }
        Optional<MetaModel> meta = ModelFile.readMeta(file);
        return meta.isPresent() ? of(meta.get()) : of(ModelFile.readDynamic(file), Optional.of(file));
    }

    /// {@return the model of an ONNX file}
    ///
    /// @param file    the file, operator sets 10 to 23
    /// @param maximum largest sample that its network takes and gives: 1 or 255
    /// @throws IOException      if it cannot be read, is malformed, or holds a network that does not enlarge luma or
    ///                          RGB; the message says where and how
    /// @throws UpscaleException if protobuf-java is missing
    public static Model load(Path file, int maximum) throws IOException {
        Objects.requireNonNull(file, "file");
        checkMaximum(maximum);
        return onnx(() -> PictureNetwork.read(file, maximum));
    }

    /// {@return the model that a stream holds, for example a resource of the caller's own jar}
    ///
    /// ```java
    /// try (InputStream in = Main.class.getResourceAsStream("clip.fovea")) {
    ///     Model model = Model.read(in, "clip.fovea");
    /// }
    /// ```
    ///
    /// @param in   holds what a file for [#load(Path)] holds, and ends with it; not closed
    /// @param name what to call it in errors. As with files, an ending of `.onnx` says that it is ONNX, and what stands
    ///             before it is then the model's name
    /// @throws IOException              if it cannot be read, is malformed, or holds a network that does not enlarge
    ///                                  luma or RGB of any size by a whole factor; the message says where and how
    /// @throws IllegalArgumentException if it cannot be told which samples the network of an ONNX file takes; then give
    ///                                  them to [#read(InputStream, String, int)]
    /// @throws UpscaleException         if it is ONNX and protobuf-java is missing
    public static Model read(InputStream in, String name) throws IOException {
        Objects.requireNonNull(in, "in");
        Path file = Path.of(Objects.requireNonNull(name, "name"));
        if (OnnxModels.named(file)) {
            return onnx(() -> PictureNetwork.read(in, file, OnnxModels.INFERRED));
        }
        // Twice from memory: the reader of either kind takes the whole stream.
        byte[] bytes = in.readNBytes(ModelFile.MAX_FILE_BYTES + 1);
        Optional<MetaModel> meta = ModelFile.readMeta(new ByteArrayInputStream(bytes), name);
        return meta.isPresent() ? of(meta.get())
                : of(ModelFile.readDynamic(new ByteArrayInputStream(bytes), name), Optional.empty());
    }

    /// {@return the ONNX model that a stream holds}
    ///
    /// @param in      holds an ONNX file, and ends with it; not closed
    /// @param name    what to call it in errors; without an ending of `.onnx` the model's name
    /// @param maximum largest sample that its network takes and gives: 1 or 255
    /// @throws IOException      if it cannot be read, is malformed, or holds a network that does not enlarge luma or
    ///                          RGB; the message says where and how
    /// @throws UpscaleException if protobuf-java is missing
    public static Model read(InputStream in, String name, int maximum) throws IOException {
        Objects.requireNonNull(in, "in");
        Path file = Path.of(Objects.requireNonNull(name, "name"));
        checkMaximum(maximum);
        return onnx(() -> PictureNetwork.read(in, file, maximum));
    }

    private static void checkMaximum(int maximum) {
        if (maximum != 1 && maximum != 255) {
            throw new IllegalArgumentException("samples from 0 to " + maximum + ", wanted 1 or 255");
        }
    }

    private interface OnnxReader {
        PictureNetwork read() throws IOException;
    }

    private static Model onnx(OnnxReader reader) throws IOException {
        try {
            return new Model(reader.read(), List.of());
        } catch (UnavailableException e) {
            throw new UpscaleException(e.getMessage(), e);
        }
    }

    /// {@return a model with others as cheaper operating points, between which a session that keeps a frame rate moves.
    /// For everything else it is the best model alone}
    ///
    /// @param best    the model that an idle machine runs
    /// @param cheaper models of the same factor that cost less
    /// @throws IllegalArgumentException if factors differ, or a model has operating points of its own that share
    ///                                  weights
    public static Model ladder(Model best, Model... cheaper) {
        Objects.requireNonNull(best, "best");
        best.checkAlone();
        List<PictureNetwork> all = new ArrayList<>(best.cheaper);
        for (Model model : cheaper) {
            model.checkAlone();
            if (model.scale() != best.scale()) {
                throw new IllegalArgumentException(model + " beside " + best
                        + ": the points of a ladder share one factor");
            }
            all.add(model.network);
            all.addAll(model.cheaper);
        }
        return new Model(best.network, all);
    }

    private void checkAlone() {
        if (meta.isPresent() || routed()) {
            throw new IllegalArgumentException(this
                    + " has operating points of its own, which share weights; use it alone");
        }
    }

    /// {@return the model's name}
    public String name() {
        return network.name();
    }

    /// {@return output pixels per input pixel along each axis}
    public int scale() {
        return network.scale();
    }

    /// {@return how many paths parts of a frame can take besides plain bicubic; 1 where one network does all}
    public int paths() {
        return dynamic.map(model -> model.paths().size()).orElse(1);
    }

    /// {@return whether frames of a video are enlarged part by part: there are several paths, or weights that change
    /// along the video}
    boolean routed() {
        return paths() > 1 || dynamic.stream().anyMatch(model -> model.segments().count() > 0);
    }

    /// {@return how many numbers were trained, those of all paths and operating points; shared ones count once}
    public long parameters() {
        if (meta.isPresent()) {
            return meta.get().parameterElements();
        }
        return dynamic.map(model -> model.parameters().values().stream().mapToLong(values -> values.length).sum())
                .orElseGet(network::parameters);
    }

    /// {@return multiply-adds per input pixel, on the deepest path}
    public long macsPerPixel() {
        return network.macsPerPixel();
    }

    /// {@return multiply-adds per input pixel on a path}
    ///
    /// @param path 0 (plain bicubic, counted as none) to [#paths()] (the deepest)
    /// @throws IllegalArgumentException if there is no such path
    public long macsPerPixel(int path) {
        if (path < 0 || path > paths()) {
            throw new IllegalArgumentException("path " + path + " of " + this + ", wanted 0 to " + paths());
        }
        return dynamic.map(model -> model.macsPerPixel(path)).orElse(path == 0 ? 0 : macsPerPixel());
    }

    /// {@return how far, in input pixels, an output pixel looks, on the deepest path; [Integer#MAX_VALUE] where the
    /// operators of an ONNX file set no bound: pictures are then enlarged as a whole, not part by part}
    public int receptiveRadius() {
        return network.receptiveRadius().orElse(Integer.MAX_VALUE);
    }

    /// {@return the licence of the weights, an SPDX identifier where there is one}
    public String licence() {
        return stored(network).map(StoredModel::licence).orElse("");
    }

    /// {@return what the weights were trained on}
    public String trainingData() {
        return stored(network).map(StoredModel::trainingData).orElse("");
    }

    /// {@return whom the licences of the training data ask to name, one line each}
    public List<String> attribution() {
        return stored(network).map(StoredModel::attributions).orElse(List.of());
    }

    @Override
    public String toString() {
        return name() + " x" + scale();
    }

    PictureNetwork network() {
        return network;
    }

    List<PictureNetwork> cheaper() {
        return cheaper;
    }

    Optional<MetaModel> meta() {
        return meta;
    }

    /// {@return all paths}
    ///
    /// @throws IllegalArgumentException if the network is a graph that the planned engine does not run
    DynamicModel dynamic() {
        return dynamic.orElseThrow(() -> new IllegalArgumentException("model " + this
                + " is an ONNX graph that the planned engine does not run: parts of a frame cannot take paths; upscale "
                + "without RoutingOptions"));
    }

    Optional<Path> file() {
        return file;
    }
}
