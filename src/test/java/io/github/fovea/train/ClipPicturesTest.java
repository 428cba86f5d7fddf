package io.github.fovea.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.frame.ColorDescription;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.PixelLayout;
import io.github.fovea.graph.Interpolation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClipPicturesTest {
    private static TrainingOptions options(Path clip) {
        return TrainingOptions.of(clip, "collapsed-f16-n2", 2).with(new TrainingOptions.Sampling(4, 16, 1, 12, List.of()));
    }

    @Test
    void framesArePicturesAndWholeFramesAreHeldOut(@TempDir Path folder) throws IOException {
        List<Frame> frames = TestClips.ovals(200, 194, 21);
        Path clip = TestClips.write(folder.resolve("clip.y4m"), frames);
        TrainingSet set = ClipPictures.load(clip, options(clip), Training.kernels());
        assertEquals(19, set.images().size());
        assertEquals(2, set.heldOut().size());
        for (TrainingImage part : set.heldOut()) {
            assertEquals(TrainingSet.HELD_OUT_SIZE, part.width());
            assertEquals(TrainingSet.HELD_OUT_SIZE, part.height());
            assertTrue(set.images().stream().noneMatch(image -> image.name().equals(part.name())), part.name());
        }
        int first = ClipFrames.heldOut(0) ? 1 : 0;
        float[] luma = new float[200 * 194];
        for (int i = 0; i < luma.length; i++) {
            luma[i] = frames.get(first).plane(0).samples()[i];
        }
        TrainingImage wanted = TrainingImage.of("", new float[][] {luma}, 200, 194, 2, Interpolation.BICUBIC, Training.kernels());
        assertArrayEquals(wanted.small()[0], set.images().getFirst().small()[0]);
        assertArrayEquals(wanted.target()[0], set.images().getFirst().target()[0]);
    }

    @Test
    void longClipsAreThinned(@TempDir Path folder) throws IOException {
        List<Frame> frames = new ArrayList<>();
        for (int i = 0; i < 70; i++) {
            frames.add(TestClips.black(192, 192));
        }
        Path clip = TestClips.write(folder.resolve("clip.y4m"), frames);
        TrainingSet set = ClipPictures.load(clip, options(clip), Training.kernels());
        assertEquals(35, set.images().size() + set.heldOut().size());
        assertEquals(16f / 255 - 0.5f, set.images().getFirst().small()[0][0], 1e-6);
    }

    @Test
    void tenBitSamplesAreScaledToEight(@TempDir Path folder) throws IOException {
        List<Frame> frames = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            Frame frame = Frame.allocate(new FrameFormat(192, 192, PixelLayout.YCBCR_420, 10, ColorDescription.UNKNOWN));
            java.util.Arrays.fill(frame.plane(0).samples(), (short) 403);
            frames.add(frame);
        }
        Path clip = TestClips.write(folder.resolve("clip.y4m"), frames);
        TrainingSet set = ClipPictures.load(clip, options(clip), Training.kernels());
        assertEquals(403f / 4 / 255 - 0.5f, set.images().getFirst().small()[0][500], 1e-6);
    }

    @Test
    void smallAndShortClipsAreRefused(@TempDir Path folder) throws IOException {
        Path small = TestClips.write(folder.resolve("small.y4m"), TestClips.ovals(120, 100, 3));
        IOException refused = assertThrows(IOException.class, () -> ClipPictures.load(small, options(small), Training.kernels()));
        assertTrue(refused.getMessage().contains("120x100") && refused.getMessage().contains("192"), refused.getMessage());
        Path single = TestClips.write(folder.resolve("single.y4m"), TestClips.ovals(192, 192, 1));
        assertThrows(IOException.class, () -> ClipPictures.load(single, options(single), Training.kernels()));
    }
}
