package io.github.fovea.model;

import io.github.fovea.network.DynamicNetwork;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// A model file in pieces that a test can bend before they are put together, made without the writer. The checksum is
/// right unless a test changes the header.
final class RawFile {
    record Piece(String name, String type, int[] shape, byte[] data) {}

    private final String description;
    /// In the order of the graph.
    private final List<Piece> graphOrder;
    private final List<Piece> fileOrder;

    private RawFile(String description, List<Piece> graphOrder, List<Piece> fileOrder) {
        this.description = description;
        this.graphOrder = graphOrder;
        this.fileOrder = fileOrder;
    }

    static RawFile of(StoredModel model) {
        return of(Description.write(model), model.graph().parameters(), model.parameters());
    }

    static RawFile of(DynamicModel model) {
        return of(Description.write(model), DynamicNetwork.parameters(model.paths()), model.parameters());
    }

    private static RawFile of(String description, Map<String, int[]> shapes, Map<String, float[]> parameters) {
        List<Piece> pieces = new ArrayList<>();
        for (Map.Entry<String, float[]> parameter : parameters.entrySet()) {
            ByteBuffer data = ByteBuffer.allocate(4 * parameter.getValue().length).order(ByteOrder.LITTLE_ENDIAN);
            data.asFloatBuffer().put(parameter.getValue());
            pieces.add(new Piece(parameter.getKey(), "F32", shapes.get(parameter.getKey()), data.array()));
        }
        return new RawFile(description, pieces, pieces);
    }

    RawFile toHalf() {
        List<Piece> halves = new ArrayList<>();
        for (Piece piece : graphOrder) {
            ByteBuffer from = ByteBuffer.wrap(piece.data).order(ByteOrder.LITTLE_ENDIAN);
            ByteBuffer to = ByteBuffer.allocate(piece.data.length / 2).order(ByteOrder.LITTLE_ENDIAN);
            while (from.hasRemaining()) {
                to.putShort(Float.floatToFloat16(from.getFloat()));
            }
            halves.add(new Piece(piece.name, "F16", piece.shape, to.array()));
        }
        return new RawFile(description, halves, halves);
    }

    /// The file with other pieces in place of those of equal name, and behind them those that are new.
    RawFile with(Piece... others) {
        List<Piece> changed = new ArrayList<>(graphOrder);
        for (Piece other : others) {
            int at = changed.stream().map(Piece::name).toList().indexOf(other.name);
            if (at < 0) {
                changed.add(other);
            } else {
                changed.set(at, other);
            }
        }
        return new RawFile(description, changed, changed);
    }

    RawFile reversed() {
        List<Piece> reversed = new ArrayList<>(fileOrder);
        Collections.reverse(reversed);
        return new RawFile(description, graphOrder, reversed);
    }

    RawFile withDescription(String from, String to) {
        if (!description.contains(from)) {
            throw new AssertionError(from + " is not in " + description);
        }
        return new RawFile(description.replace(from, to), graphOrder, fileOrder);
    }

    RawFile withFloat(String tensor, int index, float value) {
        List<Piece> changed = new ArrayList<>();
        for (Piece piece : graphOrder) {
            byte[] data = piece.data.clone();
            if (piece.name.equals(tensor)) {
                ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).putFloat(4 * index, value);
            }
            changed.add(new Piece(piece.name, piece.type, piece.shape, data));
        }
        return new RawFile(description, changed, changed);
    }

    String header() {
        StringBuilder header = new StringBuilder("{\"__metadata__\":{\"sha256\":\"" + checksum() + "\",\"fovea\":\""
                + escaped(description) + "\"}");
        int begin = 0;
        for (Piece piece : fileOrder) {
            header.append(",\"").append(escaped(piece.name)).append("\":{\"dtype\":\"").append(piece.type).append("\",\"shape\":")
                    .append(Arrays.toString(piece.shape)).append(",\"data_offsets\":[").append(begin).append(", ")
                    .append(begin + piece.data.length).append("]}");
            begin += piece.data.length;
        }
        return header.append('}').toString();
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    private String checksum() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            graphOrder.forEach(piece -> digest.update(piece.data));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    byte[] bytes() {
        return bytes(header());
    }

    /// The file with another header before the same data.
    byte[] bytes(String header) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        int data = fileOrder.stream().mapToInt(p -> p.data.length).sum();
        ByteBuffer file = ByteBuffer.allocate(8 + text.length + data).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(text.length).put(text);
        fileOrder.forEach(piece -> file.put(piece.data));
        return file.array();
    }
}
