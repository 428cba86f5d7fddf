package io.github.fovea.media;

import io.github.fovea.frame.ColorDescription;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.PixelLayout;
import io.github.fovea.frame.Plane;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.zip.CRC32;

/// Pictures and file parts made for the tests of this package.
final class TestPictures {
    private TestPictures() {
    }

    static Frame random(int width, int height, PixelLayout layout, int bitDepth, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Frame frame = Frame.allocate(new FrameFormat(width, height, layout, bitDepth, ColorDescription.SRGB));
        for (Plane plane : frame.planes()) {
            for (int i = 0; i < plane.samples().length; i++) {
                plane.samples()[i] = (short) random.nextInt(plane.maximum() + 1);
            }
        }
        return frame;
    }

    /// Smooth colours and one sharp bright square near the upper left, which lossy formats keep well.
    static Frame smooth(int width, int height, PixelLayout layout, int bitDepth) {
        Frame frame = Frame.allocate(new FrameFormat(width, height, layout, bitDepth, ColorDescription.SRGB));
        int maximum = (1 << bitDepth) - 1;
        for (int i = 0; i < frame.planes().size(); i++) {
            boolean alpha = layout.hasAlpha() && i == frame.planes().size() - 1;
            Plane plane = frame.plane(i);
            for (int y = 0; y < plane.height(); y++) {
                for (int x = 0; x < plane.width(); x++) {
                    double u = x / (double) plane.width();
                    double v = y / (double) plane.height();
                    double value = switch (i) {
                        case 0 -> u;
                        case 1 -> v;
                        default -> 0.5 + 0.25 * Math.sin(6 * (u + v));
                    };
                    boolean square = u > 0.1 && u < 0.3 && v > 0.1 && v < 0.4;
                    plane.set(x, y, (int) Math.round(maximum * (alpha ? 1 - u * 0.5 : square ? 0.9 : value)));
                }
            }
        }
        return frame;
    }

    static double meanError(Frame a, Frame b) {
        double sum = 0;
        long count = 0;
        for (int i = 0; i < a.planes().size(); i++) {
            for (int k = 0; k < a.plane(i).samples().length; k++) {
                sum += Math.abs((a.plane(i).samples()[k] & 0xFFFF) - (b.plane(i).samples()[k] & 0xFFFF));
                count++;
            }
        }
        return sum / count;
    }

    static byte[] pngChunk(String type, byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(body);
        out.writeBytes(u32(body.length));
        out.writeBytes(name);
        out.writeBytes(body);
        out.writeBytes(u32((int) crc.getValue()));
        return out.toByteArray();
    }

    static byte[] u32(int value) {
        return new byte[] {(byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value};
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /// {@return an EXIF block whose only entry is the orientation}
    static byte[] exif(int orientation, boolean littleEndian) {
        return littleEndian
                ? new byte[] {'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, (byte) orientation, 0, 0, 0, 0, 0, 0, 0}
                : new byte[] {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte) orientation, 0, 0, 0, 0, 0, 0};
    }

    /// {@return the picture as an image, its samples copied. Grey of 8 bit gives `TYPE_BYTE_GRAY`, of 16 bit
    /// `TYPE_USHORT_GRAY`, RGB of 8 bit `TYPE_3BYTE_BGR`, RGBA of 8 bit `TYPE_4BYTE_ABGR`; grey-alpha, RGB and RGBA of 16
    /// bit, and pictures with a usable ICC profile give `TYPE_CUSTOM` with interleaved components in the layout's order}
    ///
    /// @param picture the picture
    static BufferedImage image(Picture picture) {
        FrameFormat format = picture.frame().format();
        int type = BufferedImage.TYPE_CUSTOM;
        if (picture.metadata().iccProfile().isEmpty()) {
            type = switch (format.layout()) {
                case GREY -> format.bitDepth() == 8 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_USHORT_GRAY;
                case RGB -> format.bitDepth() == 8 ? BufferedImage.TYPE_3BYTE_BGR : BufferedImage.TYPE_CUSTOM;
                case RGBA -> format.bitDepth() == 8 ? BufferedImage.TYPE_4BYTE_ABGR : BufferedImage.TYPE_CUSTOM;
                case GREY_ALPHA, YCBCR_420, YCBCR_422, YCBCR_444 -> BufferedImage.TYPE_CUSTOM;
            };
        }
        BufferedImage image = type != BufferedImage.TYPE_CUSTOM
                ? new BufferedImage(format.width(), format.height(), type)
                : new BufferedImage(RasterSamples.colorModel(format, picture.metadata()),
                        RasterSamples.raster(format, format.height()), false, null);
        BufferedImages.store(picture.frame(), image);
        return image;
    }
}
