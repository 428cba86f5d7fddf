package io.github.fovea.media;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.error.MalformedFileException;
import io.github.fovea.frame.PixelLayout;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a PNG says of its colours goes into the PNG that is made of it.
class PngColorTest {
    /// Signature and header chunk.
    private static final int HEAD_BYTES = 8 + 25;

    @TempDir
    private Path folder;

    private static byte[] chunk(String type, int... bytes) {
        byte[] body = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            body[i] = (byte) bytes[i];
        }
        return chunk(type, body.length, body);
    }

    private static byte[] chunk(String type, int claimed, byte[] body) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(body);
        return ByteBuffer.allocate(12 + body.length).putInt(claimed).put(name).put(body).putInt((int) crc.getValue()).array();
    }

    /// Writes a picture with further chunks behind its header.
    private Path png(String name, PictureMetadata metadata, byte[]... chunks) throws IOException {
        Path file = folder.resolve(name);
        ImageFiles.write(new Picture(TestPictures.smooth(24, 20, PixelLayout.RGB, 16), metadata), file, WriteOptions.DEFAULT);
        byte[] plain = Files.readAllBytes(file);
        List<byte[]> parts = new ArrayList<>(List.of(Arrays.copyOf(plain, HEAD_BYTES)));
        parts.addAll(List.of(chunks));
        parts.add(Arrays.copyOfRange(plain, HEAD_BYTES, plain.length));
        return Files.write(file, TestPictures.join(parts.toArray(byte[][]::new)));
    }

    /// {@return the chunks before the picture's data by type; their check sums are right}
    private static Map<String, byte[]> chunks(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).position(8);
        Map<String, byte[]> chunks = new TreeMap<>();
        while (true) {
            byte[] body = new byte[bytes.getInt()];
            byte[] name = new byte[4];
            bytes.get(name).get(body);
            String type = new String(name, StandardCharsets.US_ASCII);
            assertArrayEquals(Arrays.copyOfRange(chunk(type, body.length, body), 8 + body.length, 12 + body.length),
                    ByteBuffer.allocate(4).putInt(bytes.getInt()).array(), type);
            if (type.equals("IDAT")) {
                return chunks;
            }
            assertEquals(null, chunks.put(type, body), type);
        }
    }

    private Map<String, byte[]> copied(Path from, String name) throws IOException {
        Picture picture = ImageFiles.read(from);
        Path to = folder.resolve(name);
        ImageFiles.write(new Picture(picture.frame(), picture.metadata().scaled(2, 2).transposed()), to, WriteOptions.DEFAULT);
        return name.endsWith(".png") ? chunks(to) : Map.of();
    }

    @Test
    void chunksAreCopied() throws IOException {
        int[] white = new int[32];
        Arrays.setAll(white, i -> i * 7);
        int[] display = new int[24];
        Arrays.setAll(display, i -> 255 - i);
        Path file = png("a.png", PictureMetadata.NONE, chunk("cICP", 9, 16, 0, 1), chunk("gAMA", 0, 0, 0xB1, 0x8F), chunk("cHRM", white),
                chunk("sRGB", 1), chunk("mDCV", display), chunk("cLLI", 0, 0, 1, 2, 3, 4, 5, 6), chunk("tEXt", 'a', 0, 'b'));
        Map<String, byte[]> wanted = chunks(file);
        Map<String, byte[]> got = copied(file, "b.png");
        wanted.remove("tEXt");
        assertEquals(wanted.keySet(), got.keySet());
        wanted.forEach((type, bytes) -> assertArrayEquals(bytes, got.get(type), type));
        // Other kinds of files have no place for them.
        for (String name : List.of("b.tif", "b.jpg", "b.bmp")) {
            copied(file, name);
            assertEquals(Map.of(), ImageFiles.read(folder.resolve(name)).metadata().pngColor());
        }
    }

    @Test
    void aProfileStandsForSrgb() throws IOException {
        byte[] profile = ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData();
        Path file = png("a.png", PictureMetadata.of(profile, 0, 0), chunk("sRGB", 0), chunk("gAMA", 0, 0, 0xB1, 0x8F));
        Map<String, byte[]> got = copied(file, "b.png");
        assertTrue(got.containsKey("iCCP") && got.containsKey("gAMA") && !got.containsKey("sRGB"), got.keySet().toString());
    }

    @Test
    void damagedChunksSayNothing() throws IOException {
        Path file = png("a.png", PictureMetadata.NONE, chunk("cICP", 9, 16, 0), chunk("gAMA"), chunk("cHRM", 1, 2, 3), chunk("sRGB", 1, 1));
        assertEquals(Map.of(), ImageFiles.read(file).metadata().pngColor());
        // The first of two counts.
        assertArrayEquals(new byte[] {2}, copied(png("c.png", PictureMetadata.NONE, chunk("sRGB", 2), chunk("sRGB", 3)), "d.png").get("sRGB"));
    }

    @Test
    void lengthsBeyondTheFileAreRefused() throws IOException {
        for (String type : List.of("cICP", "gAMA", "iCCP")) {
            for (int claimed : new int[] {Integer.MAX_VALUE, -1, 1 << 30}) {
                Path file = png(type + claimed + ".png", PictureMetadata.NONE, chunk(type, claimed, new byte[4]));
                assertTrue(assertThrows(MalformedFileException.class, () -> ImageFiles.read(file)).getMessage()
                        .contains("chunk of " + (claimed & 0xFFFFFFFFL) + " bytes wanted"));
            }
        }
    }

    /// The samples of a grey palette were written as grey, with a profile of RGB that says nothing of grey.
    @Test
    void aGreyPaletteInAnRgbProfileStaysRgb() throws IOException {
        byte[] levels = {0, (byte) 255, 100, 30};
        BufferedImage image = new BufferedImage(4, 1, BufferedImage.TYPE_BYTE_INDEXED,
                new IndexColorModel(2, 4, levels, levels, levels));
        for (int x = 0; x < 4; x++) {
            image.getRaster().setSample(x, 0, 0, x);
        }
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        ImageIO.write(image, "png", plain);
        byte[] profile = ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(new byte[] {'p', 0, 0});
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(body)) {
            deflater.write(profile);
        }
        byte[] bytes = plain.toByteArray();
        Path file = Files.write(folder.resolve("a.png"), TestPictures.join(Arrays.copyOf(bytes, HEAD_BYTES),
                chunk("iCCP", body.size(), body.toByteArray()), Arrays.copyOfRange(bytes, HEAD_BYTES, bytes.length)));
        Picture picture = ImageFiles.read(file);
        assertEquals(PixelLayout.RGB, picture.frame().format().layout());
        for (int i = 0; i < 3; i++) {
            assertArrayEquals(new short[] {0, 255, 100, 30}, picture.frame().plane(i).samples());
        }
        ImageFiles.write(picture, folder.resolve("b.png"), WriteOptions.DEFAULT);
        Picture back = ImageFiles.read(folder.resolve("b.png"));
        assertEquals(PixelLayout.RGB, back.frame().format().layout());
        assertArrayEquals(profile, back.metadata().iccProfile().orElseThrow());
        Path without = Files.write(folder.resolve("c.png"), bytes);
        assertEquals(PixelLayout.GREY, ImageFiles.read(without).frame().format().layout());
    }

    /// A density that a PNG has no room for ended as a bug once the picture was enlarged.
    @Test
    void aDensityBeyondWhatPngHoldsIsLeftOut() throws IOException {
        PictureMetadata metadata = PictureMetadata.of(null, 1e9, 1e8).scaled(4, 4);
        Path file = png("a.png", metadata);
        assertEquals(0, ImageFiles.read(file).metadata().densityX());
        assertFalse(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains("pHYs"));
    }
}
