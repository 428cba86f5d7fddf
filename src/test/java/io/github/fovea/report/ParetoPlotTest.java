package io.github.fovea.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.report.ParetoPlot.Curve;
import io.github.fovea.report.ParetoPlot.Dot;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class ParetoPlotTest {
    private static NodeList circles(ParetoPlot plot) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new ByteArrayInputStream(plot.svg().getBytes(StandardCharsets.UTF_8))).getElementsByTagName("circle");
    }

    private static double number(NodeList circles, int index, String attribute) {
        return Double.parseDouble(((Element) circles.item(index)).getAttribute(attribute));
    }

    @Test
    void dotsLieWhereTheirNumbersAre() throws Exception {
        ParetoPlot plot = new ParetoPlot("a <b> & c", "cost", "quality", List.of(
                new Curve("one", List.of(new Dot("p1", 1000, 36), new Dot("p2", 4000, 37), new Dot("p3", 16000, 37))),
                new Curve("two", List.of(new Dot("", 4000, 36.5)))));
        NodeList circles = circles(plot);
        assertEquals(4, circles.getLength());
        double first = number(circles, 0, "cx");
        double second = number(circles, 1, "cx");
        assertEquals(second - first, number(circles, 2, "cx") - second, 0.21, "equal factors are equal distances");
        assertEquals(second, number(circles, 3, "cx"), 0.11);
        assertEquals((number(circles, 0, "cy") + number(circles, 1, "cy")) / 2, number(circles, 3, "cy"), 0.11);
        assertTrue(number(circles, 1, "cy") < number(circles, 0, "cy"), "better is higher");
    }

    @Test
    void everyDotIsOnTheSheet() throws Exception {
        SplittableRandom random = new SplittableRandom(4);
        for (int round = 0; round < 50; round++) {
            double spread = Math.pow(10, random.nextDouble(-4, 3));
            List<Dot> dots = DoubleStream.generate(() -> random.nextDouble()).limit(1 + round % 5)
                    .mapToObj(u -> new Dot("x", Math.pow(10, 6 * u), 30 + spread * random.nextDouble())).toList();
            NodeList circles = circles(new ParetoPlot("t", "c", "q", List.of(new Curve("k", dots))));
            for (int i = 0; i < circles.getLength(); i++) {
                assertTrue(number(circles, i, "cx") > 0 && number(circles, i, "cx") < 760);
                assertTrue(number(circles, i, "cy") >= 0 && number(circles, i, "cy") < 460);
            }
        }
    }

    @Test
    void wrongNumbersAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Dot("x", 0, 1));
        assertThrows(IllegalArgumentException.class, () -> new Dot("x", 1, Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> new Curve("x", List.of()));
        assertThrows(IllegalArgumentException.class, () -> new ParetoPlot("t", "c", "q", List.of()));
    }
}
