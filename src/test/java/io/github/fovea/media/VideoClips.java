package io.github.fovea.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.fovea.error.UnavailableException;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.Plane;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// Clips made by ffmpeg, and their way through Fovea without a network.
abstract class VideoClips {
    static final long LIMIT = 1 << 24;

    @TempDir
    Path folder;
    FfmpegTools tools;

    @BeforeEach
    void findFfmpeg() {
        boolean found;
        try {
            tools = FfmpegTools.find();
            found = true;
        } catch (UnavailableException e) {
            found = false;
        }
        assumeTrue(found, "ffmpeg is not installed (apt-get install ffmpeg), so video is not tested");
    }

    /// Runs ffmpeg itself, to make clips and to look at results without Fovea's own reader.
    String ffmpeg(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(tools.ffmpeg().toString(), "-v", "error", "-nostdin", "-y"));
        command.addAll(List.of(arguments));
        try (ChildProcess child = ChildProcess.start(command)) {
            child.stdin().close();
            String out = new String(child.stdout().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, child.waitFor(), () -> command + ": " + child.errors());
            return out.strip();
        }
    }

    String file(String name) {
        return folder.resolve(name).toString();
    }

    Path clip(String name, String size, String rate, double seconds, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-f", "lavfi", "-i",
                "testsrc2=size=" + size + ":rate=" + rate + ":duration=" + seconds));
        arguments.addAll(List.of(more));
        arguments.add(file(name));
        ffmpeg(arguments.toArray(String[]::new));
        return folder.resolve(name);
    }

    VideoSource source(Path path) throws IOException {
        return VideoSource.open(tools, VideoProbe.read(tools, path), null, LIMIT);
    }

    static List<Frame> frames(FrameSource source) throws IOException {
        List<Frame> frames = new ArrayList<>();
        for (Frame frame = source.next(null); frame != null; frame = source.next(null)) {
            frames.add(frame);
        }
        assertNull(source.next(null));
        return frames;
    }

    /// What may fail while its messages are collected.
    @FunctionalInterface
    interface Work {
        void run() throws IOException;
    }

    /// {@return what a class tells by warnings while something is done}
    static List<String> warnings(Class<?> speaker, Work work) throws IOException {
        List<String> said = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord message) {
                said.add(new SimpleFormatter().formatMessage(message));
            }

            @Override
            public void flush() {
                // Nothing is held back.
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        };
        Logger logger = Logger.getLogger(speaker.getName());
        handler.setLevel(Level.WARNING);
        logger.addHandler(handler);
        try {
            work.run();
        } finally {
            logger.removeHandler(handler);
        }
        return said;
    }

    /// Every sample twice in both directions.
    private static Frame doubled(Frame frame, FrameFormat format) {
        Frame big = Frame.allocate(format);
        for (int i = 0; i < big.planes().size(); i++) {
            Plane from = frame.plane(i);
            Plane to = big.plane(i);
            for (int y = 0; y < to.height(); y++) {
                for (int x = 0; x < to.width(); x++) {
                    to.set(x, y, from.get(Math.min(from.width() - 1, x / 2), Math.min(from.height() - 1, y / 2)));
                }
            }
        }
        return big;
    }

    void upscale(Path from, Path to, EncodeOptions options) throws IOException {
        try (VideoSource source = source(from)) {
            FrameFormat small = source.format().frame();
            VideoFormat format = source.format().withFrame(small.withSize(2 * small.width(), 2 * small.height()));
            try (VideoSink sink = VideoSink.open(tools, to, format, source.probe(), options)) {
                Frame frame = null;
                while ((frame = source.next(frame)) != null) {
                    sink.write(doubled(frame, format.frame()));
                }
                assertTrue(Files.notExists(to), "nothing before commit");
                sink.commit();
            }
        }
    }
}
