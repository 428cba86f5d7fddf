package io.github.fovea.media;

import io.github.fovea.frame.Frame;
import java.awt.image.ColorModel;
import java.awt.image.Raster;

/// Floating-point samples of AWT rasters to planes: 0 to 1 becomes all of a plane's range, what lies outside is clamped,
/// and what is no number is 0.
final class FloatSamples {
    private FloatSamples() {
    }

    /// Copies a raster into a frame of as many planes as the raster has bands. Colours are divided by alpha where they
    /// are premultiplied.
    ///
    /// @param raster the samples
    /// @param colors whether there is alpha, premultiplied or not
    /// @param frame  receives them; of the raster's size
    static void load(Raster raster, ColorModel colors, Frame frame) {
        int width = raster.getWidth();
        int bands = frame.planes().size();
        boolean divide = colors.hasAlpha() && colors.isAlphaPremultiplied();
        float[] row = new float[width];
        float[] alpha = new float[width];
        for (int y = 0; y < raster.getHeight(); y++) {
            if (divide) {
                raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, bands - 1, alpha);
            }
            for (int band = 0; band < bands; band++) {
                raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, band, row);
                boolean divided = divide && band < bands - 1;
                short[] out = frame.plane(band).samples();
                int maximum = frame.plane(band).maximum();
                for (int x = 0; x < width; x++) {
                    float sample = divided && alpha[x] > 0 ? row[x] / alpha[x] : row[x];
                    // Not a number becomes 0 by the conversion to a whole one.
                    out[y * width + x] = (short) (Math.clamp(sample, 0f, 1f) * maximum + 0.5f);
                }
            }
        }
    }
}
