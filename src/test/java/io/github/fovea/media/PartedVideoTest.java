package io.github.fovea.media;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.error.OutputException;
import io.github.fovea.frame.Frame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Videos made in parts, in one go and in several.
class PartedVideoTest extends VideoClips {
    private static final List<String> JOB = List.of("video: a", "model: b");
    private static final EncodeOptions LOSSLESS = new EncodeOptions("libx264", 0, "ultrafast", false);

    /// 600 frames of 64x48 with a tone that begins before the picture, chapters' metadata and subtitles.
    private Path film(String name) throws IOException {
        Files.writeString(folder.resolve("words.srt"), "1\n00:00:00,000 --> 00:00:02,000\nhello\n");
        ffmpeg("-itsoffset", "0.5", "-f", "lavfi", "-i", "testsrc2=size=64x48:rate=24000/1001:duration=25.025", "-f", "lavfi", "-i",
                "sine=frequency=440:duration=25", "-i", file("words.srt"), "-map", "0", "-map", "1", "-map", "2",
                "-c:s", "mov_text", "-c:a", "aac", "-pix_fmt", "yuv420p", tools.passthroughOption(), "passthrough", "-metadata", "title=A film", file(name));
        return folder.resolve(name);
    }

    /// Copies frames from `source` to the sink, at most so many.
    private static long copy(FrameSource source, FrameSink sink, long most) throws IOException {
        long count = 0;
        for (Frame frame = count < most ? source.next(null) : null; frame != null;
                frame = count < most ? source.next(frame) : null) {
            sink.write(frame);
            count++;
        }
        return count;
    }

    private PartedSink sink(Path target, VideoSource source, List<String> job) throws IOException {
        return PartedSink.open(target, source.format(), source, LOSSLESS, job);
    }

    private Path inOneGo(Path film, String name) throws IOException {
        Path target = folder.resolve(name);
        try (VideoSource source = source(film); PartedSink sink = sink(target, source, JOB)) {
            assertEquals(0, sink.found());
            assertEquals(600, copy(source, sink, Long.MAX_VALUE));
            assertTrue(Files.notExists(target), "nothing before commit");
            sink.commit();
        }
        return target;
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    @Test
    void partsJoinedAreTheVideoOfOneSink() throws IOException {
        for (String ending : List.of("mp4", "mkv")) {
            Path film = film("film.mp4");
            Path target = inOneGo(film, "parts." + ending);
            assertTrue(files().stream().noneMatch(Files::isDirectory), "the folder of parts is gone");
            Path usual = folder.resolve("usual." + ending);
            try (VideoSource source = source(film);
                    VideoSink sink = VideoSink.open(tools, usual, source.format(), source.probe(), LOSSLESS)) {
                copy(source, sink, Long.MAX_VALUE);
                sink.commit();
            }
            VideoProbe made = VideoProbe.read(tools, target);
            VideoProbe wanted = VideoProbe.read(tools, usual);
            assertEquals(wanted.frameRate(), made.frameRate());
            assertFalse(made.variableRate());
            assertEquals(wanted.streams().stream().map(MediaStream::codec).toList(), made.streams().stream().map(MediaStream::codec).toList());
            assertEquals(wanted.video().startSeconds() - wanted.startSeconds(), made.video().startSeconds() - made.startSeconds(), 0.0021);
            assertEquals(ffmpegFrames(usual), ffmpegFrames(target), "the same pictures");
            assertEquals("A film", ffmpeg("-i", target.toString(), "-f", "ffmetadata", "-").lines()
                    .filter(line -> line.startsWith("title=")).findFirst().orElse("").replace("title=", ""));
            // A frame every 41.7 ms, across the joints too; Matroska has whole milliseconds.
            TreeSet<Long> times = new TreeSet<>(presentationMicros(target));
            assertEquals(600, times.size());
            long first = times.first();
            long[] off = times.stream().mapToLong(time -> time - first).toArray();
            for (int i = 0; i < off.length; i++) {
                assertEquals(i * 1001e6 / 24000, off[i], ending.equals("mkv") ? 1001 : 2, "frame " + i + " of " + ending);
            }
        }
    }

    private String ffmpegFrames(Path video) throws IOException {
        return ffmpeg("-i", video.toString(), "-map", "0:v", "-f", "framemd5", "-").lines().filter(line -> !line.startsWith("#"))
                .map(line -> line.substring(line.lastIndexOf(',') + 1)).reduce("", String::concat);
    }

    private List<Long> presentationMicros(Path video) throws IOException {
        List<String> lines = ffmpeg("-i", video.toString(), "-map", "0:v", "-c", "copy", "-copyts", "-f", "framecrc", "-")
                .lines().toList();
        String[] base = lines.stream().filter(line -> line.startsWith("#tb 0: ")).findFirst().orElseThrow()
                .substring("#tb 0: ".length()).split("/");
        double tick = 1e6 * Long.parseLong(base[0]) / Long.parseLong(base[1]);
        return lines.stream().filter(line -> !line.startsWith("#"))
                .map(line -> Math.round(tick * Long.parseLong(line.split(",")[2].strip()))).toList();
    }

    @Test
    void goesOnWhereItWasLeft() throws IOException {
        Path film = film("film.mp4");
        byte[] wanted = Files.readAllBytes(inOneGo(film, "wanted.mp4"));
        Path target = folder.resolve("begun.mp4");
        try (VideoSource source = source(film); PartedSink sink = sink(target, source, JOB)) {
            copy(source, sink, 300);
            assertEquals(252, sink.kept(), "a part of a whole number of microseconds, 3 frames of 1001/24000 s");
        }
        Path parts = VideoFiles.partsFolder(target);
        assertTrue(VideoFiles.isPartsFolder(parts));
        // What a process leaves that was killed.
        Files.writeString(parts.resolve("part-000002.mp4"), "cut off");
        Files.writeString(parts.resolve("part-000003-252.mp4"), "behind a gap");
        Files.writeString(parts.resolve(".part-000002.ab.part.mp4"), "cut off");
        try (VideoSource source = source(film); PartedSink sink = sink(target, source, JOB)) {
            assertEquals(252, sink.found());
            try (Stream<Path> left = Files.list(parts)) {
                assertEquals(2, left.count(), "the part and what is made of what");
            }
            sink.skipFound(source);
            assertEquals(348, copy(source, sink, Long.MAX_VALUE));
            sink.commit();
        }
        assertArrayEquals(wanted, Files.readAllBytes(target));
        assertTrue(Files.notExists(parts));
    }

    @Test
    void joinsWhatIsAllThere() throws IOException {
        Path film = film("film.mp4");
        byte[] wanted = Files.readAllBytes(inOneGo(film, "wanted.mp4"));
        Path target = folder.resolve("begun.mp4");
        try (VideoSource source = source(film); PartedSink sink = sink(target, source, JOB)) {
            copy(source, sink, 600);
            // Something else takes the name meanwhile: nothing is replaced, nothing lost.
            Files.writeString(target, "another's");
            assertThrows(IOException.class, sink::commit);
        }
        assertEquals("another's", Files.readString(target));
        Files.delete(target);
        try (VideoSource source = source(film); PartedSink sink = sink(target, source, JOB)) {
            assertEquals(600, sink.found());
            sink.skipFound(source);
            assertEquals(0, copy(source, sink, Long.MAX_VALUE));
            sink.commit();
        }
        assertArrayEquals(wanted, Files.readAllBytes(target));
    }

    @Test
    void partsOfAnotherJobAreNotTaken() throws IOException {
        Path film = film("film.mp4");
        Path target = folder.resolve("begun.mp4");
        try (VideoSource source = source(film); PartedSink sink = sink(target, source, JOB)) {
            copy(source, sink, 260);
            OutputException busy = assertThrows(OutputException.class, () -> sink(target, source, JOB));
            assertTrue(busy.getMessage().contains("another process"), busy.getMessage());
        }
        try (VideoSource source = source(film)) {
            OutputException other = assertThrows(OutputException.class,
                    () -> sink(target, source, List.of("video: a", "model: c")));
            assertTrue(other.getMessage().contains("it has \"model: b\", this one \"model: c\""), other.getMessage());
        }
        try (VideoSource source = source(film); PartedSink sink = sink(target, source, JOB)) {
            assertEquals(252, sink.found(), "nothing lost by the attempts");
        }
    }

    @Test
    void nobodyElsesFilesAreDeleted() throws IOException {
        Path film = film("film.mp4");
        Path target = folder.resolve("begun.mp4");
        Path own = Files.createDirectory(VideoFiles.partsFolder(target)).resolve("part-000001-notes.txt");
        Files.writeString(own, "mine");
        try (VideoSource source = source(film)) {
            OutputException taken = assertThrows(OutputException.class, () -> sink(target, source, JOB));
            assertTrue(taken.getMessage().contains("is in the way"), taken.getMessage());
        }
        assertEquals("mine", Files.readString(own));
        Files.delete(own);
        Files.delete(own.getParent());
        try (VideoSource source = source(film); PartedSink sink = sink(target, source, JOB)) {
            Files.writeString(own.resolveSibling("notes.txt"), "mine");
            copy(source, sink, Long.MAX_VALUE);
            sink.commit();
        }
        assertTrue(Files.exists(target));
        assertEquals("mine", Files.readString(own.resolveSibling("notes.txt")));
        try (Stream<Path> left = Files.list(own.getParent())) {
            assertEquals(1, left.count());
        }
    }

    @Test
    void withoutAWholePartNothingStays() throws IOException {
        Path film = film("film.mp4");
        Path target = folder.resolve("begun.mp4");
        try (VideoSource source = source(film); PartedSink sink = sink(target, source, JOB)) {
            copy(source, sink, 20);
        }
        assertTrue(Files.notExists(VideoFiles.partsFolder(target)));
    }

    @Test
    void unknownContainersAndEncodersAreRefusedBeforeTheWork() throws IOException {
        Path film = clip("film.mkv", "64x48", "25", 1, "-pix_fmt", "yuv420p");
        try (VideoSource source = source(film)) {
            assertThrows(IllegalArgumentException.class, () -> sink(folder.resolve("a.xyz"), source, JOB));
            IllegalArgumentException encoder = assertThrows(IllegalArgumentException.class, () -> VideoSink.open(tools,
                    folder.resolve("a.mp4"), source.format(), null, new EncodeOptions("libx999", -1, "", false)));
            assertTrue(encoder.getMessage().contains("no video encoder libx999"), encoder.getMessage());
            VideoSink.open(tools, folder.resolve("a.mkv"), source.format(), null, new EncodeOptions("ffv1", -1, "", false)).close();
        }
        assertTrue(files().stream().noneMatch(Files::isDirectory));
    }

    @Test
    void partsHaveAWholeNumberOfMicroseconds() {
        assertEquals(250, VideoJoin.wholeFrames(new Ratio(25, 1), 250));
        assertEquals(252, VideoJoin.wholeFrames(new Ratio(24000, 1001), 250));
        assertEquals(252, VideoJoin.wholeFrames(new Ratio(30, 1), 250));
        assertEquals(252, VideoJoin.wholeFrames(new Ratio(60000, 1001), 250));
        assertEquals(250, VideoJoin.wholeFrames(new Ratio(999_983, 40_000), 250));
        for (int rate : new int[] {1, 12, 24, 48, 50, 120}) {
            int frames = VideoJoin.wholeFrames(new Ratio(rate, 1), 250);
            assertEquals(0, frames * 1_000_000L % rate, "at " + rate);
            assertTrue(frames >= 250 && frames < 500, "at " + rate);
        }
    }
}
