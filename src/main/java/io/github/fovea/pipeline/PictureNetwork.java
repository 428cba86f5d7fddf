package io.github.fovea.pipeline;

import io.github.fovea.backend.Backend;
import io.github.fovea.backend.Backends;
import io.github.fovea.backend.CpuBackend;
import io.github.fovea.error.MalformedFileException;
import io.github.fovea.error.UnavailableException;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.model.StoredModel;
import io.github.fovea.onnx.GeneralNetwork;
import io.github.fovea.onnx.Lowering;
import io.github.fovea.onnx.OnnxFile;
import io.github.fovea.onnx.OnnxModels;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.OptionalInt;

/// A network that enlarges pictures, whichever engine runs it.
public sealed interface PictureNetwork {
    /// A network of the planned engine.
    ///
    /// @param model the network and its weights
    record Planned(StoredModel model) implements PictureNetwork {
        @Override
        public String name() {
            return model.name();
        }

        @Override
        public int scale() {
            return model.scale();
        }

        @Override
        public int channels() {
            return model.graph().inputChannels();
        }

        @Override
        public long parameters() {
            return model.graph().parameterElements();
        }

        @Override
        public long macsPerPixel() {
            return model.graph().macsPerPixel();
        }

        @Override
        public OptionalInt receptiveRadius() {
            return OptionalInt.of(model.graph().receptiveRadius());
        }
    }

    /// A graph of an ONNX file that the planned engine does not run.
    ///
    /// @param network the graph
    record General(GeneralNetwork network) implements PictureNetwork {
        @Override
        public String name() {
            return network.name();
        }

        @Override
        public int scale() {
            return network.scale();
        }

        @Override
        public int channels() {
            return network.channels();
        }

        @Override
        public long parameters() {
            return network.parameters();
        }

        @Override
        public long macsPerPixel() {
            return network.macsPerPixel();
        }

        @Override
        public OptionalInt receptiveRadius() {
            return network.radius();
        }
    }

    /// {@return the network of an ONNX file}
    ///
    /// @param file    an ONNX file
    /// @param maximum largest sample of the pictures that the network was made for: 1, 255, or [OnnxModels#INFERRED]
    /// @throws IllegalArgumentException if the largest sample cannot be told from the network; the message asks for it
    /// @throws MalformedFileException   if the file is damaged, or its network does not enlarge luma or RGB; says why
    /// @throws IOException              if the file cannot be read
    static PictureNetwork read(Path file, int maximum) throws IOException {
        return of(OnnxFile.read(file), file, maximum);
    }

    /// {@return the network of an ONNX file that comes as a stream}
    ///
    /// @param in      ends with the file; not closed
    /// @param file    what the file is called; need not exist
    /// @param maximum largest sample of the pictures that the network was made for: 1, 255, or [OnnxModels#INFERRED]
    /// @throws IllegalArgumentException if the largest sample cannot be told from the network; the message asks for it
    /// @throws MalformedFileException   if the file is damaged, or its network does not enlarge luma or RGB; says why
    /// @throws IOException              if the stream cannot be read
    static PictureNetwork read(InputStream in, Path file, int maximum) throws IOException {
        return of(OnnxFile.read(in, file.toString()), file, maximum);
    }

    private static PictureNetwork of(OnnxFile onnx, Path file, int maximum) throws IOException {
        return switch (Lowering.of(onnx.graph())) {
            case Lowering.Lowered lowered -> new Planned(OnnxModels.model(file, onnx, lowered, maximum));
            case Lowering.General(String reason) -> new General(
                    GeneralNetwork.of(onnx.graph(), file, reason, maximum, kernels(Backends.automatic())));
        };
    }

    /// {@return the kernels that run graphs which the planned engine does not}
    ///
    /// @param backend a backend
    /// @throws UnavailableException if it has none
    static KernelTable kernels(Backend backend) {
        return switch (backend) {
            case CpuBackend cpu -> cpu.table();
            case Backend other -> throw new UnavailableException("backend " + other.name()
                    + " does not run ONNX graphs beyond the planned engine", "choose one of "
                    + String.join(", ", Backends.NAMES));
        };
    }

    /// {@return its name}
    String name();

    /// {@return output pixels per input pixel along each axis}
    int scale();

    /// {@return 1 (luma) or 3 (RGB)}
    int channels();

    /// {@return how many numbers its weights are}
    long parameters();

    /// {@return multiply-adds per input pixel}
    long macsPerPixel();

    /// {@return how far, in input pixels, an output pixel looks; empty where no bound can be proven}
    OptionalInt receptiveRadius();
}
