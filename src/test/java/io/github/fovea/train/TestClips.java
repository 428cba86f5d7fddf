package io.github.fovea.train;

import io.github.fovea.frame.ColorDescription;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.PixelLayout;
import io.github.fovea.frame.Plane;
import io.github.fovea.media.FrameSink;
import io.github.fovea.media.Ratio;
import io.github.fovea.media.VideoFormat;
import io.github.fovea.media.Y4mWriter;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// Small clips drawn for tests.
final class TestClips {
    private TestClips() {}

    /// {@return frames of ovals that move}
    static List<Frame> ovals(int width, int height, int frames) {
        List<Frame> clip = new ArrayList<>();
        for (int n = 0; n < frames; n++) {
            SplittableRandom random = new SplittableRandom(7);
            BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
            Graphics2D g = image.createGraphics();
            g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            for (int i = 0; i < 60; i++) {
                int grey = random.nextInt(256);
                g.setColor(new Color(grey, grey, grey));
                g.fillOval(random.nextInt(width) + n % 4, random.nextInt(height) - n % 3, random.nextInt(4, 30),
                        random.nextInt(4, 30));
            }
            g.dispose();
            Frame frame = black(width, height);
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    frame.plane(0).set(x, y, 16 + image.getRaster().getSample(x, y, 0) * 219 / 255);
                }
            }
            clip.add(frame);
        }
        return clip;
    }

    /// {@return a black 4:2:0 frame of studio range}
    static Frame black(int width, int height) {
        Frame frame = Frame.allocate(new FrameFormat(width, height, PixelLayout.YCBCR_420, 8, ColorDescription.UNKNOWN));
        for (Plane plane : frame.planes()) {
            Arrays.fill(plane.samples(), (short) (plane == frame.plane(0) ? 16 : 128));
        }
        return frame;
    }

    /// {@return the file, written}
    static Path write(Path file, List<Frame> frames) throws IOException {
        VideoFormat format = new VideoFormat(frames.getFirst().format(), new Ratio(25, 1));
        try (FrameSink sink = Y4mWriter.open(file, format, true)) {
            for (Frame frame : frames) {
                sink.write(frame);
            }
            sink.commit();
        }
        return file;
    }
}
