package io.github.fovea.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.adapt.OperatingPoint;
import io.github.fovea.adapt.PointLadder;
import io.github.fovea.pipeline.SessionLog;
import io.github.fovea.report.SessionSections.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The page of a session.
class SessionSectionsTest {
    private static final PointLadder LADDER = new PointLadder(List.of(new OperatingPoint("bicubic", 0, 0, 33.7, 2_000_000),
            new OperatingPoint("small", 8000, 1000, 36, 10_000_000), new OperatingPoint("large", 19000, 1000, 37.2, 25_000_000)));

    private static Session session(List<Double> psnr, List<Integer> injected) {
        List<SessionLog.Second> seconds = IntStream.range(0, 12).mapToObj(second -> new SessionLog.Second(second, 24,
                second == 5 ? 1 : 0, second < 5 || second > 9 ? "large" : "small", second < 5 || second > 9 ? 37.2 : 36,
                second == 5 ? 52_000_000 : 30_000_000, second < 5 || second > 9 ? 0.1 : 1.9)).toList();
        SessionLog.Counts counts = new SessionLog.Counts(288, 1, 0, 0, 2, Map.of("bicubic", 0L, "small", 120L, "large", 168L), "large",
                36.7, 24_000_000, 38_000_000, 12_000_000_000L);
        return new Session(24, LADDER, counts, seconds, injected, psnr);
    }

    @Test
    void secondsBecomeLines() {
        List<Double> psnr = IntStream.range(0, 288).mapToObj(k -> 40.0 + k / 24).toList();
        List<Section> sections = SessionSections.of(session(psnr, List.of(0, 0, 2)));
        List<Section.Lines> charts = sections.stream().filter(Section.Lines.class::isInstance).map(Section.Lines.class::cast).toList();
        assertEquals(List.of("Frames by second", "Operating point", "Longest frame", "Load", "Quality"),
                charts.stream().map(Section.Lines::title).toList());
        assertArrayEquals(new double[] {2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 2, 2}, charts.get(1).lines().getFirst().y());
        assertArrayEquals(new double[] {0, 0, 2}, charts.get(3).lines().get(1).y());
        assertArrayEquals(IntStream.range(0, 12).mapToDouble(second -> 40 + second).toArray(), charts.get(4).lines().get(1).y(), 1e-9);
        Section.Table table = assertInstanceOf(Section.Table.class, sections.getLast());
        assertEquals(List.of("1 small", "10.00", "8,000", "36.00", "120", "41.7 %"), table.rows().get(1));
        Section.Facts facts = assertInstanceOf(Section.Facts.class, sections.getFirst());
        assertTrue(facts.facts().stream().anyMatch(fact -> fact.value().equals("99.65 %")), facts.toString());
        assertTrue(facts.facts().stream().anyMatch(fact -> fact.value().equals("45.50 dB")), facts.toString());
        assertTrue(facts.toString().contains("0.17 a second of the video"), facts.toString());
    }

    @Test
    void whatIsNotKnownIsLeftOut() {
        List<Section> sections = SessionSections.of(session(List.of(), List.of()));
        assertTrue(sections.stream().filter(Section.Lines.class::isInstance).map(Section.Lines.class::cast)
                .filter(lines -> List.of("Load", "Quality").contains(lines.title())).allMatch(lines -> lines.lines().size() == 1));
        Session empty = new Session(24, LADDER, new SessionLog.Counts(0, 0, 0, 0, 0, Map.of(), "bicubic", Double.NaN, 0, 0, 0),
                List.of(), List.of(), List.of());
        assertEquals(2, SessionSections.of(empty).size(), "figures and points");
        assertFalse(SessionSections.of(empty).getFirst().toString().matches(".*(NaN|0.00 %).*"), "nothing was in time or late");
    }

    /// A file that is enlarged four times as fast as it plays seemed to switch four times as often as it may.
    @Test
    void switchesAreCountedBySecondsOfTheVideo() {
        SessionLog.Counts counts = new SessionLog.Counts(288, 0, 0, 0, 12, Map.of(), "large", 36.7, 1, 1, 3_000_000_000L);
        assertTrue(SessionSections.of(new Session(24, LADDER, counts, List.of(), List.of(), List.of())).getFirst().toString()
                .contains("1.00 a second of the video"));
    }

    @Test
    void aBrowserShowsThePage(@TempDir Path folder) throws IOException, InterruptedException {
        Path browser = Browser.find();
        Assumptions.assumeTrue(browser != null, "no chromium on the PATH; the page was not looked at in a browser");
        Path page = folder.resolve("session.html");
        ReportPage.write(page, false, "clip at 24", "test", SessionSections.of(session(List.of(), List.of(0, 1, 2))));
        Path probe = folder.resolve("probe.html");
        Files.writeString(probe, Files.readString(page).replace("</body>", """
                <script>
                addEventListener('load', () => {
                  const shown = [...document.images].filter(image => image.complete && image.naturalWidth > 0).length;
                  document.body.dataset.result = shown + ' of ' + document.images.length + ' images, '
                    + document.querySelectorAll('table tbody tr').length + ' points, '
                    + (document.documentElement.scrollWidth - document.documentElement.clientWidth) + ' too wide';
                });
                </script></body>"""));
        String dom = Browser.run(browser, folder, 1000, "--dump-dom", probe);
        assertTrue(dom.contains("data-result=\"5 of 5 images, 3 points, 0 too wide\""), dom.replaceAll("base64,[^\"]*", ""));
    }
}
