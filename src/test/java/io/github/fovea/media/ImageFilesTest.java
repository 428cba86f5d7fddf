package io.github.fovea.media;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.fovea.error.MalformedFileException;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.PixelLayout;
import java.awt.AlphaComposite;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageFilesTest {
    @TempDir
    Path folder;

    private static void assertSame(Frame wanted, Frame got) {
        assertEquals(wanted.format(), got.format());
        for (int i = 0; i < wanted.planes().size(); i++) {
            assertArrayEquals(wanted.plane(i).samples(), got.plane(i).samples(), "plane " + i);
        }
    }

    private static byte[] png(BufferedImage image) {
        return encoded(image, "png");
    }

    private static byte[] encoded(BufferedImage image, String format) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            assertTrue(ImageIO.write(image, format, out), format);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private Path file(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    @ParameterizedTest
    @CsvSource({"GREY,8", "GREY_ALPHA,8", "RGB,8", "RGBA,8", "GREY,16", "GREY_ALPHA,16", "RGB,16", "RGBA,16"})
    void pngAndTiffKeepEverySample(PixelLayout layout, int bitDepth) throws IOException {
        for (String name : new String[] {"a.png", "a.tif"}) {
            for (int[] size : new int[][] {{1, 1}, {3, 2}, {70, 67}}) {
                Frame frame = TestPictures.random(size[0], size[1], layout, bitDepth, size[0]);
                Path path = folder.resolve(name);
                ImageFiles.write(new Picture(frame), path, new WriteOptions(95, true));
                assertSame(frame, ImageFiles.read(path).frame());
            }
        }
    }

    @Test
    void bmpKeepsEverySample() throws IOException {
        for (PixelLayout layout : new PixelLayout[] {PixelLayout.GREY, PixelLayout.RGB}) {
            Frame frame = TestPictures.random(33, 40, layout, 8, 4);
            Path path = folder.resolve(layout + ".bmp");
            ImageFiles.write(new Picture(frame), path, WriteOptions.DEFAULT);
            assertSame(frame, ImageFiles.read(path).frame());
        }
    }

    @Test
    void jpegIsCloseAndItsQualityCounts() throws IOException {
        for (PixelLayout layout : new PixelLayout[] {PixelLayout.GREY, PixelLayout.RGB}) {
            Frame frame = TestPictures.smooth(96, 64, layout, 8);
            Path good = folder.resolve(layout + ".jpg");
            Path poor = folder.resolve(layout + "5.jpg");
            ImageFiles.write(new Picture(frame), good, WriteOptions.DEFAULT);
            ImageFiles.write(new Picture(frame), poor, new WriteOptions(5, false));
            assertEquals(frame.format(), ImageFiles.read(good).frame().format());
            assertTrue(TestPictures.meanError(frame, ImageFiles.read(good).frame()) < 1, layout.toString());
            assertTrue(TestPictures.meanError(frame, ImageFiles.read(poor).frame()) > 1.5, layout.toString());
            assertTrue(Files.size(poor) < Files.size(good));
        }
    }

    @Test
    void deepPicturesBecomeEightBitInJpegAndBmp() throws IOException {
        Frame deep = TestPictures.smooth(64, 48, PixelLayout.RGB, 16);
        ImageFiles.write(new Picture(deep), folder.resolve("a.bmp"), WriteOptions.DEFAULT);
        Frame got = ImageFiles.read(folder.resolve("a.bmp")).frame();
        for (int i = 0; i < deep.plane(1).samples().length; i++) {
            assertEquals(Math.round((deep.plane(1).samples()[i] & 0xFFFF) / 257.0), got.plane(1).samples()[i]);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void exifOrientationIsApplied(int orientation) throws IOException {
        // Upright: 3 columns, 2 rows, all samples different; stored as the EXIF standard describes each case.
        int[][] stored = switch (orientation) {
            case 1 -> new int[][] {{1, 2, 3}, {4, 5, 6}};
            case 2 -> new int[][] {{3, 2, 1}, {6, 5, 4}};
            case 3 -> new int[][] {{6, 5, 4}, {3, 2, 1}};
            case 4 -> new int[][] {{4, 5, 6}, {1, 2, 3}};
            // From here on the stored first row is the visual left or right side.
            case 5 -> new int[][] {{1, 4}, {2, 5}, {3, 6}};
            case 6 -> new int[][] {{3, 6}, {2, 5}, {1, 4}};
            case 7 -> new int[][] {{6, 3}, {5, 2}, {4, 1}};
            default -> new int[][] {{4, 1}, {5, 2}, {6, 3}};
        };
        int height = stored.length;
        int width = stored[0].length;
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.getRaster().setSample(x, y, 0, 40 * stored[y][x]);
            }
        }
        byte[] plain = png(image);
        for (boolean little : new boolean[] {false, true}) {
            Path path = file("o" + little + ".png", TestPictures.join(Arrays.copyOf(plain, 33),
                    TestPictures.pngChunk("eXIf", TestPictures.exif(orientation, little)),
                    Arrays.copyOfRange(plain, 33, plain.length)));
            Frame frame = ImageFiles.read(path).frame();
            short[] wanted = {40, 80, 120, 160, 200, 240};
            assertEquals(3, frame.format().width());
            assertArrayEquals(wanted, frame.plane(0).samples());
        }
        // The same in a JPEG: the bright square of the test picture ends up where the turned PNG has it.
        Frame smooth = TestPictures.smooth(64, 48, PixelLayout.RGB, 8);
        byte[] jpeg = encoded(TestPictures.image(new Picture(smooth)), "jpg");
        byte[] block = TestPictures.exif(orientation, true);
        byte[] app1 = TestPictures.join(new byte[] {(byte) 0xFF, (byte) 0xE1, 0, (byte) (block.length + 8)},
                "Exif\0\0".getBytes(StandardCharsets.US_ASCII), block);
        Path path = file("o.jpg", TestPictures.join(Arrays.copyOf(jpeg, 20), app1, Arrays.copyOfRange(jpeg, 20, jpeg.length)));
        Frame upright = Frame.allocate(orientation > 4 ? smooth.format().withSize(48, 64) : smooth.format());
        Orientation.of(orientation).place(smooth, upright, 0, 0);
        assertEquals(upright.format(), ImageFiles.read(path).frame().format());
        assertTrue(TestPictures.meanError(upright, ImageFiles.read(path).frame()) < 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.png", "a.tif", "a.jpg"})
    void profileAndDensityAreKept(String name) throws IOException {
        byte[] profile = ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData();
        Frame frame = TestPictures.smooth(40, 30, PixelLayout.RGB, 8);
        PictureMetadata metadata = PictureMetadata.of(profile, 11800, 5900);
        ImageFiles.write(new Picture(frame, metadata), folder.resolve(name), WriteOptions.DEFAULT);
        Picture got = ImageFiles.read(folder.resolve(name));
        assertArrayEquals(profile, got.metadata().iccProfile().orElseThrow());
        assertEquals(11800, got.metadata().densityX(), 0.5);
        assertEquals(5900, got.metadata().densityY(), 0.5);
        // The samples are the stored ones, as without a profile; a reader that applied it would brighten everything.
        ImageFiles.write(new Picture(frame), folder.resolve("plain-" + name), WriteOptions.DEFAULT);
        assertSame(ImageFiles.read(folder.resolve("plain-" + name)).frame(), got.frame());
    }

    @Test
    void largeProfilesSpanSeveralJpegSegments() throws IOException {
        byte[] profile = new byte[200_000];
        new SplittableRandom(1).nextBytes(profile);
        Frame frame = TestPictures.smooth(16, 16, PixelLayout.RGB, 8);
        Path path = folder.resolve("p.jpg");
        ImageFiles.write(new Picture(frame, PictureMetadata.of(profile, 0, 0)), path, WriteOptions.DEFAULT);
        assertArrayEquals(profile, ImageFiles.read(path).metadata().iccProfile().orElseThrow());
    }

    @Test
    void indexedAndFewBitPicturesBecomeGreyOrColour() throws IOException {
        byte[] r = {0, (byte) 255, 10, 20};
        byte[] g = {0, (byte) 255, 100, 30};
        byte[] b = {0, (byte) 255, 50, 40};
        BufferedImage indexed = new BufferedImage(8, 1, BufferedImage.TYPE_BYTE_INDEXED, new IndexColorModel(2, 4, r, g, b));
        for (int x = 0; x < 8; x++) {
            indexed.getRaster().setSample(x, 0, 0, x % 4);
        }
        Frame color = ImageFiles.read(file("i.png", png(indexed))).frame();
        assertEquals(PixelLayout.RGB, color.format().layout());
        assertArrayEquals(new short[] {0, 255, 100, 30, 0, 255, 100, 30}, color.plane(1).samples());

        BufferedImage transparent = new BufferedImage(4, 1, BufferedImage.TYPE_BYTE_INDEXED,
                new IndexColorModel(2, 4, r, g, b, 2));
        for (int x = 0; x < 4; x++) {
            transparent.getRaster().setSample(x, 0, 0, x);
        }
        for (String format : new String[] {"png", "gif"}) {
            Frame alpha = ImageFiles.read(file("t." + format, encoded(transparent, format))).frame();
            assertEquals(PixelLayout.RGBA, alpha.format().layout(), format);
            assertArrayEquals(new short[] {255, 255, 0, 255}, alpha.plane(3).samples(), format);
            assertEquals(20, alpha.plane(0).get(3, 0), format);
        }

        BufferedImage binary = new BufferedImage(9, 1, BufferedImage.TYPE_BYTE_BINARY);
        binary.getRaster().setSample(8, 0, 0, 1);
        Frame grey = ImageFiles.read(file("b.png", png(binary))).frame();
        assertEquals(PixelLayout.GREY, grey.format().layout());
        assertArrayEquals(new short[] {0, 0, 0, 0, 0, 0, 0, 0, 255}, grey.plane(0).samples());
    }

    @Test
    void colourKeyedPngHasAlpha() throws IOException {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, 0x102030);
        image.setRGB(1, 0, 0x405060);
        byte[] plain = png(image);
        Path path = file("k.png", TestPictures.join(Arrays.copyOf(plain, 33),
                TestPictures.pngChunk("tRNS", new byte[] {0, 0x40, 0, 0x50, 0, 0x60}),
                Arrays.copyOfRange(plain, 33, plain.length)));
        Frame frame = ImageFiles.read(path).frame();
        assertEquals(PixelLayout.RGBA, frame.format().layout());
        assertArrayEquals(new short[] {255, 0}, frame.plane(3).samples());
        assertArrayEquals(new short[] {0x30, 0x60}, frame.plane(2).samples());
    }

    @Test
    void cmykJpegIsConverted() throws IOException {
        // One ink each at about two thirds, then black alone, in 16-pixel fields.
        int[][] inks = {{170, 0, 0, 0}, {0, 170, 0, 0}, {0, 0, 170, 0}, {0, 0, 0, 170}};
        WritableRaster raster =
                Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 64, 16, 4, null);
        for (boolean adobe : new boolean[] {false, true}) {
            for (int x = 0; x < 64; x++) {
                for (int y = 0; y < 16; y++) {
                    for (int i = 0; i < 4; i++) {
                        raster.setSample(x, y, i, adobe ? 255 - inks[x / 16][i] : inks[x / 16][i]);
                    }
                }
            }
            ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
                writer.setOutput(out);
                writer.write(null, new IIOImage(raster, null, null), null);
            }
            writer.dispose();
            byte[] jpeg = bytes.toByteArray();
            byte[] app14 = {(byte) 0xFF, (byte) 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0};
            Path path = file("cmyk" + adobe + ".jpg", adobe
                    ? TestPictures.join(Arrays.copyOf(jpeg, 2), app14, Arrays.copyOfRange(jpeg, 2, jpeg.length)) : jpeg);
            Frame frame = ImageFiles.read(path).frame();
            assertEquals(PixelLayout.RGB, frame.format().layout());
            int[][] wanted = {{85, 255, 255}, {255, 85, 255}, {255, 255, 85}, {85, 85, 85}};
            for (int field = 0; field < 4; field++) {
                for (int i = 0; i < 3; i++) {
                    assertEquals(wanted[field][i], frame.plane(i).get(field * 16 + 8, 8), 6, "field " + field + " plane " + i);
                }
            }
        }
    }

    @Test
    void hugeHeaderIsRefusedWithoutAllocating() throws IOException {
        byte[] header = TestPictures.join(TestPictures.u32(100_000), TestPictures.u32(100_000), new byte[] {8, 2, 0, 0, 0});
        byte[] small = png(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB));
        Path path = file("huge.png", TestPictures.join(Arrays.copyOf(small, 8), TestPictures.pngChunk("IHDR", header),
                Arrays.copyOfRange(small, 33, small.length)));
        String message = assertThrows(IOException.class, () -> ImageFiles.read(path)).getMessage();
        assertTrue(message.contains("100,000x100,000") && message.contains("400,000,000"), message);
        Path allowed = file("small.png", png(new BufferedImage(20, 20, BufferedImage.TYPE_INT_RGB)));
        assertEquals(20, ImageFiles.read(allowed, 400).frame().format().width());
        assertThrows(IOException.class, () -> ImageFiles.read(allowed, 399));
    }

    @Test
    void whatIsNoImageIsRefused() throws IOException {
        assertTrue(message(file("empty.png", new byte[0])).contains("empty"));
        String text = message(file("text.png", "Dear reader,\n".getBytes(StandardCharsets.US_ASCII)));
        assertTrue(text.contains("not an image") && text.contains("Dear rea"), text);
        assertTrue(message(folder.resolve("absent.png")).contains("no such file"));
        assertTrue(message(folder).contains("folder"));
        Path device = Path.of("/dev/null");
        assumeTrue(Files.exists(device), "no devices in the file system");
        assertTrue(message(device).contains("device"), "a pipe would be waited for without end");
    }

    @Test
    void namesThatAreNoTextAreTold() throws Exception {
        file("small.png", png(new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB)));
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "needs a shell to make such a name");
        int code = new ProcessBuilder("/bin/sh", "-c", "mv small.png \"$(printf 'caf\\351.png')\"").directory(folder.toFile())
                .redirectErrorStream(true).start().waitFor();
        assumeTrue(code == 0 && files().size() == 1 && !files().getFirst().toFile().exists(), "this file system or locale has no such names");
        assertTrue(message(files().getFirst()).contains("rename it"), "not: no such file");
    }

    private static String message(Path path) {
        return assertThrows(IOException.class, () -> ImageFiles.read(path)).getMessage();
    }

    @ParameterizedTest
    @EnumSource(ImageFormat.class)
    void cutOffFilesAreErrorsAtEveryLength(ImageFormat format) throws IOException {
        Frame frame = TestPictures.smooth(80, 60, PixelLayout.RGB, 8);
        byte[] whole;
        if (format == ImageFormat.GIF) {
            whole = encoded(TestPictures.image(new Picture(frame)), "gif");
        } else {
            Path path = folder.resolve("whole." + format.endings().getFirst());
            ImageFiles.write(new Picture(frame), path, WriteOptions.DEFAULT);
            whole = Files.readAllBytes(path);
        }
        assertEquals(frame.format().width(), ImageFiles.read(file("again", whole)).frame().format().width());
        // The last bytes of JPEG, GIF and TIFF files may hold no pixels, so cuts stay a little before the end.
        for (double part : new double[] {0.002, 0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.97}) {
            byte[] cut = Arrays.copyOf(whole, (int) (whole.length * part));
            Path path = file("cut" + part, cut);
            assertThrows(MalformedFileException.class, () -> ImageFiles.read(path),
                    () -> format + " cut to " + cut.length + " of " + whole.length + " bytes");
        }
    }

    @Test
    void damagedBytesNeverEscapeAsAnythingButAnError() throws IOException {
        Frame frame = TestPictures.smooth(24, 18, PixelLayout.RGB, 8);
        for (String ending : List.of("png", "jpg", "tif", "bmp")) {
            Path path = folder.resolve("d." + ending);
            ImageFiles.write(new Picture(frame), path, WriteOptions.DEFAULT);
            byte[] whole = Files.readAllBytes(path);
            SplittableRandom random = new SplittableRandom(ending.hashCode());
            for (int i = 0; i < 150; i++) {
                byte[] bytes = whole.clone();
                for (int k = 0; k < 3; k++) {
                    bytes[random.nextInt(Math.min(bytes.length, 400))] = (byte) random.nextInt(256);
                }
                Files.write(path, bytes);
                try {
                    ImageFiles.read(path, 1_000_000);
                } catch (IOException e) {
                    assertTrue(e.getMessage().startsWith(path.toString()), e.getMessage());
                }
            }
        }
    }

    @Test
    void outputIsWholeOrAbsent() throws IOException {
        FrameFormat format = TestPictures.smooth(30, 300, PixelLayout.RGB, 8).format();
        for (String name : new String[] {"x.png", "x.tif", "x.jpg", "x.bmp"}) {
            Path path = folder.resolve(name);
            IOException thrown = assertThrows(IOException.class, () -> ImageFiles.write(format, PictureMetadata.NONE, 16,
                    (y, height) -> {
                        if (y > 100) {
                            throw new IOException("the network fell asleep");
                        }
                        return Frame.allocate(format.withSize(30, height));
                    }, path, WriteOptions.DEFAULT));
            assertEquals("the network fell asleep", thrown.getMessage(), name);
            assertThrows(IllegalStateException.class, () -> ImageFiles.write(format, PictureMetadata.NONE, 16,
                    (y, height) -> Frame.allocate(format.withSize(29, height)), path, WriteOptions.DEFAULT));
        }
        assertEquals(List.of(), files());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    @Test
    void existingFilesAndMissingFoldersAreRespected() throws IOException {
        Picture picture = new Picture(TestPictures.smooth(8, 8, PixelLayout.RGB, 8));
        Path path = file("there.png", new byte[] {1});
        assertTrue(assertThrows(FileAlreadyExistsException.class,
                () -> ImageFiles.write(picture, path, WriteOptions.DEFAULT)).getMessage().contains("exists already"));
        assertArrayEquals(new byte[] {1}, Files.readAllBytes(path));
        ImageFiles.write(picture, path, new WriteOptions(95, true));
        assertEquals(8, ImageFiles.read(path).frame().format().width());
        assertTrue(assertThrows(IOException.class,
                () -> ImageFiles.write(picture, folder.resolve("no/where.png"), WriteOptions.DEFAULT)).getMessage()
                .contains("does not exist"));
        assertTrue(assertThrows(IllegalArgumentException.class,
                () -> ImageFiles.write(picture, folder.resolve("a.gif"), WriteOptions.DEFAULT)).getMessage().contains("GIF"));
        assertTrue(assertThrows(IllegalArgumentException.class,
                () -> ImageFiles.write(picture, folder.resolve("a.xyz"), WriteOptions.DEFAULT)).getMessage().contains(".png"));
        assertEquals(1, files().size());
    }

    @Test
    void alphaNeedsAFormatThatHoldsIt() throws IOException {
        Frame frame = TestPictures.smooth(8, 8, PixelLayout.RGBA, 8);
        assertTrue(assertThrows(IllegalArgumentException.class,
                () -> ImageFiles.write(new Picture(frame), folder.resolve("a.jpg"), WriteOptions.DEFAULT)).getMessage()
                .contains("no alpha"));
        Arrays.fill(frame.plane(3).samples(), (short) 255);
        ImageFiles.write(new Picture(frame), folder.resolve("a.jpg"), WriteOptions.DEFAULT);
        assertEquals(PixelLayout.RGB, ImageFiles.read(folder.resolve("a.jpg")).frame().format().layout());
        assertFalse(ImageFiles.isImageName(Path.of("a.mp4")));
        assertTrue(ImageFiles.isImageName(Path.of("A.JPG")));
    }

    @Test
    void bandsOfAHugePictureAreAskedForOnceEach() throws IOException {
        FrameFormat format = TestPictures.smooth(1, 1, PixelLayout.RGB, 8).format().withSize(4000, 1000);
        boolean[] asked = new boolean[1000];
        Frame full = Frame.allocate(format.withSize(4000, 64));
        ImageFiles.write(format, PictureMetadata.NONE, 64, (y, height) -> {
            for (int i = y; i < y + height; i++) {
                assertFalse(asked[i], "row " + i + " was asked for twice");
                asked[i] = true;
            }
            return height == 64 ? full : Frame.allocate(format.withSize(4000, height));
        }, folder.resolve("big.png"), WriteOptions.DEFAULT);
        for (boolean row : asked) {
            assertTrue(row);
        }
        assertEquals(1000, ImageFiles.read(folder.resolve("big.png")).frame().format().height());
    }

    @ParameterizedTest
    @ValueSource(strings = {"gif", "tiff"})
    void severalPicturesInOneFileAreNoticed(String format) throws IOException {
        BufferedImage image = new BufferedImage(6, 5, BufferedImage.TYPE_BYTE_GRAY);
        ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
        for (int pictures = 1; pictures <= 2; pictures++) {
            Path path = folder.resolve(pictures + "." + format);
            try (ImageOutputStream out = ImageIO.createImageOutputStream(path.toFile())) {
                writer.setOutput(out);
                writer.prepareWriteSequence(null);
                for (int i = 0; i < pictures; i++) {
                    writer.writeToSequence(new IIOImage(image, null, null), null);
                }
                writer.endWriteSequence();
            }
            try (PictureReader reader = PictureReader.open(path, 1000)) {
                assertEquals(pictures > 1, reader.holdsMore());
                assertEquals(6, reader.read().frame().format().width());
            }
        }
        writer.dispose();
    }

    @Test
    void gifWithASmallFirstPictureKeepsItsCanvas() throws IOException {
        BufferedImage image = new BufferedImage(4, 3, BufferedImage.TYPE_BYTE_INDEXED);
        Graphics2D g = image.createGraphics();
        g.setComposite(AlphaComposite.Src);
        g.setColor(Color.RED);
        g.fillRect(0, 0, 4, 3);
        g.dispose();
        byte[] gif = encoded(image, "gif");
        gif[6] = 10;
        gif[8] = 9;
        int descriptor = 0;
        for (int i = 13; i < gif.length; i++) {
            if (gif[i] == 0x2C && gif[i + 5] == 4 && gif[i + 7] == 3) {
                descriptor = i;
                break;
            }
        }
        gif[descriptor + 1] = 2;
        gif[descriptor + 3] = 5;
        Frame frame = ImageFiles.read(file("c.gif", gif)).frame();
        assertEquals(10, frame.format().width());
        assertEquals(9, frame.format().height());
        assertEquals(255, frame.plane(3).get(2, 5));
        assertEquals(255, frame.plane(0).get(5, 7));
        assertEquals(0, frame.plane(3).get(1, 5));
        assertEquals(0, frame.plane(3).get(6, 5));
    }
}
