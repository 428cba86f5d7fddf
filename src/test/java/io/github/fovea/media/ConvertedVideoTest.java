package io.github.fovea.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.frame.Frame;
import io.github.fovea.frame.PixelLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Pixel formats that ffmpeg converts because frames cannot hold them.
class ConvertedVideoTest extends VideoClips {
    @ParameterizedTest
    @ValueSource(strings = {"bgra", "gbrp", "gbrp10le"})
    void rgbKeepsItsColours(String pixels) throws IOException {
        Path path = clip("rgb.mkv", "48x32", "25", 0.2, "-c:v", "ffv1", "-pix_fmt", pixels);
        Path big = folder.resolve("big.mkv");
        upscale(path, big, EncodeOptions.DEFAULT);
        MediaStream stream = VideoProbe.read(tools, big).video();
        assertEquals(List.of("tv", "bt709"), List.of(stream.colorRange(), stream.colorSpace()));
        byte[] wanted = rgb(path, "scale=96:64:flags=neighbor");
        byte[] got = rgb(big, "null");
        assertEquals(wanted.length, got.length);
        double error = 0;
        for (int i = 0; i < wanted.length; i++) {
            error += Math.abs((wanted[i] & 0xFF) - (got[i] & 0xFF));
        }
        assertTrue(error / wanted.length < 4, "mean error " + error / wanted.length); // 13 with limited range taken for full
    }

    /// The samples of a video's frames in RGB of 8 bits, as ffmpeg shows them.
    private byte[] rgb(Path video, String filter) throws IOException {
        Path raw = folder.resolve("rgb.raw");
        ffmpeg("-i", video.toString(), "-vf", filter, "-f", "rawvideo", "-pix_fmt", "rgb24", raw.toString());
        return Files.readAllBytes(raw);
    }

    @Test
    void alphaIsDroppedAndChromaStaysSubsampled() throws IOException {
        Path path = clip("alpha.mkv", "48x32", "25", 0.2, "-c:v", "ffv1", "-pix_fmt", "yuva420p");
        try (VideoSource source = source(path)) {
            assertEquals(PixelLayout.YCBCR_420, source.format().frame().layout());
            Path raw = folder.resolve("raw");
            ffmpeg("-i", path.toString(), "-f", "rawvideo", "-pix_fmt", "yuva420p", raw.toString());
            byte[] bytes = Files.readAllBytes(raw);
            Frame frame = source.next(null);
            for (int i = 0; i < 48 * 32; i++) {
                assertEquals(bytes[i] & 0xFF, frame.plane(0).samples()[i], "sample " + i);
            }
        }
    }
}
