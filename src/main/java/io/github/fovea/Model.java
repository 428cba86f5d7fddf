package io.github.fovea;

import io.github.fovea.model.ModelFile;
import io.github.fovea.model.Models;
import io.github.fovea.model.StoredModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A trained network: immutable data, loaded once and shared by any number of upscalers.
public final class Model {
    private final StoredModel stored;
    private final List<StoredModel> cheaper;

    private Model(StoredModel stored) {
        this(stored, List.of());
    }

    private Model(StoredModel stored, List<StoredModel> cheaper) {
        this.stored = stored;
        this.cheaper = List.copyOf(cheaper);
    }

    /// {@return a model that ships with the library}
    ///
    /// @param name one of [#bundledNames()], for example `general-x2`
    /// @throws IllegalArgumentException if there is none of that name; the message lists those there are
    public static Model bundled(String name) {
        try {
            return new Model(Models.open(name));
        } catch (IOException e) {
            throw new UncheckedIOException("this build of Fovea is damaged", e);
        }
    }

    /// {@return the names of the models that ship with the library}
    public static List<String> bundledNames() {
        return Models.names();
    }

    /// {@return the model of a `.fovea` file}
    ///
    /// @param file the file
    /// @throws IOException if it cannot be read or is malformed; the message says where and how
    public static Model load(Path file) throws IOException {
        return new Model(ModelFile.read(file));
    }

    /// {@return a model with others as cheaper operating points, between which a session that keeps a frame rate moves. For
    /// everything else it is the best model alone}
    ///
    /// @param best    the model that an idle machine runs
    /// @param cheaper models of the same factor that cost less
    /// @throws IllegalArgumentException if factors differ
    public static Model ladder(Model best, Model... cheaper) {
        List<StoredModel> all = new ArrayList<>(best.cheaper);
        for (Model model : cheaper) {
            if (model.scale() != best.scale()) {
                throw new IllegalArgumentException(model + " beside " + best + ": the points of a ladder share one factor");
            }
            all.add(model.stored);
            all.addAll(model.cheaper);
        }
        return new Model(best.stored, all);
    }

    /// {@return the model's name}
    public String name() {
        return stored.name();
    }

    /// {@return output pixels per input pixel along each axis}
    public int scale() {
        return stored.graph().scale();
    }

    /// {@return how many numbers were trained}
    public long parameters() {
        return stored.graph().parameterElements();
    }

    /// {@return multiply-adds per input pixel}
    public long macsPerPixel() {
        return stored.graph().macsPerPixel();
    }

    /// {@return how far, in input pixels, an output pixel looks}
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
}
