package io.github.fovea.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/// Draws charts with XChart, twice as fine as they are shown, on a light or a dark ground.
final class Charts {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 340;
    private static final int FINE = 2;
    /// A range of values narrower than this part of them leaves the axis without ticks; it is widened to [#ROOM] of
    /// them.
    private static final double NARROW = 1e-3;
    private static final double ROOM = 1e-2;
    private static final int MOST_STEPS = 8;
    /// What the series of a line's lone points has behind the line's name: series need different ones.
    private static final String LONE = "\u0000";
    private static final double MOST_FILL = 0.7;
    private static final double FILL_OF_A_GROUP = 0.14;
    /// Told apart by people with any kind of colour vision, on both grounds (Okabe and Ito 2008).
    private static final List<Color> COLOURS = List.of(new Color(0x999999), new Color(0x56B4E9), new Color(0x009E73),
            new Color(0xE69F00), new Color(0xD55E00), new Color(0xCC79A7), new Color(0x0072B2), new Color(0xB8A800));

    private Charts() {}

    /// {@return the chart}
    ///
    /// @param lines what it shows
    /// @param dark  whether it stands on a dark ground
    static BufferedImage lines(Section.Lines lines, boolean dark) {
        XYChart chart = new XYChart(WIDTH, HEIGHT);
        chart.setXAxisTitle(lines.x());
        chart.setYAxisTitle(lines.y());
        style(chart.getStyler(), dark);
        chart.getStyler().setXAxisDecimalPattern("0.#");
        int index = 0;
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (Section.Line line : lines.lines()) {
            // A gap ends a line; a point between two of them is a line of its own, which needs a marker to be seen.
            double[] drawn = line.y().clone();
            double[] alone = line.y().clone();
            for (int i = 0; i < drawn.length; i++) {
                if (finite(line, i)) {
                    low = Math.min(low, drawn[i]);
                    high = Math.max(high, drawn[i]);
                } else {
                    drawn[i] = Double.NaN;
                }
                if (!finite(line, i) || finite(line, i - 1) || finite(line, i + 1)) {
                    alone[i] = Double.NaN;
                }
            }
            Color colour = COLOURS.get(index++ % COLOURS.size());
            if (Arrays.stream(drawn).anyMatch(Double::isFinite)) {
                draw(chart, line.name(), line.x(), drawn, colour).setMarker(SeriesMarkers.NONE);
            }
            if (Arrays.stream(alone).anyMatch(Double::isFinite)) {
                draw(chart, line.name() + LONE, line.x(), alone, colour).setMarker(SeriesMarkers.CIRCLE)
                        .setShowInLegend(false);
            }
        }
        if (chart.getSeriesMap().isEmpty()) {
            return blank(dark);
        }
        roundEnds(chart.getStyler(), low, high);
        return paint(chart);
    }

    private static boolean finite(Section.Line line, int point) {
        return point >= 0 && point < line.y().length && Double.isFinite(line.y()[point]);
    }

    private static XYSeries draw(XYChart chart, String name, double[] x, double[] y, Color colour) {
        XYSeries series = chart.addSeries(name, x, y);
        series.setMarkerColor(colour);
        series.setLineColor(colour);
        series.setLineStyle(new BasicStroke(1.8f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        return series;
    }

    /// Ends an axis at round numbers. XChart puts ticks at the values themselves where these are equally spaced, as two
    /// always are, and leaves a narrow axis without any.
    private static void roundEnds(AxesChartStyler style, double least, double most) {
        double size = Math.max(Math.abs(least), Math.abs(most));
        double room = most - least < NARROW * size ? ROOM * size / 2 : 0;
        double low = least - room;
        double high = size == 0 ? 1 : most + room;
        double decade = Math.pow(10, Math.floor(Math.log10((high - low) / MOST_STEPS)));
        double step = decade;
        for (int factor : new int[] {2, 5, 10}) {
            if ((high - low) / step > MOST_STEPS) {
                step = factor * decade;
            }
        }
        style.setYAxisMin(Math.floor(low / step) * step);
        style.setYAxisMax(Math.ceil(high / step) * step);
    }

    /// {@return the chart}
    ///
    /// @param bars what it shows
    /// @param dark whether it stands on a dark ground
    static BufferedImage bars(Section.Bars bars, boolean dark) {
        CategoryChart chart = new CategoryChart(WIDTH, HEIGHT);
        chart.setXAxisTitle(bars.x());
        chart.setYAxisTitle(bars.y());
        style(chart.getStyler(), dark);
        // A single bar would be a wall.
        chart.getStyler().setAvailableSpaceFill(Math.min(MOST_FILL, FILL_OF_A_GROUP * bars.categories().size()));
        int index = 1;
        for (Section.Line series : bars.series()) {
            List<Double> heights = new ArrayList<>();
            for (double height : series.y()) {
                heights.add(height);
            }
            chart.addSeries(series.name(), bars.categories(),
                    heights).setFillColor(COLOURS.get(index++ % COLOURS.size()));
        }
        chart.getStyler().setLegendVisible(bars.series().size() > 1);
        if (bars.series().stream().flatMapToDouble(series -> Arrays.stream(series.y())).allMatch(height ->
                height == Math.rint(height))) {
            // What is counted has no halves.
            chart.getStyler().setYAxisDecimalPattern("0");
        }
        return paint(chart);
    }

    private static void style(AxesChartStyler style, boolean dark) {
        Color ground = ground(dark);
        Color ink = dark ? new Color(0xD8DEE4) : new Color(0x24292F);
        Color grid = dark ? new Color(0x3A4048) : new Color(0xDFE3E8);
        Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
        style.setLocale(Locale.ROOT);
        style.setChartBackgroundColor(ground);
        style.setPlotBackgroundColor(ground);
        style.setPlotBorderVisible(false);
        style.setPlotGridLinesColor(grid);
        style.setPlotGridVerticalLinesVisible(false);
        style.setAxisTickLabelsColor(ink);
        style.setAxisTickMarksColor(grid);
        style.setXAxisTitleColor(ink);
        style.setYAxisTitleColor(ink);
        style.setChartFontColor(ink);
        style.setAxisTickLabelsFont(font);
        style.setAxisTitleFont(font);
        style.setLegendFont(font);
        style.setLegendPosition(Styler.LegendPosition.OutsideS);
        style.setLegendLayout(Styler.LegendLayout.Horizontal);
        style.setLegendBackgroundColor(ground);
        style.setLegendBorderColor(ground);
        style.setChartTitleVisible(false);
        style.setDecimalPattern("0.####");
        style.setAntiAlias(true);
    }

    private static Color ground(boolean dark) {
        return dark ? new Color(0x1C2128) : Color.WHITE;
    }

    private static BufferedImage blank(boolean dark) {
        BufferedImage image = new BufferedImage(WIDTH, 40, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setColor(ground(dark));
        g.fillRect(0, 0, WIDTH, 40);
        g.setColor(dark ? Color.LIGHT_GRAY : Color.DARK_GRAY);
        g.drawString("every value is infinite or missing", 12, 24);
        g.dispose();
        return image;
    }

    private static BufferedImage paint(Chart<?, ?> chart) {
        BufferedImage image = new BufferedImage(WIDTH * FINE, HEIGHT * FINE, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.scale(FINE, FINE);
        chart.paint(g, WIDTH, HEIGHT);
        g.dispose();
        return image;
    }
}
