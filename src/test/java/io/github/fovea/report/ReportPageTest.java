package io.github.fovea.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Pages, as text and in a real browser.
class ReportPageTest {
    @TempDir
    Path folder;

    private static BufferedImage image(int width, int height, Color color) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setColor(color);
        g.fillRect(0, 0, width, height);
        g.dispose();
        return image;
    }

    private static List<Section> sections() {
        double[] x = {0, 1, 2, 3};
        return List.of(
                new Section.Facts("In short", List.of(new Section.Fact("gain", "+1.00 dB", "a note"))),
                new Section.Table("Table", "", List.of("", "PSNR-Y of mean error", "mean of PSNRs", "over bicubic", "SSIM", "RGB",
                        "rimless patches", "all frames"), List.of(List.of("<b>&\"way\"", "36.18 dB", "36.20 dB", "+2.80 dB", "0.95276",
                        "34.25 dB", "36.20 dB", "36.21 dB"))),
                new Section.Lines("Lines", "note", "x", "dB", List.of(new Section.Line("a", x, new double[] {1, 2, 3, 4}),
                        new Section.Line("gaps", x, new double[] {Double.NaN, 2, Double.POSITIVE_INFINITY, 1}))),
                new Section.Lines("Nothing finite", "", "x", "dB", List.of(new Section.Line("a", x,
                        new double[] {Double.NaN, Double.NaN, Double.POSITIVE_INFINITY, Double.NaN}))),
                new Section.Bars("Bars", "", "x", "%", List.of("one", "two"), List.of(new Section.Line("p", new double[2],
                        new double[] {30, 70}))),
                new Section.Picture("Picture", "", image(64, 32, Color.ORANGE), List.of(new Section.Swatch("orange", 0xFFC800))),
                new Section.Comparison("Slider", "", image(600, 200, Color.RED), "before", image(600, 200, Color.GREEN), "after"));
    }

    private Path page() throws IOException {
        Path page = folder.resolve("page.html");
        ReportPage.write(page, false, "A <title> & more", "subtitle", sections());
        return page;
    }

    @Test
    void pageHoldsEverythingItNeeds() throws IOException {
        String html = Files.readString(page());
        assertTrue(html.contains("<title>A &lt;title&gt; &amp; more</title>"));
        assertTrue(html.contains("&lt;b&gt;&amp;&quot;way&quot;"));
        Matcher sources = Pattern.compile("(?:src|srcset|href)=\"([^\"]{0,30})").matcher(html);
        int count = 0;
        while (sources.find()) {
            count++;
            assertTrue(sources.group(1).startsWith("data:image/png;base64,"), sources.group());
        }
        // Three charts in light and dark, a picture, and two of the slider.
        assertEquals(9, count);
        assertFalse(html.matches("(?s).*(https?:|url\\(|@import|<link).*"));
        assertEquals(7, html.split("<section>", -1).length - 1);
    }

    @Test
    void chartsAreDrawnAndDifferInLightAndDark() {
        Section.Lines lines = (Section.Lines) sections().get(2);
        BufferedImage light = Charts.lines(lines, false);
        BufferedImage dark = Charts.lines(lines, true);
        assertEquals(0xFFFFFF, light.getRGB(2, 2) & 0xFFFFFF);
        assertTrue((dark.getRGB(2, 2) & 0xFF) < 64);
        Set<Integer> colours = new HashSet<>();
        for (int y = 0; y < light.getHeight(); y++) {
            for (int at = 0; at < light.getWidth(); at++) {
                colours.add(light.getRGB(at, y) & 0xFFFFFF);
            }
        }
        assertTrue(colours.contains(0x999999) && colours.contains(0x56B4E9), "lines are missing: " + colours.size() + " colours");
    }

    /// Rows of the upper part of a chart, where no letters are, that show the grid: one for each tick.
    private static int ticks(BufferedImage chart) {
        int ticks = 0;
        boolean before = false;
        for (int y = 0; y < chart.getHeight() * 3 / 4; y++) {
            boolean grid = false;
            for (int x = chart.getWidth() / 4; x < chart.getWidth(); x++) {
                grid |= (chart.getRGB(x, y) & 0xFFFFFF) == 0xDFE3E8;
            }
            ticks += grid && !before ? 1 : 0;
            before = grid;
        }
        return ticks;
    }

    @ParameterizedTest
    @CsvSource({"77.5643, 77.5643", "78.2338, 79.0256", "1, 0.99998", "0, 0", "3, 3", "-2, -2", "41.1, 42.9"})
    void everyAxisHasTicks(double first, double second) {
        Section.Line line = new Section.Line("a", new double[] {0, 1}, new double[] {first, second});
        int ticks = ticks(Charts.lines(new Section.Lines("t", "", "x", "dB", List.of(line)), false));
        // Zeros stand on an axis from 0 to 1.
        assertTrue(ticks >= (first == 0 ? 2 : 3) && ticks <= 11, ticks + " ticks");
    }

    /// {@return for each column of the upper part of a chart whether the first line is seen there, from the first to the last}
    private static List<Boolean> columns(double... values) {
        Section.Line line = new Section.Line("a", IntStream.range(0, values.length).asDoubleStream().toArray(), values);
        BufferedImage chart = Charts.lines(new Section.Lines("t", "", "x", "dB", List.of(line)), false);
        List<Boolean> seen = new ArrayList<>();
        for (int x = 0; x < chart.getWidth(); x++) {
            int column = x;
            boolean any = IntStream.range(0, chart.getHeight() * 3 / 4).anyMatch(y -> (chart.getRGB(column, y) & 0xFFFFFF) == 0x999999);
            if (any || !seen.isEmpty()) {
                seen.add(any);
            }
        }
        return seen.subList(0, seen.lastIndexOf(true) + 1);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN})
    void aPointThatIsNotFiniteBreaksItsLine(double gap) {
        List<Boolean> whole = columns(1, 2, 1.5, 1, 2, 1);
        assertFalse(whole.contains(false), "a line without gaps");
        List<Boolean> broken = columns(1, 2, gap, 1, 2, 1);
        assertEquals(whole.size(), broken.size(), 2);
        assertEquals(2.0 / 5, Collections.frequency(broken, false) / (double) broken.size(), 0.02);
        List<Boolean> lone = columns(1, 2, gap, 1.5, gap, 1);
        assertTrue(lone.get(lone.size() * 3 / 5), "a point between two gaps is seen");
        assertTrue(Collections.frequency(lone, true) < lone.size() / 3, "and bridges none");
    }

    @Test
    void fewBarsAreNoWallAndCountsHaveNoHalves() {
        Section.Bars bars = new Section.Bars("t", "", "ms", "frames", List.of("12.8"),
                List.of(new Section.Line("frames", new double[1], new double[] {2})));
        BufferedImage chart = Charts.bars(bars, false);
        int wide = 0;
        for (int x = 0; x < chart.getWidth(); x++) {
            wide += (chart.getRGB(x, chart.getHeight() / 3) & 0xFFFFFF) == 0x56B4E9 ? 1 : 0;
        }
        assertTrue(wide > 20 && wide < chart.getWidth() / 5, wide + " pixels of " + chart.getWidth());
        assertTrue(ticks(chart) <= 3, ticks(chart) + " ticks up to 2");
    }

    @Test
    void whatIsNotDrawnIsNamedAndSmallPicturesAreEnlarged() throws IOException {
        double[] x = {0, 1};
        Path page = folder.resolve("small.html");
        ReportPage.write(page, false, "t", "s", List.of(new Section.Lines("Lines", "note", "x", "dB", List.of(
                new Section.Line("'exact'", x, new double[] {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY}),
                new Section.Line("missing", x, new double[] {Double.NaN, 4}))),
                new Section.Comparison("Slider", "", image(40, 30, Color.RED), "before", image(40, 30, Color.GREEN), "after")));
        String html = Files.readString(page);
        assertTrue(html.contains("note Not drawn, because they are infinite: &#39;exact&#39; (2 of 2).</p>"), html.substring(0, 5000));
        assertTrue(html.contains("class=\"compare enlarged\" style=\"max-width:320px;aspect-ratio:40/30\""));
    }

    @Test
    void wrongSectionsAndExistingFilesAreRefused() throws IOException {
        assertThrows(IllegalArgumentException.class,
                () -> new Section.Table("t", "", List.of("a", "b"), List.of(List.of("only one"))));
        assertThrows(IllegalArgumentException.class, () -> new Section.Line("l", new double[2], new double[3]));
        assertThrows(IllegalArgumentException.class, () -> new Section.Comparison("c", "", image(4, 4, Color.RED), "a",
                image(4, 5, Color.RED), "b"));
        Path page = page();
        byte[] before = Files.readAllBytes(page);
        assertThrows(FileAlreadyExistsException.class, () -> ReportPage.write(page, false, "t", "s", sections()));
        assertEquals(before.length, Files.size(page));
    }

    @Test
    void aBrowserShowsThePage() throws IOException, InterruptedException {
        Path browser = Browser.find();
        Assumptions.assumeTrue(browser != null, "no chromium on the PATH; the page was not looked at in a browser");
        Path page = page();
        Path probe = folder.resolve("probe.html");
        // The page tells of itself once all is loaded, and the slider is moved as a hand would.
        Files.writeString(probe, Files.readString(page).replace("</body>", """
                <script>
                addEventListener('load', () => {
                  const slider = document.querySelector('.compare input');
                  slider.value = 25;
                  slider.dispatchEvent(new Event('input'));
                  const clip = getComputedStyle(document.querySelector('.before')).clipPath;
                  const shown = [...document.images].filter(image => image.complete && image.naturalWidth > 0).length;
                  document.body.dataset.result = shown + ' of ' + document.images.length + ' images, '
                    + (document.documentElement.scrollWidth - document.documentElement.clientWidth) + ' too wide, at '
                    + document.querySelector('.compare').style.getPropertyValue('--at') + ', clip ' + clip;
                  const hidden = [...document.querySelectorAll('.scroll')].filter(box => box.scrollWidth > box.clientWidth).length;
                  document.querySelector('main').style.width = '420px';
                  document.body.dataset.result += ', ' + hidden + ' hidden, a chart in 420 is ' + document.querySelector('.chart').offsetWidth
                    + ' of ' + document.querySelector('.chart').closest('.scroll').scrollWidth;
                });
                </script></body>"""));
        String dom = Browser.run(browser, folder, 1000, "--dump-dom", probe);
        Matcher result = Pattern.compile("data-result=\"([^\"]*)\"").matcher(dom);
        assertTrue(result.find(), "the page's script did not run: " + dom.length() + " characters");
        assertEquals("6 of 6 images, 0 too wide, at 25%, clip inset(0px 75% 0px 0px), 0 hidden, a chart in 420 is 680 of 680", result.group(1));
        Path screenshot = folder.resolve("page.png");
        Browser.run(browser, folder, 2600, "--screenshot=" + screenshot, page);
        BufferedImage seen = ImageIO.read(screenshot.toFile());
        assertEquals(2600, seen.getHeight());
        Set<Integer> colours = new HashSet<>();
        for (int y = 0; y < seen.getHeight(); y++) {
            for (int x = 0; x < seen.getWidth(); x++) {
                colours.add(seen.getRGB(x, y) & 0xFFFFFF);
            }
        }
        assertTrue(colours.containsAll(Set.of(0xF6F7F9, 0xFFFFFF, 0xFF0000, 0x00FF00, 0xFFC800)),
                "page, card, both sides of the slider and the picture are not all there");
    }
}
