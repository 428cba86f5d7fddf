package io.github.fovea.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a video says of its streams and its light comes through enlargement.
class CarriedMetadataTest extends VideoClips {
    private static final String DISPLAY = "G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50)";

    private static List<String> dispositions(VideoProbe probe) {
        return probe.streams().stream().map(stream -> stream.type() + " " + stream.disposition()).toList();
    }

    /// ffmpeg by itself would have players show the first subtitles, where no subtitles were to be shown.
    @Test
    void playersShowTheSameStreams() throws IOException {
        Path subtitles = Files.writeString(folder.resolve("s.srt"), "1\n00:00:00,000 --> 00:00:00,300\nHello\n");
        Path small = folder.resolve("small.mkv");
        ffmpeg("-f", "lavfi", "-i", "testsrc2=size=32x32:rate=25:duration=0.4", "-f", "lavfi", "-i", "sine=duration=0.4",
                "-i", subtitles.toString(), "-map", "0", "-map", "1", "-map", "1", "-map", "2", "-map", "2", "-c:v", "libx264",
                "-c:a", "aac", "-c:s", "srt", "-disposition:v:0", "default", "-disposition:a:0", "comment",
                "-disposition:a:1", "default+original", "-disposition:s:0", "hearing_impaired", "-disposition:s:1", "forced",
                small.toString());
        List<String> wanted = List.of("video default", "audio comment", "audio default+original", "subtitle hearing_impaired",
                "subtitle forced");
        assertEquals(wanted, dispositions(VideoProbe.read(tools, small)));
        Path big = folder.resolve("big.mkv");
        upscale(small, big, EncodeOptions.DEFAULT);
        assertEquals(wanted, dispositions(VideoProbe.read(tools, big)));
    }

    /// Cameras write `.mov` with plain samples, which an `.mp4` does not hold.
    @ParameterizedTest
    @CsvSource({"pcm_s16le,mov,pcm_s16le", "pcm_s16le,mp4,aac", "pcm_s24le,m4v,aac", "flac,mp4,flac", "flac,mov,aac", "libopus,mov,aac",
        "libopus,mp4,opus", "eac3,m4v,aac", "ac3,m4v,ac3"})
    void audioThatTheFileDoesNotHoldIsEncodedAgain(String codec, String ending, String wanted) throws IOException {
        assumeTrue(ffmpeg("-encoders").contains(" " + codec + " "), "this ffmpeg has no " + codec);
        Path small = folder.resolve("small.mkv");
        ffmpeg("-f", "lavfi", "-i", "testsrc2=size=32x32:rate=25:duration=0.4", "-f", "lavfi", "-i",
                "sine=duration=0.4:sample_rate=48000", "-c:v", "libx264", "-c:a", codec, small.toString());
        Path big = folder.resolve("big." + ending);
        upscale(small, big, EncodeOptions.DEFAULT);
        assertEquals(List.of("h264", wanted), VideoProbe.read(tools, big).streams().stream().map(MediaStream::codec).toList());
    }

    @Test
    void wordsAboutTheVideoStreamAreKept() throws IOException {
        Path small = folder.resolve("small.mkv");
        ffmpeg("-f", "lavfi", "-i", "testsrc2=size=32x32:rate=25:duration=0.4", "-f", "lavfi", "-i", "sine=duration=0.4", "-c:v",
                "libx264", "-metadata:s:v:0", "title=Left=eye: 100 %", "-metadata:s:v:0", "handler_name=Camera B",
                "-metadata:s:v:0", "BPS-eng=12345", "-metadata:s:v:0", "comment=" + "x".repeat(5000), "-metadata:s:a:0",
                "title=Microphone", small.toString());
        Path big = folder.resolve("big.mkv");
        assertEquals(List.of(small + ": of the video stream's tags COMMENT cannot be handed to ffmpeg (too long, or no text in this "
                + "locale), so left out; set them with ffmpeg"), warnings(CarriedTags.class, () -> upscale(small, big, EncodeOptions.DEFAULT)));
        VideoProbe probe = VideoProbe.read(tools, big);
        assertEquals("Left=eye: 100 %", probe.video().tag("title"));
        assertEquals("Camera B", probe.video().tag("handler_name"));
        assertEquals("", probe.video().tag("BPS-eng"), "is no longer true");
        assertEquals("Microphone", probe.streams().getLast().tag("title"));
        Path mp4 = folder.resolve("big.mp4");
        upscale(small, mp4, EncodeOptions.DEFAULT);
        assertEquals("Camera B", VideoProbe.read(tools, mp4).video().tag("handler_name"));
    }

    @Test
    void whatY4mLeavesOutIsTold() throws IOException {
        Path chapters = Files.writeString(folder.resolve("c.txt"),
                ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=200\ntitle=One\n");
        Path subtitles = Files.writeString(folder.resolve("s.srt"), "1\n00:00:00,000 --> 00:00:00,300\nHello\n");
        Path small = folder.resolve("small.mkv");
        ffmpeg("-f", "lavfi", "-i", "testsrc2=size=32x32:rate=25:duration=0.4", "-f", "lavfi", "-i", "sine=duration=0.4", "-i",
                subtitles.toString(), "-i", chapters.toString(), "-map", "0", "-map", "1", "-map", "2", "-map_chapters", "3", "-c:v",
                "libx264", "-c:a", "aac", "-c:s", "srt", small.toString());
        Path silent = clip("silent.mkv", "32x32", "25", 0.4, "-c:v", "libx264");
        for (boolean parts : List.of(false, true)) {
            String said = small + ": audio, subtitles, chapters fit no Y4M file and are left out; write .mkv";
            assertEquals(List.of(said), warnings(StreamCopies.class, () -> toY4m(small, parts)));
            assertEquals(List.of(), warnings(StreamCopies.class, () -> toY4m(silent, parts)));
        }
    }

    private void toY4m(Path from, boolean parts) throws IOException {
        Path to = folder.resolve("frames.y4m");
        EncodeOptions replacing = new EncodeOptions("", -1, "", true);
        try (VideoSource source = source(from);
                FrameSink sink = parts ? VideoFiles.createInParts(to, source.format(), source, replacing, List.of("job: one"))
                        : VideoFiles.create(to, source.format(), source, replacing)) {
            sink.write(source.next(null));
            sink.commit();
        }
    }

    private Path withKeys(String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-pix_fmt", "yuv420p", "-movflags", "use_metadata_tags", "-metadata",
                "com.apple.quicktime.make=Acme", "-metadata", "com.example.take=7"));
        arguments.addAll(List.of(more));
        return clip("keys.mov", "32x32", "25", 0.4, arguments.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mov", "mp4", "m4v", "mkv"})
    void keysOfCamerasAreKept(String ending) throws IOException {
        Path small = withKeys();
        Path big = folder.resolve("big." + ending);
        assertEquals(List.of(), warnings(CarriedTags.class, () -> upscale(small, big, EncodeOptions.DEFAULT)));
        Map<String, String> tags = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        tags.putAll(VideoProbe.read(tools, big).tags());
        assertEquals("Acme", tags.get("com.apple.quicktime.make"));
        assertEquals("7", tags.get("com.example.take"));
        assertTrue(!ending.startsWith("m4") && !ending.equals("mp4") || !"qt  ".equals(tags.get("major_brand")), tags.toString());
    }

    /// They could only be had for the title, which players would find no more.
    @Test
    void keysThatHaveNoPlaceBesideATitleAreTold() throws IOException {
        Path small = withKeys("-metadata", "title=Harbour");
        Path big = folder.resolve("big.mp4");
        assertEquals(List.of(small + ": of its tags com.apple.quicktime.make, com.example.take fit no MP4 file beside its title and are "
                + "left out; write .mkv"), warnings(CarriedTags.class, () -> upscale(small, big, EncodeOptions.DEFAULT)));
        assertEquals("Harbour", VideoProbe.read(tools, big).tags().get("title"));
        assertEquals(List.of(), warnings(CarriedTags.class, () -> upscale(big, folder.resolve("again.mp4"), EncodeOptions.DEFAULT)));
    }

    @ParameterizedTest
    @CsvSource({"mov,mov", "mov,mp4", "mp4,mkv", "mov,webm", "mkv,mov"})
    void timecodesAreKept(String from, String to) throws IOException {
        Path small = clip("small." + from, "32x32", "25", 0.4, "-timecode", "01:00:00:12", "-c:v", "libx264", "-pix_fmt", "yuv420p");
        if (from.equals("mkv")) {
            ffmpeg("-i", clip("tc.mov", "32x32", "25", 0.4, "-timecode", "01:00:00:12", "-pix_fmt", "yuv420p").toString(), "-c",
                    "copy", small.toString());
        }
        Path big = folder.resolve("big." + to);
        upscale(small, big, EncodeOptions.DEFAULT);
        assertEquals("01:00:00:12", VideoProbe.read(tools, big).timecode());
    }

    @Test
    void aTimecodeThatTheFileDoesNotHoldIsTold() throws IOException {
        Path small = clip("small.mov", "32x32", "25", 0.4, "-timecode", "01:00:00:12", "-pix_fmt", "yuv420p");
        assertEquals(List.of(small + ": timecode 01:00:00:12 fits no M4V file and is left out; write .mov, .mp4 or .mkv"),
                warnings(CarriedTags.class, () -> upscale(small, folder.resolve("big.m4v"), EncodeOptions.DEFAULT)));
    }

    /// What cameras write beside pictures is named where it is lost; timecode and titles of chapters, which MP4 keeps in streams
    /// too, are not lost.
    @Test
    void dataThatAreLeftOutAreTold() throws IOException {
        Path data = Files.write(folder.resolve("data.bin"), new byte[300]);
        Path chapters = Files.writeString(folder.resolve("chapters.txt"),
                ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=200\ntitle=first\n");
        Path pictures = clip("pictures.mov", "32x32", "25", 0.4, "-timecode", "01:00:00:12", "-pix_fmt", "yuv420p");
        Path plain = folder.resolve("plain.mp4");
        ffmpeg("-i", pictures.toString(), "-i", chapters.toString(), "-map", "0:v", "-map_metadata", "0", "-map_chapters", "1", "-c",
                "copy", plain.toString());
        assertEquals(List.of(), warnings(StreamCopies.class, () -> upscale(plain, folder.resolve("big.mp4"), EncodeOptions.DEFAULT)));
        // Only MPEG-TS takes bytes of no kind, and MP4 takes them from there.
        Path camera = folder.resolve("camera.mp4");
        Path carried = folder.resolve("camera.ts");
        ffmpeg("-i", pictures.toString(), "-f", "data", "-i", data.toString(), "-map", "0:v", "-map", "1", "-c", "copy",
                carried.toString());
        ffmpeg("-i", carried.toString(), "-map", "0", "-c", "copy", "-tag:d", "gpmd", camera.toString());
        assertEquals(List.of(camera + ": data stream 1 of kind gpmd is left out"),
                warnings(StreamCopies.class, () -> upscale(camera, folder.resolve("big2.mp4"), EncodeOptions.DEFAULT)));
    }

    private void assumeHevc() throws IOException {
        assumeTrue(ffmpeg("-encoders").contains("libx265"), "this ffmpeg has no libx265, so HDR10 is not tested");
    }

    private Path hdr() throws IOException {
        assumeHevc();
        return clip("hdr.mkv", "64x64", "25", 0.2, "-c:v", "libx265", "-pix_fmt", "yuv420p10le", "-color_primaries", "bt2020",
                "-color_trc", "smpte2084", "-colorspace", "bt2020nc", "-x265-params",
                "log-level=none:master-display=" + DISPLAY + ":max-cll=1000,400");
    }

    @ParameterizedTest
    @ValueSource(strings = {"libx265", "libx264"})
    void displayAndLightOfHdr10AreCarried(String encoder) throws Exception {
        Path small = hdr();
        VideoProbe probe = VideoProbe.read(tools, small);
        assertEquals(new MasteringMetadata(DISPLAY, "1000,400"), probe.mastering());
        Path big = folder.resolve("big.mkv");
        upscale(small, big, new EncodeOptions(encoder, -1, "ultrafast", false));
        // Not every ffmpeg decodes this of H.264, but all show what the stream holds.
        Path parsed = folder.resolve("headers.txt");
        Process process = new ProcessBuilder(tools.ffmpeg().toString(), "-nostdin", "-v", "info", "-i", big.toString(), "-c",
                "copy", "-bsf:v", "trace_headers", "-frames:v", "1", "-f", "null", "-").redirectError(parsed.toFile()).start();
        assertEquals(0, process.waitFor());
        String headers = Files.readString(parsed);
        for (String number : List.of("= 13250", "= 34500", "= 16450", "= 10000000", "= 50", "= 1000", "= 400")) {
            assertTrue(headers.contains(number), number);
        }
    }

    @Test
    void missingHalvesOfTheDisplayAreLeftOut() {
        Map<String, Object> primariesOnly = Map.of("side_data_type", "Mastering display metadata", "red_x", "1/2",
                "white_point_x", "1/2");
        Map<String, Object> light = Map.of("side_data_type", "Content light level metadata", "max_content", "700");
        assertEquals(new MasteringMetadata("", "700,0"),
                MasteringMetadata.of(Map.of("side_data_list", List.of(primariesOnly, light))));
        assertTrue(MasteringMetadata.of(Map.of()).isEmpty());
    }
}
