package io.github.fovea.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.error.MalformedFileException;
import io.github.fovea.frame.ColorDescription;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.PixelLayout;
import io.github.fovea.frame.Plane;
import io.github.fovea.media.FrameSource;
import io.github.fovea.media.VideoFiles;
import io.github.fovea.quality.PublishedProtocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// LR videos and clips in memory.
class ClipFramesTest {
    private static final long MUCH = 1L << 30;

    @TempDir
    Path folder;

    private Path hr(int width, int height, int frames) throws IOException {
        return TestClips.write(folder.resolve("hr.y4m"), TestClips.ovals(width, height, frames));
    }

    @Test
    void scalesAndRateFactorsOutOfRangeAreRefused() throws IOException {
        Path hr = hr(64, 64, 1);
        Path lr = folder.resolve("lr.y4m");
        for (int[] wrong : new int[][] {{0, -1}, {1, -1}, {9, -1}, {2, -2}, {2, 52}}) {
            assertThrows(IllegalArgumentException.class, () -> LowResolution.make(hr, null, lr, wrong[0], wrong[1], false));
            assertFalse(Files.exists(lr));
        }
    }

    /// Even where a part has no other frame to train on.
    @Test
    void partsHoldOutWhatTheClipHoldsOut() throws IOException {
        Path hr = hr(64, 64, 12);
        Path lr = folder.resolve("lr.y4m");
        LowResolution.make(hr, null, lr, 2, -1, false);
        ClipFrames clip = ClipFrames.read(lr, hr, null, 2, MUCH);
        assertTrue(clip.heldOutFrames() > 0);
        for (int n = 0; n < 12; n++) {
            assertEquals(ClipFrames.heldOut(n) ? 0 : 1, clip.part(n, n + 1).trainedFrames(), "frame " + n);
            assertEquals(ClipFrames.heldOut(n) ? 1 : 0, clip.part(n, n + 1).heldOutFrames(), "frame " + n);
        }
        // A clip of one frame trains on it.
        Path one = TestClips.write(folder.resolve("one.y4m"), TestClips.ovals(64, 64, 1));
        LowResolution.make(one, null, lr, 2, -1, true);
        ClipFrames single = ClipFrames.read(lr, one, null, 2, MUCH);
        assertEquals(1, single.trainedFrames());
        assertEquals(1, single.part(0, 1).trainedFrames());
    }

    @Test
    void lrVideoIsThatOfThePublishedProtocolRounded() throws IOException {
        List<Frame> frames = TestClips.ovals(131, 95, 2);
        Path hr = TestClips.write(folder.resolve("hr.y4m"), frames);
        Path lr = folder.resolve("lr.y4m");
        assertEquals(2, LowResolution.make(hr, null, lr, 2, -1, false));
        // Chroma of 4:2:0 wants multiples of four of the HR frame.
        try (FrameSource source = VideoFiles.open(lr, null)) {
            Frame made = source.next(null);
            assertEquals(64, made.format().width());
            assertEquals(46, made.format().height());
            Plane cropped = new Plane(128, 92, 8);
            for (int y = 0; y < 92; y++) {
                System.arraycopy(frames.getFirst().plane(0).samples(), y * 131, cropped.samples(), y * 128, 128);
            }
            float[] wanted = PublishedProtocol.lowResolution(cropped, 2);
            for (int i = 0; i < wanted.length; i++) {
                assertEquals(Math.clamp(wanted[i], 0, 255), made.plane(0).samples()[i] & 0xFF, 0.5001, "sample " + i);
            }
            for (short chroma : made.plane(2).samples()) {
                assertEquals(128, chroma);
            }
        }
        ClipFrames clip = ClipFrames.read(lr, hr, null, 2, MUCH);
        assertEquals(2, clip.frames());
        assertEquals(64, clip.width());
        byte[] luma = clip.trained().getFirst().hr();
        assertEquals(128 * 92, luma.length);
        assertEquals((byte) frames.getFirst().plane(0).get(127, 91), luma[luma.length - 1]);
    }

    @Test
    void oneFrameInTenIsHeldOutAndKeepsToNoPattern() {
        int[] places = new int[10];
        for (long group = 0; group < 200; group++) {
            int held = 0;
            for (int i = 0; i < 10; i++) {
                if (ClipFrames.heldOut(group * 10 + i)) {
                    held++;
                    places[i]++;
                }
            }
            assertEquals(1, held, "group " + group);
        }
        for (int count : places) {
            assertTrue(count > 5 && count < 40, Arrays.toString(places));
        }
    }

    @Test
    void trainedAndHeldOutFramesAreApart() throws IOException {
        Path hr = hr(48, 32, 23);
        Path lr = folder.resolve("lr.y4m");
        LowResolution.make(hr, null, lr, 2, -1, false);
        ClipFrames clip = ClipFrames.read(lr, hr, null, 2, MUCH);
        assertEquals(23, clip.trainedFrames() + clip.heldOutFrames());
        assertTrue(clip.heldOutFrames() >= 2);
        clip.trained().forEach(pair -> assertFalse(ClipFrames.heldOut(pair.number())));
        clip.held().forEach(pair -> assertTrue(ClipFrames.heldOut(pair.number())));
    }

    @Test
    void longClipsKeepEverySecondFrameUntilTheyFit() throws IOException {
        Path hr = hr(48, 32, 40);
        Path lr = folder.resolve("lr.y4m");
        LowResolution.make(hr, null, lr, 2, -1, false);
        ClipFrames all = ClipFrames.read(lr, hr, null, 2, MUCH);
        long frameBytes = 48 * 32 + 24 * 16;
        ClipFrames some = ClipFrames.read(lr, hr, null, 2, 12 * frameBytes);
        assertEquals(4, some.stride());
        assertEquals(10, some.trainedFrames() + some.heldOutFrames());
        assertEquals(40, some.frames());
        assertTrue(some.checksum() != all.checksum());
        ClipFrames.Pair fifth = some.trained().stream().filter(pair -> pair.number() == 4).findAny()
                .orElseGet(() -> some.held().stream().filter(pair -> pair.number() == 4).findAny().orElseThrow());
        ClipFrames.Pair same = all.trained().stream().filter(pair -> pair.number() == 4).findAny()
                .orElseGet(() -> all.held().stream().filter(pair -> pair.number() == 4).findAny().orElseThrow());
        assertArrayEquals(same.hr(), fifth.hr());
        IllegalArgumentException tight = assertThrows(IllegalArgumentException.class,
                () -> ClipFrames.read(lr, hr, null, 2, frameBytes));
        assertTrue(tight.getMessage().contains("memory"), tight.getMessage());
    }

    @Test
    void aClipOfOneFrameTrainsOnIt() throws IOException {
        Path hr = hr(48, 32, 1);
        Path lr = folder.resolve("lr.y4m");
        LowResolution.make(hr, null, lr, 2, -1, false);
        ClipFrames clip = ClipFrames.read(lr, hr, null, 2, MUCH);
        assertEquals(1, clip.trainedFrames());
        assertEquals(0, clip.heldOutFrames());
    }

    @Test
    void lrVideosThatDoNotFitAreRefused() throws IOException {
        Path hr = hr(48, 32, 4);
        Path lr = folder.resolve("lr.y4m");
        LowResolution.make(hr, null, lr, 2, -1, false);
        MalformedFileException scale = assertThrows(MalformedFileException.class, () -> ClipFrames.read(lr, hr, null, 3, MUCH));
        assertTrue(scale.getMessage().contains("24x16") && scale.getMessage().contains("16x10"), scale.getMessage());
        Path longer = TestClips.write(folder.resolve("longer.y4m"), TestClips.ovals(48, 32, 5));
        MalformedFileException length = assertThrows(MalformedFileException.class,
                () -> ClipFrames.read(lr, longer, null, 2, MUCH));
        assertTrue(length.getMessage().contains("after 4 frames"), length.getMessage());
        Path shorter = TestClips.write(folder.resolve("shorter.y4m"), TestClips.ovals(48, 32, 3));
        assertThrows(MalformedFileException.class, () -> ClipFrames.read(lr, shorter, null, 2, MUCH));
        Path tiny = TestClips.write(folder.resolve("tiny.y4m"), TestClips.ovals(2, 2, 1));
        Path none = folder.resolve("none.y4m");
        assertThrows(IllegalArgumentException.class, () -> LowResolution.make(tiny, null, none, 4, -1, false));
        assertFalse(Files.exists(none));
    }

    /// A network would learn to move black and white, and its player would move them once more.
    @Test
    void lumaOfAnotherRangeIsRefused() throws IOException {
        Path hr = ranged("hr.y4m", 48, 32, ColorDescription.Range.FULL);
        Path lr = ranged("lr.y4m", 24, 16, ColorDescription.Range.LIMITED);
        String message = assertThrows(MalformedFileException.class, () -> ClipFrames.read(lr, hr, null, 2, MUCH)).getMessage();
        assertTrue(message.contains("limited range") && message.contains("full range"), message);
        assertTrue(ClipFrames.read(ranged("lr.y4m", 24, 16, ColorDescription.Range.FULL), hr, null, 2, MUCH).fullRange());
        // What states nothing is limited, as players take it.
        assertFalse(ClipFrames.read(ranged("lr.y4m", 24, 16, ColorDescription.Range.UNSPECIFIED),
                ranged("hr.y4m", 48, 32, ColorDescription.Range.LIMITED), null, 2, MUCH).fullRange());
    }

    private Path ranged(String name, int width, int height, ColorDescription.Range range) throws IOException {
        Frame frame = Frame.allocate(new FrameFormat(width, height, PixelLayout.YCBCR_420, 8, new ColorDescription(
                ColorDescription.Matrix.UNSPECIFIED, range, ColorDescription.Transfer.UNSPECIFIED,
                ColorDescription.Primaries.UNSPECIFIED, ColorDescription.Siting.UNSPECIFIED)));
        return TestClips.write(folder.resolve(name), List.of(frame));
    }

    @Test
    void aDamagedVideoLeavesNoLrVideo() throws IOException {
        Path hr = hr(48, 32, 4);
        byte[] bytes = Files.readAllBytes(hr);
        Files.write(hr, Arrays.copyOf(bytes, bytes.length - 100));
        assertThrows(IOException.class, () -> LowResolution.make(hr, null, folder.resolve("lr.y4m"), 2, -1, false));
        try (var files = Files.list(folder)) {
            assertEquals(List.of("hr.y4m"), files.map(file -> file.getFileName().toString()).toList());
        }
    }
}
