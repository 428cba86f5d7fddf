package io.github.fovea.model;

import io.github.fovea.error.MalformedFileException;
import io.github.fovea.json.JsonReader;
import io.github.fovea.json.JsonText;
import io.github.fovea.json.JsonTree;
import io.github.fovea.network.DynamicNetwork;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Reads and writes `.fovea` files: a safetensors container (8 bytes of header length, JSON header, raw little-endian
/// tensors) whose `__metadata__` holds the description of the network. See docs/model-format.md.
///
/// The reader trusts nothing: every length, shape and offset is checked against the file, the graph and fixed limits
/// before memory is taken for it, and the checksum and each number's finiteness after.
public final class ModelFile {
    /// Longest header that is read or written.
    public static final int MAX_HEADER_BYTES = 8 << 20;
    /// Most bytes of tensors that are read or written.
    public static final int MAX_DATA_BYTES = 1 << 30;

    /// Longest file that is read.
    public static final int MAX_FILE_BYTES = 8 + MAX_HEADER_BYTES + MAX_DATA_BYTES;

    /// How the names of model files end.
    public static final String ENDING = ".fovea";

    /// Key of the header's entry that is no tensor.
    static final String METADATA = "__metadata__";
    /// Key of the description, a JSON text.
    static final String DESCRIPTION = "fovea";
    /// Key of the checksum.
    static final String CHECKSUM = "sha256";

    /// Reads headers and descriptions: 10,000 nodes of a graph with a dozen fields each fit.
    static final JsonReader JSON = new JsonReader(
            new JsonReader.Limits(8, 200_000, 1000, 40, MAX_HEADER_BYTES, false),
            "this is no model file, or a damaged one");
    private static final int LENGTH_BYTES = 8;

    private ModelFile() {}

    /// {@return a file's name without `.fovea` at its end}
    ///
    /// @param file the file; need not exist
    public static String stem(Path file) {
        String whole = file.getFileName().toString();
        return whole.endsWith(ENDING) ? whole.substring(0, whole.length() - ENDING.length()) : whole;
    }

    /// {@return the model in a file}
    ///
    /// @param file a `.fovea` file
    /// @throws MalformedFileException if it does not hold what it must, or a model of several paths
    /// @throws IOException            if it cannot be read
    public static StoredModel read(Path file) throws IOException {
        return onlyPath(readDynamic(file), file.toString());
    }

    /// {@return the model in a stream, which must end with it; not closed}
    ///
    /// @param in    the stream
    /// @param where what to call the stream in errors
    /// @throws MalformedFileException if it does not hold what it must, or a model of several paths
    /// @throws IOException            if it cannot be read
    public static StoredModel read(InputStream in, String where) throws IOException {
        return onlyPath(readDynamic(in, where), where);
    }

    private static StoredModel onlyPath(DynamicModel model, String where) throws MalformedFileException {
        if (model.paths().size() > 1) {
            throw new MalformedFileException(where, -1, "holds a dynamic network of " + model.paths().size()
                    + " paths, wanted a model of one; fovea upscale plays it");
        }
        return model.path(1);
    }

    /// {@return the model in a file, with all its paths; a file of one network is a model of one path}
    ///
    /// @param file a `.fovea` file
    /// @throws MalformedFileException if it does not hold what it must
    /// @throws IOException            if it cannot be read
    public static DynamicModel readDynamic(Path file) throws IOException {
        try (InputStream in = open(file)) {
            // A pipe or a device has no size worth believing.
            return read(in, file.toString(), Files.isRegularFile(file) ? Files.size(file)
                    : -1).dynamic(file.toString());
        }
    }

    /// {@return the meta-graph in a file; empty where the file holds a model of another kind. The readers of other
    /// kinds give its best operating point}
    ///
    /// @param file a `.fovea` file
    /// @throws MalformedFileException if it does not hold what it must
    /// @throws IOException            if it cannot be read
    public static Optional<MetaModel> readMeta(Path file) throws IOException {
        try (InputStream in = open(file)) {
            return read(in, file.toString(), Files.isRegularFile(file) ? Files.size(file) : -1).meta(file.toString());
        }
    }

    /// {@return the meta-graph in a stream, which must end with it; empty where it holds a model of another kind; not
    /// closed}
    ///
    /// @param in    the stream
    /// @param where what to call the stream in errors
    /// @throws MalformedFileException if it does not hold what it must
    /// @throws IOException            if it cannot be read
    public static Optional<MetaModel> readMeta(InputStream in, String where) throws IOException {
        return read(in, where, -1).meta(where);
    }

    /// {@return the model in a stream, which must end with it, with all its paths; not closed}
    ///
    /// @param in    the stream
    /// @param where what to call the stream in errors
    /// @throws MalformedFileException if it does not hold what it must
    /// @throws IOException            if it cannot be read
    public static DynamicModel readDynamic(InputStream in, String where) throws IOException {
        return read(in, where, -1).dynamic(where);
    }

    private static InputStream open(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            // Reading would say so too, but not of which file.
            throw new FileSystemException(file.toString(), null, "is a folder, wanted a model file");
        }
        return new BufferedInputStream(Files.newInputStream(file));
    }

    /// What a file holds.
    private record Loaded(Description description, Map<String, float[]> parameters, Segments segments) {
        DynamicModel dynamic(String where) throws MalformedFileException {
            if (description.meta() != null) {
                MetaModel model = meta(where).orElseThrow();
                return DynamicModel.of(model.standAlone(model.points().getLast()));
            }
            try {
                return new DynamicModel(description.name(), description.network(), description.domain(),
                        description.paths(), parameters, description.routing(), description.origin(), segments);
            } catch (IllegalArgumentException e) {
                throw new MalformedFileException(where, -1, e.getMessage());
            }
        }

        Optional<MetaModel> meta(String where) throws MalformedFileException {
            MetaJson meta = description.meta();
            try {
                return meta == null ? Optional.empty() : Optional.of(new MetaModel(description.name(), meta.meta(),
                        parameters, meta.points(), meta.measure(), meta.bicubic(), description.origin(),
                        meta.texture()));
            } catch (IllegalArgumentException e) {
                throw new MalformedFileException(where, -1, e.getMessage());
            }
        }
    }

    private static Loaded read(InputStream in, String where, long size) throws IOException {
        byte[] prefix = in.readNBytes(LENGTH_BYTES);
        if (prefix.length < LENGTH_BYTES) {
            throw new MalformedFileException(where, prefix.length, "the file ends after " + prefix.length
                    + " bytes, wanted the length of the header in 8 bytes; it is empty or truncated, copy it again");
        }
        long headerBytes = ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (headerBytes < 2 || headerBytes > MAX_HEADER_BYTES) {
            throw new MalformedFileException(where, 0, "header length " + Long.toUnsignedString(headerBytes)
                    + " bytes, wanted 2 to "
                    + MAX_HEADER_BYTES + "; this is no model file, or a damaged one");
        }
        if (size >= 0 && headerBytes > size - LENGTH_BYTES) {
            throw new MalformedFileException(where, 0, "header length " + headerBytes + " bytes, the file has "
                    + (size - LENGTH_BYTES) + " left; it is truncated, copy it again");
        }
        byte[] headerText = in.readNBytes((int) headerBytes);
        if (headerText.length < headerBytes) {
            throw new MalformedFileException(where, LENGTH_BYTES + headerText.length,
                    "the file ends inside its header of " + headerBytes + " bytes; it is truncated, copy it again");
        }
        Map<String, Object> header = JSON.object(utf8(headerText, where), where, LENGTH_BYTES);
        if (header.get(METADATA) == null) {
            throw new MalformedFileException(where, LENGTH_BYTES, "safetensors without " + METADATA
                    + "; only files that Fovea wrote describe a network, wanted a .fovea file");
        }
        Map<?, ?> metadata = JsonTree.map(header.get(METADATA), METADATA, where);
        Description description = Description.read(JsonTree.string(metadata, DESCRIPTION, where + ": " + METADATA),
                where);
        String checksum = JsonTree.string(metadata, CHECKSUM, where + ": " + METADATA);
        long dataStart = LENGTH_BYTES + headerBytes;
        Map<String, int[]> wanted = new LinkedHashMap<>(description.meta() != null
                ? description.meta().shapes(header.keySet()) : DynamicNetwork.parameters(description.paths()));
        SegmentTensors segments = description.segments();
        if (segments != null) {
            segments.addShapes(wanted);
        }
        Tensors tensors = Tensors.read(header, wanted, size < 0 ? -1 : size - dataStart, dataStart, where);
        byte[] data = in.readNBytes(tensors.dataSize());
        if (data.length < tensors.dataSize()) {
            throw new MalformedFileException(where, dataStart + data.length, "the file ends after " + data.length
                    + " bytes of tensors, the header describes " + tensors.dataSize()
                    + "; it is truncated, copy it again");
        }
        if (in.read() >= 0) {
            throw new MalformedFileException(where, dataStart + data.length, "more follows the " + data.length
                    + " bytes of tensors that the header describes");
        }
        return model(description, tensors, data, dataStart, checksum, where);
    }

    private static Loaded model(Description description, Tensors tensors, byte[] data, long dataStart, String checksum,
            String where) throws MalformedFileException {
        Map<String, float[]> parameters = tensors.parameters(data, dataStart, where);
        MessageDigest digest = sha256();
        tensors.entries().values().forEach(entry -> digest.update(Tensors.bytes(entry, data)));
        String computed = HexFormat.of().formatHex(digest.digest());
        if (!computed.equals(checksum.toLowerCase(Locale.ROOT))) {
            throw new MalformedFileException(where, dataStart, "the tensors' SHA-256 is " + computed
                    + ", the header says " + JsonTree.printable(checksum) + "; the file is damaged, copy it again");
        }
        Segments segments = description.segments() == null ? Segments.NONE
                : description.segments().decode(tensors, data, dataStart, where);
        return new Loaded(description, parameters, segments);
    }

    private static String utf8(byte[] text, String where) throws MalformedFileException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
        } catch (CharacterCodingException e) {
            throw new MalformedFileException(where, LENGTH_BYTES, "the header is not UTF-8 (" + e.getMessage()
                    + "); this is no model file, or a damaged one");
        }
    }

    /// Writes a model; equal models make equal bytes. A half-written file may be left where that fails: whoever
    /// replaces a file writes beside it first.
    ///
    /// @param model  the model
    /// @param target where to; an existing file is replaced
    /// @throws IllegalArgumentException if the model is larger than a reader accepts
    /// @throws IOException              if it cannot be written
    public static void write(StoredModel model, Path target) throws IOException {
        write(Contents.of(model), target);
    }

    /// Writes a model with its paths; equal models make equal bytes. A half-written file may be left where that
    /// fails: whoever replaces a file writes beside it first.
    ///
    /// @param model  the model
    /// @param target where to; an existing file is replaced
    /// @throws IllegalArgumentException if the model is larger than a reader accepts
    /// @throws IOException              if it cannot be written
    public static void write(DynamicModel model, Path target) throws IOException {
        write(Contents.of(model), target);
    }

    /// Writes a model to a stream; equal models make equal bytes.
    ///
    /// @param model the model
    /// @param out   the stream, not closed
    /// @throws IllegalArgumentException if the model is larger than a reader accepts
    /// @throws IOException              if it cannot be written
    public static void write(StoredModel model, OutputStream out) throws IOException {
        write(Contents.of(model), out);
    }

    /// Writes a model with its paths to a stream; equal models make equal bytes.
    ///
    /// @param model the model
    /// @param out   the stream, not closed
    /// @throws IllegalArgumentException if the model is larger than a reader accepts
    /// @throws IOException              if it cannot be written
    public static void write(DynamicModel model, OutputStream out) throws IOException {
        write(Contents.of(model), out);
    }

    /// Writes a meta-graph; equal models make equal bytes. A half-written file may be left where that fails: whoever
    /// replaces a file writes beside it first.
    ///
    /// @param model  the model
    /// @param target where to; an existing file is replaced
    /// @throws IllegalArgumentException if the model is larger than a reader accepts
    /// @throws IOException              if it cannot be written
    public static void write(MetaModel model, Path target) throws IOException {
        write(Contents.of(model), target);
    }

    /// What is written.
    private record Contents(String name, String licence, String description, Map<String, int[]> shapes,
            Map<String, float[]> parameters, Segments segments) {
        static Contents of(StoredModel model) {
            return new Contents(model.name(), model.licence(), Description.write(model), model.graph().parameters(),
                    model.parameters(), Segments.NONE);
        }

        static Contents of(MetaModel model) {
            return new Contents(model.name(), model.origin().licence(), Description.write(model), model.shapes(),
                    model.parameters(), Segments.NONE);
        }

        static Contents of(DynamicModel model) {
            return new Contents(model.name(), model.origin().licence(), Description.write(model),
                    DynamicNetwork.parameters(model.paths()), model.parameters(), model.segments());
        }
    }

    private static void write(Contents model, Path target) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(target))) {
            write(model, out);
        }
    }

    private static void write(Contents model, OutputStream out) throws IOException {
        long numbers = model.parameters().values().stream().mapToLong(values -> values.length).sum()
                + 2L * model.segments().count() * model.segments().numbers();
        if (numbers > MAX_DATA_BYTES / Float.BYTES) {
            throw new IllegalArgumentException("model " + model.name() + " has " + numbers + " numbers, wanted at most "
                    + MAX_DATA_BYTES / Float.BYTES);
        }
        List<StoredTensor> tensors = StoredTensor.of(model.shapes(), model.parameters(), model.segments());
        MessageDigest digest = sha256();
        tensors.forEach(tensor -> digest.update(tensor.bytes()));
        List<StoredTensor> ordered = StoredTensor.ordered(tensors);
        byte[] header = header(model, HexFormat.of().formatHex(digest.digest()), ordered);
        out.write(ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).array());
        out.write(header);
        for (StoredTensor tensor : ordered) {
            out.write(tensor.bytes());
        }
    }

    private static byte[] header(Contents model, String checksum, List<StoredTensor> tensors) {
        byte[] text = JsonText.utf8(json -> {
            json.writeObjectFieldStart(METADATA);
            json.writeStringField("format", "fovea model, see docs/model-format.md of the Fovea project");
            json.writeStringField("name", model.name());
            json.writeStringField("licence", model.licence());
            json.writeStringField(CHECKSUM, checksum);
            json.writeStringField(DESCRIPTION, model.description());
            json.writeEndObject();
            long begin = 0;
            for (StoredTensor tensor : tensors) {
                begin = tensor.describe(json, begin);
            }
        });
        // Spaces align the tensors to 8 bytes, as safetensors' own writer does.
        byte[] header = Arrays.copyOf(text, (text.length + 7) / 8 * 8);
        Arrays.fill(header, text.length, header.length, (byte) ' ');
        if (header.length > MAX_HEADER_BYTES) {
            throw new IllegalArgumentException("model " + model.name() + " needs a header of " + header.length
                    + " bytes, wanted at most " + MAX_HEADER_BYTES);
        }
        return header;
    }

    /// {@return the SHA-256 of a model's weights in hexadecimal: of all parameters as little-endian F32, in the graph's
    /// order, in whatever form a file stores them}
    ///
    /// @param model the model
    public static String checksum(StoredModel model) {
        return checksum(model.parameters(), Segments.NONE);
    }

    /// {@return the SHA-256 of the weights of all paths in hexadecimal: of all parameters as little-endian F32, in the
    /// order of the paths' graphs; then of the places and, as F32, of the values that segments change}
    ///
    /// @param model the model
    public static String checksum(DynamicModel model) {
        return checksum(model.parameters(), model.segments());
    }

    /// {@return the SHA-256 of the weights of all points in hexadecimal: of all stored tensors as little-endian F32, in
    /// the meta-graph's order}
    ///
    /// @param model the model
    public static String checksum(MetaModel model) {
        return checksum(model.parameters(), Segments.NONE);
    }

    private static String checksum(Map<String, float[]> parameters, Segments segments) {
        MessageDigest digest = sha256();
        parameters.values().forEach(values -> digest.update(StoredTensor.bytes(Tensors.Type.F32, values)));
        digest.update(StoredTensor.places(segments));
        for (float[] values : segments.values()) {
            digest.update(StoredTensor.bytes(Tensors.Type.F32, values));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
