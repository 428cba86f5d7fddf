package io.github.fovea.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TargetSizeTest {
    @Test
    void aFactorScalesBothExtents() {
        TargetSize size = TargetSize.ofFactor(2.5);
        assertEquals(1200, size.widthFor(480, 270));
        assertEquals(675, size.heightFor(480, 270));
    }

    @Test
    void oneExtentKeepsTheShape() {
        assertEquals(1080, new TargetSize(0, 1920, 0).heightFor(480, 270));
        assertEquals(1920, new TargetSize(0, 0, 1080).widthFor(480, 270));
        assertEquals(1, new TargetSize(0, 100, 0).heightFor(1000, 3), "never below one row");
    }

    @Test
    void bothExtentsAreTakenAsTheyAre() {
        TargetSize size = new TargetSize(0, 640, 640);
        assertEquals(640, size.widthFor(480, 270));
        assertEquals(640, size.heightFor(480, 270));
    }

    @Test
    void whatCannotBeIsRefusedWithTheFactor() {
        assertThrows(IllegalArgumentException.class, () -> TargetSize.ofFactor(0.5));
        assertThrows(IllegalArgumentException.class, () -> TargetSize.ofFactor(17));
        assertThrows(IllegalArgumentException.class, () -> TargetSize.ofFactor(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> new TargetSize(2, 100, 0));
        assertThrows(IllegalArgumentException.class, () -> new TargetSize(0, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new TargetSize(0, -1, 0));
        IllegalArgumentException far = assertThrows(IllegalArgumentException.class,
                () -> new TargetSize(0, 10_000, 0).widthFor(100, 100));
        assertTrue(far.getMessage().contains("100.0"), far.getMessage());
    }
}
