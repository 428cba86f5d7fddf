package io.github.fovea.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.fovea.frame.ColorDescription;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.PixelLayout;
import io.github.fovea.frame.Plane;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricTest {
    /// A picture with smooth parts, edges and texture.
    private static Plane picture(int width, int height, int bitDepth, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Plane plane = new Plane(width, height, bitDepth);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double value = 0.5 + 0.3 * Math.sin(x * 0.11 + seed) * Math.cos(y * 0.07) + ((x / 17 + y / 13) % 2 - 0.5) * 0.2
                        + (random.nextDouble() - 0.5) * 0.1;
                plane.set(x, y, (int) (value * plane.maximum()));
            }
        }
        return plane;
    }

    private static Plane disturbed(Plane from, double strength, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Plane plane = new Plane(from.width(), from.height(), from.bitDepth());
        for (int y = 0; y < from.height(); y++) {
            for (int x = 0; x < from.width(); x++) {
                double value = from.get(x, y) + (random.nextDouble() - 0.4) * strength * from.maximum();
                plane.set(x, y, (int) Math.max(0, Math.min(from.maximum(), value)));
            }
        }
        return plane;
    }

    @ParameterizedTest
    @EnumSource(Metric.class)
    void equalPlanesAreBest(Metric metric) {
        Plane plane = picture(170, 165, 8, 1);
        double best = metric.of(plane, plane, 0);
        assertEquals(metric == Metric.PSNR ? Double.POSITIVE_INFINITY : 1, best, 1e-12);
        double near = metric.of(plane, disturbed(plane, 0.02, 2), 0);
        double far = metric.of(plane, disturbed(plane, 0.2, 2), 0);
        assertTrue(far < near && near < best, far + " " + near + " " + best);
    }

    @ParameterizedTest
    @EnumSource(Metric.class)
    void aCroppedRimDoesNotCount(Metric metric) {
        Plane plane = picture(180, 170, 8, 1);
        Plane other = disturbed(plane, 0.05, 3);
        double wanted = metric.of(plane, other, 4);
        for (int x = 0; x < 180; x++) {
            for (int y = 0; y < 170; y++) {
                if (x < 4 || y < 4 || x >= 176 || y >= 166) {
                    other.set(x, y, 0);
                }
            }
        }
        assertEquals(wanted, metric.of(plane, other, 4));
    }

    @ParameterizedTest
    @EnumSource(Metric.class)
    void namesLeadBack(Metric metric) {
        assertEquals(metric, Metric.named(metric.label()));
        int least = metric.leastExtent();
        metric.of(picture(least, least, 8, 1), picture(least, least, 8, 2), 0);
        if (least > 1) {
            assertThrows(IllegalArgumentException.class,
                    () -> metric.of(picture(least, least - 1, 8, 1), picture(least, least - 1, 8, 2), 0));
        }
        assertThrows(IllegalArgumentException.class, () -> metric.of(new Plane(200, 200, 8), new Plane(200, 201, 8), 0));
        assertThrows(IllegalArgumentException.class, () -> metric.of(new Plane(200, 200, 8), new Plane(200, 200, 10), 0));
        assertThrows(IllegalArgumentException.class, () -> metric.of(new Plane(200, 200, 8), new Plane(200, 200, 8), 100));
    }

    @Test
    void psnrByHand() {
        Plane a = new Plane(2, 2, 8);
        Plane b = new Plane(2, 2, 8);
        b.set(0, 0, 4);
        b.set(1, 1, 2);
        assertEquals(5, Psnr.meanSquaredError(a, b, 0));
        assertEquals(10 * Math.log10(255.0 * 255 / 5), Psnr.of(a, b, 0), 1e-12);
        float[] x = {9, 1, 2, 9, 3, 4};
        float[] y = {1, 2, 3, 2};
        // Differences 0, 0, 0, 2.
        assertEquals(1, Psnr.meanSquaredError(x, 1, 3, y, 0, 2, 2, 2, 0));
    }

    @Test
    void theTwoMeansDiffer() {
        PsnrMeans means = new PsnrMeans(255);
        means.add(1);
        means.add(100);
        assertEquals(10 * Math.log10(255 * 255 / 50.5), means.psnrOfMeanError(), 1e-12);
        assertEquals((10 * Math.log10(255 * 255) + 10 * Math.log10(255 * 255 / 100.0)) / 2, means.meanOfPsnrs(), 1e-12);
        assertEquals(2, means.pictures());
    }

    /// The definition, window by window, two-dimensional weights, central moments.
    private static double naiveSsim(Plane a, Plane b) {
        double[][] weights = new double[11][11];
        double total = 0;
        for (int i = 0; i < 11; i++) {
            for (int j = 0; j < 11; j++) {
                weights[i][j] = Math.exp(-((i - 5) * (i - 5) + (j - 5) * (j - 5)) / 4.5);
                total += weights[i][j];
            }
        }
        double c1 = Math.pow(0.01 * a.maximum(), 2);
        double c2 = Math.pow(0.03 * a.maximum(), 2);
        double sum = 0;
        int count = 0;
        for (int y = 0; y + 11 <= a.height(); y++) {
            for (int x = 0; x + 11 <= a.width(); x++) {
                double meanA = 0;
                double meanB = 0;
                for (int k = 0; k < 121; k++) {
                    double weight = weights[k / 11][k % 11] / total;
                    meanA += weight * a.get(x + k % 11, y + k / 11);
                    meanB += weight * b.get(x + k % 11, y + k / 11);
                }
                double varA = 0;
                double varB = 0;
                double cov = 0;
                for (int k = 0; k < 121; k++) {
                    double weight = weights[k / 11][k % 11] / total;
                    double da = a.get(x + k % 11, y + k / 11) - meanA;
                    double db = b.get(x + k % 11, y + k / 11) - meanB;
                    varA += weight * da * da;
                    varB += weight * db * db;
                    cov += weight * da * db;
                }
                sum += (2 * meanA * meanB + c1) * (2 * cov + c2) / ((meanA * meanA + meanB * meanB + c1) * (varA + varB + c2));
                count++;
            }
        }
        return sum / count;
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 10, 16})
    void ssimEqualsItsDefinition(int bitDepth) {
        Plane a = picture(37, 29, bitDepth, 4);
        Plane b = disturbed(a, 0.1, 5);
        assertEquals(naiveSsim(a, b), Ssim.of(a, b, 0), 1e-9);
    }

    @Test
    void ssimOfFloatsEqualsThatOfPlanes() {
        Plane a = picture(37, 29, 8, 4);
        Plane b = disturbed(a, 0.1, 5);
        float[] x = new float[3 + 29 * 40];
        float[] y = new float[37 * 29];
        for (int row = 0; row < 29; row++) {
            for (int column = 0; column < 37; column++) {
                x[3 + row * 40 + column] = a.get(column, row);
                y[row * 37 + column] = b.get(column, row);
            }
        }
        assertEquals(Ssim.of(a, b, 3), Ssim.of(x, 3, 40, y, 0, 37, 37, 29, 3, 255));
    }

    @Test
    void flatPicturesHaveAKnownMultiScaleSimilarity() {
        Plane a = new Plane(163, 177, 8);
        Plane b = new Plane(163, 177, 8);
        Arrays.fill(a.samples(), (short) 100);
        Arrays.fill(b.samples(), (short) 120);
        // Contrast and structure are 1 at each scale; luminance counts at the coarsest, to the power 0.1333.
        double c1 = 6.5025;
        double luminance = (2 * 100 * 120 + c1) / (100 * 100 + 120 * 120 + c1);
        assertEquals(Math.pow(luminance, 0.1333), MsSsim.of(a, b, 0), 1e-9);
    }

    @Test
    void multiScaleSimilarityForgivesFineNoiseMoreThanSingleScale() {
        Plane a = picture(200, 200, 8, 1);
        Plane b = disturbed(a, 0.2, 2);
        assertTrue(MsSsim.of(a, b, 0) > Ssim.of(a, b, 0) + 0.05, MsSsim.of(a, b, 0) + " " + Ssim.of(a, b, 0));
    }

    @Test
    void rgbPsnrIsThatOfAllErrorsTogetherWithoutAlpha() {
        FrameFormat format = new FrameFormat(8, 8, PixelLayout.RGBA, 8, ColorDescription.SRGB);
        Frame a = Frame.allocate(format);
        Frame b = Frame.allocate(format);
        Arrays.fill(b.plane(0).samples(), (short) 3);
        Arrays.fill(b.plane(3).samples(), (short) 200);
        double wanted = 10 * Math.log10(255 * 255 / 3.0);
        FrameScores scores = new FrameScores(format, 1, EnumSet.of(Metric.PSNR));
        scores.add(a, b);
        assertEquals(wanted, scores.psnr().meanOfPsnrs(), 1e-12);
        assertThrows(IllegalArgumentException.class, () -> scores.mean(Metric.SSIM));
    }

    /// Chroma errs only where three luma rows and columns are left out, whatever it is subsampled along.
    @ParameterizedTest
    @EnumSource(value = PixelLayout.class, names = "YCBCR_.*", mode = EnumSource.Mode.MATCH_ALL)
    void everyPlaneLeavesOutTheSamePartOfThePicture(PixelLayout layout) {
        FrameFormat format = new FrameFormat(32, 32, layout, 8, ColorDescription.UNKNOWN);
        Frame a = Frame.allocate(format);
        Frame b = Frame.allocate(format);
        int rows = 3 + layout.chromaShiftY() >> layout.chromaShiftY();
        int columns = 3 + layout.chromaShiftX() >> layout.chromaShiftX();
        Plane chroma = b.plane(1);
        for (int y = 0; y < chroma.height(); y++) {
            for (int x = 0; x < chroma.width(); x++) {
                boolean inside = y >= rows && y < chroma.height() - rows && x >= columns && x < chroma.width() - columns;
                chroma.set(x, y, inside ? 0 : 9);
            }
        }
        FrameScores scores = new FrameScores(format, 3, EnumSet.of(Metric.PSNR, Metric.SSIM));
        scores.add(a, b);
        assertEquals(Double.POSITIVE_INFINITY, scores.psnr(1).meanOfPsnrs());
        assertEquals(1, scores.mean(Metric.SSIM, 1), 1e-12);
        chroma.set(columns, rows, 9);
        scores.add(a, b);
        assertEquals(10 * Math.log10(255 * 255 / 81.0 * (chroma.width() - 2 * columns) * (chroma.height() - 2 * rows) * 2),
                scores.psnr(1).psnrOfMeanError(), 1e-9);
        assertThrows(IllegalArgumentException.class, () -> new FrameScores(format, 16, EnumSet.of(Metric.PSNR)).add(a, b));
    }

    private static void writeY4m(Path file, Frame[] frames, String colour, int rate) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            FrameFormat format = frames[0].format();
            out.write(("YUV4MPEG2 W" + format.width() + " H" + format.height() + " F" + rate + ":1 Ip A1:1 C" + colour + "\n")
                    .getBytes(StandardCharsets.US_ASCII));
            for (Frame frame : frames) {
                out.write("FRAME\n".getBytes(StandardCharsets.US_ASCII));
                for (Plane plane : frame.planes()) {
                    for (short sample : plane.samples()) {
                        out.write(sample);
                        if (plane.bitDepth() > 8) {
                            out.write(sample >> 8);
                        }
                    }
                }
            }
        }
    }

    private static double field(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertTrue(matcher.find(), pattern + " in " + text);
        return Double.parseDouble(matcher.group(1));
    }

    private static String ffmpeg(Path folder, String filter, int crop) throws IOException, InterruptedException {
        Path log = folder.resolve(filter + ".log");
        String rim = "crop=iw-" + 2 * crop + ":ih-" + 2 * crop + ":" + crop + ":" + crop + ":exact=1";
        Process process;
        try {
            // Its definitions in C: with AVX, ffmpeg 5's SSIM of planes 40 samples wide is another (0.801 for 0.805).
            process = new ProcessBuilder("ffmpeg", "-cpuflags", "0", "-nostdin", "-hide_banner", "-strict", "-1", "-i",
                    folder.resolve("b.y4m").toString(),
                    "-i", folder.resolve("a.y4m").toString(), "-lavfi",
                    "[0:v]" + rim + "[b];[1:v]" + rim + "[a];[b][a]" + filter, "-f", "null", "-")
                    .redirectErrorStream(true).redirectOutput(log.toFile()).start();
        } catch (IOException e) {
            assumeTrue(false, "no ffmpeg on PATH: " + e.getMessage());
            throw e;
        }
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("ffmpeg did not end: " + Files.readString(log));
        }
        String text = Files.readString(log);
        assertEquals(0, process.exitValue(), text);
        return text;
    }

    @ParameterizedTest
    @ValueSource(strings = {"8:420mpeg2:YCBCR_420:0", "8:444:YCBCR_444:0", "10:420p10:YCBCR_420:0", "8:422:YCBCR_422:0",
        "8:422:YCBCR_422:6", "8:420mpeg2:YCBCR_420:6", "8:444:YCBCR_444:5", "10:422p10:YCBCR_422:6"})
    void clipsScoreAsInFfmpeg(String clip, @TempDir Path folder) throws IOException, InterruptedException {
        String[] parts = clip.split(":");
        int bits = Integer.parseInt(parts[0]);
        // 4:2:0 chroma of 46x35 has a row and columns outside the 4x4 blocks.
        FrameFormat format = new FrameFormat(92, 70, PixelLayout.valueOf(parts[2]), bits, ColorDescription.UNKNOWN);
        Frame[] a = new Frame[4];
        Frame[] b = new Frame[4];
        int crop = Integer.parseInt(parts[3]);
        FrameScores scores = new FrameScores(format, crop, EnumSet.of(Metric.PSNR, Metric.SSIM_8X8));
        for (int i = 0; i < 4; i++) {
            List<Plane> reference = new ArrayList<>();
            List<Plane> distorted = new ArrayList<>();
            for (int p = 0; p < 3; p++) {
                Plane plane = picture(format.layout().planeWidth(p, 92), format.layout().planeHeight(p, 70), bits, 10 * i + p);
                reference.add(plane);
                distorted.add(disturbed(plane, 0.02 + 0.05 * i, i + p));
            }
            a[i] = new Frame(format, reference);
            b[i] = new Frame(format, distorted);
            scores.add(a[i], b[i]);
        }
        writeY4m(folder.resolve("a.y4m"), a, parts[1], 25);
        writeY4m(folder.resolve("b.y4m"), b, parts[1], 25);
        String psnr = ffmpeg(folder, "psnr", crop);
        String ssim = ffmpeg(folder, "ssim", crop);
        String[] planes = {"y", "u", "v"};
        for (int p = 0; p < 3; p++) {
            assertEquals(field(psnr, "PSNR .*\\b" + planes[p] + ":([0-9.]+)"), scores.psnr(p).psnrOfMeanError(), 0.001);
            assertEquals(field(ssim, "SSIM .*\\b" + planes[p].toUpperCase(Locale.ROOT) + ":([0-9.]+)"),
                    scores.mean(Metric.SSIM_8X8, p), 1e-5);
        }
        assertEquals(field(psnr, "average:([0-9.]+)"), scores.psnr().psnrOfMeanError(), 0.001);
        assertEquals(field(ssim, "All:([0-9.]+)"), scores.mean(Metric.SSIM_8X8), 1e-5);
        assertEquals(4, scores.frames());
    }
}
