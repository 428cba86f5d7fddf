package io.github.fovea.report;

import io.github.fovea.error.UnavailableException;
import io.github.fovea.media.AtomicOutput;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;

/// Writes a page: one HTML file that holds its styles, charts and pictures and needs no network. It follows the
/// reader's choice of light or dark.
public final class ReportPage {
    /// Columns of the screen that two pictures with a slider take at least.
    private static final int LEAST_COMPARED = 320;

    private ReportPage() {}

    /// Checks that charts can be drawn; called before work that a missing library would waste.
    ///
    /// @throws UnavailableException if XChart is not on the class path
    public static void requireCharts() {
        try {
            Class.forName("org.knowm.xchart.XYChart", false, ReportPage.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new UnavailableException("charts of reports need the library XChart, which is not there",
                    "add org.knowm.xchart:xchart to the class path, or leave out --report");
        }
    }

    /// Writes a page; the file appears only when it is whole.
    ///
    /// @param target    the file to make
    /// @param overwrite whether a file of that name may be replaced
    /// @param title     title of the page
    /// @param subtitle  a sentence below it
    /// @param sections  its parts, in order
    /// @throws IOException if the file cannot be written
    public static void write(Path target, boolean overwrite, String title, String subtitle, List<Section> sections)
            throws IOException {
        requireCharts();
        StringBuilder page = new StringBuilder(1 << 20);
        page.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
                .append("<meta name=\"color-scheme\" content=\"light dark\">\n<title>").append(text(title))
                .append("</title>\n<style>\n").append(resource("report.css"))
                .append("</style>\n</head>\n<body>\n<header>\n<h1>")
                .append(text(title)).append("</h1>\n<p>").append(text(subtitle)).append("</p>\n</header>\n<main>\n");
        for (Section section : sections) {
            append(page, section);
        }
        page.append("</main>\n<script>\n").append(resource("report.js")).append("</script>\n</body>\n</html>\n");
        AtomicOutput.write(target, overwrite, temporary -> Files.writeString(temporary, page));
    }

    private static void append(StringBuilder page, Section section) throws IOException {
        page.append("<section>\n<h2>").append(text(section.title())).append("</h2>\n");
        switch (section) {
            case Section.Facts facts -> {
                page.append("<div class=\"facts\">\n");
                for (Section.Fact fact : facts.facts()) {
                    page.append("<div class=\"fact\"><span class=\"label\">").append(text(fact.label()))
                            .append("</span><span class=\"value\">").append(text(fact.value()))
                            .append("</span><span class=\"note\">")
                            .append(text(fact.note())).append("</span></div>\n");
                }
                page.append("</div>\n");
            }
            case Section.Table table -> {
                note(page, table.note());
                table(page, table);
            }
            case Section.Lines lines -> {
                note(page, (lines.note() + ' ' + leftOut(lines)).strip());
                chart(page, section.title(), Charts.lines(lines, false), Charts.lines(lines, true));
            }
            case Section.Bars bars -> {
                note(page, bars.note());
                chart(page, section.title(), Charts.bars(bars, false), Charts.bars(bars, true));
            }
            case Section.Picture picture -> {
                note(page, picture.note());
                page.append("<figure><img class=\"wide\" alt=\"").append(text(picture.title())).append("\" src=\"")
                        .append(data(picture.image())).append("\">");
                if (!picture.legend().isEmpty()) {
                    page.append("<figcaption>");
                    for (Section.Swatch swatch : picture.legend()) {
                        page.append("<span class=\"swatch\" style=\"background:#")
                                .append(String.format(Locale.ROOT, "%06x", swatch.rgb() & 0xFFFFFF))
                                .append("\"></span>").append(text(swatch.name())).append(' ');
                    }
                    page.append("</figcaption>");
                }
                page.append("</figure>\n");
            }
            case Section.Comparison comparison -> {
                note(page, comparison.note());
                comparison(page, comparison);
            }
        }
        page.append("</section>\n");
    }

    /// A sentence on values that no chart can show, such as the PSNR of a frame that came back exactly.
    private static String leftOut(Section.Lines lines) {
        String counts = lines.lines().stream().filter(line -> infinite(line) > 0)
                .map(line -> line.name() + " (" + infinite(line) + " of " + line.y().length
                + ")").collect(Collectors.joining(", "));
        return counts.isEmpty() ? "" : "Not drawn, because they are infinite: " + counts + ".";
    }

    private static long infinite(Section.Line line) {
        return Arrays.stream(line.y()).filter(Double::isInfinite).count();
    }

    private static void note(StringBuilder page, String note) {
        if (!note.isEmpty()) {
            page.append("<p class=\"note\">").append(text(note)).append("</p>\n");
        }
    }

    private static void table(StringBuilder page, Section.Table table) {
        page.append("<div class=\"scroll\"><table>\n<thead><tr>");
        table.header().forEach(cell -> page.append("<th scope=\"col\">").append(text(cell)).append("</th>"));
        page.append("</tr></thead>\n<tbody>\n");
        for (List<String> row : table.rows()) {
            page.append("<tr>");
            for (int i = 0; i < row.size(); i++) {
                page.append(i == 0 ? "<th scope=\"row\">" : "<td>").append(text(row.get(i))).append(i == 0 ? "</th>"
                        : "</td>");
            }
            page.append("</tr>\n");
        }
        page.append("</tbody>\n</table></div>\n");
    }

    private static void chart(StringBuilder page, String title, BufferedImage light, BufferedImage dark)
            throws IOException {
        // A narrow window scrolls a chart: shrunk as a whole, its letters could not be read.
        page.append("<div class=\"scroll\"><picture><source media=\"(prefers-color-scheme: dark)\" srcset=\"")
                .append(data(dark))
                .append("\"><img class=\"chart\" alt=\"Chart: ").append(text(title)).append("\" src=\"")
                .append(data(light))
                .append("\"></picture></div>\n");
    }

    private static void comparison(StringBuilder page, Section.Comparison comparison) throws IOException {
        int width = comparison.before().getWidth();
        int height = comparison.before().getHeight();
        // Small pictures are shown larger, in whole pixels: the names on both sides of the slider need room.
        int factor = Math.ceilDiv(LEAST_COMPARED, width);
        page.append("<div class=\"compare").append(factor > 1 ? " enlarged" : "").append("\" style=\"max-width:")
                .append(width * factor).append("px;aspect-ratio:").append(width).append('/')
                .append(height).append("\">\n<img alt=\"").append(text(comparison.afterName())).append("\" src=\"")
                .append(data(comparison.after())).append("\">\n<img class=\"before\" alt=\"")
                .append(text(comparison.beforeName()))
                .append("\" src=\"").append(data(comparison.before())).append("\">\n<span class=\"bar\"></span>\n")
                .append("<span class=\"tag left\">").append(text(comparison.beforeName())).append("</span>")
                .append("<span class=\"tag right\">").append(text(comparison.afterName())).append("</span>\n")
                .append("<input type=\"range\" min=\"0\" max=\"100\" value=\"50\" step=\"0.1\" aria-label=\"Share of ")
                .append(text(comparison.beforeName())).append("\">\n</div>\n");
    }

    private static String data(BufferedImage image) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "png", bytes);
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("resource " + name + " of the report is missing from this build");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /// {@return a text in which nothing can be taken for markup}
    ///
    /// @param raw the text
    static String text(String raw) {
        return raw.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;").replace("'",
                "&#39;");
    }
}
