package io.github.fovea.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.frame.Plane;
import io.github.fovea.patch.Region;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DifficultyScoreTest {
    static java.util.List<String> names() {
        return DifficultyScore.names();
    }

    private static Plane random(int width, int height, int bitDepth, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Plane plane = new Plane(width, height, bitDepth);
        for (int i = 0; i < plane.samples().length; i++) {
            plane.samples()[i] = (short) (random.nextInt(256) << bitDepth - 8);
        }
        return plane;
    }

    private static int at(Plane plane, int x, int y) {
        return plane.get(Math.clamp(x, 0, plane.width() - 1), Math.clamp(y, 0, plane.height() - 1));
    }

    @Test
    void laplacianAndGradientAreTheirDefinitions() {
        Plane plane = random(23, 17, 8, 1);
        for (Region region : new Region[] {new Region(0, 0, 23, 17), new Region(0, 0, 1, 1), new Region(22, 16, 1, 1),
            new Region(5, 3, 9, 8), new Region(0, 9, 8, 8), new Region(15, 0, 8, 17)}) {
            double laplacian = 0;
            double gradient = 0;
            for (int y = region.y(); y < region.y() + region.height(); y++) {
                for (int x = region.x(); x < region.x() + region.width(); x++) {
                    int p = plane.get(x, y);
                    laplacian += Math.abs(4 * p - at(plane, x - 1, y) - at(plane, x + 1, y) - at(plane, x, y - 1)
                            - at(plane, x, y + 1));
                    gradient += Math.abs(at(plane, x + 1, y) - p) + Math.abs(at(plane, x, y + 1) - p);
                }
            }
            int area = region.width() * region.height();
            assertEquals(laplacian / area, DifficultyScore.named("laplacian").score(plane, region), 1e-9, region.toString());
            assertEquals(gradient / area, DifficultyScore.named("gradient").score(plane, region), 1e-9, region.toString());
        }
    }

    @Test
    void laplacianOfOneRowAndOneColumn() {
        Plane one = new Plane(1, 1, 8);
        assertEquals(0, DifficultyScore.named("laplacian").score(one, new Region(0, 0, 1, 1)));
        Plane row = new Plane(2, 1, 8, new short[] {10, 30});
        assertEquals(20, DifficultyScore.named("laplacian").score(row, new Region(0, 0, 2, 1)));
    }

    /// Rows whose differences add up to more than an `int` holds.
    @Test
    void longRowsOfSixteenBitDoNotOverflow() {
        Plane board = new Plane(20_000, 2, 16);
        for (int x = 0; x < board.width(); x++) {
            board.set(x, x % 2, 65535);
        }
        Region inner = new Region(1, 0, board.width() - 2, 2);
        assertEquals(3 * 255.0, DifficultyScore.named("laplacian").score(board, inner), 1e-9);
        assertEquals(1.5 * 255, DifficultyScore.named("gradient").score(board, inner), 1e-9);
    }

    /// A cosine of one DCT frequency has one coefficient: amplitude * 8 / 2 for two true frequencies.
    @Test
    void dctFindsTheCosine() {
        Plane plane = new Plane(16, 8, 8);
        for (int y = 0; y < 8; y++) {
            for (int x = 0; x < 16; x++) {
                double wave = Math.cos(Math.PI * (2 * (x % 8) + 1) * 3 / 16) * Math.cos(Math.PI * (2 * y + 1) * 2 / 16);
                plane.set(x, y, (int) Math.round(128 + 100 * wave));
            }
        }
        // Samples are rounded, so that the other 62 coefficients hold a little.
        assertEquals(400.0 / 63, DifficultyScore.named("dct").score(plane, new Region(0, 0, 16, 8)), 0.4);
    }

    @ParameterizedTest
    @MethodSource("names")
    void flatScoresNothingAndTextureMore(String name) {
        DifficultyScore score = DifficultyScore.named(name);
        assertEquals(name, score.name());
        Plane plane = random(64, 32, 8, 2);
        for (int y = 0; y < 32; y++) {
            for (int x = 0; x < 33; x++) {
                plane.set(x, y, 77);
            }
        }
        assertEquals(0, score.score(plane, new Region(0, 0, 32, 32)), 1e-4);
        assertTrue(score.score(plane, new Region(32, 0, 32, 32)) > 10);
        assertTrue(score.score(plane, new Region(32, 0, 3, 2)) >= 0, "smaller than a block");
    }

    @ParameterizedTest
    @MethodSource("names")
    void depthDoesNotMatter(String name) {
        DifficultyScore score = DifficultyScore.named(name);
        Region region = new Region(8, 4, 30, 20);
        double eight = score.score(random(48, 32, 8, 3), region);
        // 10 bit codes are 4 times those of 8 bit, their maximum is not quite.
        assertEquals(eight, score.score(random(48, 32, 10, 3), region) * 1023 / 1020, 1e-3 * eight);
    }

    @Test
    void psnrIsTheHandValue() {
        Plane truth = random(40, 40, 8, 4);
        Plane upscaled = random(40, 40, 8, 4);
        upscaled.set(20, 20, truth.get(20, 20) ^ 8);
        upscaled.set(3, 20, truth.get(3, 20) ^ 64);
        ReferencePsnr psnr = new ReferencePsnr(upscaled, truth, 2);
        // 20x20 LR pixels less 4 large pixels on each side: one error of 8 in 32 x 32; the other lies in the rim.
        assertEquals(-10 * Math.log10(255.0 * 255 * 32 * 32 / 64), psnr.score(null, new Region(0, 0, 20, 20)), 1e-9);
        assertEquals(Double.NEGATIVE_INFINITY, psnr.score(null, new Region(12, 12, 8, 8)));
        double[] errors = ReferencePsnr.squaredErrors(Grid.of(20, 20, 2, 2), upscaled, truth, 2);
        assertEquals(64 + 4096, java.util.Arrays.stream(errors).sum());
    }

    @Test
    void otherNamesAreRefused() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> DifficultyScore.named("psnr")).getMessage()
                .contains("route map"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> DifficultyScore.named("guess")).getMessage()
                .contains("laplacian, gradient, dct"));
    }
}
