package io.github.fovea.resample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.frame.ColorDescription.Siting;
import io.github.fovea.frame.PixelLayout;
import io.github.fovea.frame.Plane;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ResamplerTest {
    /// What output sample `i` takes from each source sample, found with one impulse after the other.
    private static float[] response(int source, int target, int i, ResampleKernel kernel, boolean antialias) {
        float[] response = new float[source];
        Resampler resampler = Resampler.of(source, 1, target, 1, kernel, antialias);
        for (int s = 0; s < source; s++) {
            float[] in = new float[source];
            in[s] = 1;
            float[] out = new float[target];
            resampler.resize(in, 0, source, out, 0, target);
            response[s] = out[i];
        }
        return response;
    }

    private static void assertWeights(double[] wanted, float[] response, int from) {
        for (int i = 0; i < response.length; i++) {
            double want = i >= from && i < from + wanted.length ? wanted[i - from] : 0;
            assertEquals(want, response[i], 1e-6, "weight of source sample " + i);
        }
    }

    @Test
    void bicubicHalvesWithTheWeightsOfImresize() {
        assertWeights(new double[] {-.01171875, -.03515625, .11328125, .43359375, .43359375, .11328125, -.03515625,
            -.01171875}, response(40, 20, 10, ResampleKernel.BICUBIC, true), 17);
    }

    @Test
    void bicubicShrinksByThreeWithTheWeightsOfImresize() {
        assertWeights(new double[] {-.0123457, -.0246914, 0, .1111111, .2592593, .3333333, .2592593, .1111111, 0,
            -.0246914, -.0123457}, response(60, 20, 10, ResampleKernel.BICUBIC, true), 26);
    }

    @Test
    void bicubicDoublesWithTwoMirroredPhases() {
        assertWeights(new double[] {-.0234375, .2265625, .8671875, -.0703125},
                response(20, 40, 20, ResampleKernel.BICUBIC, true), 8);
        assertWeights(new double[] {-.0703125, .8671875, .2265625, -.0234375},
                response(20, 40, 21, ResampleKernel.BICUBIC, true), 9);
    }

    @Test
    void sharpBicubicDoublesWithItsOwnWeights() {
        // Keys with a = -0.75 at distances 1.75, 0.75, 0.25, 1.25.
        assertWeights(new double[] {-.03515625, .26171875, .87890625, -.10546875},
                response(20, 40, 20, ResampleKernel.BICUBIC_SHARP, true), 8);
    }

    @Test
    void withoutAntialiasShrinkingInterpolates() {
        assertWeights(new double[] {-.0625, .5625, .5625, -.0625},
                response(40, 20, 10, ResampleKernel.BICUBIC, false), 19);
    }

    @Test
    void nearestTakesTheRightOneOfTwo() {
        assertWeights(new double[] {1}, response(40, 20, 10, ResampleKernel.NEAREST, true), 21);
        assertWeights(new double[] {1}, response(20, 60, 31, ResampleKernel.NEAREST, true), 10);
    }

    /// MATLAB's `imresize` as its source text reads, in double, one row: one-based positions, `ceil(width) + 2`
    /// columns, normalised, `aux = [1:n, n:-1:1]`.
    private static double[] imresize(double[] in, int target, ResampleKernel kernel, boolean antialias) {
        int n = in.length;
        double scale = (double) target / n;
        boolean stretch = antialias && scale < 1 && kernel != ResampleKernel.NEAREST;
        double width = 2 * kernel.radius() / (stretch ? scale : 1);
        int columns = (int) Math.ceil(width) + 2;
        double[] out = new double[target];
        for (int x = 1; x <= target; x++) {
            double u = x / scale + 0.5 * (1 - 1 / scale);
            double left = Math.floor(u - width / 2);
            double sum = 0;
            double value = 0;
            for (int p = 0; p < columns; p++) {
                double index = left + p;
                double weight = kernel.weight(stretch ? scale * (u - index) : u - index);
                int m = (int) Math.floorMod((long) index - 1, 2L * n);
                int[] aux = new int[2 * n];
                for (int i = 0; i < n; i++) {
                    aux[i] = i;
                    aux[2 * n - 1 - i] = i;
                }
                sum += weight;
                value += weight * in[aux[m]];
            }
            out[x - 1] = value / sum;
        }
        return out;
    }

    @ParameterizedTest
    @EnumSource(ResampleKernel.class)
    void equalsImresizeAtAwkwardSizes(ResampleKernel kernel) {
        SplittableRandom random = new SplittableRandom(7);
        int[][] sizes = {{1, 1, 1, 1}, {1, 1, 5, 3}, {3, 2, 6, 4}, {3, 2, 1, 1}, {7, 5, 7, 5}, {13, 9, 5, 31}, {31, 17, 62, 34},
            {24, 24, 12, 8}, {20, 11, 60, 44},
            {2, 3, 34, 48}, {34, 48, 2, 3}, {35, 32, 25, 28}, {3, 7, 4, 5}, {64, 3, 7, 2}, {5, 40, 4, 13}, {33, 29, 50, 47}, {48, 48, 36, 32}};
        for (int[] size : sizes) {
            int w = size[0];
            int h = size[1];
            int tw = size[2];
            int th = size[3];
            for (boolean antialias : new boolean[] {true, false}) {
                float[] in = new float[w * h];
                for (int i = 0; i < in.length; i++) {
                    in[i] = (float) random.nextDouble(-1, 1);
                }
                double[][] tall = new double[w][];
                for (int x = 0; x < w; x++) {
                    double[] column = new double[h];
                    for (int y = 0; y < h; y++) {
                        column[y] = in[y * w + x];
                    }
                    tall[x] = imresize(column, th, kernel, antialias);
                }
                float[] out = new float[tw * th];
                Resampler.of(w, h, tw, th, kernel, antialias).resize(in, 0, w, out, 0, tw);
                for (int y = 0; y < th; y++) {
                    double[] row = new double[w];
                    for (int x = 0; x < w; x++) {
                        row[x] = tall[x][y];
                    }
                    double[] wanted = imresize(row, tw, kernel, antialias);
                    for (int x = 0; x < tw; x++) {
                        assertEquals(wanted[x], out[y * tw + x], 2e-6, kernel + " antialias " + antialias + " "
                                + Arrays.toString(size) + " at " + x + "," + y);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(ResampleKernel.class)
    void constantsStayConstant(ResampleKernel kernel) {
        float[] in = new float[37 * 23];
        Arrays.fill(in, 200);
        for (int[] target : new int[][] {{74, 46}, {111, 69}, {12, 50}, {5, 3}, {41, 22}, {1, 1}}) {
            float[] out = new float[target[0] * target[1]];
            Resampler.of(37, 23, target[0], target[1], kernel, true).resize(in, 0, 37, out, 0, target[0]);
            for (float value : out) {
                assertEquals(200, value, 1e-4);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(ResampleKernel.class)
    void equalSizesCopy(ResampleKernel kernel) {
        float[] in = random(19 * 11, 3);
        float[] out = new float[19 * 11];
        Resampler.of(19, 11, 19, 11, kernel, true).resize(in, 0, 19, out, 0, 19);
        assertArrayEquals(in, out);
    }

    @Test
    void bandsEqualTheWholeAndReadOnlyTheirRows() {
        int[][] sizes = {{40, 30, 80, 60}, {40, 30, 120, 90}, {40, 30, 57, 41}, {40, 30, 20, 10}, {41, 31, 13, 100},
            {40, 30, 60, 45}, {200, 40, 400, 160}};
        for (int[] s : sizes) {
            float[] in = random(s[0] * s[1], 11);
            Resampler resampler = Resampler.of(s[0], s[1], s[2], s[3], ResampleKernel.BICUBIC, true);
            float[] whole = new float[s[2] * s[3]];
            resampler.resize(in, 0, s[0], whole, 0, s[2]);
            float[] bands = new float[whole.length];
            Resampler.Scratch scratch = resampler.scratch();
            for (int row = 0; row < s[3]; row += 7) {
                int end = Math.min(s[3], row + 7);
                int first = resampler.sourceRowBegin(row, end);
                int last = resampler.sourceRowEnd(row, end);
                float[] part = Arrays.copyOfRange(in, first * s[0], last * s[0]);
                resampler.resize(part, -first * s[0], s[0], bands, row * s[2], s[2], row, end, scratch);
            }
            assertArrayEquals(whole, bands, Arrays.toString(s));
        }
    }

    @Test
    void offsetsAndStridesAreRespected() {
        float[] dense = random(9 * 7, 5);
        float[] sparse = new float[3 + 7 * 12];
        for (int y = 0; y < 7; y++) {
            System.arraycopy(dense, y * 9, sparse, 3 + y * 12, 9);
        }
        Resampler resampler = Resampler.of(9, 7, 18, 14, ResampleKernel.LANCZOS3, true);
        float[] wanted = new float[18 * 14];
        resampler.resize(dense, 0, 9, wanted, 0, 18);
        float[] out = new float[5 + 14 * 21];
        Arrays.fill(out, 777);
        resampler.resize(sparse, 3, 12, out, 5, 21);
        for (int i = 0; i < out.length; i++) {
            int x = (i - 5) % 21;
            boolean inside = i >= 5 && x < 18;
            assertEquals(inside ? wanted[(i - 5) / 21 * 18 + x] : 777, out[i], "index " + i);
        }
    }

    @ParameterizedTest
    @CsvSource({"2,LEFT,YCBCR_420", "3,LEFT,YCBCR_420", "2,CENTER,YCBCR_420", "1.5,LEFT,YCBCR_420", "2,TOP_LEFT,YCBCR_420",
        "4,LEFT,YCBCR_422", "2.5,CENTER,YCBCR_422", "3,TOP_LEFT,YCBCR_444"})
    void chromaStaysWhereLumaGoes(double scale, Siting siting, PixelLayout layout) {
        // A ramp that is linear over the picture has, at the place of each chroma sample, the value of that place.
        int width = 41;
        int height = 31;
        int bigWidth = (int) Math.round(width * scale);
        int bigHeight = (int) Math.round(height * scale);
        double scaleX = (double) bigWidth / width;
        double scaleY = (double) bigHeight / height;
        int w = layout.planeWidth(1, width);
        int h = layout.planeHeight(1, height);
        float[] in = new float[w * h];
        for (int y = 0; y < h; y++) {
            for (int x = 0; x < w; x++) {
                in[y * w + x] = (float) (0.7 * placeX(x, layout, siting) + 0.2 * placeY(y, layout, siting));
            }
        }
        int bigW = layout.planeWidth(1, bigWidth);
        int bigH = layout.planeHeight(1, bigHeight);
        float[] out = new float[bigW * bigH];
        Resampler.chroma(width, height, bigWidth, bigHeight, layout, siting, ResampleKernel.BICUBIC, true)
                .resize(in, 0, w, out, 0, bigW);
        int rim = (int) Math.ceil(3 * scale);
        for (int y = rim; y < bigH - rim; y++) {
            for (int x = rim; x < bigW - rim; x++) {
                double wanted = 0.7 * placeX(x, layout, siting) / scaleX + 0.2 * placeY(y, layout, siting) / scaleY;
                assertEquals(wanted, out[y * bigW + x], 2e-5, "at " + x + "," + y);
            }
        }
    }

    /// Distance of a chroma sample's centre from the left border of the picture in luma samples (H.273 figure 1).
    private static double placeX(int x, PixelLayout layout, Siting siting) {
        return layout.chromaShiftX() == 0 ? x + 0.5 : siting == Siting.CENTER ? 2 * x + 1 : 2 * x + 0.5;
    }

    private static double placeY(int y, PixelLayout layout, Siting siting) {
        return layout.chromaShiftY() == 0 ? y + 0.5 : siting == Siting.TOP_LEFT ? 2 * y + 0.5 : 2 * y + 1;
    }

    @Test
    void leftSitedChromaOfDoubledPicturesMovesByAnEighth() {
        // 4:2:0 left at x2: shift (1 - 1/2) / 4 source samples.
        assertEquals(0.125, Axis.chroma(20, 40, 2, 2, true, 2, true).shift(), 1e-12);
        assertEquals(0, Axis.chroma(20, 40, 2, 2, false, 2, false).shift(), 1e-12);
        // To 4:4:4 at the same size: co-sited samples keep their value at even places.
        Axis axis = Axis.chroma(20, 40, 1, 2, true, 1, true);
        assertEquals(7, axis.position(14), 1e-12);
        assertEquals(7.5, axis.position(15), 1e-12);
    }

    @Test
    void planesAreRoundedAndClipped() {
        Plane in = new Plane(4, 1, 8);
        in.set(0, 0, 0);
        in.set(1, 0, 0);
        in.set(2, 0, 255);
        in.set(3, 0, 255);
        Plane out = Resampler.of(4, 1, 8, 1, ResampleKernel.BICUBIC, true).resize(in);
        int[] got = new int[8];
        for (int x = 0; x < 8; x++) {
            got[x] = out.get(x, 0);
        }
        // Phases by hand; over- and undershoot is clipped.
        assertArrayEquals(new int[] {0, 0, 0, (int) Math.round(255 * (.2265625 - .0234375)),
            (int) Math.round(255 * (1 - (.2265625 - .0234375))), 255, 255, 255}, got);
    }

    @Test
    void deepPlanesKeepTheirUpperHalf() {
        Plane in = new Plane(6, 5, 16);
        Arrays.fill(in.samples(), (short) 60000);
        Plane out = Resampler.of(6, 5, 9, 11, ResampleKernel.LANCZOS3, true).resize(in);
        for (int i = 0; i < 99; i++) {
            assertEquals(60000, out.get(i % 9, i / 9), 1);
        }
    }

    /// Each tap kept a row: shrinking a 12000x8000 picture to ten columns and seven rows took 230 MB.
    @Test
    void workingMemoryDoesNotGrowWithTheFactor() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        Resampler most = Resampler.of(64, 1 << 16, 64, 1, ResampleKernel.BICUBIC, true);
        long before = threads.getCurrentThreadAllocatedBytes();
        most.scratch();
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(bytes < 1 << 20, bytes + " bytes");

        Plane in = new Plane(3, 1000, 8);
        float[] floats = new float[3000];
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < floats.length; i++) {
            floats[i] = in.samples()[i] = (short) random.nextInt(256);
        }
        Resampler shrinking = Resampler.of(3, 1000, 3, 7, ResampleKernel.BICUBIC, true);
        float[] wanted = new float[21];
        shrinking.resize(floats, 0, 3, wanted, 0, 3);
        Plane out = shrinking.resize(in);
        for (int i = 0; i < 21; i++) {
            assertEquals(Math.round(wanted[i]), out.samples()[i]);
        }
    }

    @Test
    void wrongArgumentsAreNamed() {
        assertThrows(IllegalArgumentException.class, () -> Resampler.of(0, 1, 1, 1, ResampleKernel.BICUBIC, true));
        assertThrows(IllegalArgumentException.class, () -> new Axis(4, 8, Double.NaN, 0));
        Resampler resampler = Resampler.of(4, 4, 8, 8, ResampleKernel.BICUBIC, true);
        Exception wrong = assertThrows(IllegalArgumentException.class, () -> resampler.resize(new Plane(5, 4, 8)));
        assertTrue(wrong.getMessage().contains("5x4"), wrong.getMessage());
        Resampler other = Resampler.of(4, 4, 8, 8, ResampleKernel.BICUBIC, true);
        assertThrows(IllegalArgumentException.class,
                () -> resampler.resize(new float[16], 0, 4, new float[64], 0, 8, 0, 8, other.scratch()));
        assertThrows(IllegalArgumentException.class,
                () -> resampler.resize(new float[16], 0, 4, new float[64], 0, 8, 0, 9, resampler.scratch()));
    }

    private static float[] random(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
        return values;
    }
}
