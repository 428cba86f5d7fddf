package io.github.fovea;

import io.github.fovea.model.DynamicModel;
import io.github.fovea.model.MetaModel;
import io.github.fovea.model.ModelFile;
import io.github.fovea.model.Models;
import io.github.fovea.model.StoredModel;
import io.github.fovea.onnx.OnnxModels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A trained network: immutable data, loaded once and shared by any number of upscalers.
///
/// A model may have several paths, a shallow one for smooth parts of a frame and deeper ones for the difficult parts: what
/// `fovea overfit` makes of a video. Frames of video then go by parts, see [RoutingOptions]; pictures take the deepest path.
public final class Model {
    /// Of several paths the deepest.
    private final StoredModel stored;
    private final List<StoredModel> cheaper;
    /// Where the model is one: a meta-graph, whose best point is `stored`.
    private final Optional<MetaModel> meta;
    /// All paths; a network alone is the only path.
    private final DynamicModel dynamic;
    /// Where the model comes from, if from a file: its route map may lie beside it.
    private final Optional<Path> file;

    private Model(StoredModel stored) {
        this(stored, List.of(), Optional.empty(), DynamicModel.of(stored), Optional.empty());
    }

    private Model(StoredModel stored, List<StoredModel> cheaper, Optional<MetaModel> meta, DynamicModel dynamic,
            Optional<Path> file) {
        this.stored = stored;
        this.cheaper = List.copyOf(cheaper);
        this.meta = meta;
        this.dynamic = dynamic;
        this.file = file;
    }

    private static Model of(MetaModel meta) {
        StoredModel best = meta.standAlone(meta.points().getLast());
        return new Model(best, List.of(), Optional.of(meta), DynamicModel.of(best), Optional.empty());
    }

    private static Model of(DynamicModel dynamic, Path file) {
        return new Model(dynamic.path(dynamic.paths().size()), List.of(), Optional.empty(), dynamic, Optional.of(file));
    }

    /// {@return a model that ships with the library}
    ///
    /// @param name one of [#bundledNames()], for example `general-x2`
    /// @throws IllegalArgumentException if there is none of that name; the message lists those there are
    public static Model bundled(String name) {
        try {
            Optional<MetaModel> meta = Models.openMeta(name);
            return meta.isPresent() ? of(meta.get()) : new Model(Models.open(name));
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
    /// ONNX files want protobuf-java on the class path or module path.
    ///
    /// @param file the file
    /// @throws IOException              if it cannot be read, is malformed, or holds a network that does not enlarge luma or
    ///                                  RGB; the message says where and how
    /// @throws IllegalArgumentException if it cannot be told which samples the network of an ONNX file takes; then give
    ///                                  them to [#load(Path, int)]
    public static Model load(Path file) throws IOException {
        if (OnnxModels.named(file)) {
            return new Model(OnnxModels.read(file, OnnxModels.INFERRED));
        }
        Optional<MetaModel> meta = ModelFile.readMeta(file);
        return meta.isPresent() ? of(meta.get()) : of(ModelFile.readDynamic(file), file);
    }

    /// {@return the model of an ONNX file}
    ///
    /// @param file    the file, operator sets 10 to 23
    /// @param maximum largest sample that its network takes and gives: 1 or 255
    /// @throws IOException if it cannot be read, is malformed, or holds a network that does not enlarge luma or RGB; the
    ///                     message says where and how
    public static Model load(Path file, int maximum) throws IOException {
        if (maximum != 1 && maximum != 255) {
            throw new IllegalArgumentException("samples from 0 to " + maximum + ", wanted 1 or 255");
        }
        return new Model(OnnxModels.read(file, maximum));
    }

    /// {@return a model with others as cheaper operating points, between which a session that keeps a frame rate moves. For
    /// everything else it is the best model alone}
    ///
    /// @param best    the model that an idle machine runs
    /// @param cheaper models of the same factor that cost less
    /// @throws IllegalArgumentException if factors differ, or a model has operating points of its own
    public static Model ladder(Model best, Model... cheaper) {
        List<StoredModel> all = new ArrayList<>(best.cheaper);
        if (best.meta.isPresent() || best.routed()) {
            throw new IllegalArgumentException(best + " has operating points of its own, which share weights; use it alone");
        }
        for (Model model : cheaper) {
            if (model.scale() != best.scale()) {
                throw new IllegalArgumentException(model + " beside " + best + ": the points of a ladder share one factor");
            }
            all.add(model.stored);
            all.addAll(model.cheaper);
        }
        return new Model(best.stored, all, Optional.empty(), DynamicModel.of(best.stored), Optional.empty());
    }

    /// {@return the model's name}
    public String name() {
        return stored.name();
    }

    /// {@return output pixels per input pixel along each axis}
    public int scale() {
        return stored.graph().scale();
    }

    /// {@return how many paths parts of a frame can take besides plain bicubic; 1 where one network does all}
    public int paths() {
        return dynamic.paths().size();
    }

    /// {@return whether frames of a video are enlarged part by part: there are several paths, or weights that change along the
    /// video}
    boolean routed() {
        return paths() > 1 || dynamic.segments().count() > 0;
    }

    /// {@return how many numbers were trained, those of all paths}
    public long parameters() {
        return dynamic.parameters().values().stream().mapToLong(values -> values.length).sum();
    }

    /// {@return multiply-adds per input pixel, on the deepest path}
    public long macsPerPixel() {
        return stored.graph().macsPerPixel();
    }

    /// {@return multiply-adds per input pixel on a path}
    ///
    /// @param path 0 (plain bicubic, counted as none) to [#paths()] (the deepest)
    /// @throws IllegalArgumentException if there is no such path
    public long macsPerPixel(int path) {
        if (path < 0 || path > paths()) {
            throw new IllegalArgumentException("path " + path + " of " + this + ", wanted 0 to " + paths());
        }
        return dynamic.macsPerPixel(path);
    }

    /// {@return how far, in input pixels, an output pixel looks, on the deepest path}
    public int receptiveRadius() {
        return stored.graph().receptiveRadius();
    }

    /// {@return the licence of the weights, an SPDX identifier where there is one}
    public String licence() {
        return stored.licence();
    }

    /// {@return what the weights were trained on}
    public String trainingData() {
        return stored.trainingData();
    }

    /// {@return whom the licences of the training data ask to name, one line each}
    public List<String> attribution() {
        return stored.attributions();
    }

    @Override
    public String toString() {
        return name() + " x" + scale();
    }

    StoredModel stored() {
        return stored;
    }

    List<StoredModel> cheaper() {
        return cheaper;
    }

    Optional<MetaModel> meta() {
        return meta;
    }

    DynamicModel dynamic() {
        return dynamic;
    }

    Optional<Path> file() {
        return file;
    }
}
