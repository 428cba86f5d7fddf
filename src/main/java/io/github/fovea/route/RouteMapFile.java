package io.github.fovea.route;

import io.github.fovea.error.MalformedFileException;
import io.github.fovea.media.AtomicOutput;
import io.github.fovea.model.Routing;
import io.github.fovea.network.DynamicNetwork;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;

/// Reads and writes route maps; docs/route-map.md describes the file. The reader checks every number against the file's
/// length before it takes memory: no cell is cheaper than 1/120 bit, so a short file cannot hold many.
public final class RouteMapFile {
    /// First bytes of a file.
    private static final byte[] MAGIC = {'F', 'o', 'v', 'R', 'o', 'u', 't', 'e'};
    private static final int VERSION = 1;
    private static final int HEADER_BYTES = 62;
    private static final int MAX_CODE_BYTES = 64 << 20;

    private RouteMapFile() {}

    /// Writes a map; the file appears under its name only when it is complete.
    ///
    /// @param map    the map
    /// @param target where to; an existing file is replaced
    /// @throws IllegalArgumentException if its routes take more bytes than a reader accepts
    /// @throws IOException              if it cannot be written
    public static void write(RouteMap map, Path target) throws IOException {
        AtomicOutput.write(target, true, temporary -> Files.write(temporary, bytes(map)));
    }

    /// {@return the bytes of a map's file; equal maps make equal bytes}
    ///
    /// @param map the map
    /// @throws IllegalArgumentException if its routes take more bytes than a reader accepts
    public static byte[] bytes(RouteMap map) {
        return bytes(map, MAX_CODE_BYTES);
    }

    static byte[] bytes(RouteMap map, int mostCodeBytes) {
        byte[] code = encode(map);
        if (code.length > mostCodeBytes) {
            throw new IllegalArgumentException("the routes of " + map.frames() + " frames take " + code.length
                    + " bytes, wanted at most " + mostCodeBytes + "; want fewer cells, or cut the video");
        }
        ByteBuffer file = ByteBuffer.allocate(HEADER_BYTES + code.length + 4).order(ByteOrder.LITTLE_ENDIAN);
        file.put(MAGIC).put((byte) VERSION).put((byte) map.paths());
        file.putShort((short) map.width()).putShort((short) map.height());
        file.putShort((short) map.columns()).putShort((short) map.rows());
        file.putInt(map.frames()).putInt(code.length).putInt(0);
        file.put(HexFormat.of().parseHex(map.video()));
        file.put(code);
        CRC32 crc = new CRC32();
        crc.update(file.array(), 0, file.position());
        file.putInt((int) crc.getValue());
        return file.array();
    }

    private static byte[] encode(RouteMap map) {
        RangeEncoder encoder = new RangeEncoder();
        CellModel model = new CellModel();
        for (int frame = 0; frame < map.frames(); frame++) {
            for (int cell = 0; cell < map.grid().cells().size(); cell++) {
                int before = frame == 0 ? CellModel.NONE : map.path(frame - 1, cell);
                int left = cell % map.grid().columns() == 0 ? CellModel.NONE : map.path(frame, cell - 1);
                int above = cell < map.grid().columns() ? CellModel.NONE : map.path(frame, cell - map.grid().columns());
                encode(encoder, model, CellModel.context(left, above, before), before, map.path(frame, cell),
                        map.paths());
            }
        }
        return encoder.finish();
    }

    private static void encode(RangeEncoder encoder, CellModel model, int context, int before, int path, int paths) {
        int question = context;
        if (before <= paths) {
            ask(encoder, model, question++, path == before);
            if (path == before) {
                return;
            }
        }
        int last = before == paths ? paths - 1 : paths;
        for (int candidate = 0; candidate < last; candidate++) {
            if (candidate != before) {
                ask(encoder, model, question++, path == candidate);
                if (path == candidate) {
                    return;
                }
            }
        }
    }

    private static void ask(RangeEncoder encoder, CellModel model, int question, boolean yes) {
        encoder.code(model.yes(question), yes);
        model.learn(question, yes);
    }

    /// {@return the map in a file}
    ///
    /// @param file a route map
    /// @throws MalformedFileException if it does not hold what it must
    /// @throws IOException            if it cannot be read
    public static RouteMap read(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new MalformedFileException(file.toString(), -1, "is a folder, wanted a route map");
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return read(in, file.toString());
        }
    }

    /// {@return the map in a stream, which must end with it; not closed}
    ///
    /// @param in    the stream
    /// @param where what to call the stream in errors
    /// @throws MalformedFileException if it does not hold what it must
    /// @throws IOException            if it cannot be read
    public static RouteMap read(InputStream in, String where) throws IOException {
        byte[] header = in.readNBytes(HEADER_BYTES);
        if (header.length < HEADER_BYTES) {
            throw new MalformedFileException(where, header.length, "the file ends after " + header.length
                    + " bytes, wanted a header of " + HEADER_BYTES
                    + "; it is no route map, or truncated: copy it again");
        }
        ByteBuffer fields = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
        byte[] magic = new byte[MAGIC.length];
        fields.get(magic);
        if (!Arrays.equals(magic, MAGIC)) {
            throw new MalformedFileException(where, 0, "does not begin with FovRoute; this is no route map");
        }
        range(where, 8, "version", fields.get() & 0xFF, VERSION, VERSION);
        int paths = range(where, 9, "paths", fields.get() & 0xFF, 1, DynamicNetwork.MAX_PATHS);
        int width = range(where, 10, "width", fields.getShort() & 0xFFFF, 1, 65535);
        int height = range(where, 12, "height", fields.getShort() & 0xFFFF, 1, 65535);
        int columns = range(where, 14, "columns", fields.getShort() & 0xFFFF, 1, Routing.MAX_CELLS);
        int rows = range(where, 16, "rows", fields.getShort() & 0xFFFF, 1, Routing.MAX_CELLS);
        int frames = range(where, 18, "frames", fields.getInt(), 0, RouteMap.MAX_CELLS);
        int codeBytes = range(where, 22, "bytes of routes", fields.getInt(), 5, MAX_CODE_BYTES);
        range(where, 26, "a reserved number", fields.getInt(), 0, 0);
        byte[] video = new byte[32];
        fields.get(video);
        Grid grid = Grid.of(width, height, columns, rows);
        long cells = (long) frames * grid.cells().size();
        // Read first, then believe: readNBytes takes memory only for what is there.
        byte[] code = in.readNBytes(codeBytes);
        byte[] sum = in.readNBytes(4);
        if (sum.length < 4) {
            throw new MalformedFileException(where, HEADER_BYTES + code.length,
                    "the file ends early, its header promises "
                    + codeBytes + " bytes of routes and 4 of checksum; it is truncated, copy it again");
        }
        if (in.read() >= 0) {
            throw new MalformedFileException(where, HEADER_BYTES + codeBytes + 4L, "more follows the checksum");
        }
        CRC32 crc = new CRC32();
        crc.update(header);
        crc.update(code);
        if ((int) crc.getValue() != ByteBuffer.wrap(sum).order(ByteOrder.LITTLE_ENDIAN).getInt()) {
            throw new MalformedFileException(where, HEADER_BYTES + codeBytes,
                    "the checksum is wrong; the file is damaged, copy it again");
        }
        if (cells > RouteMap.MAX_CELLS || cells > codeBytes * 8L * 120) {
            throw new MalformedFileException(where, 18, frames + " frames of " + grid.cells().size()
                    + " cells, wanted at most "
                    + Math.min(RouteMap.MAX_CELLS, codeBytes * 8L * 120) + " cells in " + codeBytes + " bytes");
        }
        List<byte[]> decoded = decode(code, frames, grid, paths, where);
        return new RouteMap(width, height, columns, rows, paths, HexFormat.of().formatHex(video), decoded);
    }

    private static int range(String where, int offset, String what, int value, int low, int high)
            throws MalformedFileException {
        if (value < low || value > high) {
            throw new MalformedFileException(where, offset, what + " is " + value + ", wanted "
                    + (low == high ? "" + low : low + " to " + high)
                    + "; this is no route map, or one of a newer version of Fovea");
        }
        return value;
    }

    private static List<byte[]> decode(byte[] code, int frames, Grid grid, int paths, String where)
            throws MalformedFileException {
        if (code[0] != 0) {
            throw new MalformedFileException(where, HEADER_BYTES, "the routes begin with " + (code[0] & 0xFF)
                    + ", wanted 0; the file is damaged, copy it again");
        }
        RangeDecoder decoder = new RangeDecoder(code);
        CellModel model = new CellModel();
        List<byte[]> decoded = new ArrayList<>();
        int width = grid.columns();
        for (int frame = 0; frame < frames; frame++) {
            byte[] previous = frame == 0 ? null : decoded.getLast();
            byte[] cells = new byte[grid.cells().size()];
            for (int cell = 0; cell < cells.length; cell++) {
                int before = previous == null ? CellModel.NONE : previous[cell];
                int left = cell % width == 0 ? CellModel.NONE : cells[cell - 1];
                int above = cell < width ? CellModel.NONE : cells[cell - width];
                cells[cell] = (byte) decode(decoder, model, CellModel.context(left, above, before), before, paths);
            }
            if (decoder.beyond()) {
                break;
            }
            decoded.add(cells);
        }
        if (!decoder.complete()) {
            throw new MalformedFileException(where, HEADER_BYTES, "the routes do not fill their " + code.length
                    + " bytes; the file is damaged, copy it again");
        }
        return decoded;
    }

    private static int decode(RangeDecoder decoder, CellModel model, int context, int before, int paths) {
        int question = context;
        if (before <= paths && answer(decoder, model, question++)) {
            return before;
        }
        int last = before == paths ? paths - 1 : paths;
        for (int candidate = 0; candidate < last; candidate++) {
            if (candidate != before && answer(decoder, model, question++)) {
                return candidate;
            }
        }
        return last;
    }

    private static boolean answer(RangeDecoder decoder, CellModel model, int question) {
        boolean yes = decoder.answer(model.yes(question));
        model.learn(question, yes);
        return yes;
    }
}
