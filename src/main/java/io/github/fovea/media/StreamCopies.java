package io.github.fovea.media;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// What a new video takes from the video that it was made from, beside its pictures: audio, subtitles, attachments and
/// cover pictures as they are where the container can hold them, chapters, metadata.
final class StreamCopies {
    private static final System.Logger LOG = System.getLogger(StreamCopies.class.getName());
    /// What ffmpeg writes by the ending, and players expect there.
    private static final Map<String, Set<String>> MP4_AUDIO = Map.of(
            "mp4", Set.of("aac", "mp3", "mp2", "ac3", "eac3", "alac", "opus", "flac", "dts"),
            "mov", Set.of("aac", "mp3", "mp2", "ac3", "eac3", "alac", "dts", "pcm_u8", "pcm_s16le", "pcm_s16be", "pcm_s24le",
                    "pcm_s24be", "pcm_s32le", "pcm_s32be", "pcm_f32le", "pcm_f32be", "pcm_alaw", "pcm_mulaw"),
            "m4v", Set.of("aac", "ac3", "alac"));
    private static final Set<String> TEXT_SUBTITLES = Set.of("subrip", "ass", "ssa", "webvtt", "mov_text", "text");

    private StreamCopies() {}

    /// Adds what a command of ffmpeg needs to take them from its input 1, beside a video stream that is mapped already.
    ///
    /// @param command the command so far
    /// @param source  what input 1 holds
    /// @param target  what is written; its ending names the container
    /// @throws IllegalArgumentException if the container cannot hold its subtitles
    static void add(List<String> command, VideoProbe source, Path target) {
        Container container = Container.ofName(target);
        String ending = VideoFiles.ending(target);
        int audio = 0;
        int subtitles = 0;
        int pictures = 1;
        // Unless told, ffmpeg makes the first subtitles ones that players show.
        command.addAll(List.of("-disposition:v:0", source.video().disposition()));
        for (MediaStream stream : source.streams()) {
            String map = "1:" + stream.index();
            switch (stream.type()) {
                case "audio" -> {
                    command.addAll(List.of("-map", map, "-c:a:" + audio, audioCodec(stream, container, ending, source),
                            "-disposition:a:" + audio, stream.disposition()));
                    if (ending.equals("mp4") && stream.codec().equals("flac")) {
                        command.addAll(List.of("-strict", "experimental")); // what older ffmpeg calls FLAC in MP4
                    }
                    audio++;
                }
                case "subtitle" -> {
                    String codec = subtitleCodec(stream, container);
                    if (codec.isEmpty()) {
                        throw new IllegalArgumentException(source.file() + ": subtitles of kind " + stream.codec()
                                + " fit no " + container + " file; write .mkv");
                    }
                    command.addAll(List.of("-map", map, "-c:s:" + subtitles, codec, "-disposition:s:" + subtitles,
                            stream.disposition()));
                    subtitles++;
                }
                case "attachment" -> {
                    if (container == Container.MATROSKA) {
                        command.addAll(List.of("-map", map, "-c:t", "copy"));
                    } else {
                        LOG.log(System.Logger.Level.WARNING,
                                "{0}: attachment {1} fits no {2} file and is left out; write .mkv", source.file(),
                                stream.index(), container);
                    }
                }
                case "video" -> {
                    if (stream.attachedPicture() && container == Container.MP4) {
                        command.addAll(List.of("-map", map, "-c:v:" + pictures, "copy", "-disposition:v:" + pictures,
                                "attached_pic"));
                        pictures++;
                    } else if (stream.index() != source.video().index()) {
                        LOG.log(System.Logger.Level.WARNING, "{0}: further video stream {1} is left out", source.file(),
                                stream.index());
                    }
                }
                default -> {
                    if (isOwnData(stream, source)) {
                        LOG.log(System.Logger.Level.WARNING, "{0}: data stream {1} of kind {2} is left out", source.file(),
                                stream.index(), stream.codecTag().isEmpty() ? stream.codec() : stream.codecTag());
                    }
                }
            }
        }
        command.addAll(List.of("-map_metadata", "1", "-map_chapters", "1"));
        CarriedTags.add(command, source, target);
    }

    /// Whether a stream holds data that nothing else says: not the timecode and the titles of chapters, which MP4 keeps in
    /// streams too.
    private static boolean isOwnData(MediaStream stream, VideoProbe source) {
        return stream.type().equals("data") && !stream.codecTag().equals("tmcd")
                && !(stream.codecTag().equals("text") && source.chapters() > 0);
    }

    /// Says what a Y4M file that is made of a video's pictures leaves out.
    ///
    /// @param source what the video holds
    static void tellLeftOut(VideoProbe source) {
        Set<String> types = source.streams().stream().map(MediaStream::type).collect(Collectors.toSet());
        List<String> left = new ArrayList<>();
        if (types.contains("audio")) {
            left.add("audio");
        }
        if (types.contains("subtitle")) {
            left.add("subtitles");
        }
        if (types.contains("attachment")) {
            left.add("attachments");
        }
        if (source.streams().stream().anyMatch(s -> s.attachedPicture() && s.index() != source.video().index())) {
            left.add("cover pictures");
        }
        if (source.streams().stream().anyMatch(s -> s.type().equals("video") && !s.attachedPicture()
                && s.index() != source.video().index())) {
            left.add("further video streams");
        }
        if (source.streams().stream().anyMatch(stream -> isOwnData(stream, source))) {
            left.add("data streams");
        }
        if (source.chapters() > 0) {
            left.add("chapters");
        }
        if (!source.timecode().isEmpty()) {
            left.add("timecode");
        }
        if (!left.isEmpty()) {
            LOG.log(System.Logger.Level.WARNING, "{0}: {1} fit no Y4M file and are left out; write .mkv", source.file(),
                    String.join(", ", left));
        }
    }

    private static String audioCodec(MediaStream stream, Container container, String ending, VideoProbe source) {
        boolean fits = switch (container) {
            case MP4 -> MP4_AUDIO.get(ending).contains(stream.codec());
            case MATROSKA -> true;
            case WEBM -> stream.codec().equals("opus") || stream.codec().equals("vorbis");
        };
        if (fits) {
            return "copy";
        }
        String codec = container == Container.WEBM ? "libopus" : "aac";
        LOG.log(System.Logger.Level.WARNING, "{0}: audio of kind {1} fits no {2} file and is encoded again with {3}",
                source.file(), stream.codec(), ending.toUpperCase(Locale.ROOT), codec);
        return codec;
    }

    private static String subtitleCodec(MediaStream stream, Container container) {
        boolean text = TEXT_SUBTITLES.contains(stream.codec());
        return switch (container) {
            case MP4 -> stream.codec().equals("mov_text") || stream.codec().equals("dvd_subtitle") ? "copy"
                    : text ? "mov_text" : "";
            case MATROSKA -> stream.codec().equals("mov_text") ? "subrip" : "copy";
            case WEBM -> stream.codec().equals("webvtt") ? "copy" : text ? "webvtt" : "";
        };
    }
}
