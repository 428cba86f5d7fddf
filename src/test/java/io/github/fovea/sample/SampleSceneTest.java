package io.github.fovea.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.InputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/// The bundled picture is what the generator paints.
class SampleSceneTest {
    /// The mean error allowed, of 255: 1.53 was measured on the machine that made the bundled picture.
    private static final double MEAN = 2.5;
    /// Pixels of the bundled picture, along each axis, to one of the small rendering.
    private static final int SHRINK = 8;

    @Test
    void bundledPictureIsEightBitRgbOfTheStatedSize() throws IOException {
        byte[] file = bundledBytes();
        assertTrue(file.length <= 2_000_000, "the picture takes " + file.length + " bytes, at most 2000000 wanted");
        // IHDR: bit depth and colour type follow the signature, the chunk's head, width and height.
        assertEquals(8, file[24], "bit depth");
        assertEquals(2, file[25], "colour type, 2 is RGB without palette or alpha");
        BufferedImage bundled = bundled();
        assertEquals(SampleScene.WIDTH, bundled.getWidth());
        assertEquals(SampleScene.HEIGHT, bundled.getHeight());
    }

    @Test
    void renderingTwiceGivesTheSamePixels() {
        assertArrayEquals(pixels(SampleScene.render(160, 2)), pixels(SampleScene.render(160, 2)));
    }

    /// Rasterisers differ a little between Java releases, and a small rendering samples the textures at fewer places; a
    /// picture of another generator, or one shifted by 1 of its 160 pixels, is much further away.
    @Test
    void theGeneratorPaintsTheBundledPicture() throws IOException {
        int[] small = pixels(SampleScene.render(SampleScene.WIDTH / SHRINK, 6));
        int[] bundled = shrink(pixels(bundled()));
        assertTrue(meanError(small, bundled, 0) < MEAN, "mean error " + meanError(small, bundled, 0) + " of 255");
        assertTrue(meanError(small, bundled, 1) > 2 * MEAN,
                "shifted by a pixel it must not match, mean error " + meanError(small, bundled, 1));
    }

    @Test
    void refusesWidthsThatGiveNoWholeHeight() {
        assertThrows(IllegalArgumentException.class, () -> SampleScene.render(100, 1));
        assertThrows(IllegalArgumentException.class, () -> SampleScene.render(0, 1));
    }

    private static byte[] bundledBytes() throws IOException {
        try (InputStream in = SampleScene.class.getResourceAsStream("harbour.png")) {
            assertTrue(in != null, "harbour.png is not on the class path");
            return in.readAllBytes();
        }
    }

    private static BufferedImage bundled() throws IOException {
        try (InputStream in = SampleScene.class.getResourceAsStream("harbour.png")) {
            return ImageIO.read(in);
        }
    }

    /// Red, green and blue of each pixel, row after row.
    private static int[] pixels(BufferedImage image) {
        Raster raster = image.getRaster();
        return raster.getPixels(0, 0, image.getWidth(), image.getHeight(), (int[]) null);
    }

    private static int[] shrink(int[] rgb) {
        int width = SampleScene.WIDTH / SHRINK;
        int height = SampleScene.HEIGHT / SHRINK;
        int[] out = new int[width * height * 3];
        for (int i = 0; i < out.length; i++) {
            int x = i / 3 % width;
            int y = i / 3 / width;
            double light = 0;
            for (int k = 0; k < SHRINK * SHRINK; k++) {
                int row = SHRINK * y + k / SHRINK;
                int column = SHRINK * x + k % SHRINK;
                int sample = rgb[(row * SampleScene.WIDTH + column) * 3 + i % 3];
                light += Math.pow(sample / 255.0, 2.2) / (SHRINK * SHRINK);
            }
            out[i] = (int) Math.round(255 * Math.pow(light, 1 / 2.2));
        }
        return out;
    }

    private static double meanError(int[] a, int[] b, int shift) {
        long sum = 0;
        for (int i = 3 * shift; i < a.length; i++) {
            sum += Math.abs(a[i] - b[i - 3 * shift]);
        }
        return sum / (double) (a.length - 3 * shift);
    }
}
