package io.github.fovea.media;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.error.MalformedFileException;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.PixelLayout;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TiffSideDataTest {
    /// Pixels of the one row that every file here holds.
    private static final int WIDTH = 4;

    @TempDir
    Path folder;

    private Path tiff(int photometric, int samples, int bits, int sampleFormat, List<byte[]> planes) throws IOException {
        return tiff(photometric, samples, bits, sampleFormat, planes, new byte[0]);
    }

    /// A TIFF file of one row; `planes` holds the strips, `profile` nothing where there is none.
    private Path tiff(int photometric, int samples, int bits, int sampleFormat, List<byte[]> planes, byte[] profile)
            throws IOException {
        ByteBuffer out = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
        out.put(new byte[] {'I', 'I', 42, 0}).putInt(0);
        int bitsAt = out.position();
        for (int i = 0; i < samples; i++) {
            out.putShort((short) bits);
        }
        int formatsAt = out.position();
        for (int i = 0; i < samples; i++) {
            out.putShort((short) sampleFormat);
        }
        int[] offsets = new int[planes.size()];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = out.position();
            out.put(planes.get(i));
        }
        int offsetsAt = out.position();
        for (int offset : offsets) {
            out.putInt(offset);
        }
        int countsAt = out.position();
        for (byte[] plane : planes) {
            out.putInt(plane.length);
        }
        int profileAt = out.position();
        out.put(profile);
        out.putInt(4, out.position());
        boolean one = planes.size() == 1;
        int[][] entries = {{256, 3, 1, WIDTH}, {257, 3, 1, 1}, {258, 3, samples, samples == 1 ? bits : bitsAt}, {259, 3, 1, 1},
            {262, 3, 1, photometric}, {273, 4, planes.size(), one ? offsets[0] : offsetsAt}, {277, 3, 1, samples},
            {278, 3, 1, 1}, {279, 4, planes.size(), one ? planes.getFirst().length : countsAt},
            {284, 3, 1, one ? 1 : 2}, {339, 3, samples, samples == 1 ? sampleFormat : formatsAt},
            {34675, 7, profile.length, profileAt}};
        int count = entries.length - (profile.length == 0 ? 1 : 0);
        out.putShort((short) count);
        for (int i = 0; i < count; i++) {
            int[] entry = entries[i];
            out.putShort((short) entry[0]).putShort((short) entry[1]).putInt(entry[2]).putInt(entry[3]);
        }
        byte[] bytes = new byte[out.putInt(0).position()];
        out.get(0, bytes);
        return Files.write(folder.resolve("a.tif"), bytes);
    }

    @Test
    void inksBecomeTheColoursThatTheyLeave() throws IOException {
        byte[] chunky = {85, 0, 0, 0, 0, 85, 0, 0, 0, 0, 85, 0, 0, 0, 0, 85};
        List<byte[]> planar = List.of(new byte[] {85, 0, 0, 0}, new byte[] {0, 85, 0, 0}, new byte[] {0, 0, 85, 0},
                new byte[] {0, 0, 0, 85});
        for (List<byte[]> planes : List.of(List.of(chunky), planar)) {
            Frame frame = ImageFiles.read(tiff(5, 4, 8, 1, planes)).frame();
            assertEquals(PixelLayout.RGB, frame.format().layout());
            for (int x = 0; x < WIDTH; x++) {
                for (int i = 0; i < 3; i++) {
                    assertEquals(x == i || x == 3 ? 170 : 255, frame.plane(i).get(x, 0), "pixel " + x + " plane " + i);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"8, 3, 8, 1, CIELab", "9, 3, 8, 1, CIELab", "5, 4, 16, 1, inks in 4 samples of 16 bits",
        "5, 5, 8, 1, inks in 5 samples", "1, 1, 12, 1, samples of 12 bits", "1, 1, 32, 1, samples of 32 bits",
        "2, 3, 32, 1, samples of 32 bits", "2, 3, 16, 2, with sign"})
    void samplesThatJavaDecodesIntoWrongColoursAreRefused(int photometric, int samples, int bits, int sampleFormat, String why)
            throws IOException {
        Path file = tiff(photometric, samples, bits, sampleFormat, List.of(new byte[WIDTH * samples * 4]));
        String message = assertThrows(MalformedFileException.class, () -> ImageFiles.read(file)).getMessage();
        assertTrue(message.contains(why) && message.contains("convert it"), message);
        assertFalse(message.contains("damaged"), message);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 8, 1", "1, 1, 16, 1", "2, 3, 8, 1", "2, 3, 16, 1", "1, 1, 32, 3", "2, 3, 64, 3", "0, 1, 4, 1"})
    void otherSamplesAreRead(int photometric, int samples, int bits, int sampleFormat) throws IOException {
        Path file = tiff(photometric, samples, bits, sampleFormat, List.of(new byte[(WIDTH * samples * bits + 7) / 8]));
        Frame frame = ImageFiles.read(file).frame();
        assertEquals(photometric == 0 ? 255 : 0, frame.plane(0).get(2, 0));
    }

    /// Grey and colour alike are taken as they are shown; what lies outside of 0 to 1, or is no number, is clamped.
    @ParameterizedTest
    @CsvSource({"1, 1, 32", "2, 3, 32", "1, 1, 64", "2, 3, 64"})
    void floatsAreTakenAsTheyAreAndClamped(int photometric, int samples, int bits) throws IOException {
        float[] values = {0.5f, 1.2f, -0.01f, Float.NaN};
        ByteBuffer row = ByteBuffer.allocate(WIDTH * samples * bits / 8).order(ByteOrder.LITTLE_ENDIAN);
        for (int x = 0; x < WIDTH; x++) {
            for (int i = 0; i < samples; i++) {
                // Each value in another channel of each pixel, so that one channel's excess meets the others.
                float value = values[(x + i) % WIDTH];
                if (bits == 32) {
                    row.putFloat(value);
                } else {
                    row.putDouble(value);
                }
            }
        }
        Frame frame = ImageFiles.read(tiff(photometric, samples, bits, 3, List.of(row.array()))).frame();
        assertEquals(samples == 1 ? PixelLayout.GREY : PixelLayout.RGB, frame.format().layout());
        assertEquals(16, frame.format().bitDepth());
        int[] wanted = {32768, 65535, 0, 0};
        for (int x = 0; x < WIDTH; x++) {
            for (int i = 0; i < samples; i++) {
                assertEquals(wanted[(x + i) % WIDTH], frame.plane(i).get(x, 0), "pixel " + x + " plane " + i);
            }
        }
    }

    /// A profile is kept where samples are what it speaks of, and applied by nobody else.
    @ParameterizedTest
    @CsvSource({"1, 1, 32", "2, 3, 32", "2, 3, 64"})
    void floatsKeepTheirProfile(int photometric, int samples, int bits) throws IOException {
        byte[] profile = ICC_Profile.getInstance(samples == 1 ? ColorSpace.CS_GRAY : ColorSpace.CS_LINEAR_RGB).getData();
        ByteBuffer row = ByteBuffer.allocate(WIDTH * samples * bits / 8).order(ByteOrder.LITTLE_ENDIAN);
        while (row.hasRemaining()) {
            if (bits == 32) {
                row.putFloat(0.25f);
            } else {
                row.putDouble(0.25);
            }
        }
        Picture picture = ImageFiles.read(tiff(photometric, samples, bits, 3, List.of(row.array()), profile));
        assertArrayEquals(profile, picture.metadata().iccProfile().orElseThrow());
        assertEquals(16384, picture.frame().plane(0).get(1, 0));
    }
}
