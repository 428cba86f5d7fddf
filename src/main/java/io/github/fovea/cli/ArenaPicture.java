package io.github.fovea.cli;

import io.github.fovea.flow.ElementType;
import io.github.fovea.flow.FlowPlan;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.imageio.ImageIO;

/// The arena over time: a box for each tensor, from the step that writes it to the last that reads it, between its
/// first and its last byte.
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
    private final List<Box> boxes;
    private final List<String> steps;
    private final long elements;
    private final long lowerBound;
    private final double stepWidth;
    private final double floatHeight;

    /// A tensor.
    ///
    /// @param name      its name
    /// @param shape     its shape
    /// @param firstStep the step that writes it, -1 for the input
    /// @param lastStep  the last that reads it, or later
    /// @param offset    its first float
    /// @param size      how many floats it takes
    private record Box(String name, String shape, int firstStep, int lastStep, long offset, long size) {}

    private ArenaPicture(String title, List<Box> boxes, List<String> steps, long elements, long lowerBound) {
        this.title = title;
        this.boxes = boxes;
        this.steps = steps;
        this.elements = elements;
        this.lowerBound = lowerBound;
        // One column before the first step for the input alone.
        stepWidth = (double) (WIDTH - LEFT - RIGHT) / (steps.size() + 1);
        floatHeight = (double) (HEIGHT - TOP - BOTTOM) / Math.max(1, elements);
    }

    /// {@return the picture of a planned network}
    ///
    /// @param name   name of the model
    /// @param plan   its plan
    /// @param height rows of the input
    /// @param width  pixels in its rows
    static ArenaPicture of(String name, Plan plan, int height, int width) {
        Placement placement = plan.memory().newPlacement();
        placement.place(height, width);
        List<Box> boxes = new ArrayList<>();
        for (int i = 0; i < plan.slots().size(); i++) {
            Slot slot = plan.slots().get(i);
            boxes.add(new Box(PlanText.name(plan, i), PlanText.shape(slot), slot.firstStep(), slot.lastStep(),
                    placement.offset(i), placement.size(i)));
        }
        return new ArenaPicture(String.format(Locale.ROOT,
                "%s: arena over time for a picture of %d rows and %d columns", name, height, width), boxes,
                plan.steps().stream().map(PlanText::operation).toList(), placement.elements(), placement.lowerBound());
    }

    /// {@return the picture of a graph that the planned engine does not run: its floats}
    ///
    /// @param name     name of the file
    /// @param plan     the graph's plan
    /// @param bindings extent of every symbol
    static ArenaPicture of(String name, FlowPlan plan, Map<String, Long> bindings) {
        List<Box> boxes = plan.places(bindings).stream().filter(place -> place.type() == ElementType.FLOAT)
                .map(place -> new Box(place.value(), place.shape(), place.firstStep(), place.lastStep(), place.offset(),
                        place.elements())).toList();
        long[] live = new long[plan.stepCount()];
        for (Box box : boxes) {
            for (int step = Math.max(0, box.firstStep()); step <= Math.min(box.lastStep(), live.length - 1); step++) {
                live[step] += box.size();
            }
        }
        return new ArenaPicture(name + ": arena over time at " + bindings, boxes,
                plan.description().stream().map(line -> line.replaceAll(" ->.*", "")).toList(),
                boxes.stream().mapToLong(box -> box.offset() + box.size()).max().orElse(0),
                Arrays.stream(live).max().orElse(0));
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
        sheet.text(LEFT, 24, title, 16, Align.START, false);
        sheet.text(LEFT, 44, String.format(Locale.ROOT, "%,d bytes for tensors; no arena can be below %,d",
                Float.BYTES * elements, Float.BYTES * lowerBound), 12, Align.START, false);
        for (int i = 0; i < boxes.size(); i++) {
            Box box = boxes.get(i);
            double left = x(box.firstStep());
            double right = x(Math.min(box.lastStep(), steps.size() - 1) + 1);
            double top = y(box.offset() + box.size());
            double boxHeight = box.size() * floatHeight;
            sheet.box(left, top, right - left, boxHeight, COLOURS[i % COLOURS.length]);
            String label = box.name() + "  " + box.shape();
            boolean wide = right - left > 6.2 * label.length();
            if (boxHeight > 13 && (wide || right - left > 6.2 * box.name().length())) {
                sheet.text((left + right) / 2, top + boxHeight / 2 + 4, wide ? label : box.name(), 11,
                        Align.MIDDLE, false);
            } else if (boxHeight > 6.2 * label.length() && right - left > 12) {
                sheet.text((left + right) / 2 + 4, top + boxHeight / 2, label, 11, Align.MIDDLE, true);
            }
        }
        double bound = y(lowerBound);
        sheet.line(LEFT, bound, WIDTH - RIGHT, bound, 0xB00020, true);
        sheet.line(LEFT, y(0), WIDTH - RIGHT, y(0), 0x000000, false);
        sheet.line(LEFT, y(0), LEFT, TOP, 0x000000, false);
        for (int i = 0; i <= LINES; i++) {
            long offset = elements * i / LINES;
            sheet.line(LEFT - 4, y(offset), LEFT, y(offset), 0x000000, false);
            sheet.text(LEFT - 8, y(offset) + 4, String.format(Locale.ROOT, "%.2f MiB", offset / 262144.0), 11,
                    Align.END, false);
        }
        int every = (int) Math.ceil(13 / stepWidth);
        for (int s = 0; s < steps.size(); s += every) {
            sheet.text(x(s) + stepWidth / 2 + 4, y(0) + 8, s + " " + steps.get(s), 11, Align.END,
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
                + "viewBox=\"0 0 %d %d\" font-family=\"sans-serif\">%n<rect width=\"100%%\" height=\"100%%\" "
                + "fill=\"#ffffff\"/>%n", WIDTH, HEIGHT, WIDTH, HEIGHT));
        draw(new Sheet() {
            @Override
            public void box(double x, double y, double width, double height, int colour) {
                svg.append(String.format(Locale.ROOT,
                        "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" fill=\"#%06x\" "
                        + "stroke=\"#333333\" stroke-width=\"0.7\"/>%n", x, y, width, height, colour));
            }

            @Override
            public void line(double x1, double y1, double x2, double y2, int colour, boolean dashed) {
                svg.append(String.format(Locale.ROOT,
                        "<line x1=\"%.2f\" y1=\"%.2f\" x2=\"%.2f\" y2=\"%.2f\" stroke=\"#%06x\"%s/>%n", x1, y1, x2, y2,
                        colour, dashed ? " stroke-dasharray=\"6 4\"" : ""));
            }

            @Override
            public void text(double x, double y, String text, int size, Align align, boolean upward) {
                svg.append(String.format(Locale.ROOT,
                        "<text x=\"%.2f\" y=\"%.2f\" font-size=\"%d\" text-anchor=\"%s\"%s>%s</text>%n", x, y, size,
                        align.name().toLowerCase(Locale.ROOT), upward ? String.format(Locale.ROOT,
                        " transform=\"rotate(-90 %.2f %.2f)\"", x, y) : "", escaped(text)));
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
