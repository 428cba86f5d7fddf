package io.github.fovea.onnx;

import io.github.fovea.error.MalformedFileException;
import io.github.fovea.graph.Graph;
import io.github.fovea.model.Domain;
import io.github.fovea.model.StoredModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// ONNX files as models: networks of the engine's operators that enlarge luma (one channel in and out) or RGB (three).
public final class OnnxModels {
    /// What stands for the largest sample where it shall be found from the network.
    public static final int INFERRED = 0;

    private OnnxModels() {}

    /// {@return whether a file is to be read as ONNX: by the ending of its name, `.onnx`}
    ///
    /// @param file a file
    public static boolean named(Path file) {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(".onnx");
    }

    /// {@return what the network of a file is called: the file's name without `.onnx`}
    ///
    /// @param file a file
    public static String name(Path file) {
        String name = file.getFileName().toString();
        return named(file) ? name.substring(0, name.length() - 5) : name;
    }

    /// {@return the graph that the planned engine runs for a network: in this library's units where it enlarges luma or
    /// RGB, else on tensors as the file has it. It is one and the same for every range of samples, which is in the
    /// weights}
    ///
    /// @param lowered what the graph of a file is to the engine
    public static Graph graph(Lowering.Lowered lowered) {
        return enlargesPictures(lowered) ? Emission.of(PictureUnits.centred(lowered.result().last(), 1)).graph()
                : lowered.graph();
    }

    private static boolean enlargesPictures(Lowering.Lowered lowered) {
        int channels = lowered.graph().inputChannels();
        return (channels == 1 || channels == 3) && lowered.graph().outputChannels() == channels;
    }

    static void checkMaximum(int maximum) {
        if (maximum != INFERRED && maximum != 1 && maximum != 255) {
            throw new IllegalArgumentException("samples from 0 to " + maximum + ", wanted --range 1 or --range 255");
        }
    }

    /// {@return the model of an ONNX file, in this library's units (docs/model-format.md)}
    ///
    /// @param file    an ONNX file
    /// @param maximum largest sample of the pictures that the network was made for: 1, 255, or [#INFERRED]
    /// @throws IllegalArgumentException if the largest sample cannot be told from the network; the message asks for it
    /// @throws MalformedFileException   if the file is damaged, or its network is none that enlarges luma or RGB by the
    ///                                  engine's operators; the message names the first node that is not
    /// @throws IOException              if the file cannot be read
    public static StoredModel read(Path file, int maximum) throws IOException {
        OnnxFile onnx = OnnxFile.read(file);
        return switch (Lowering.of(onnx.graph())) {
            case Lowering.General(String reason) -> throw new MalformedFileException(file.toString(), -1,
                    "this network is none of the planned engine, which alone a .fovea file and training take: " + reason
                            + "; what enlarges pictures does so as the ONNX file that it is");
            case Lowering.Lowered lowered -> model(file, onnx, lowered, maximum);
        };
    }

    static IllegalArgumentException unknownRange(Path file) {
        return new IllegalArgumentException(file
                + ": cannot tell whether this network takes samples from 0 to 1 or from 0 to 255; say so with --range "
                + "1 or --range 255 (Model.load(file, 1) or Model.load(file, 255))");
    }

    /// {@return a network of the planned engine as a model}
    ///
    /// @param file    the file that it stands in, for its name and for errors
    /// @param onnx    what the file holds
    /// @param lowered what its graph is to the engine
    /// @param given   largest sample of the pictures that the network was made for: 1, 255, or [#INFERRED]
    /// @throws IllegalArgumentException if the largest sample cannot be told from the network; the message asks for it
    /// @throws MalformedFileException   if the network does not enlarge luma or RGB
    public static StoredModel model(Path file, OnnxFile onnx, Lowering.Lowered lowered, int given)
            throws MalformedFileException {
        checkMaximum(given);
        int channels = lowered.graph().inputChannels();
        if (!enlargesPictures(lowered)) {
            throw new MalformedFileException(file.toString(), -1, "a network from " + channels + " channels to "
                    + lowered.graph().outputChannels()
                    + ", wanted 1 (luma) or 3 (RGB) on both sides; fovea run runs it on tensors");
        }
        Layer last = lowered.result().last();
        int maximum = given != INFERRED ? given : PictureUnits.maximum(last, lowered.high());
        if (maximum == INFERRED) {
            throw unknownRange(file);
        }
        if (lowered.low() > 0 || lowered.high() < maximum) {
            throw new MalformedFileException(file.toString(), -1, "the network clips its result to " + lowered.low()
                    + " to " + lowered.high() + ", pictures reach from 0 to " + maximum + "; give the other --range");
        }
        try {
            Emission emission = Emission.of(PictureUnits.centred(last, maximum));
            return new StoredModel(name(file), "onnx",
                    channels == 1 ? Domain.LUMA : Domain.RGB, emission.graph(), emission.parameters(), "", "",
                    List.of(), Map.of(), "imported from ONNX" + (onnx.producer().isEmpty() ? "" : " of "
                    + onnx.producer())
                            + ", samples 0 to " + maximum);
        } catch (IllegalArgumentException e) {
            throw new MalformedFileException(file.toString(), -1, e.getMessage());
        }
    }
}
