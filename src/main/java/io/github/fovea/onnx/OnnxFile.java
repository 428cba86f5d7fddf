package io.github.fovea.onnx;

import io.github.fovea.error.MalformedFileException;
import io.github.fovea.error.UnavailableException;
import io.github.fovea.flow.FlowGraph;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// What an ONNX file holds.
///
/// The reader trusts nothing: lengths are checked against what is left of the file, counts against fixed limits, and
/// shapes against the numbers that are there, before memory is taken; names must be defined once, and nodes must not
/// wait for one another. Operator sets 10 to 23, tensors of FLOAT, FLOAT16, BFLOAT16, DOUBLE, BOOL and every integer
/// type of 8 to 64 bits. Half precision is widened, so a graph is computed in single precision throughout. Operators
/// are those of ONNX's own domain that [OperatorSet] lists, and functions of the file's own made of them; other domains
/// may be named, but not used.
///
/// Format: onnx.proto3 of the ONNX project.
///
/// @param graph    the operators, in topological order
/// @param opset    version of ONNX's operator set
/// @param producer program that wrote the file; may be empty
public record OnnxFile(FlowGraph graph, int opset, String producer) {
    /// Largest file that is read.
    public static final int MAX_FILE_BYTES = 1 << 30;

    /// {@return what a file holds}
    ///
    /// @param file an ONNX file
    /// @throws MalformedFileException if it is none, is damaged, or uses what Fovea does not run
    /// @throws IOException            if it cannot be read
    /// @throws UnavailableException   if protobuf-java is not there
    public static OnnxFile read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            // A pipe or a device has no size worth believing.
            if (Files.isRegularFile(file) && Files.size(file) > MAX_FILE_BYTES) {
                throw tooLarge(file.toString(), Files.size(file) + " bytes");
            }
            return read(in, file.toString());
        }
    }

    /// {@return what a stream holds, which must end with it; not closed}
    ///
    /// @param in    the stream
    /// @param where what to call the stream in errors
    /// @throws MalformedFileException if it is no ONNX file, is damaged, or uses what Fovea does not run
    /// @throws IOException            if it cannot be read
    /// @throws UnavailableException   if protobuf-java is not there
    public static OnnxFile read(InputStream in, String where) throws IOException {
        requireProtobuf();
        byte[] bytes = in.readNBytes(MAX_FILE_BYTES + 1);
        if (bytes.length > MAX_FILE_BYTES) {
            throw tooLarge(where, "more bytes");
        }
        return read(bytes, where);
    }

    private static MalformedFileException tooLarge(String where, String size) {
        return new MalformedFileException(where, -1, size + ", wanted at most " + MAX_FILE_BYTES + " bytes of ONNX");
    }

    /// {@return what the bytes of a file hold}
    ///
    /// @param bytes the whole file
    /// @param where what to call the file in errors
    /// @throws MalformedFileException if it is no ONNX file, is damaged, or uses what Fovea does not run
    /// @throws UnavailableException   if protobuf-java is not there
    public static OnnxFile read(byte[] bytes, String where) throws MalformedFileException {
        requireProtobuf();
        Messages.RawModel model =
                new Messages().model(new ProtoReader(bytes, new ProtoReader.Range(0, bytes.length), where));
        if (model.opset() < OperatorSet.OLDEST || model.opset() > OperatorSet.NEWEST) {
            throw new MalformedFileException(where, -1, (model.opset() == 0 ? "no version of ONNX's operator set"
                    : "operator set " + model.opset()) + ", wanted " + OperatorSet.OLDEST + " to " + OperatorSet.NEWEST
                    + "; export the model for one of these, or convert it with onnx.version_converter");
        }
        int opset = (int) model.opset();
        RawGraph graph = new FunctionCalls(where, model.functions(), opset).expand(model.graph());
        return new OnnxFile(new GraphAssembly(where, opset).assemble(graph), opset, model.producer());
    }

    private static void requireProtobuf() {
        try {
            Class.forName("com.google.protobuf.CodedInputStream", false, OnnxFile.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new UnavailableException("protobuf-java, which reads ONNX files, is not there",
                    "put com.google.protobuf:protobuf-java on the class path, or on the module path with "
                            + "--add-modules com.google.protobuf");
        }
    }
}
