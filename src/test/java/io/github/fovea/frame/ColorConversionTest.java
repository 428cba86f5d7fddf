package io.github.fovea.frame;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.frame.ColorDescription.Matrix;
import io.github.fovea.frame.ColorDescription.Primaries;
import io.github.fovea.frame.ColorDescription.Range;
import io.github.fovea.frame.ColorDescription.Siting;
import io.github.fovea.frame.ColorDescription.Transfer;
import java.util.SplittableRandom;
import org.joml.Matrix3d;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ColorConversionTest {
    @ParameterizedTest
    @EnumSource(value = Matrix.class, names = "UNSPECIFIED", mode = EnumSource.Mode.EXCLUDE)
    void lumaRowSumsToOneAndChromaRowsToZero(Matrix matrix) {
        Matrix3d m = ColorConversion.rgbToYPbPr(matrix);
        double[] wanted = {1, 0, 0};
        for (int row = 0; row < 3; row++) {
            double[] columns = m.get(new double[9]);
            assertEquals(wanted[row], columns[row] + columns[3 + row] + columns[6 + row], 1e-15, matrix + " row " + row);
        }
        assertEquals(0.5, m.m21(), "blue alone has the largest Pb");
        assertEquals(0.5, m.m02(), "red alone has the largest Pr");
    }

    @Test
    void publishedLumaEqualsItsFormula() {
        ColorConversion conversion = ColorConversion.published(8);
        Frame frame = random(PixelLayout.RGB, 37, 11, 8, 5);
        float[] luma = new float[37 * 11];
        conversion.toLuma(frame, 0, 0, 37, 11, luma, 0, 37);
        for (int i = 0; i < luma.length; i++) {
            double wanted = (65.481 * frame.plane(0).samples()[i] + 128.553 * frame.plane(1).samples()[i]
                    + 24.966 * frame.plane(2).samples()[i]) / 255 + 16;
            assertEquals(wanted, luma[i] * 255, 5e-5, "pixel " + i);
        }
    }

    // The codes of 100 % colour bars that every test signal generator shows.
    @ParameterizedTest
    @CsvSource({
        "BT601,LIMITED,8, 255,0,0, 81,90,240", "BT601,LIMITED,8, 0,255,0, 145,54,34", "BT601,LIMITED,8, 0,0,255, 41,240,110",
        "BT709,LIMITED,8, 255,0,0, 63,102,240", "BT709,LIMITED,8, 0,255,0, 173,42,26", "BT709,LIMITED,8, 0,0,255, 32,240,118",
        "BT601,LIMITED,8, 255,255,255, 235,128,128", "BT709,LIMITED,8, 0,0,0, 16,128,128",
        "BT2020,LIMITED,10, 255,255,255, 940,512,512", "BT2020,LIMITED,10, 0,0,0, 64,512,512",
        "BT2020,LIMITED,10, 255,0,0, 294,387,960",
        "BT601,FULL,8, 255,255,255, 255,128,128", "BT601,FULL,8, 0,255,0, 150,44,21", "BT601,FULL,8, 0,0,0, 0,128,128",
        "BT709,FULL,10, 255,255,255, 1023,512,512",
    })
    void knownColours(Matrix matrix, Range range, int bitDepth, int r, int g, int b, int y, int cb, int cr) {
        Frame rgb = Frame.allocate(new FrameFormat(1, 1, PixelLayout.RGB, 8, ColorDescription.SRGB));
        rgb.plane(0).set(0, 0, r);
        rgb.plane(1).set(0, 0, g);
        rgb.plane(2).set(0, 0, b);
        Frame target = Frame.allocate(new FrameFormat(1, 1, PixelLayout.YCBCR_444, bitDepth, color(matrix, range)));
        ColorConversion.convert(rgb, target);
        assertArrayEquals(new int[] {y, cb, cr},
                new int[] {target.plane(0).get(0, 0), target.plane(1).get(0, 0), target.plane(2).get(0, 0)});
    }

    @ParameterizedTest
    @CsvSource({"BT601,LIMITED,8", "BT601,FULL,8", "BT709,LIMITED,8", "BT709,FULL,16", "BT2020,LIMITED,10", "BT2020,FULL,12",
        "BT601,LIMITED,16"})
    void floatRoundTripIsExact(Matrix matrix, Range range, int bitDepth) {
        Frame source = random(PixelLayout.RGB, 61, 17, bitDepth, 7);
        ColorConversion conversion = ColorConversion.of(matrix, range, bitDepth);
        float[][] planes = new float[3][64 * 20];
        conversion.toYCbCr(source, 0, 0, 61, 17, planes[0], planes[1], planes[2], 5, 64);
        Frame back = Frame.allocate(source.format());
        conversion.toRgb(planes[0], planes[1], planes[2], 5, 64, back, 0, 0, 61, 17);
        for (int i = 0; i < 3; i++) {
            assertArrayEquals(source.plane(i).samples(), back.plane(i).samples(), "plane " + i);
        }
    }

    @Test
    void regionsAddUpToTheWhole() {
        Frame source = random(PixelLayout.RGBA, 40, 30, 8, 3);
        ColorConversion conversion = ColorConversion.of(Matrix.BT709, Range.FULL, 8);
        float[][] whole = new float[3][40 * 30];
        conversion.toYCbCr(source, 0, 0, 40, 30, whole[0], whole[1], whole[2], 0, 40);
        float[][] parts = new float[3][40 * 30];
        for (int y = 0; y < 30; y += 10) {
            for (int x = 0; x < 40; x += 20) {
                conversion.toYCbCr(source, x, y, 20, 10, parts[0], parts[1], parts[2], y * 40 + x, 40);
            }
        }
        for (int i = 0; i < 3; i++) {
            assertArrayEquals(whole[i], parts[i]);
        }
    }

    @Test
    void greyGoesThroughLumaAndBack() {
        for (int bitDepth : new int[] {8, 16}) {
            Frame grey = random(PixelLayout.GREY_ALPHA, 50, 4, bitDepth, 9);
            ColorConversion conversion = ColorConversion.published(bitDepth);
            float[] luma = new float[200];
            conversion.toLuma(grey, 0, 0, 50, 4, luma, 0, 50);
            Frame back = Frame.allocate(grey.format());
            conversion.toGrey(luma, 0, 50, back, 0, 0, 50, 4);
            assertArrayEquals(grey.plane(0).samples(), back.plane(0).samples());
        }
    }

    @Test
    void colourBeyondTheCubeIsClipped() {
        ColorConversion conversion = ColorConversion.of(Matrix.BT601, Range.FULL, 8);
        Frame out = Frame.allocate(new FrameFormat(2, 1, PixelLayout.RGB, 8, ColorDescription.SRGB));
        conversion.toRgb(new float[] {2, -1}, new float[] {0.5f, 0.5f}, new float[] {0.5f, 0.5f}, 0, 2, out, 0, 0, 2, 1);
        assertEquals(255, out.plane(1).get(0, 0));
        assertEquals(0, out.plane(1).get(1, 0));
    }

    @Test
    void framesConvertThereAndBackWithinOneStep() {
        Frame source = random(PixelLayout.RGB, 33, 21, 8, 11);
        for (Matrix matrix : new Matrix[] {Matrix.BT601, Matrix.BT709, Matrix.BT2020}) {
            Frame middle = Frame.allocate(new FrameFormat(33, 21, PixelLayout.YCBCR_444, 10, color(matrix, Range.LIMITED)));
            Frame back = Frame.allocate(source.format());
            ColorConversion.convert(source, middle);
            ColorConversion.convert(middle, back);
            for (int i = 0; i < 3; i++) {
                // 10-bit limited range has 3.4 steps per 8-bit step, so the way back is exact.
                assertArrayEquals(source.plane(i).samples(), back.plane(i).samples(), matrix + " plane " + i);
            }
        }
    }

    @Test
    void alphaAndDepthAreCarried() {
        Frame source = random(PixelLayout.GREY_ALPHA, 9, 9, 8, 2);
        Frame target = Frame.allocate(new FrameFormat(9, 9, PixelLayout.RGBA, 16, ColorDescription.SRGB));
        ColorConversion.convert(source, target);
        for (int i = 0; i < 81; i++) {
            assertEquals(source.plane(1).samples()[i] * 257, target.plane(3).samples()[i] & 0xFFFF);
            assertEquals(source.plane(0).samples()[i] * 257, target.plane(2).samples()[i] & 0xFFFF);
        }
        Frame grey = random(PixelLayout.GREY, 9, 9, 8, 2);
        ColorConversion.convert(grey, target);
        assertEquals(65535, target.plane(3).get(4, 4));
    }

    @Test
    void refusals() {
        Frame rgb = random(PixelLayout.RGB, 4, 4, 8, 1);
        Frame grey = random(PixelLayout.GREY, 4, 4, 8, 1);
        Frame rgba = random(PixelLayout.RGBA, 4, 4, 8, 1);
        Frame sub = random(PixelLayout.YCBCR_420, 4, 4, 8, 1);
        assertTrue(message(() -> ColorConversion.convert(rgb, grey)).contains("colour would be lost"));
        assertTrue(message(() -> ColorConversion.convert(rgba, rgb)).contains("alpha would be lost"));
        assertTrue(message(() -> ColorConversion.convert(sub, rgb)).contains("resampled first"));
        assertTrue(message(() -> ColorConversion.convert(rgb, random(PixelLayout.RGB, 5, 4, 8, 1))).contains("5x4"));
        assertTrue(message(() -> ColorConversion.of(Matrix.UNSPECIFIED, Range.FULL, 8)).contains("not stated"));
        ColorConversion c = ColorConversion.published(8);
        assertTrue(message(() -> c.toLuma(rgb, 1, 0, 4, 4, new float[16], 0, 4)).contains("leaves the frame"));
        assertTrue(message(() -> c.toLuma(rgb, 0, 0, 4, 4, new float[15], 0, 4)).contains("leaves the array"));
        assertTrue(message(() -> ColorConversion.published(16).toLuma(rgb, 0, 0, 4, 4, new float[16], 0, 4)).contains("bits"));
    }

    @Test
    void unitsAreTheSameForAllBitDepths() {
        for (int bits : new int[] {8, 10, 16}) {
            Frame white = Frame.allocate(new FrameFormat(1, 1, PixelLayout.GREY, bits, ColorDescription.SRGB));
            white.plane(0).set(0, 0, white.plane(0).maximum());
            float[] luma = new float[1];
            ColorConversion.published(bits).toLuma(white, 0, 0, 1, 1, luma, 0, 1);
            assertEquals(235f / 255, luma[0], 1e-6f, bits + " bit");
        }
    }

    private static String message(Executable action) {
        return assertThrows(IllegalArgumentException.class, action).getMessage();
    }

    private static ColorDescription color(Matrix matrix, Range range) {
        return new ColorDescription(matrix, range, Transfer.BT709, Primaries.BT709, Siting.UNSPECIFIED);
    }

    private static Frame random(PixelLayout layout, int width, int height, int bitDepth, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Frame frame = Frame.allocate(new FrameFormat(width, height, layout, bitDepth, ColorDescription.SRGB));
        for (Plane plane : frame.planes()) {
            for (int i = 0; i < plane.samples().length; i++) {
                plane.samples()[i] = (short) random.nextInt(plane.maximum() + 1);
            }
        }
        return frame;
    }
}
