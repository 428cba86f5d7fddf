package io.github.fovea.media;

import io.github.fovea.error.MalformedFileException;
import io.github.fovea.frame.Frame;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;

/// Reads Y4M (YUV4MPEG2), from files and from streams such as standard input.
///
/// Understands 4:2:0 with its three chroma sitings, 4:2:2, 4:4:4 and mono, at 8, 9, 10, 12, 14 and 16 bit. Frame
/// parameters are skipped.
public final class Y4mReader implements FrameSource {
    /// Frames of more pixels are refused unless the caller raises the limit: 16384 x 8192.
    public static final long DEFAULT_MAX_PIXELS = 1L << 27;

    private static final int MAX_LINE_BYTES = 4096;

    private final InputStream in;
    private final String where;
    private final VideoFormat format;
    private final long frameBytes;
    private final long frameCount;
    private final PlaneBytes bytes = new PlaneBytes();
    private long offset;
    private long frames;
    private boolean failed;

    private Y4mReader(InputStream in, String where, long fileBytes, long maxPixels) throws IOException {
        this.in = in;
        this.where = where;
        String line = readLine("header");
        if (line == null) {
            throw new MalformedFileException(where, 0, "the stream is empty, wanted a Y4M header");
        }
        if (!line.equals(Y4mHeader.MAGIC) && !line.startsWith(Y4mHeader.MAGIC + " ")) {
            throw new MalformedFileException(where, 0, "not Y4M: wanted " + Y4mHeader.MAGIC + " at the start");
        }
        this.format = Y4mHeader.parse(line, where, maxPixels);
        this.frameBytes = PlaneBytes.frameBytes(format.frame());
        this.frameCount = fileBytes < 0 ? -1 : (fileBytes - offset) / ("FRAME\n".length() + frameBytes);
        if (fileBytes >= 0 && fileBytes > offset && fileBytes - offset < frameBytes) {
            throw new MalformedFileException(where, fileBytes, String.format(Locale.ROOT,
                    "the file ends within its first frame: %,dx%,d needs %,d bytes, %,d are there",
                    format.frame().width(), format.frame().height(), frameBytes, fileBytes - offset));
        }
    }

    /// Opens a file.
    ///
    /// @param file      the file
    /// @param maxPixels larger frames are refused before anything is allocated for them
    /// @return the reader
    /// @throws MalformedFileException if the header is not Y4M's, states something not read, or lies about the size
    /// @throws IOException            if the file cannot be read
    public static Y4mReader open(Path file, long maxPixels) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString(), null, "no such file");
        }
        InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        try {
            return new Y4mReader(in, file.toString(), Files.isRegularFile(file) ? Files.size(file) : -1, maxPixels);
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    /// Reads the header of a stream.
    ///
    /// @param in        the stream; closed with the reader
    /// @param where     its name, for errors
    /// @param maxPixels larger frames are refused before anything is allocated for them
    /// @return the reader
    /// @throws MalformedFileException if the header is not Y4M's or states something not read
    /// @throws IOException            if the stream cannot be read
    public static Y4mReader open(InputStream in, String where, long maxPixels) throws IOException {
        return new Y4mReader(new BufferedInputStream(Objects.requireNonNull(in, "in"), 1 << 16), where, -1, maxPixels);
    }

    @Override
    public VideoFormat format() {
        return format;
    }

    @Override
    public Frame next(Frame reuse) throws IOException {
        if (reuse != null && !reuse.format().equals(format.frame())) {
            throw new IllegalArgumentException("frame to fill is " + reuse.format() + ", wanted " + format.frame());
        }
        if (failed) {
            throw new IOException(where + ": reading failed before");
        }
        // Cleared again where the frame is whole; a half-read stream cannot go on.
        failed = true;
        long start = offset;
        String line = readLine("frame " + frames);
        if (line == null) {
            failed = false;
            return null;
        }
        if (!line.equals("FRAME") && !line.startsWith("FRAME ")) {
            throw new MalformedFileException(where, start, "wanted FRAME before frame " + frames + ", got \""
                    + line.substring(0, Math.min(20, line.length())).replaceAll("[^ -~]", ".") + "\"");
        }
        Frame frame = reuse != null ? reuse : Frame.allocate(format.frame());
        long got = bytes.read(in, frame);
        offset += got;
        if (got < frameBytes) {
            throw new MalformedFileException(where, offset, String.format(Locale.ROOT,
                    "the stream ends within frame %d: %,d of %,d bytes", frames, got, frameBytes));
        }
        frames++;
        failed = false;
        return frame;
    }

    /// {@return the next line without its end, or null where the stream ends before its first byte}
    private String readLine(String what) throws IOException {
        StringBuilder line = new StringBuilder();
        long start = offset;
        while (true) {
            int b = in.read();
            if (b < 0) {
                if (line.isEmpty()) {
                    return null;
                }
                throw new MalformedFileException(where, offset, "the stream ends within the line of " + what
                        + (start == 0 && !Y4mHeader.MAGIC.startsWith(line.substring(0, Math.min(9, line.length())))
                        ? ", and it is not Y4M: wanted " + Y4mHeader.MAGIC + " at the start" : ""));
            }
            offset++;
            if (b == '\n') {
                return line.toString();
            }
            line.append((char) b);
            if (line.length() == Y4mHeader.MAGIC.length() && start == 0 && !line.toString().equals(Y4mHeader.MAGIC)) {
                throw new MalformedFileException(where, 0, "not Y4M: wanted " + Y4mHeader.MAGIC
                        + " at the start, got \""
                        + new String(line.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.US_ASCII)
                                .replaceAll("[^ -~]", ".") + "\"");
            }
            if (line.length() > MAX_LINE_BYTES) {
                throw new MalformedFileException(where, start, "the line of " + what + " is longer than "
                        + MAX_LINE_BYTES + " bytes");
            }
        }
    }

    @Override
    public long frameCountEstimate() {
        return frameCount;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
