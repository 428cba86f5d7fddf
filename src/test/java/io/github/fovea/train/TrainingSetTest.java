package io.github.fovea.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.graph.Interpolation;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.kernel.scalar.ScalarKernels;
import io.github.fovea.resample.ResampleKernel;
import io.github.fovea.resample.Resampler;
import io.github.fovea.tensor.Layout;
import io.github.fovea.tensor.TensorView;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TrainingSetTest {
    private static final KernelTable KERNELS = ScalarKernels.table();

    private static TrainingImage image(String name, int width, int height, int scale, Interpolation skip, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[][] plane = new float[1][width * height];
        for (int i = 0; i < plane[0].length; i++) {
            plane[0][i] = random.nextInt(256);
        }
        return TrainingImage.of(name, plane, width, height, scale, skip, KERNELS);
    }

    @Test
    void targetPlusEnlargementIsThePicture() {
        for (int scale = 2; scale <= 4; scale++) {
            TrainingImage whole = image("a", 24 * scale, 12 * scale, scale, null, 5);
            TrainingImage rest = image("a", 24 * scale, 12 * scale, scale, Interpolation.BICUBIC, 5);
            assertArrayEquals(whole.small()[0], rest.small()[0]);
            float[] large = new float[whole.target()[0].length];
            Resampler.of(24, 12, 24 * scale, 12 * scale, ResampleKernel.BICUBIC, false)
                    .resize(rest.small()[0], 0, 24, large, 0, 24 * scale);
            for (int i = 0; i < large.length; i++) {
                assertEquals(whole.target()[0][i], rest.target()[0][i] + large[i], 1e-5f);
            }
        }
    }

    @Test
    void patchesAreTurnedAlikeOnBothSides() {
        int scale = 3;
        int size = 8;
        // Every large pixel holds the value of the small pixel above it, so both sides must stay together.
        TrainingImage image = image("a", 20 * scale, 16 * scale, scale, null, 6);
        for (int y = 0; y < 16 * scale; y++) {
            for (int x = 0; x < 20 * scale; x++) {
                image.target()[0][y * 20 * scale + x] = image.small()[0][y / scale * 20 + x / scale];
            }
        }
        Set<List<Float>> seen = new HashSet<>();
        for (int turn = 0; turn < 8; turn++) {
            TensorView input = TensorView.allocate(Layout.PLANAR, 1, size, size, 1);
            float[] wanted = new float[size * size * scale * scale];
            image.patch(5, 3, size, turn, input, wanted);
            List<Float> values = new ArrayList<>();
            for (int y = 0; y < size; y++) {
                for (int x = 0; x < size; x++) {
                    values.add(input.get(0, y, x));
                    for (int k = 0; k < scale * scale; k++) {
                        assertEquals(input.get(0, y, x), wanted[(y * scale + k / scale) * size * scale + x * scale + k % scale]);
                    }
                }
            }
            if (turn == 0) {
                assertEquals(image.small()[0][3 * 20 + 5], input.get(0, 0, 0));
                assertEquals(image.small()[0][4 * 20 + 6], input.get(0, 1, 1));
            }
            seen.add(values);
        }
        assertEquals(8, seen.size(), "eight different turns");
    }

    @Test
    void heldOutPartsAreNeverDrawnFrom() {
        List<TrainingImage> images = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            images.add(image("picture " + i, 2 * (200 + 10 * i), 2 * 110, 2, Interpolation.BICUBIC, i));
        }
        TrainingOptions options = TrainingOptions.of(Path.of("."), "espcn", 2).withHeldOut(3).withSeed(5, 1);
        TrainingSet set = TrainingSet.split(images, List.of(), options);
        assertEquals(3, set.heldOut().size());
        for (TrainingImage part : set.heldOut()) {
            int index = Integer.parseInt(part.name().substring(8));
            int rest = images.get(index).width() - TrainingSet.HELD_OUT_SIZE;
            assertEquals(rest, set.images().get(index).width());
            assertEquals(images.get(index).small()[0][7 * images.get(index).width() + rest],
                    part.small()[0][0]);
        }
        SplittableRandom random = new SplittableRandom(1);
        for (int n = 0; n < 2000; n++) {
            TrainingSet.Patch patch = set.draw(random);
            TrainingImage from = set.images().get(patch.image());
            assertTrue(patch.x() >= 0 && patch.x() + 48 <= from.width());
            assertTrue(patch.y() >= 0 && patch.y() + 48 <= from.height());
            assertTrue(patch.turn() >= 0 && patch.turn() < 8);
        }
        assertEquals(6, new SplittableRandom(2).ints(500, 0, 1 << 30).mapToObj(SplittableRandom::new)
                .map(r -> set.draw(r).image()).distinct().count(), "every picture is drawn");
    }

    @Test
    void flatPicturesAreDrawnSeldom() {
        List<TrainingImage> images = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            images.add(image("rich " + i, 120, 120, 2, Interpolation.BICUBIC, i));
        }
        float[][] grey = new float[1][120 * 120];
        java.util.Arrays.fill(grey[0], 77);
        images.add(TrainingImage.of("flat", grey, 120, 120, 2, Interpolation.BICUBIC, KERNELS));
        TrainingSet set = TrainingSet.split(images, List.of(), TrainingOptions.of(Path.of("."), "espcn", 2).withHeldOut(0));
        SplittableRandom random = new SplittableRandom(3);
        int flat = 0;
        for (int n = 0; n < 4000; n++) {
            flat += set.draw(random).image() == 4 ? 1 : 0;
        }
        // A weight of 0.1 beside four of about 1.
        assertTrue(flat > 30 && flat < 200, flat + " of 4000");
    }

    @Test
    void smallerCopiesLeaveOutWhatMayBeHeldOut() {
        float[] plane = new float[300 * 100];
        for (int i = 0; i < plane.length; i++) {
            plane[i] = i % 300 < 200 ? 40 : 250;
        }
        PictureFolder.Picture copy = new PictureFolder.Picture("step", 300, 100, new float[][] {plane}).smaller(0.5, 100, 3);
        assertEquals(99, copy.width());
        assertEquals(48, copy.height());
        for (int y = 0; y < 48; y++) {
            // The filter reaches a few columns over the cut; past those nothing of the right-hand end is to be seen.
            for (int x = 0; x < 95; x++) {
                assertEquals(40f, copy.planes()[0][y * 99 + x]);
            }
        }
        assertNull(new PictureFolder.Picture("narrow", 300, 100, new float[][] {plane}).smaller(0.5, 300, 2));
    }
}
