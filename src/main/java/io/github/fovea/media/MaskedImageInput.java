package io.github.fovea.media;

import java.io.IOException;
import java.util.List;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.ImageInputStreamImpl;

/// A file some of whose bytes read as zero. It hides the profile segments of a JPEG from ImageIO, which would otherwise
/// convert the samples to sRGB; Fovea keeps samples and profile together.
final class MaskedImageInput extends ImageInputStreamImpl {
    private final ImageInputStream in;
    private final List<Long> masked;

    /// @param in     the file; not closed by this stream
    /// @param masked positions that read as zero
    MaskedImageInput(ImageInputStream in, List<Long> masked) {
        this.in = in;
        this.masked = List.copyOf(masked);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        checkClosed();
        bitOffset = 0;
        in.seek(streamPos);
        int count = in.read(bytes, offset, length);
        if (count > 0) {
            for (long position : masked) {
                if (position >= streamPos && position < streamPos + count) {
                    bytes[offset + (int) (position - streamPos)] = 0;
                }
            }
            streamPos += count;
        }
        return count;
    }

    @Override
    public long length() {
        try {
            return in.length();
        } catch (IOException e) {
            // The interface leaves -1 for an unknown length.
            return -1;
        }
    }
}
