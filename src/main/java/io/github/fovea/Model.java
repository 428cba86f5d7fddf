package io.github.fovea;

import io.github.fovea.model.ModelFile;
import io.github.fovea.model.Models;
import io.github.fovea.model.StoredModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/// A trained network: immutable data, loaded once and shared by any number of upscalers.
public final class Model {
    private final StoredModel stored;

    private Model(StoredModel stored) {
        this.stored = stored;
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
}
