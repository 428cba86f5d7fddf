package io.github.fovea.cli;

import io.github.fovea.model.StoredModel;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/// What commands that make a model write into its file beside the weights.
final class ModelFileOptions {
    @Option(names = "--name", paramLabel = "NAME", description = "Name of the model (default: the file's name).")
    private String name;

    @Option(names = "--licence", paramLabel = "TEXT", defaultValue = "",
            description = "Licence of the weights, written into the file.")
    private String licence;

    @Option(names = "--training-data", paramLabel = "TEXT", defaultValue = "",
            description = "What the weights are trained on, written into the file (default: the name of the folder, "
                    + "where a folder is trained on).")
    private String trainingData;

    /// Checks what can be checked before anything is read or written.
    ///
    /// @param usual the name where none is asked for
    /// @throws IllegalArgumentException if the model cannot have its name
    void check(String usual) {
        StoredModel.checkName("model", name(usual));
    }

    /// {@return the name asked for, or else the usual one}
    ///
    /// @param usual the name where none is asked for
    String name(String usual) {
        return name == null ? usual : name;
    }

    /// {@return the licence, or nothing}
    String licence() {
        return licence;
    }

    /// {@return what the weights are trained on, or nothing where nobody said}
    String trainingData() {
        return trainingData;
    }

    /// {@return what the weights are trained on, or else the folder's name}
    ///
    /// @param folder the folder trained on
    String trainingData(Path folder) {
        return trainingData.isEmpty() ? folder.toAbsolutePath().getFileName().toString() : trainingData;
    }
}
