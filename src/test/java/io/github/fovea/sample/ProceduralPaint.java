package io.github.fovea.sample;

import java.awt.Paint;
import java.awt.PaintContext;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.Transparency;
import java.awt.geom.AffineTransform;
import java.awt.geom.NoninvertibleTransformException;
import java.awt.geom.Rectangle2D;
import java.awt.image.ColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;

/// Fills shapes with a [Texture], evaluated at the centre of each device pixel.
///
/// @param texture what is seen
/// @param haze    how much of the haze lies before it, 0 to 1
record ProceduralPaint(Texture texture, double haze) implements Paint {
    @Override
    public PaintContext createContext(ColorModel model, Rectangle deviceBounds, Rectangle2D userBounds,
            AffineTransform transform, RenderingHints hints) {
        AffineTransform inverse;
        try {
            inverse = transform.createInverse();
        } catch (NoninvertibleTransformException e) {
            throw new IllegalArgumentException("the scene uses a transform without inverse", e);
        }
        double[] m = new double[6];
        inverse.getMatrix(m);
        return new Context(texture, haze, m);
    }

    @Override
    public int getTransparency() {
        return Transparency.OPAQUE;
    }

    private record Context(Texture texture, double haze, double[] m) implements PaintContext {
        @Override
        public ColorModel getColorModel() {
            return ColorModel.getRGBdefault();
        }

        @Override
        public Raster getRaster(int left, int top, int width, int height) {
            WritableRaster raster = getColorModel().createCompatibleWritableRaster(width, height);
            int[] row = new int[width];
            for (int j = 0; j < height; j++) {
                double dy = top + j + 0.5;
                for (int i = 0; i < width; i++) {
                    double dx = left + i + 0.5;
                    int color = texture.at(m[0] * dx + m[2] * dy + m[4], m[1] * dx + m[3] * dy + m[5]);
                    row[i] = 0xFF000000 | Texture.mix(color, Canvas.HAZE, haze);
                }
                raster.setDataElements(0, j, width, 1, row);
            }
            return raster;
        }

        @Override
        public void dispose() {
            // Nothing is held.
        }
    }
}
