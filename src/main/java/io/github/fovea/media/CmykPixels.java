package io.github.fovea.media;

import io.github.fovea.frame.Frame;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.ColorConvertOp;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;

/// JPEG and TIFF pictures of four inks, which ImageIO decodes but does not convert (JPEG), or converts as if inks were
/// linear light (TIFF).
///
/// Adobe's programs store inks in JPEG inverted, and often as YCCK: luma and chroma of the inverted inks and black.
/// With an embedded profile the way to sRGB is the profile's; without one it is `(1 - ink) (1 - black)`.
final class CmykPixels {
    private CmykPixels() {
    }

    static void load(Raster raw, ImageSideData side, Frame frame) {
        int width = raw.getWidth();
        int height = raw.getHeight();
        ColorConvertOp toRgb = conversion(side.iccProfile());
        WritableRaster inks = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, width, 1, 4, null);
        WritableRaster colors = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, width, 1, 3, null);
        int[] row = new int[width * 4];
        int[] rgb = new int[width * 3];
        for (int y = 0; y < height; y++) {
            raw.getPixels(raw.getMinX(), raw.getMinY() + y, width, 1, row);
            toInks(row, side.adobeTransform());
            if (toRgb != null) {
                inks.setPixels(0, 0, width, 1, row);
                toRgb.filter(inks, colors);
                colors.getPixels(0, 0, width, 1, rgb);
            } else {
                for (int x = 0; x < width; x++) {
                    for (int i = 0; i < 3; i++) {
                        rgb[3 * x + i] = ((255 - row[4 * x + i]) * (255 - row[4 * x + 3]) + 127) / 255;
                    }
                }
            }
            for (int i = 0; i < 3; i++) {
                short[] samples = frame.plane(i).samples();
                for (int x = 0; x < width; x++) {
                    samples[y * width + x] = (short) rgb[3 * x + i];
                }
            }
        }
    }

    private static void toInks(int[] row, int adobeTransform) {
        for (int i = 0; i < row.length; i += 4) {
            if (adobeTransform == 2) {
                double luma = row[i];
                double cb = row[i + 1] - 128;
                double cr = row[i + 2] - 128;
                // The three formulas of JFIF give red, green and blue; the stored inks are what these lack to white.
                row[i] = 255 - clipped(luma + 1.402 * cr);
                row[i + 1] = 255 - clipped(luma - 0.344136286 * cb - 0.714136286 * cr);
                row[i + 2] = 255 - clipped(luma + 1.772 * cb);
            }
            if (adobeTransform >= 0) {
                for (int k = 0; k < 4; k++) {
                    row[i + k] = 255 - row[i + k];
                }
            }
        }
    }

    private static int clipped(double value) {
        return (int) Math.max(0, Math.min(255, Math.round(value)));
    }

    private static ColorConvertOp conversion(byte[] profile) {
        if (profile == null) {
            return null;
        }
        try {
            ICC_Profile inks = ICC_Profile.getInstance(profile);
            if (inks.getColorSpaceType() != ColorSpace.TYPE_CMYK) {
                return null;
            }
            return new ColorConvertOp(new ICC_Profile[] {inks, ICC_Profile.getInstance(ColorSpace.CS_sRGB)}, null);
        } catch (IllegalArgumentException e) {
            // Java refuses the profile; the plain formula is nearer than no picture.
            return null;
        }
    }
}
