package io.github.fovea.cli;

import io.github.fovea.model.ModelFile;
import io.github.fovea.model.StoredModel;
import io.github.fovea.onnx.OnnxModels;
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
    /// @param output the file to write, whose name is the model's where none is asked for
    /// @throws IllegalArgumentException if the model cannot have its name, or the file would be read as another kind
    void check(Path output) {
        StoredModel.checkName("model", name(ModelFile.stem(output)));
        checkEnding(output);
    }

    /// Checks that a model file would be read as one.
    ///
    /// @param output the file to write
    /// @throws IllegalArgumentException if it would be read as another kind
    static void checkEnding(Path output) {
        if (OnnxModels.named(output)) {
            throw new IllegalArgumentException("-o " + output
                    + ": files of this name are read as ONNX, and what is written is none; wanted a name such as "
                    + ModelFile.stem(output).replaceAll("(?i)\\.onnx$", "") + ModelFile.ENDING);
        }
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
