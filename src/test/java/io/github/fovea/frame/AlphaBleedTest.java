package io.github.fovea.frame;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AlphaBleedTest {
    /// A red disc of radius 10 on transparent black.
    private static Frame sprite() {
        Frame frame = Frame.allocate(new FrameFormat(64, 48, PixelLayout.RGBA, 8, ColorDescription.SRGB));
        for (int y = 0; y < 48; y++) {
            for (int x = 0; x < 64; x++) {
                if (Math.hypot(x - 30, y - 20) < 10) {
                    frame.plane(0).set(x, y, 200);
                    frame.plane(1).set(x, y, 30);
                    frame.plane(3).set(x, y, 255);
                }
            }
        }
        return frame;
    }

    @Test
    void transparentPixelsNearTheSpriteTakeItsColour() {
        Frame frame = sprite();
        AlphaBleed.bleed(frame, 5);
        for (int y = 0; y < 48; y++) {
            for (int x = 0; x < 64; x++) {
                double distance = Math.hypot(x - 30, y - 20);
                if (distance < 14) {
                    assertEquals(200, frame.plane(0).get(x, y), "red at " + x + ", " + y);
                    assertEquals(30, frame.plane(1).get(x, y), "green at " + x + ", " + y);
                } else if (distance > 18) {
                    assertEquals(0, frame.plane(0).get(x, y), "red beyond the radius at " + x + ", " + y);
                }
            }
        }
        assertArrayEquals(sprite().plane(3).samples(), frame.plane(3).samples(), "alpha stays");
    }

    @Test
    void visiblePixelsNeverChange() {
        SplittableRandom random = new SplittableRandom(3);
        Frame frame = Frame.allocate(new FrameFormat(57, 31, PixelLayout.GREY_ALPHA, 16, ColorDescription.SRGB));
        for (int i = 0; i < 57 * 31; i++) {
            frame.plane(0).samples()[i] = (short) random.nextInt(65536);
            frame.plane(1).samples()[i] = (short) (random.nextInt(3) == 0 ? random.nextInt(65536) : 0);
        }
        short[] before = frame.plane(0).samples().clone();
        AlphaBleed.bleed(frame, AlphaBleed.DEFAULT_RADIUS);
        for (int i = 0; i < before.length; i++) {
            if (frame.plane(1).samples()[i] != 0) {
                assertEquals(before[i], frame.plane(0).samples()[i], "pixel " + i);
            }
        }
    }

    @Test
    void aRegionWithHaloGivesWhatTheWholeGives() {
        Frame whole = sprite();
        AlphaBleed.bleed(whole, 4);
        int x0 = 16;
        int y0 = 6;
        Frame part = Frame.allocate(new FrameFormat(24, 30, PixelLayout.RGBA, 8, ColorDescription.SRGB));
        Frame source = sprite();
        for (int i = 0; i < 4; i++) {
            for (int y = 0; y < 30; y++) {
                for (int x = 0; x < 24; x++) {
                    part.plane(i).set(x, y, source.plane(i).get(x0 + x, y0 + y));
                }
            }
        }
        AlphaBleed.bleed(part, 4);
        for (int y = 4; y < 26; y++) {
            for (int x = 4; x < 20; x++) {
                assertEquals(whole.plane(0).get(x0 + x, y0 + y), part.plane(0).get(x, y), x + ", " + y);
            }
        }
    }

    @Test
    void whollyTransparentStaysAsItIs() {
        Frame frame = Frame.allocate(new FrameFormat(5, 5, PixelLayout.RGBA, 8, ColorDescription.SRGB));
        frame.plane(2).set(2, 2, 77);
        AlphaBleed.bleed(frame, 3);
        assertEquals(77, frame.plane(2).get(2, 2));
        assertEquals(0, frame.plane(2).get(1, 2));
    }
}
