package io.github.fovea.media;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.frame.Frame;
import io.github.fovea.frame.PixelLayout;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BufferedImagesTest {
    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_INT_BGR, BufferedImage.TYPE_3BYTE_BGR,
        BufferedImage.TYPE_INT_ARGB, BufferedImage.TYPE_4BYTE_ABGR})
    void colourTypesAgreeWithGetRgbAndSurviveTheRoundTrip(int type) {
        BufferedImage image = new BufferedImage(37, 23, type);
        SplittableRandom random = new SplittableRandom(type);
        for (int y = 0; y < 23; y++) {
            for (int x = 0; x < 37; x++) {
                image.setRGB(x, y, random.nextInt());
            }
        }
        // A sub-image has an offset and a longer row stride.
        for (BufferedImage part : new BufferedImage[] {image, image.getSubimage(5, 3, 20, 11)}) {
            Frame frame = BufferedImages.toPicture(part).frame();
            for (int y = 0; y < part.getHeight(); y++) {
                for (int x = 0; x < part.getWidth(); x++) {
                    int argb = part.getRGB(x, y);
                    int got = frame.plane(0).get(x, y) << 16 | frame.plane(1).get(x, y) << 8 | frame.plane(2).get(x, y)
                            | (frame.planes().size() == 4 ? frame.plane(3).get(x, y) : 255) << 24;
                    assertEquals(argb, got, x + ", " + y);
                }
            }
            BufferedImage back = BufferedImages.createLike(part, part.getWidth(), part.getHeight());
            assertEquals(type, back.getType());
            BufferedImages.store(frame, back);
            for (int y = 0; y < part.getHeight(); y++) {
                for (int x = 0; x < part.getWidth(); x++) {
                    assertEquals(part.getRGB(x, y), back.getRGB(x, y), x + ", " + y);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_INT_ARGB_PRE, BufferedImage.TYPE_4BYTE_ABGR_PRE})
    void premultipliedColourIsDividedAndMultipliedAgain(int type) {
        BufferedImage image = new BufferedImage(256, 4, type);
        for (int x = 0; x < 256; x++) {
            for (int y = 0; y < 4; y++) {
                int[] pixel = {x * y / 3, x / 2, 0, x};
                image.getRaster().setPixel(x, y, pixel);
            }
        }
        Frame frame = BufferedImages.toPicture(image).frame();
        assertEquals(PixelLayout.RGBA, frame.format().layout());
        assertEquals(Math.round(255.0 * (100 * 2 / 3) / 100), frame.plane(0).get(100, 2));
        assertEquals(100, frame.plane(3).get(100, 2));
        BufferedImage back = BufferedImages.createLike(image, 256, 4);
        BufferedImages.store(frame, back);
        for (int x = 0; x < 256; x++) {
            for (int y = 0; y < 4; y++) {
                assertArrayEquals(image.getRaster().getPixel(x, y, (int[]) null), back.getRaster().getPixel(x, y, (int[]) null),
                        x + ", " + y);
            }
        }
    }

    @Test
    void fiveBitColoursSpanTheWholeRange() {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_565_RGB);
        image.setRGB(0, 0, 0xFFFFFFFF);
        image.setRGB(1, 0, 0xFF80FF08);
        Frame frame = BufferedImages.toPicture(image).frame();
        assertArrayEquals(new short[] {255, 132}, frame.plane(0).samples());
        assertArrayEquals(new short[] {255, 255}, frame.plane(1).samples());
        assertArrayEquals(new short[] {255, 8}, frame.plane(2).samples());
        BufferedImage back = BufferedImages.createLike(image, 2, 1);
        BufferedImages.store(frame, back);
        assertEquals(image.getRGB(1, 0), back.getRGB(1, 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_USHORT_GRAY})
    void greySamplesAreNotColourManaged(int type) {
        BufferedImage image = new BufferedImage(3, 1, type);
        int scale = type == BufferedImage.TYPE_BYTE_GRAY ? 1 : 257;
        for (int x = 0; x < 3; x++) {
            image.getRaster().setSample(x, 0, 0, (x + 1) * 60 * scale);
        }
        Picture picture = BufferedImages.toPicture(image);
        assertTrue(picture.metadata().iccProfile().isEmpty());
        for (int x = 0; x < 3; x++) {
            assertEquals((x + 1) * 60 * scale, picture.frame().plane(0).get(x, 0));
        }
        BufferedImage back = TestPictures.image(picture);
        assertEquals(type, back.getType());
        assertEquals(60 * scale, back.getRaster().getSample(0, 0, 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 16})
    void everyLayoutSurvivesTheRoundTrip(int bitDepth) {
        for (PixelLayout layout : new PixelLayout[] {PixelLayout.GREY, PixelLayout.GREY_ALPHA, PixelLayout.RGB,
            PixelLayout.RGBA}) {
            Frame frame = TestPictures.random(19, 8, layout, bitDepth, 6);
            Frame back = BufferedImages.toPicture(TestPictures.image(new Picture(frame))).frame();
            assertEquals(frame.format(), back.format());
            for (int i = 0; i < frame.planes().size(); i++) {
                assertArrayEquals(frame.plane(i).samples(), back.plane(i).samples(), layout + " plane " + i);
            }
        }
    }

    @Test
    void indexedImagesGetAColourResult() {
        BufferedImage image = new BufferedImage(6, 5, BufferedImage.TYPE_BYTE_INDEXED);
        image.setRGB(2, 2, 0xFFFF0000);
        Frame frame = BufferedImages.toPicture(image).frame();
        assertEquals(255, frame.plane(0).get(2, 2));
        BufferedImage like = BufferedImages.createLike(image, 12, 10);
        assertEquals(12, like.getWidth());
        assertTrue(like.getType() == BufferedImage.TYPE_3BYTE_BGR || like.getType() == BufferedImage.TYPE_4BYTE_ABGR);
    }

    @ParameterizedTest
    @ValueSource(ints = {DataBuffer.TYPE_FLOAT, DataBuffer.TYPE_DOUBLE})
    void floatsBecomeSixteenBits(int type) {
        ColorSpace linear = ColorSpace.getInstance(ColorSpace.CS_LINEAR_RGB);
        ComponentColorModel colors = new ComponentColorModel(linear, true, true, Transparency.TRANSLUCENT, type);
        BufferedImage image = new BufferedImage(colors, colors.createCompatibleWritableRaster(2, 1), true, null);
        image.getRaster().setPixel(0, 0, new double[] {0.25, 0.75, -3, 0.5});
        image.getRaster().setPixel(1, 0, new double[] {0.5, 0, 1, 0});
        Picture picture = BufferedImages.toPicture(image);
        Frame frame = picture.frame();
        assertEquals(PixelLayout.RGBA, frame.format().layout());
        int[][] wanted = {{32768, 65535, 0, 32768}, {32768, 0, 65535, 0}};
        for (int x = 0; x < 2; x++) {
            for (int i = 0; i < 4; i++) {
                assertEquals(wanted[x][i], frame.plane(i).get(x, 0), "pixel " + x + " plane " + i);
            }
        }
        // The samples are not converted, so what they mean stays, too.
        assertTrue(picture.metadata().iccProfile().isPresent());
        BufferedImage like = BufferedImages.createLike(image, 2, 1);
        assertEquals(linear, like.getColorModel().getColorSpace());
        BufferedImages.store(frame, like);
        assertArrayEquals(wanted[0], like.getRaster().getPixel(0, 0, (int[]) null));
    }
}
