package io.github.fovea.sample;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;

/// A `Graphics2D` with the few verbs that the scene needs, and with haze for what is far away.
final class Canvas {
    /// The colour of the air near the horizon, 0xRRGGBB.
    static final int HAZE = 0xF2C49A;

    private final Graphics2D graphics;
    private final double haze;

    /// Wraps a graphics; its transform maps scene units to device pixels.
    ///
    /// @param graphics what is drawn on
    /// @param haze     how much of each colour is lost in the haze, 0 to 1
    Canvas(Graphics2D graphics, double haze) {
        this.graphics = graphics;
        this.haze = haze;
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    }

    /// {@return a canvas with its origin elsewhere, drawing on the same pixels}
    ///
    /// @param x     abscissa of the new origin
    /// @param y     ordinate of the new origin
    /// @param scale the length of the new unit
    /// @param mist  the haze of the new canvas, 0 to 1
    Canvas at(double x, double y, double scale, double mist) {
        Graphics2D copy = (Graphics2D) graphics.create();
        copy.translate(x, y);
        copy.scale(scale, scale);
        return new Canvas(copy, mist);
    }

    /// {@return a canvas with its origin elsewhere and turned, of the same haze}
    ///
    /// @param x     abscissa of the new origin
    /// @param y     ordinate of the new origin
    /// @param angle radians, clockwise
    Canvas turned(double x, double y, double angle) {
        Graphics2D copy = (Graphics2D) graphics.create();
        copy.translate(x, y);
        copy.rotate(angle);
        return new Canvas(copy, haze);
    }

    /// {@return a canvas that draws only inside a shape}
    ///
    /// @param shape where drawing is allowed
    Canvas within(Shape shape) {
        Graphics2D copy = (Graphics2D) graphics.create();
        copy.clip(shape);
        return new Canvas(copy, haze);
    }

    /// {@return a canvas drawing sheared shapes: y grows by `slope` per unit of x}
    ///
    /// @param x     abscissa of the new origin
    /// @param y     ordinate of the new origin
    /// @param slope the shear
    Canvas sheared(double x, double y, double slope) {
        Graphics2D copy = (Graphics2D) graphics.create();
        copy.translate(x, y);
        copy.shear(0, slope);
        return new Canvas(copy, haze);
    }

    void fill(Shape shape, Texture texture) {
        graphics.setPaint(new ProceduralPaint(texture, haze));
        graphics.fill(shape);
    }

    void fill(Shape shape, int color) {
        fill(shape, color, 1);
    }

    void fill(Shape shape, int color, double opacity) {
        graphics.setPaint(paint(color, opacity));
        graphics.fill(shape);
    }

    void draw(Shape shape, double width, int color) {
        draw(shape, width, color, 1);
    }

    void draw(Shape shape, double width, int color, double opacity) {
        graphics.setStroke(new BasicStroke((float) width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        graphics.setPaint(paint(color, opacity));
        graphics.draw(shape);
    }

    void line(double x1, double y1, double x2, double y2, double width, int color) {
        draw(new Line2D.Double(x1, y1, x2, y2), width, color, 1);
    }

    /// Draws a line that sags.
    void rope(double x1, double y1, double x2, double y2, double sag, double width, int color) {
        Path2D path = new Path2D.Double();
        path.moveTo(x1, y1);
        path.quadTo((x1 + x2) / 2, (y1 + y2) / 2 + 2 * sag, x2, y2);
        draw(path, width, color, 1);
    }

    private Color paint(int color, double opacity) {
        int rgb = Texture.mix(color, HAZE, haze);
        return new Color(rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255, (int) Math.round(255 * opacity));
    }

    static Shape box(double x, double y, double width, double height) {
        return new Rectangle2D.Double(x, y, width, height);
    }

    static Shape disc(double x, double y, double radius) {
        return oval(x, y, radius, radius);
    }

    static Shape oval(double x, double y, double radiusX, double radiusY) {
        return new Ellipse2D.Double(x - radiusX, y - radiusY, 2 * radiusX, 2 * radiusY);
    }

    /// {@return a closed polygon}
    ///
    /// @param xy abscissa and ordinate of each corner in turn
    static Path2D polygon(double... xy) {
        Path2D path = polyline(xy);
        path.closePath();
        return path;
    }

    /// {@return an open polyline}
    ///
    /// @param xy abscissa and ordinate of each corner in turn
    static Path2D polyline(double... xy) {
        Path2D path = new Path2D.Double();
        path.moveTo(xy[0], xy[1]);
        for (int i = 2; i < xy.length; i += 2) {
            path.lineTo(xy[i], xy[i + 1]);
        }
        return path;
    }

    /// {@return a door or window with a round head}
    ///
    /// @param x      left edge
    /// @param bottom lower edge
    /// @param width  width, twice the radius of the head
    /// @param height total height, at least half the width
    static Path2D arch(double x, double bottom, double width, double height) {
        double r = width / 2;
        double k = 0.5523 * r;
        double spring = bottom - height + r;
        Path2D path = new Path2D.Double();
        path.moveTo(x, bottom);
        path.lineTo(x, spring);
        path.curveTo(x, spring - k, x + r - k, spring - r, x + r, spring - r);
        path.curveTo(x + r + k, spring - r, x + width, spring - k, x + width, spring);
        path.lineTo(x + width, bottom);
        path.closePath();
        return path;
    }
}
