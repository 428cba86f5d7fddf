package io.github.fovea.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.error.UnavailableException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FfmpegToolsTest {
    @Test
    void aMissingFfmpegIsNamedWithItsRemedy(@TempDir Path empty) {
        String message = assertThrows(UnavailableException.class, () -> FfmpegTools.find(empty.toString())).getMessage();
        assertTrue(message.contains("ffmpeg") && message.contains("apt-get install ffmpeg") && message.contains(".y4m"), message);
    }

    @Test
    void theOptionFollowsTheVersion() {
        Path none = Path.of("ffmpeg");
        assertEquals("-vsync", new FfmpegTools(none, none, "4.4.2-0ubuntu").passthroughOption());
        assertEquals("-fps_mode", new FfmpegTools(none, none, "5.1.9-0+deb12u1").passthroughOption());
        assertEquals("-fps_mode", new FfmpegTools(none, none, "n7.0").passthroughOption());
        assertEquals("-fps_mode", new FfmpegTools(none, none, "N-109542-g1bf1").passthroughOption());
        assertEquals("-vsync", new FfmpegTools(none, none, "n5.0.1").passthroughOption());
    }
}
