package io.github.fovea.media;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// What a new video takes from the words that the video it was made from says of its pictures. ffmpeg itself takes those of the
/// file and of the streams that it copies.
final class CarriedTags {
    private static final System.Logger LOG = System.getLogger(CarriedTags.class.getName());

    private CarriedTags() {}

    /// Adds what a command of ffmpeg needs to write them.
    ///
    /// @param command the command so far; its input 1 is the source, its first video stream the enlarged one
    /// @param source  what the source says
    /// @param target  what is written; its ending names the container
    static void add(List<String> command, VideoProbe source, Path target) {
        if (!source.video().language().isEmpty()) {
            command.addAll(List.of("-metadata:s:v:0", "language=" + source.video().language()));
        }
        addTimecode(command, source, target);
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
