package io.github.fovea;

import io.github.fovea.frame.Frame;
import io.github.fovea.media.BufferedImages;
import java.awt.AlphaComposite;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.awt.image.BufferedImageOp;
import java.awt.image.ColorModel;
import java.util.Objects;

/// An [Upscaler] where a `BufferedImageOp` is taken.
public final class UpscaleOp implements BufferedImageOp {
    private final Upscaler upscaler;

    /// Makes the operation.
    ///
    /// @param upscaler does the work; stays open
    public UpscaleOp(Upscaler upscaler) {
        this.upscaler = Objects.requireNonNull(upscaler, "upscaler");
    }

    /// {@inheritDoc}
    ///
    /// @param source      the small picture; not changed
    /// @param destination receives the large picture and is returned, or `null` for a new one. Its samples are set as
    ///                    they are, with all their bits; where it is indexed, or grey for a coloured picture, Java2D
    ///                    converts them
    /// @throws IllegalArgumentException if the destination does not have the scaled size
    @Override
    public BufferedImage filter(BufferedImage source, BufferedImage destination) {
        if (destination == null) {
            return upscaler.upscale(source);
        }
        int width = source.getWidth() * upscaler.scale();
        int height = source.getHeight() * upscaler.scale();
        if (destination.getWidth() != width || destination.getHeight() != height) {
            throw new IllegalArgumentException("destination is " + destination.getWidth() + "x"
                    + destination.getHeight() + ", the large picture is " + width + "x" + height);
        }
        BufferedImage large = upscaler.upscale(source);
        Frame frame = BufferedImages.toPicture(large).frame();
        if (BufferedImages.takes(frame.format(), destination)) {
            BufferedImages.store(frame, destination);
            return destination;
        }
        Graphics2D graphics = destination.createGraphics();
        try {
            graphics.setComposite(AlphaComposite.Src);
            graphics.drawImage(large, 0, 0, null);
        } finally {
            graphics.dispose();
        }
        return destination;
    }

    @Override
    public Rectangle2D getBounds2D(BufferedImage source) {
        return new Rectangle(source.getWidth() * upscaler.scale(), source.getHeight() * upscaler.scale());
    }

    /// {@inheritDoc}
    ///
    /// @param source the small picture
    /// @param model  colour model of the result, or `null` for the source's own
    @Override
    public BufferedImage createCompatibleDestImage(BufferedImage source, ColorModel model) {
        ColorModel colors = model == null ? source.getColorModel() : model;
        return new BufferedImage(colors,
                colors.createCompatibleWritableRaster(source.getWidth() * upscaler.scale(),
                source.getHeight() * upscaler.scale()), colors.isAlphaPremultiplied(), null);
    }

    @Override
    public Point2D getPoint2D(Point2D source, Point2D destination) {
        Point2D result = destination == null ? new Point2D.Double() : destination;
        result.setLocation(source.getX() * upscaler.scale(), source.getY() * upscaler.scale());
        return result;
    }

    /// {@return null: rendering hints do not matter to a network}
    @Override
    public RenderingHints getRenderingHints() {
        return null;
    }
}
