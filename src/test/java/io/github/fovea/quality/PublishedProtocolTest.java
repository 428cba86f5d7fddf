package io.github.fovea.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.fovea.frame.ColorDescription;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.PixelLayout;
import io.github.fovea.frame.Plane;
import io.github.fovea.quality.PublishedProtocol.Grey;
import io.github.fovea.quality.PublishedProtocol.Scores;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublishedProtocolTest {
    private static Path folder(String name) {
        Path folder = Path.of(System.getProperty("fovea.data", "../shared/data"), "images", name);
        assumeTrue(Files.isDirectory(folder), "no " + folder + "; give its parent's parent with -Dfovea.data=DIR");
        return folder;
    }

    private static Frame read(Path file) throws IOException {
        BufferedImage image = ImageIO.read(file.toFile());
        boolean grey = image.getRaster().getNumBands() == 1 && image.getColorModel().getNumColorComponents() == 1;
        Frame frame = Frame.allocate(new FrameFormat(image.getWidth(), image.getHeight(),
                grey ? PixelLayout.GREY : PixelLayout.RGB, 8, ColorDescription.SRGB));
        Raster raster = image.getRaster();
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                if (grey) {
                    frame.plane(0).set(x, y, raster.getSample(x, y, 0));
                } else {
                    int rgb = image.getRGB(x, y);
                    frame.plane(0).set(x, y, rgb >> 16 & 255);
                    frame.plane(1).set(x, y, rgb >> 8 & 255);
                    frame.plane(2).set(x, y, rgb & 255);
                }
            }
        }
        return frame;
    }

    @ParameterizedTest
    @CsvSource({
        "2,baby,37.066,.9520", "2,bird,36.806,.9721", "2,butterfly,27.433,.9154", "2,head,34.858,.8623", "2,woman,32.144,.9476",
        "3,baby,33.910,.9039", "3,bird,32.572,.9256", "3,butterfly,24.036,.8216", "3,head,32.879,.8003", "3,woman,28.563,.8896",
        "4,baby,31.776,.8567", "4,bird,30.177,.8729", "4,butterfly,22.097,.7369", "4,head,31.590,.7536",
        "4,woman,26.462,.8318"})
    void bicubicGivesThePublishedFigureOfEachSet5Picture(int scale, String name, double psnr, double ssim) throws IOException {
        Plane luma = PublishedProtocol.luma(read(folder("Set5").resolve(name + ".png")), Grey.AS_LUMA);
        Scores scores = PublishedProtocol.measure(luma, scale, PublishedProtocol.bicubic(scale));
        assertEquals(psnr, scores.psnrY(), 0.001);
        assertEquals(ssim, scores.ssimY(), 0.0001);
    }

    @ParameterizedTest
    @CsvSource({"2,Set5,AS_LUMA,33.661,.9299", "3,Set5,AS_LUMA,30.392,.8682", "4,Set5,AS_LUMA,28.421,.8104",
        "2,Set14,AS_LUMA,30.232,.8687", "3,Set14,AS_LUMA,27.541,.7736", "4,Set14,AS_LUMA,26.000,.7019",
        "2,Set14,AS_RGB,30.326,.8694", "3,Set14,AS_RGB,27.635,.7750", "4,Set14,AS_RGB,26.094,.7037"})
    void bicubicGivesThePublishedMeans(int scale, String set, Grey grey, double psnr, double ssim) throws IOException {
        List<Path> files;
        try (Stream<Path> listing = Files.list(folder(set))) {
            files = listing.filter(f -> f.toString().endsWith(".png")).sorted().toList();
        }
        double psnrSum = 0;
        double ssimSum = 0;
        for (Path file : files) {
            Scores scores = PublishedProtocol.measure(PublishedProtocol.luma(read(file), grey), scale,
                    PublishedProtocol.bicubic(scale));
            psnrSum += scores.psnrY();
            ssimSum += scores.ssimY();
        }
        assertEquals(psnr, psnrSum / files.size(), 0.001);
        assertEquals(ssim, ssimSum / files.size(), 0.0001);
    }

    @Test
    void lumaIsThatOfMatlab() {
        FrameFormat format = new FrameFormat(5, 1, PixelLayout.RGB, 8, ColorDescription.SRGB);
        Frame frame = Frame.allocate(format);
        int[][] colours = {{0, 0, 0}, {255, 255, 255}, {255, 0, 0}, {0, 255, 0}, {0, 0, 255}};
        // rgb2ycbcr of black, white and the primaries: 16, 235, 81.481, 144.553, 40.966.
        int[] wanted = {16, 235, 81, 145, 41};
        for (int x = 0; x < 5; x++) {
            for (int p = 0; p < 3; p++) {
                frame.plane(p).set(x, 0, colours[x][p]);
            }
        }
        Plane luma = PublishedProtocol.luma(frame, Grey.AS_LUMA);
        for (int x = 0; x < 5; x++) {
            assertEquals(wanted[x], luma.get(x, 0));
        }
    }

    @Test
    void greyIsLumaOrRgbAsAsked() {
        Frame frame = Frame.allocate(new FrameFormat(1, 1, PixelLayout.GREY, 8, ColorDescription.SRGB));
        frame.plane(0).set(0, 0, 255);
        assertEquals(255, PublishedProtocol.luma(frame, Grey.AS_LUMA).get(0, 0));
        assertEquals(235, PublishedProtocol.luma(frame, Grey.AS_RGB).get(0, 0));
        Frame deep = Frame.allocate(new FrameFormat(1, 1, PixelLayout.GREY, 16, ColorDescription.SRGB));
        deep.plane(0).set(0, 0, 0x8080);
        assertEquals(128, PublishedProtocol.luma(deep, Grey.AS_LUMA).get(0, 0));
        Frame video = Frame.allocate(new FrameFormat(2, 2, PixelLayout.YCBCR_420, 10, ColorDescription.UNKNOWN));
        assertSame(video.plane(0), PublishedProtocol.luma(video, Grey.AS_RGB));
    }

    @Test
    void aKnownErrorGivesAKnownFigure() {
        // Constant 100; the upscaler answers 102.4, which rounds to 102: error 2, 10 log10(255^2 / 4) = 42.11 dB.
        Plane hr = new Plane(32, 34, 8);
        Arrays.fill(hr.samples(), (short) 100);
        Scores scores = PublishedProtocol.measure(hr, 3, (lr, width, height, maximum, sr) -> {
            assertEquals(10, width);
            assertEquals(11, height);
            assertEquals(255, maximum);
            for (float value : lr) {
                assertEquals(100, value, 1e-4);
            }
            assertEquals(30 * 33, sr.length);
            Arrays.fill(sr, 102.4f);
            sr[0] = Float.NaN; // in the cropped rim
        });
        assertEquals(10 * Math.log10(255 * 255 / 4.0), scores.psnrY(), 1e-9);
        // Flat pictures: only the luminance term differs from 1.
        double c1 = 6.5025;
        assertEquals((2 * 100 * 102 + c1) / (100 * 100 + 102 * 102 + c1), scores.ssimY(), 1e-9);
    }

    @Test
    void picturesTooSmallToMeasureAreRefused() {
        assertThrows(IllegalArgumentException.class,
                () -> PublishedProtocol.measure(new Plane(14, 40, 8), 2, PublishedProtocol.bicubic(2)));
        assertThrows(IllegalArgumentException.class, () -> PublishedProtocol.cropToMultiple(new Plane(2, 40, 8), 3));
    }
}
