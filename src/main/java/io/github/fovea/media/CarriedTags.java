package io.github.fovea.media;

import io.github.fovea.error.NameList;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// What a new video takes from the words that the video it was made from says of its pictures, and of itself where ffmpeg
/// does not take it by itself, as it takes those of the streams that it copies.
final class CarriedTags {
    private static final System.Logger LOG = System.getLogger(CarriedTags.class.getName());

    /// What programs write of the stream as it was encoded, or how it was stored, which is not so any more.
    private static final Set<String> OF_THE_ENCODING = Set.of("encoder", "vendor_id", "duration", "rotate", "alpha_mode", "bps",
            "number_of_frames", "number_of_bytes", "timecode");
    private static final String STATISTICS = "_statistics";
    /// What ffmpeg's reader of MOV and MP4 says of the file's own form.
    private static final Set<String> OF_THE_FORM = Set.of("major_brand", "minor_version", "compatible_brands", "encoder",
            "creation_time");
    /// Tags that have a place of their own in MOV, MP4 and M4V, where players look for them.
    private static final Set<String> PLACED = Set.of("title", "artist", "album", "date", "comment", "genre", "copyright", "location");
    private static final Set<String> PLACED_IN_MOV = Set.of("author", "make", "model", "keywords", "description", "xmp");
    private static final Set<String> PLACED_IN_MP4 = Set.of("album_artist", "composer", "grouping", "lyrics", "description", "synopsis",
            "show", "episode_id", "network", "keywords", "episode_sort", "season_number", "media_type", "hd_video",
            "gapless_playback", "compilation", "track", "disc", "tmpo");
    private static final String APPLE_LOCATION = "com.apple.quicktime.location.ISO6709";
    /// A command takes so much and no more, on Windows about 32,000 letters in all.
    private static final int MOST_CHARS = 4_000;
    private static final int MOST_CHARS_TOGETHER = 16_000;
    /// What a message shows of a name.
    private static final int MOST_NAME_CODE_POINTS = 60;

    private CarriedTags() {}

    /// Adds what a command of ffmpeg needs to write them.
    ///
    /// @param command the command so far; its input 1 is the source, its first video stream the enlarged one
    /// @param source  what the source says
    /// @param target  what is written; its ending names the container
    static void add(List<String> command, VideoProbe source, Path target) {
        addStreamTags(command, source);
        addTimecode(command, source, target);
        addKeys(command, source, target);
    }

    /// Tags of other names, which cameras write, are in MOV and MP4 all of them or none: ffmpeg then writes those that have a
    /// place of their own among them too, where few players look, and no cover pictures.
    private static void addKeys(List<String> command, VideoProbe source, Path target) {
        String ending = VideoFiles.ending(target);
        if (Container.ofName(target) != Container.MP4 || !Arrays.asList(source.container().split(",")).contains("mov")) {
            return;
        }
        Set<String> places = new HashSet<>(PLACED);
        places.addAll(ending.equals("mov") ? PLACED_IN_MOV : PLACED_IN_MP4);
        List<String> keys = new ArrayList<>();
        List<String> placed = new ArrayList<>();
        for (String name : source.tags().keySet()) {
            String plain = withoutLanguage(name);
            if (places.contains(plain)) {
                // It is written beside the keys, too.
                if (!plain.equals("location") || ending.equals("mov") && !source.tags().containsKey(APPLE_LOCATION)) {
                    placed.add(plain);
                }
            } else if (!OF_THE_FORM.contains(plain)) {
                keys.add(name);
            }
        }
        if (keys.isEmpty()) {
            return;
        }
        if (source.streams().stream().anyMatch(MediaStream::attachedPicture)) {
            placed.add("cover picture");
        }
        if (!placed.isEmpty()) {
            LOG.log(System.Logger.Level.WARNING, "{0}: of its tags {1} fit no {2} file beside its {3} and are left out; write .mkv",
                    source.file(), names(keys), ending.toUpperCase(Locale.ROOT), placed.getFirst());
            return;
        }
        command.addAll(List.of("-movflags", "+use_metadata_tags"));
        // They would be written as keys, and be those of the old file.
        for (String name : List.of("major_brand", "minor_version", "compatible_brands")) {
            command.addAll(List.of("-metadata", name + "="));
        }
    }

    /// By name: asked to copy all of a stream's tags, ffmpeg would no longer copy those of other streams by itself, and would
    /// act on some.
    private static void addStreamTags(List<String> command, VideoProbe source) {
        CharsetEncoder arguments = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8")).newEncoder();
        List<String> left = new ArrayList<>();
        int together = 0;
        for (Map.Entry<String, String> tag : source.video().tags().entrySet()) {
            String name = tag.getKey();
            String given = name + "=" + tag.getValue();
            if (isOfTheEncoding(name) || tag.getValue().isEmpty()) {
                continue;
            }
            if (name.indexOf('=') >= 0 || given.indexOf('\0') >= 0 || given.length() > MOST_CHARS
                    || together + given.length() > MOST_CHARS_TOGETHER || !arguments.canEncode(given)) {
                left.add(name);
                continue;
            }
            together += given.length();
            command.addAll(List.of("-metadata:s:v:0", given));
        }
        if (!left.isEmpty()) {
            LOG.log(System.Logger.Level.WARNING, "{0}: of the video stream''s tags {1} cannot be handed to ffmpeg (too long, or no text "
                    + "in this locale), so left out; set them with ffmpeg", source.file(), names(left));
        }
    }

    private static boolean isOfTheEncoding(String name) {
        String plain = withoutLanguage(name);
        return OF_THE_ENCODING.contains(plain) || plain.startsWith(STATISTICS);
    }

    /// In small letters; mkvmerge writes `BPS-eng`, and ffmpeg reads `title-eng`.
    private static String withoutLanguage(String name) {
        return name.toLowerCase(Locale.ROOT).replaceFirst("-[a-z]{3}$", "");
    }

    private static String names(List<String> names) {
        return NameList.few(names.stream().map(CarriedTags::shortened).toList());
    }

    private static String shortened(String name) {
        return name.codePointCount(0, name.length()) <= MOST_NAME_CODE_POINTS ? name
                : name.substring(0, name.offsetByCodePoints(0, MOST_NAME_CODE_POINTS)) + "...";
    }

    /// Of a tag of this name ffmpeg makes a track of its own in MP4 and MOV; a tag it stays in Matroska and WebM.
    private static void addTimecode(List<String> command, VideoProbe source, Path target) {
        String timecode = source.timecode();
        String ending = VideoFiles.ending(target);
        if (timecode.isEmpty()) {
            return;
        }
        if (ending.equals("m4v")) {
            LOG.log(System.Logger.Level.WARNING, "{0}: timecode {1} fits no {2} file and is left out; write .mov, .mp4 or .mkv",
                    source.file(), timecode, ending.toUpperCase(Locale.ROOT));
        } else {
            command.addAll(List.of("-metadata:s:v:0", "timecode=" + timecode));
        }
    }
}
