package io.github.fovea.cli;

import io.github.fovea.plan.Placement;
import io.github.fovea.plan.Plan;
import io.github.fovea.plan.Slot;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import javax.imageio.ImageIO;

/// The arena over time: a box for each tensor, from the step that writes it to the last that reads it, between its first
/// and its last byte.
final class ArenaPicture {
    private static final int WIDTH = 1200;
    private static final int HEIGHT = 760;
    private static final int LEFT = 90;
    private static final int RIGHT = 20;
    private static final int TOP = 60;
    private static final int BOTTOM = 190;
    private static final int LINES = 5;
    /// Colours that differ for colour-blind readers too (Okabe and Ito 2008), lightened for dark text.
    private static final int[] COLOURS = {0xF3C66B, 0x9BD3F2, 0x7FCFB4, 0xF5EE9C, 0x7FB4DA, 0xEFA878, 0xE3B8D2};

    private final String title;
    private final Plan plan;
    private final Placement placement;
    private final double stepWidth;
    private final double floatHeight;

    /// Lays the picture out.
    ///
    /// @param name   name of the model
    /// @param plan   its plan
    /// @param height rows of the input
    /// @param width  pixels in its rows
    ArenaPicture(String name, Plan plan, int height, int width) {
        this.plan = plan;
        placement = plan.memory().newPlacement();
        long elements = placement.place(height, width);
        title = String.format(Locale.ROOT, "%s: arena over time for a picture of %d rows and %d columns", name, height, width);
        // One column before the first step for the input alone.
        stepWidth = (double) (WIDTH - LEFT - RIGHT) / (plan.steps().size() + 1);
        floatHeight = (double) (HEIGHT - TOP - BOTTOM) / elements;
    }

    /// What can be drawn on; angles are 0 or 90 degrees upward.
    private interface Sheet {
        void box(double x, double y, double width, double height, int colour);

        void line(double x1, double y1, double x2, double y2, int colour, boolean dashed);

        void text(double x, double y, String text, int size, Align align, boolean upward);
    }

    private enum Align { START, MIDDLE, END }

    private double x(int step) {
        return LEFT + (step + 1) * stepWidth;
    }

    private double y(long offset) {
        return HEIGHT - BOTTOM - offset * floatHeight;
    }

    private void draw(Sheet sheet) {
        int steps = plan.steps().size();
        sheet.text(LEFT, 24, title, 16, Align.START, false);
        sheet.text(LEFT, 44, String.format(Locale.ROOT, "%,d bytes for tensors; no arena can be below %,d",
                Float.BYTES * placement.elements(), Float.BYTES * placement.lowerBound()), 12, Align.START, false);
        for (int i = 0; i < plan.slots().size(); i++) {
            Slot slot = plan.slots().get(i);
            double left = x(slot.firstStep());
            double right = x(Math.min(slot.lastStep(), steps - 1) + 1);
            double top = y(placement.offset(i) + placement.size(i));
            double boxHeight = placement.size(i) * floatHeight;
            sheet.box(left, top, right - left, boxHeight, COLOURS[i % COLOURS.length]);
            String label = PlanText.name(plan, i) + "  " + PlanText.shape(slot);
            boolean wide = right - left > 6.2 * label.length();
            if (boxHeight > 13 && (wide || right - left > 6.2 * PlanText.name(plan, i).length())) {
                sheet.text((left + right) / 2, top + boxHeight / 2 + 4, wide ? label : PlanText.name(plan, i), 11,
                        Align.MIDDLE, false);
            } else if (boxHeight > 6.2 * label.length() && right - left > 12) {
                sheet.text((left + right) / 2 + 4, top + boxHeight / 2, label, 11, Align.MIDDLE, true);
            }
        }
        double bound = y(placement.lowerBound());
        sheet.line(LEFT, bound, WIDTH - RIGHT, bound, 0xB00020, true);
        sheet.line(LEFT, y(0), WIDTH - RIGHT, y(0), 0x000000, false);
        sheet.line(LEFT, y(0), LEFT, TOP, 0x000000, false);
        for (int i = 0; i <= LINES; i++) {
            long offset = placement.elements() * i / LINES;
            sheet.line(LEFT - 4, y(offset), LEFT, y(offset), 0x000000, false);
            sheet.text(LEFT - 8, y(offset) + 4, String.format(Locale.ROOT, "%.2f MiB", offset / 262144.0), 11, Align.END, false);
        }
        int every = (int) Math.ceil(13 / stepWidth);
        for (int s = 0; s < steps; s += every) {
            sheet.text(x(s) + stepWidth / 2 + 4, y(0) + 8, s + " " + PlanText.operation(plan.steps().get(s)), 11, Align.END,
                    true);
        }
        if (stepWidth >= 13) {
            sheet.text(x(-1) + stepWidth / 2 + 4, y(0) + 8, "start", 11, Align.END, true);
        }
    }

    /// Writes the picture as SVG text.
    ///
    /// @param file the file
    void writeSvg(Path file) throws IOException {
        StringBuilder svg = new StringBuilder();
        svg.append(String.format(Locale.ROOT, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
                + "viewBox=\"0 0 %d %d\" font-family=\"sans-serif\">%n<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>%n",
                WIDTH, HEIGHT, WIDTH, HEIGHT));
        draw(new Sheet() {
            @Override
            public void box(double x, double y, double width, double height, int colour) {
                svg.append(String.format(Locale.ROOT, "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" fill=\"#%06x\" "
                        + "stroke=\"#333333\" stroke-width=\"0.7\"/>%n", x, y, width, height, colour));
            }

            @Override
            public void line(double x1, double y1, double x2, double y2, int colour, boolean dashed) {
                svg.append(String.format(Locale.ROOT, "<line x1=\"%.2f\" y1=\"%.2f\" x2=\"%.2f\" y2=\"%.2f\" stroke=\"#%06x\"%s/>%n",
                        x1, y1, x2, y2, colour, dashed ? " stroke-dasharray=\"6 4\"" : ""));
            }

            @Override
            public void text(double x, double y, String text, int size, Align align, boolean upward) {
                svg.append(String.format(Locale.ROOT, "<text x=\"%.2f\" y=\"%.2f\" font-size=\"%d\" text-anchor=\"%s\"%s>%s</text>%n",
                        x, y, size, align.name().toLowerCase(Locale.ROOT),
                        upward ? String.format(Locale.ROOT, " transform=\"rotate(-90 %.2f %.2f)\"", x, y) : "", escaped(text)));
            }
        });
        Files.writeString(file, svg.append("</svg>\n"));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /// Writes the picture as PNG.
    ///
    /// @param file the file
    void writePng(Path file) throws IOException {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, WIDTH, HEIGHT);
        draw(new Sheet() {
            @Override
            public void box(double x, double y, double width, double height, int colour) {
                Rectangle2D box = new Rectangle2D.Double(x, y, width, height);
                graphics.setColor(new Color(colour));
                graphics.fill(box);
                graphics.setColor(new Color(0x333333));
                graphics.setStroke(new BasicStroke(0.7f));
                graphics.draw(box);
            }

            @Override
            public void line(double x1, double y1, double x2, double y2, int colour, boolean dashed) {
                graphics.setColor(new Color(colour));
                graphics.setStroke(dashed ? new BasicStroke(1, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10,
                        new float[] {6, 4}, 0) : new BasicStroke(1));
                graphics.draw(new Line2D.Double(x1, y1, x2, y2));
            }

            @Override
            public void text(double x, double y, String text, int size, Align align, boolean upward) {
                graphics.setColor(Color.BLACK);
                graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, size));
                double length = graphics.getFontMetrics().stringWidth(text);
                double shift = switch (align) {
                    case START -> 0;
                    case MIDDLE -> length / 2;
                    case END -> length;
                };
                AffineTransform before = graphics.getTransform();
                graphics.translate(x, y);
                if (upward) {
                    graphics.rotate(-Math.PI / 2);
                }
                graphics.drawString(text, (float) -shift, 0);
                graphics.setTransform(before);
            }
        });
        graphics.dispose();
        if (!ImageIO.write(image, "png", file.toFile())) {
            throw new IOException(file + ": this Java has no PNG writer; draw to a .svg file instead");
        }
    }
}
