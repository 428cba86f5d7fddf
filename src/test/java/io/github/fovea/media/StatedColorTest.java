package io.github.fovea.media;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.train.LowResolution;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A video that does not state its matrix is played by its height, so a result of another height states it.
class StatedColorTest extends VideoClips {
    private static final EncodeOptions FAST = new EncodeOptions("", -1, "ultrafast", false);

    private Path untagged(String name, String size) throws IOException {
        return clip(name, size, "25", 0.08, "-pix_fmt", "yuv420p");
    }

    /// Makes a video of one black frame of another height, and says which matrix it states.
    private String matrixOf(FrameSource source, int height, boolean parts) throws IOException {
        FrameFormat small = source.format().frame();
        VideoFormat format = source.format().withFrame(small.withSize(64, height));
        Path target = folder.resolve("result.mkv");
        try (FrameSink sink = parts ? VideoFiles.createInParts(target, format, source, FAST, List.of("video: a"))
                : VideoFiles.create(target, format, source, FAST)) {
            assertEquals(format, sink.format());
            sink.write(Frame.allocate(format.frame()));
            sink.commit();
        }
        return VideoProbe.read(tools, target).video().colorSpace();
    }

    @ParameterizedTest
    @CsvSource({"480,960,smpte170m", "480,640,''", "360,720,smpte170m", "720,360,bt709", "1080,2160,''"})
    void matrixIsStatedWhereTheHeightSuggestsAnother(String from, int to, String wanted) throws IOException {
        Path path = untagged("a.mp4", "64x" + from);
        assertEquals("", VideoProbe.read(tools, path).video().colorSpace());
        try (FrameSource source = VideoFiles.open(path, null)) {
            assertEquals(wanted, matrixOf(source, to, false));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.mp4", "a.y4m"})
    void partsStateItToo(String name) throws IOException {
        try (FrameSource source = VideoFiles.open(untagged(name, "64x480"), null)) {
            assertEquals("smpte170m", matrixOf(source, 960, true));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bt709", "bt470bg", "smpte240m", "fcc"})
    void whatTheSourceStatesStays(String matrix) throws IOException {
        Path path = clip("a.mp4", "64x480", "25", 0.08, "-pix_fmt", "yuv420p", "-colorspace", matrix);
        try (FrameSource source = VideoFiles.open(path, null)) {
            assertEquals(matrix, matrixOf(source, 960, false));
        }
    }

    @Test
    void greyHasNoMatrix() throws IOException {
        Path path = clip("a.mkv", "64x480", "25", 0.08, "-c:v", "ffv1", "-pix_fmt", "gray");
        try (FrameSource source = VideoFiles.open(path, null)) {
            assertEquals("", matrixOf(source, 960, false));
        }
    }

    @Test
    void theSmallVideoOfAnUntaggedLargeOneIsBt709() throws IOException {
        Path small = folder.resolve("small.mp4");
        LowResolution.make(untagged("hd.mp4", "1280x720"), null, small, 2, 20, false);
        assertEquals("bt709", VideoProbe.read(tools, small).video().colorSpace());
    }
}
