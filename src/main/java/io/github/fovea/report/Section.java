package io.github.fovea.report;

import java.awt.image.BufferedImage;
import java.util.List;

/// A part of a page.
public sealed interface Section {
    /// {@return the heading}
    String title();

    /// A few figures in large type.
    ///
    /// @param title the heading
    /// @param facts the figures
    record Facts(String title, List<Fact> facts) implements Section {
        /// Copies the list.
        public Facts {
            facts = List.copyOf(facts);
        }
    }

    /// One figure.
    ///
    /// @param label what it is
    /// @param value the figure with its unit
    /// @param note  what to know about it; may be empty
    record Fact(String label, String value, String note) {}

    /// A table.
    ///
    /// @param title  the heading
    /// @param note   what to know about it; may be empty
    /// @param header heads of the columns
    /// @param rows   the lines, each with as many cells as there are columns
    record Table(String title, String note, List<String> header, List<List<String>> rows) implements Section {
        /// Checks that lines are as long as the header.
        public Table {
            header = List.copyOf(header);
            rows = List.copyOf(rows);
            for (List<String> row : rows) {
                if (row.size() != header.size()) {
                    throw new IllegalArgumentException("table " + title + ": a line of " + row.size()
                            + " cells, wanted " + header.size());
                }
            }
        }
    }

    /// Lines over a common axis.
    ///
    /// @param title the heading
    /// @param note  what to know about it; may be empty
    /// @param x     what the horizontal axis shows
    /// @param y     what the vertical axis shows
    /// @param lines the lines, at least one
    record Lines(String title, String note, String x, String y, List<Line> lines) implements Section {
        /// Copies the list.
        public Lines {
            lines = List.copyOf(lines);
        }
    }

    /// One line of a chart. A point whose value is not finite is a gap in it.
    ///
    /// @param name what it shows
    /// @param x    places
    /// @param y    values, as many as there are places
    record Line(String name, double[] x, double[] y) {
        /// Checks the lengths.
        public Line {
            if (x.length != y.length) {
                throw new IllegalArgumentException("line " + name + " has " + x.length + " places and " + y.length
                        + " values");
            }
        }
    }

    /// Groups of bars.
    ///
    /// @param title      the heading
    /// @param note       what to know about it; may be empty
    /// @param x          what the horizontal axis shows
    /// @param y          what the vertical axis shows
    /// @param categories names of the groups, at least one
    /// @param series     for each bar of a group its name and its height in every group; `x` holds nothing
    record Bars(String title, String note, String x, String y, List<String> categories, List<Line> series)
            implements Section {
        /// Copies the lists.
        public Bars {
            categories = List.copyOf(categories);
            series = List.copyOf(series);
        }
    }

    /// A picture.
    ///
    /// @param title  the heading
    /// @param note   what to know about it; may be empty
    /// @param image  the picture
    /// @param legend what its colours mean; may be empty
    record Picture(String title, String note, BufferedImage image, List<Swatch> legend) implements Section {
        /// Copies the list.
        public Picture {
            legend = List.copyOf(legend);
        }
    }

    /// A colour and what it means.
    ///
    /// @param name what it means
    /// @param rgb  red, green and blue, 8 bit each
    record Swatch(String name, int rgb) {}

    /// Two pictures of equal size, one over the other, with a slider between them.
    ///
    /// @param title      the heading
    /// @param note       what to know about it; may be empty
    /// @param before     the picture at the left
    /// @param beforeName what it is
    /// @param after      the picture at the right
    /// @param afterName  what it is
    record Comparison(String title, String note, BufferedImage before, String beforeName, BufferedImage after,
            String afterName)
            implements Section {
        /// Checks the sizes.
        public Comparison {
            if (before.getWidth() != after.getWidth() || before.getHeight() != after.getHeight()) {
                throw new IllegalArgumentException("comparison of " + before.getWidth() + "x" + before.getHeight()
                        + " and " + after.getWidth() + "x" + after.getHeight() + " pixels, wanted equal sizes");
            }
        }
    }
}
