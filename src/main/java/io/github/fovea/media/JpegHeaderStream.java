package io.github.fovea.media;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// Puts an ICC profile and a density into the head of a JPEG file on its way out, because ImageIO writes profiles only
/// for colour spaces that it would rather convert.
final class JpegHeaderStream extends FilterOutputStream {
    private static final int PART_BYTES = 65_535 - 2 - 14;
    /// SOI, the JFIF marker, its length and its 14 bytes of content.
    private static final int HEAD_BYTES = 20;

    private final PictureMetadata metadata;
    private final byte[] head = new byte[HEAD_BYTES];
    private int headBytes;

    JpegHeaderStream(OutputStream out, PictureMetadata metadata) {
        super(out);
        this.metadata = metadata;
    }

    @Override
    public void write(int b) throws IOException {
        if (headBytes == HEAD_BYTES) {
            out.write(b);
        } else {
            head[headBytes++] = (byte) b;
            if (headBytes == HEAD_BYTES) {
                writeHead();
            }
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int at = offset;
        while (at < offset + length && headBytes < HEAD_BYTES) {
            write(bytes[at++]);
        }
        out.write(bytes, at, offset + length - at);
    }

    private void writeHead() throws IOException {
        if ((head[2] & 0xFF) != 0xFF || (head[3] & 0xFF) != 0xE0 || head[4] != 0 || head[5] != 16) {
            throw new IOException("the JPEG writer of this Java begins without a JFIF segment of 16 bytes");
        }
        if (metadata.densityX() > 0 && metadata.densityY() > 0) {
            head[13] = 2;
            putDensity(14, metadata.densityX());
            putDensity(16, metadata.densityY());
        }
        out.write(head);
        byte[] profile = metadata.iccProfile().orElse(new byte[0]);
        int parts = (profile.length + PART_BYTES - 1) / PART_BYTES;
        for (int i = 0; i < parts && parts <= 255; i++) {
            int bytes = Math.min(PART_BYTES, profile.length - i * PART_BYTES);
            out.write(0xFF);
            out.write(0xE2);
            out.write(bytes + 16 >> 8);
            out.write(bytes + 16);
            out.write("ICC_PROFILE\0".getBytes(StandardCharsets.US_ASCII));
            out.write(i + 1);
            out.write(parts);
            out.write(profile, i * PART_BYTES, bytes);
        }
    }

    /// Pixels per centimetre, the only metric unit of JFIF.
    private void putDensity(int at, double perMetre) {
        int value = (int) Math.max(1, Math.min(65_535, Math.round(perMetre / 100)));
        head[at] = (byte) (value >> 8);
        head[at + 1] = (byte) value;
    }
}
