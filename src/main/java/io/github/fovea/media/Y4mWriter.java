package io.github.fovea.media;

import io.github.fovea.frame.Frame;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/// Writes Y4M (YUV4MPEG2), to files and to streams such as standard output.
///
/// Interlacing, pixel aspect, range and further `X` tags are carried. The siting of 4:2:0 chroma has a name for 8 bit
/// only; unstated siting is written as MPEG-2's.
public final class Y4mWriter implements FrameSink {
    private static final byte[] FRAME_LINE = "FRAME\n".getBytes(StandardCharsets.US_ASCII);

    private final VideoFormat format;
    private final OutputStream out;
    private final AtomicOutput file;
    private final PlaneBytes bytes = new PlaneBytes();
    private boolean closed;

    private Y4mWriter(VideoFormat format, OutputStream out, AtomicOutput file, String header) throws IOException {
        this.format = format;
        this.out = out;
        this.file = file;
        out.write((header + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    /// Begins a file.
    ///
    /// @param target    the file to make
    /// @param format    grey or YCbCr of 8, 9, 10, 12, 14 or 16 bit
    /// @param overwrite whether a file of that name may be replaced
    /// @return the writer
    /// @throws IllegalArgumentException if Y4M cannot hold the format
    /// @throws IOException              if the file cannot be created
    public static Y4mWriter open(Path target, VideoFormat format, boolean overwrite) throws IOException {
        String header = Y4mHeader.format(format);
        AtomicOutput file = AtomicOutput.open(target, overwrite);
        try {
            return new Y4mWriter(format, new BufferedOutputStream(Files.newOutputStream(file.temporary()), 1 << 16),
                    file, header);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /// Begins a stream.
    ///
    /// @param out    the stream; flushed by [#commit], never closed
    /// @param format grey or YCbCr of 8, 9, 10, 12, 14 or 16 bit
    /// @return the writer
    /// @throws IllegalArgumentException if Y4M cannot hold the format
    /// @throws IOException              if the header cannot be written
    public static Y4mWriter open(OutputStream out, VideoFormat format) throws IOException {
        return new Y4mWriter(format, new BufferedOutputStream(Objects.requireNonNull(out, "out"), 1 << 16), null,
                Y4mHeader.format(format));
    }

    @Override
    public VideoFormat format() {
        return format;
    }

    @Override
    public void write(Frame frame) throws IOException {
        if (!frame.format().equals(format.frame())) {
            throw new IllegalArgumentException("frame is " + frame.format() + ", the video has " + format.frame());
        }
        try {
            out.write(FRAME_LINE);
            bytes.write(frame, out);
            if (file == null) {
                // Whoever reads a live stream wants each frame when it is there.
                out.flush();
            }
        } catch (IOException e) {
            throw named(e);
        }
    }

    /// Streams say what is wrong, but not where.
    private IOException named(IOException e) {
        return new IOException((file == null ? "output stream" : file.target().toString()) + ": cannot be written: "
                + e.getMessage(), e);
    }

    @Override
    public void commit() throws IOException {
        try {
            out.flush();
            if (file != null) {
                out.close();
            }
        } catch (IOException e) {
            throw named(e);
        }
        if (file != null) {
            file.commit();
        }
        closed = true;
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            if (file != null) {
                try {
                    out.close();
                } catch (IOException e) {
                    // A full disk fails here again; the file goes away, which is all that matters now.
                    System.getLogger(Y4mWriter.class.getName()).log(System.Logger.Level.DEBUG,
                            "closing a given-up file", e);
                }
                file.close();
            }
        }
    }
}
