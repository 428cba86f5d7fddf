package io.github.fovea.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.error.UnavailableException;
import org.junit.jupiter.api.Test;

class WholeResultTest {
    /// 16384x8192 by a model of four was a bug's stack trace where another factor was asked for.
    @Test
    void moreThanAnArrayHoldsIsRefused() {
        String message = assertThrows(UnavailableException.class, () -> WholeResult.allocate(1, 16384, 8192, 4)).getMessage();
        assertTrue(message.contains("65,536x32,768") && message.contains("2,147,483,648 pixels")
                && message.contains("--scale 4"), message);
    }

    @Test
    void moreThanTheMemoryIsRefused() {
        // Eight planes are more bytes than any heap of tests has.
        String message = assertThrows(UnavailableException.class, () -> WholeResult.allocate(8, 23000, 23000, 2)).getMessage();
        assertTrue(message.contains("Java may use") && message.contains("-Xmx"), message);
    }

    @Test
    void usualSizesAreGiven() {
        assertEquals(3, WholeResult.allocate(3, 5, 4, 2).length);
        assertEquals(80, WholeResult.allocate(1, 5, 4, 2)[0].length);
    }
}
