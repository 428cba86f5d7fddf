package io.github.fovea.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureFolderTest {
    @TempDir
    Path folder;

    private Path write(String name, BufferedImage image) throws IOException {
        Path file = folder.resolve(name);
        assertTrue(ImageIO.write(image, name.substring(name.indexOf('.') + 1), file.toFile()));
        return file;
    }

    private static BufferedImage filled(int width, int height, int type, int argb) {
        BufferedImage image = new BufferedImage(width, height, type);
        for (int i = 0; i < width * height; i++) {
            image.setRGB(i % width, i / width, argb);
        }
        return image;
    }

    @Test
    void lumaIsStudioRangeAndRounded() throws IOException {
        Path white = write("white.png", filled(4, 4, BufferedImage.TYPE_INT_RGB, 0xFFFFFF));
        assertEquals(235, PictureFolder.read(white, 1, 1, 2).planes()[0][5]);
        Path black = write("black.png", filled(4, 4, BufferedImage.TYPE_INT_RGB, 0));
        assertEquals(16, PictureFolder.read(black, 1, 1, 2).planes()[0][5]);
        // 65.481 * 200 / 255 + 128.553 * 100 / 255 + 24.966 * 50 / 255 + 16 = 122.7
        Path colour = write("colour.png", filled(4, 4, BufferedImage.TYPE_INT_RGB, 0xC86432));
        assertEquals(123, PictureFolder.read(colour, 1, 1, 2).planes()[0][5]);
        PictureFolder.Picture rgb = PictureFolder.read(colour, 1, 3, 2);
        assertEquals(200, rgb.planes()[0][0]);
        assertEquals(100, rgb.planes()[1][0]);
        assertEquals(50, rgb.planes()[2][0]);
    }

    @Test
    void transparencyIsFlattenedOnWhite() throws IOException {
        Path clear = write("clear.png", filled(4, 4, BufferedImage.TYPE_INT_ARGB, 0x00123456));
        assertEquals(235, PictureFolder.read(clear, 1, 1, 2).planes()[0][0]);
        Path half = write("half.png", filled(4, 4, BufferedImage.TYPE_INT_ARGB, 0x80000000));
        assertEquals(127, PictureFolder.read(half, 1, 3, 2).planes()[2][0]);
    }

    @Test
    void greyIsEqualRedGreenAndBlue() throws IOException {
        int[] types = {BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_USHORT_GRAY, BufferedImage.TYPE_BYTE_INDEXED};
        for (int type : types) {
            for (String ending : type == BufferedImage.TYPE_BYTE_GRAY ? List.of("png", "tif", "jpg") : List.of("png", "tif")) {
                BufferedImage image = filled(8, 8, type, 0x808080);
                if (type != BufferedImage.TYPE_BYTE_INDEXED) {
                    int code = type == BufferedImage.TYPE_BYTE_GRAY ? 128 : 128 * 257 + 100;
                    for (int i = 0; i < 64; i++) {
                        image.getRaster().setSample(i % 8, i / 8, 0, code);
                    }
                }
                int sample = image.getColorModel() instanceof IndexColorModel ? image.getRGB(0, 0) & 255 : 128;
                Path file = write(type + "." + ending, image);
                for (float[] plane : PictureFolder.read(file, 2, 3, 2).planes()) {
                    assertEquals(sample, plane[3], file.toString());
                }
                // 219 * 128 / 255 + 16 = 125.9
                assertEquals(Math.round(219.0 * sample / 255 + 16), PictureFolder.read(file, 2, 1, 2).planes()[0][3],
                        file.toString());
            }
        }
    }

    @Test
    void colourIsReadAsJavaShowsIt() throws IOException {
        SplittableRandom random = new SplittableRandom(7);
        BufferedImage deep = new BufferedImage(new ComponentColorModel(ColorSpace.getInstance(ColorSpace.CS_sRGB), false,
                false, Transparency.OPAQUE, DataBuffer.TYPE_USHORT), Raster.createInterleavedRaster(
                DataBuffer.TYPE_USHORT, 31, 22, 3, null), false, null);
        for (int i = 0; i < 31 * 22 * 3; i++) {
            deep.getRaster().setSample(i / 3 % 31, i / 93, i % 3, random.nextInt(65536));
        }
        List<BufferedImage> images = new ArrayList<>(List.of(deep));
        for (int type : new int[] {BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_INT_ARGB,
            BufferedImage.TYPE_BYTE_INDEXED}) {
            BufferedImage image = new BufferedImage(31, 22, type);
            for (int i = 0; i < 31 * 22; i++) {
                image.setRGB(i % 31, i / 31, random.nextInt());
            }
            images.add(image);
        }
        for (int k = 0; k < images.size(); k++) {
            Path file = write("colour" + k + ".png", images.get(k));
            for (int shrink = 1; shrink <= 3; shrink++) {
                PictureFolder.Picture luma = PictureFolder.read(file, shrink, 1, 2);
                PictureFolder.Picture rgb = PictureFolder.read(file, shrink, 3, 2);
                for (int i = 0; i < luma.planes()[0].length; i++) {
                    double[] sums = sums(images.get(k), i % luma.width() * shrink, i / luma.width() * shrink, shrink);
                    double area = shrink * shrink;
                    assertEquals(Math.round((65.481 * sums[0] + 128.553 * sums[1] + 24.966 * sums[2]) / area / 255 + 16),
                            luma.planes()[0][i], file + " luma " + i);
                    for (int c = 0; c < 3; c++) {
                        assertEquals(Math.round(sums[c] / area), rgb.planes()[c][i], file + " channel " + c + " " + i);
                    }
                }
            }
        }
    }

    /// Sums of a square's red, green and blue on white, as Java converts them to sRGB.
    private static double[] sums(BufferedImage image, int left, int top, int side) {
        double[] sums = new double[3];
        for (int i = 0; i < side * side; i++) {
            int argb = image.getRGB(left + i % side, top + i / side);
            int alpha = argb >>> 24;
            for (int c = 0; c < 3; c++) {
                sums[c] += ((argb >> 16 - 8 * c & 255) * alpha + 255.0 * (255 - alpha)) / 255;
            }
        }
        return sums;
    }

    @Test
    void sidesDivideByTheScaleAfterShrinking() throws IOException {
        BufferedImage image = new BufferedImage(23, 17, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < 17; y++) {
            for (int x = 0; x < 23; x++) {
                image.setRGB(x, y, 0x010101 * (10 * x % 256));
            }
        }
        PictureFolder.Picture picture = PictureFolder.read(write("ramp.png", image), 2, 3, 3);
        assertEquals(9, picture.width());
        assertEquals(6, picture.height());
        // Pixels 4 and 5: 40 and 50.
        assertEquals(45, picture.planes()[0][9 + 2]);
    }

    @Test
    void listOfSourcesGivesShrinkFactorsAndCredits() throws IOException {
        Files.writeString(folder.resolve("sources.tsv"), "file\tlicence\tattribution\tsuggested_downscale\n"
                + "a.png\tCC0-1.0\tAnn\t2\nb.png\tCC0-1.0\tAnn\t1.5\nc.png\t\tBob\t1\nshort line\n");
        assertEquals(Map.of("a.png", 2, "b.png", 2, "c.png", 1), PictureFolder.shrinkFactors(folder));
        assertEquals(List.of("Ann (CC0-1.0)", "Bob"), TrainingCredits.of(folder));
        for (String bad : new String[] {"0", "x", "17", "-1", "NaN"}) {
            Files.writeString(folder.resolve("sources.tsv"), "file\tsuggested_downscale\na.png\t" + bad + "\n");
            IOException refused = assertThrows(IOException.class, () -> PictureFolder.shrinkFactors(folder));
            assertTrue(refused.getMessage().contains("line 2"), refused.getMessage());
        }
        Files.writeString(folder.resolve("sources.tsv"), "");
        assertEquals(Map.of(), PictureFolder.shrinkFactors(folder));
        assertEquals(List.of(), TrainingCredits.of(folder));
    }

    @Test
    void onlyPicturesCountInOrderOfTheirNames() throws IOException {
        write("b.png", filled(2, 2, BufferedImage.TYPE_INT_RGB, 0));
        write("a.jpg", filled(2, 2, BufferedImage.TYPE_INT_RGB, 0));
        Files.writeString(folder.resolve("notes.txt"), "no picture");
        Files.createDirectory(folder.resolve("folder.png"));
        assertEquals(List.of(folder.resolve("a.jpg"), folder.resolve("b.png")), PictureFolder.files(folder));
    }

    @Test
    void damagedAndHugePicturesAreRefused() throws IOException {
        Path good = write("good.png", filled(60, 60, BufferedImage.TYPE_INT_RGB, 0x336699));
        byte[] bytes = Files.readAllBytes(good);
        Path bad = folder.resolve("bad.png");
        for (int cut : new int[] {0, 1, 8, 20, 40, bytes.length / 2}) {
            Files.write(bad, java.util.Arrays.copyOf(bytes, cut));
            IOException refused = assertThrows(IOException.class, () -> PictureFolder.read(bad, 1, 1, 2), "cut at " + cut);
            assertTrue(refused.getMessage().contains("bad.png"), refused.getMessage());
        }
        Files.write(bad, hugeHeader());
        IOException huge = assertThrows(IOException.class, () -> PictureFolder.read(bad, 1, 1, 2));
        assertTrue(huge.getMessage().contains("100000x100000"), huge.getMessage());
    }

    private static byte[] hugeHeader() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeLong(0x89504E470D0A1A0AL);
        ByteArrayOutputStream chunk = new ByteArrayOutputStream();
        DataOutputStream header = new DataOutputStream(chunk);
        header.write("IHDR".getBytes(StandardCharsets.US_ASCII));
        header.writeInt(100_000);
        header.writeInt(100_000);
        header.write(new byte[] {8, 2, 0, 0, 0});
        out.writeInt(13);
        out.write(chunk.toByteArray());
        CRC32 sum = new CRC32();
        sum.update(chunk.toByteArray());
        out.writeInt((int) sum.getValue());
        out.writeInt(0);
        out.write("IDAT".getBytes(StandardCharsets.US_ASCII));
        out.writeInt(0x35AF061E);
        return bytes.toByteArray();
    }
}
