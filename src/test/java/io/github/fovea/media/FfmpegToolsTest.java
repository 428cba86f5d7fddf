package io.github.fovea.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.fovea.error.MalformedFileException;
import io.github.fovea.error.UnavailableException;
import io.github.fovea.frame.ColorDescription;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.PixelLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FfmpegToolsTest {
    @Test
    void aMissingFfmpegIsNamedWithItsRemedy(@TempDir Path empty) {
        String message = assertThrows(UnavailableException.class, () -> FfmpegTools.find(empty.toString())).getMessage();
        assertTrue(message.contains("ffmpeg") && message.contains("apt-get install ffmpeg") && message.contains(".y4m"), message);
    }

    /// ffmpeg ends with 0 where it finds the disk full at the very end of a file.
    @Test
    void aFileWhoseEndCouldNotBeWrittenIsNoResult(@TempDir Path folder) throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "needs a shell to play ffmpeg");
        Path program = Files.writeString(folder.resolve("ffmpeg"), """
                #!/bin/sh
                cat >/dev/null
                for last; do :; done
                echo part >"${last#file:}"
                echo "Error writing trailer of $last: No space left on device" >&2
                """);
        assumeTrue(program.toFile().setExecutable(true), "needs files that may be run");
        FrameFormat frame = new FrameFormat(16, 16, PixelLayout.YCBCR_420, 8, ColorDescription.UNKNOWN);
        Path target = folder.resolve("o.mkv");
        try (VideoSink sink = VideoSink.open(new FfmpegTools(program, program, "5.1"), target,
                new VideoFormat(frame, new Ratio(25, 1)), null, EncodeOptions.DEFAULT)) {
            sink.write(Frame.allocate(frame));
            String message = assertThrows(IOException.class, sink::commit).getMessage();
            assertTrue(message.contains("o.mkv") && message.contains("no space left on device"), message);
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(program), files.toList());
        }
    }

    /// It waited for ever for somebody to read the rest.
    @Test
    void anEndlessAnswerIsRefused(@TempDir Path folder) throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "needs a shell to play ffprobe");
        Path program = Files.writeString(folder.resolve("ffprobe"), """
                #!/bin/sh
                cat /dev/zero
                """);
        assumeTrue(program.toFile().setExecutable(true), "needs files that may be run");
        Path video = Files.writeString(folder.resolve("a.mkv"), "many tags");
        String message = assertTimeoutPreemptively(Duration.ofMinutes(2), () -> assertThrows(MalformedFileException.class,
                () -> VideoProbe.read(new FfmpegTools(program, program, "5.1"), video))).getMessage();
        assertTrue(message.contains("a.mkv") && message.contains("32 MB"), message);
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
