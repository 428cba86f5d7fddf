package io.github.fovea.report;

import java.util.List;
import java.util.Locale;

/// A chart of quality over cost as SVG text: what one gets for what one pays. The axis of costs is logarithmic. Dots of
/// one curve are joined; no library is needed.
///
/// @param title   stands above the chart
/// @param cost    what the axis of costs says, like `multiply-adds per LR pixel`
/// @param quality what the axis of qualities says, like `Set5 Y-PSNR, dB`
/// @param curves  1 to 8 curves
public record ParetoPlot(String title, String cost, String quality, List<Curve> curves) {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 460;
    private static final int LEFT = 70;
    private static final int RIGHT = 150;
    private static final int TOP = 50;
    private static final int BOTTOM = 60;
    /// Told apart by people with any kind of colour vision (Okabe and Ito 2008).
    private static final List<String> COLOURS =
            List.of("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#B8A800", "#777777");
    private static final double[] STEPS = {0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10};
    private static final int MOST_LINES = 8;

    /// Dots that are joined.
    ///
    /// @param name what the curve is called
    /// @param dots its dots, at least one, by rising cost
    public record Curve(String name, List<Dot> dots) {
        /// Copies the list.
        public Curve {
            dots = List.copyOf(dots);
            if (dots.isEmpty()) {
                throw new IllegalArgumentException("curve " + name + " has no dots");
            }
        }
    }

    /// One thing at its cost.
    ///
    /// @param label   stands beside the dot; empty for nothing
    /// @param cost    above 0
    /// @param quality a finite number
    public record Dot(String label, double cost, double quality) {
        /// Checks the numbers.
        public Dot {
            if (!(cost > 0) || !Double.isFinite(cost) || !Double.isFinite(quality)) {
                throw new IllegalArgumentException("dot " + label + " at cost " + cost + " and quality " + quality
                        + ", wanted a cost above 0 and finite numbers");
            }
        }
    }

    /// Copies the list.
    public ParetoPlot {
        curves = List.copyOf(curves);
        if (curves.isEmpty() || curves.size() > COLOURS.size()) {
            throw new IllegalArgumentException(curves.size() + " curves, wanted 1 to " + COLOURS.size());
        }
    }

    /// {@return the chart as the text of an SVG file}
    public String svg() {
        List<Dot> all = curves.stream().flatMap(curve -> curve.dots().stream()).toList();
        double low = all.stream().mapToDouble(Dot::quality).min().orElseThrow();
        double high = all.stream().mapToDouble(Dot::quality).max().orElseThrow();
        double step = step(high - low);
        Axis y = new Axis(Math.floor(low / step) * step, Math.floor(high / step) * step + step, HEIGHT - BOTTOM, TOP);
        Axis x = new Axis(Math.log(all.stream().mapToDouble(Dot::cost).min().orElseThrow() / 1.25),
                Math.log(all.stream().mapToDouble(Dot::cost).max().orElseThrow() * 1.25), LEFT, WIDTH - RIGHT);
        StringBuilder svg = new StringBuilder();
        add(svg, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" "
                + "font-size=\"13\">%n", WIDTH, HEIGHT);
        add(svg, "<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>%n", WIDTH, HEIGHT);
        text(svg, LEFT, 28, "start", "font-size=\"16\" font-weight=\"bold\"", title);
        int lines = (int) Math.round((y.high - y.low) / step);
        for (int i = 0; i <= lines; i++) {
            double value = y.low + i * step;
            add(svg, "<path d=\"M%d %.1fH%d\" stroke=\"#dddddd\"/>%n", LEFT, y.at(value), WIDTH - RIGHT);
            text(svg, LEFT - 8, y.at(value) + 4, "end", "fill=\"#333333\"",
                    String.format(Locale.ROOT, step < 0.1 ? "%.2f" : "%.1f", value));
        }
        for (double decade = 1; decade < 1e15; decade *= 10) {
            for (int digit : new int[] {1, 2, 5}) {
                double value = digit * decade;
                if (Math.log(value) >= x.low && Math.log(value) <= x.high) {
                    add(svg, "<path d=\"M%.1f %dV%d\" stroke=\"#eeeeee\"/>%n", x.at(Math.log(value)), TOP,
                            HEIGHT - BOTTOM);
                    text(svg, x.at(Math.log(value)), HEIGHT - BOTTOM + 20, "middle", "fill=\"#333333\"",
                            String.format(Locale.ROOT, "%,.0f", value));
                }
            }
        }
        text(svg, (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 16, "middle", "fill=\"#333333\"", cost);
        add(svg, "<g transform=\"translate(20 %.1f) rotate(-90)\">", (TOP + HEIGHT - BOTTOM) / 2.0);
        text(svg, 0, 0, "middle", "fill=\"#333333\"", quality);
        svg.append("</g>\n");
        for (int k = 0; k < curves.size(); k++) {
            // Labels of every second curve lie on the other side, where they do not meet those of the first.
            curve(svg, curves.get(k), COLOURS.get(k), k % 2 == 1, x, y);
            double at = TOP + 10 + 22.0 * k;
            add(svg, "<path d=\"M%d %.1fh22\" stroke=\"%s\" stroke-width=\"2\"/>%n", WIDTH - RIGHT + 10, at,
                    COLOURS.get(k));
            text(svg, WIDTH - RIGHT + 38, at + 4, "start", "fill=\"#333333\"", curves.get(k).name());
        }
        return svg.append("</svg>\n").toString();
    }

    private static void curve(StringBuilder svg, Curve curve, String colour, boolean above, Axis x, Axis y) {
        StringBuilder path = new StringBuilder();
        for (Dot dot : curve.dots()) {
            path.append(String.format(Locale.ROOT, "%s%.1f %.1f", path.isEmpty() ? "M" : "L",
                    x.at(Math.log(dot.cost())), y.at(dot.quality())));
        }
        add(svg, "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>%n", path, colour);
        for (Dot dot : curve.dots()) {
            double cx = x.at(Math.log(dot.cost()));
            double cy = y.at(dot.quality());
            add(svg, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\"/>%n", cx, cy, colour);
            if (!dot.label().isEmpty()) {
                text(svg, above ? cx - 4 : cx + 6, above ? cy - 9 : cy + 15, above ? "end" : "start",
                        "font-size=\"11\" fill=\"" + colour + "\"", dot.label());
            }
        }
    }

    /// A line of numbers on the sheet.
    private record Axis(double low, double high, double from, double to) {
        double at(double value) {
            return from + (value - low) / (high - low) * (to - from);
        }
    }

    private static double step(double range) {
        for (double step : STEPS) {
            if (range / step <= MOST_LINES) {
                return step;
            }
        }
        return Math.pow(10, Math.ceil(Math.log10(range / MOST_LINES)));
    }

    private static void add(StringBuilder svg, String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format.replace("%n", "\n"), values));
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String style, String text) {
        add(svg, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" ", x, y, anchor);
        svg.append(style).append('>').append(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
                .append("</text>\n");
    }
}
