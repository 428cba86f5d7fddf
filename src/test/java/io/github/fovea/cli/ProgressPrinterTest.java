package io.github.fovea.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressPrinterTest {
    private final StringWriter text = new StringWriter();
    private final AtomicLong clock = new AtomicLong();

    private ProgressPrinter printer(ProgressPrinter.Style style) {
        return new ProgressPrinter(new PrintWriter(text), style, "a \"clip\"", "frames", clock::get);
    }

    @Test
    void jsonLinesComeOnceASecondAndAlwaysAtTheEnd() {
        ProgressPrinter printer = printer(ProgressPrinter.Style.JSON);
        for (int frame = 1; frame <= 50; frame++) {
            clock.addAndGet(100_000_000L);
            printer.update(frame, 50);
        }
        List<String> lines = text.toString().lines().toList();
        assertEquals(6, lines.size(), text.toString());
        assertEquals("{\"name\":\"a \\\"clip\\\"\",\"unit\":\"frames\",\"done\":50,\"total\":50,\"rate\":10.000,"
                + "\"elapsedSeconds\":5.000,\"leftSeconds\":0.0}", lines.getLast());
    }

    @Test
    void theTimeLeftLooksAtTheLastTenSecondsOnly() {
        ProgressPrinter printer = printer(ProgressPrinter.Style.JSON);
        clock.addAndGet(30_000_000_000L);
        printer.update(1, 1001); // a slow start
        for (int frame = 2; frame <= 501; frame++) {
            clock.addAndGet(50_000_000L);
            printer.update(frame, 1001);
        }
        String last = text.toString().lines().toList().getLast();
        assertTrue(last.contains("\"rate\":20.0"), last);
    }

    @Test
    void anUnknownTotalGivesNoTimeLeft() {
        ProgressPrinter printer = printer(ProgressPrinter.Style.JSON);
        clock.addAndGet(2_000_000_000L);
        printer.update(10, -1);
        assertTrue(!text.toString().contains("total") && !text.toString().contains("left"), text.toString());
    }

    @Test
    void theBarEndsFullAndNeverGoesBack() {
        ProgressPrinter printer = printer(ProgressPrinter.Style.BAR);
        clock.addAndGet(1_000_000_000L);
        printer.update(5, 10);
        printer.update(3, 10);
        clock.addAndGet(1_000_000_000L);
        printer.update(10, 10);
        printer.close();
        assertTrue(text.toString().contains("100%") && !text.toString().contains(" 30%"), text.toString());
    }

    /// Bars were 30 characters wide whatever the name, and wrapped into a new line with each update.
    @ParameterizedTest
    @CsvSource({"80, clip.y4m, 24", "80, a holiday of last summer at the sea side.mp4, 10", "106, a holiday of last summer.mp4, 30",
        "60, clip.y4m, 6", "80, \ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00.y4m, 22"})
    void theBarFitsTheTerminal(int columns, String name, int bar) {
        ProgressPrinter printer = new ProgressPrinter(new PrintWriter(text), ProgressPrinter.Style.BAR, name, "frames", clock::get, columns);
        clock.addAndGet(1_000_000_000L);
        printer.update(4000, 8000);
        String line = text.toString().replace("\r", "").replace("\u001b[K", "");
        int points = line.codePointCount(0, line.length());
        assertTrue(points < columns && points > columns - 3, points + ": " + line);
        assertTrue(line.contains("[" + "#".repeat(bar / 2) + ".".repeat(bar / 2) + "]  50%  4000/8000 frames  4000.0/s  left 0:01"), line);
        assertTrue(line.startsWith(name.substring(0, 2)), line);
    }

    @Test
    void namesCannotMoveTheCursor() {
        new ProgressPrinter(new PrintWriter(text), ProgressPrinter.Style.BAR, "a\nb\u001b[2J", "frames", clock::get, 80).update(1, -1);
        assertEquals("\ra?b?[2J  1 frames  0.0/s\u001b[K", text.toString());
    }

    @Test
    void columnsAreTakenFromTheEnvironmentWhereItTellsThem() {
        assertEquals(132, ProgressPrinter.columns("132"));
        for (String wrong : new String[] {null, "", "0", "-5", "wide", "99999999999"}) {
            assertEquals(80, ProgressPrinter.columns(wrong));
        }
    }

    /// The JVM's console is standard input and output; a bar goes to standard error.
    @Test
    void theStartingScriptKnowsTheTerminal() {
        assertTrue(ProgressPrinter.terminal("true"));
        assertFalse(ProgressPrinter.terminal("false"));
    }

    @Test
    void noneSaysNothing() {
        ProgressPrinter printer = printer(ProgressPrinter.Style.NONE);
        printer.update(10, 10);
        printer.close();
        assertEquals("", text.toString());
    }
}
