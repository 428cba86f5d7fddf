package io.github.fovea.media;

import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.PixelLayout;
import io.github.fovea.frame.Plane;
import java.awt.Transparency;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.DataBufferInt;
import java.awt.image.DataBufferUShort;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.awt.image.SinglePixelPackedSampleModel;
import java.awt.image.WritableRaster;

/// Samples of AWT rasters from and to planes. Interleaved bytes, interleaved shorts and packed 8-bit ints have their
/// own loops; every other sample model takes the general way through `int` rows.
final class RasterSamples {
    private RasterSamples() {
    }

    /// Copies a raster into a frame of as many planes as the raster has bands.
    ///
    /// @param raster the samples
    /// @param colors what they mean: bits of each component, premultiplied or not
    /// @param frame  receives them; of the raster's size
    static void load(Raster raster, ColorModel colors, Frame frame) {
        int width = raster.getWidth();
        int height = raster.getHeight();
        int bands = frame.planes().size();
        boolean wholeBytes = fullComponents(colors, bands, frame.format().bitDepth());
        if (wholeBytes && raster.getSampleModel() instanceof PixelInterleavedSampleModel model
                && (raster.getDataBuffer() instanceof DataBufferByte
                || raster.getDataBuffer() instanceof DataBufferUShort)) {
            int pixelStride = model.getPixelStride();
            int rowStride = model.getScanlineStride();
            int start = start(raster, rowStride, pixelStride);
            for (int band = 0; band < bands; band++) {
                short[] out = frame.plane(band).samples();
                int offset = start + model.getBandOffsets()[band];
                if (raster.getDataBuffer() instanceof DataBufferByte bytes) {
                    byte[] in = bytes.getData();
                    for (int y = 0; y < height; y++) {
                        for (int x = 0, at = offset + y * rowStride; x < width; x++, at += pixelStride) {
                            out[y * width + x] = (short) (in[at] & 0xFF);
                        }
                    }
                } else {
                    short[] in = ((DataBufferUShort) raster.getDataBuffer()).getData();
                    for (int y = 0; y < height; y++) {
                        for (int x = 0, at = offset + y * rowStride; x < width; x++, at += pixelStride) {
                            out[y * width + x] = in[at];
                        }
                    }
                }
            }
        } else if (wholeBytes && raster.getSampleModel() instanceof SinglePixelPackedSampleModel model
                && raster.getDataBuffer() instanceof DataBufferInt ints) {
            int[] in = ints.getData();
            int rowStride = model.getScanlineStride();
            int start = start(raster, rowStride, 1);
            for (int band = 0; band < bands; band++) {
                short[] out = frame.plane(band).samples();
                int shift = model.getBitOffsets()[band];
                for (int y = 0; y < height; y++) {
                    int at = start + y * rowStride;
                    for (int x = 0; x < width; x++) {
                        out[y * width + x] = (short) (in[at + x] >>> shift & 0xFF);
                    }
                }
            }
        } else {
            loadAny(raster, colors, frame);
        }
        if (colors.hasAlpha() && colors.isAlphaPremultiplied()) {
            divideByAlpha(frame);
        }
    }

    private static boolean fullComponents(ColorModel colors, int bands, int bitDepth) {
        for (int i = 0; i < bands; i++) {
            if (colors.getComponentSize(i) != bitDepth) {
                return false;
            }
        }
        return true;
    }

    private static int start(Raster raster, int rowStride, int pixelStride) {
        return raster.getDataBuffer().getOffset()
                + (raster.getMinY() - raster.getSampleModelTranslateY()) * rowStride
                + (raster.getMinX() - raster.getSampleModelTranslateX()) * pixelStride;
    }

    private static void loadAny(Raster raster, ColorModel colors, Frame frame) {
        int width = raster.getWidth();
        int[] row = new int[width];
        for (int band = 0; band < frame.planes().size(); band++) {
            Plane plane = frame.plane(band);
            int maximum = (1 << colors.getComponentSize(band)) - 1;
            for (int y = 0; y < raster.getHeight(); y++) {
                raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, band, row);
                for (int x = 0; x < width; x++) {
                    plane.samples()[y * width + x] = (short) scaled(row[x] & maximum, maximum, plane.maximum());
                }
            }
        }
    }

    private static int scaled(int value, int maximum, int newMaximum) {
        return maximum == newMaximum ? value : (int) (((long) value * newMaximum + maximum / 2) / maximum);
    }

    private static void divideByAlpha(Frame frame) {
        int last = frame.planes().size() - 1;
        short[] alpha = frame.plane(last).samples();
        int maximum = frame.plane(last).maximum();
        for (int band = 0; band < last; band++) {
            short[] samples = frame.plane(band).samples();
            for (int i = 0; i < samples.length; i++) {
                int a = alpha[i] & 0xFFFF;
                if (a != 0 && a != maximum) {
                    samples[i] = (short) Math.min(maximum, scaled(samples[i] & 0xFFFF, a, maximum));
                }
            }
        }
    }

    /// {@return the colour model of a picture's interleaved raster}
    ///
    /// @param format   the picture's format
    /// @param metadata holds its colour profile
    static ColorModel colorModel(FrameFormat format, PictureMetadata metadata) {
        boolean grey = format.layout() == PixelLayout.GREY || format.layout() == PixelLayout.GREY_ALPHA;
        boolean alpha = format.layout().hasAlpha();
        return new ComponentColorModel(metadata.colorSpace(grey ? 1 : 3), alpha, false,
                alpha ? Transparency.TRANSLUCENT : Transparency.OPAQUE,
                format.bitDepth() == 8 ? DataBuffer.TYPE_BYTE : DataBuffer.TYPE_USHORT);
    }

    /// {@return an empty interleaved raster of a picture's width}
    ///
    /// @param format the picture's format
    /// @param height rows
    static WritableRaster raster(FrameFormat format, int height) {
        return Raster.createInterleavedRaster(format.bitDepth() == 8 ? DataBuffer.TYPE_BYTE : DataBuffer.TYPE_USHORT,
                format.width(), height, format.layout().planes(), null);
    }

    /// Copies rows of a frame into a raster of the same width.
    ///
    /// @param frame    grey, grey-alpha, RGB or RGBA, 8 or 16 bit
    /// @param firstRow the frame's row that becomes the raster's first
    /// @param raster   receives as many rows as it has
    /// @param colors   what its samples mean; grey only for a grey frame
    static void store(Frame frame, int firstRow, WritableRaster raster, ColorModel colors) {
        int width = raster.getWidth();
        int height = raster.getHeight();
        FrameFormat format = frame.format();
        int components = colors.getNumComponents();
        boolean greyFrame = format.layout() == PixelLayout.GREY || format.layout() == PixelLayout.GREY_ALPHA;
        boolean multiply = colors.hasAlpha() && colors.isAlphaPremultiplied() && format.layout().hasAlpha();
        boolean same = fullComponents(colors, components, format.bitDepth());
        int[] row = new int[width];
        for (int band = 0; band < components; band++) {
            boolean alphaBand = colors.hasAlpha() && band == components - 1;
            Plane plane = alphaBand
                    ? format.layout().hasAlpha() ? frame.plane(format.layout().planes() - 1) : null
                    : frame.plane(greyFrame ? 0 : band);
            int maximum = (1 << colors.getComponentSize(band)) - 1;
            if (same && plane != null && !multiply && storeFast(plane, firstRow, raster, band)) {
                continue;
            }
            for (int y = 0; y < height; y++) {
                int from = (firstRow + y) * width;
                for (int x = 0; x < width; x++) {
                    if (plane == null) {
                        row[x] = maximum;
                    } else if (multiply && !alphaBand) {
                        row[x] = premultiplied(plane, frame.plane(format.layout().planes() - 1), from + x, maximum);
                    } else {
                        row[x] = scaled(plane.samples()[from + x] & 0xFFFF, plane.maximum(), maximum);
                    }
                }
                raster.setSamples(raster.getMinX(), raster.getMinY() + y, width, 1, band, row);
            }
        }
    }

    private static int premultiplied(Plane plane, Plane alpha, int at, int maximum) {
        long product = (plane.samples()[at] & 0xFFFFL) * (alpha.samples()[at] & 0xFFFFL) * maximum;
        long whole = (long) plane.maximum() * alpha.maximum();
        return (int) ((product + whole / 2) / whole);
    }

    private static boolean storeFast(Plane plane, int firstRow, WritableRaster raster, int band) {
        int width = raster.getWidth();
        short[] in = plane.samples();
        if (raster.getSampleModel() instanceof PixelInterleavedSampleModel model) {
            int pixelStride = model.getPixelStride();
            int rowStride = model.getScanlineStride();
            int offset = start(raster, rowStride, pixelStride) + model.getBandOffsets()[band];
            if (raster.getDataBuffer() instanceof DataBufferByte bytes) {
                byte[] out = bytes.getData();
                for (int y = 0; y < raster.getHeight(); y++) {
                    int from = (firstRow + y) * width;
                    for (int x = 0, at = offset + y * rowStride; x < width; x++, at += pixelStride) {
                        out[at] = (byte) in[from + x];
                    }
                }
                return true;
            }
            if (raster.getDataBuffer() instanceof DataBufferUShort shorts) {
                short[] out = shorts.getData();
                for (int y = 0; y < raster.getHeight(); y++) {
                    int from = (firstRow + y) * width;
                    for (int x = 0, at = offset + y * rowStride; x < width; x++, at += pixelStride) {
                        out[at] = in[from + x];
                    }
                }
                return true;
            }
        }
        if (raster.getSampleModel() instanceof SinglePixelPackedSampleModel model
                && raster.getDataBuffer() instanceof DataBufferInt ints) {
            int[] out = ints.getData();
            int shift = model.getBitOffsets()[band];
            int keep = ~model.getBitMasks()[band];
            int start = start(raster, model.getScanlineStride(), 1);
            for (int y = 0; y < raster.getHeight(); y++) {
                int from = (firstRow + y) * width;
                int at = start + y * model.getScanlineStride();
                for (int x = 0; x < width; x++) {
                    out[at + x] = out[at + x] & keep | (in[from + x] & 0xFF) << shift;
                }
            }
            return true;
        }
        return false;
    }
}
