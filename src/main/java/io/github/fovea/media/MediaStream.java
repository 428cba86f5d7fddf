package io.github.fovea.media;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// What ffprobe says about one stream of a file. Texts are ffmpeg's names, empty where nothing is stated.
///
/// @param index           place in the file, from 0
/// @param type            `video`, `audio`, `subtitle`, `attachment` or `data`
/// @param codec           name of the codec
/// @param codecTag        four characters by which the container names the codec
/// @param width           coded columns, 0 for other types
/// @param height          coded rows, 0 for other types
/// @param pixelFormat     name of the pixel format
/// @param colorRange      `tv` or `pc`
/// @param colorSpace      name of the matrix
/// @param colorTransfer   name of the transfer characteristic
/// @param colorPrimaries  name of the primaries
/// @param chromaLocation  name of the chroma siting
/// @param fieldOrder      `progressive`, `tt`, `bb`, `tb` or `bt`
/// @param sampleAspect    width of a pixel to its height
/// @param baseRate        lowest rate that can express all time stamps (`r_frame_rate`)
/// @param averageRate     frames by duration (`avg_frame_rate`)
/// @param timeBase        seconds per tick
/// @param frameCount      frames as the container counts them, or -1
/// @param startSeconds    time of the first frame
/// @param durationSeconds length, or -1
/// @param rotation        degrees to turn clockwise for display: 0, 90, 180 or 270
/// @param attachedPicture whether this is a cover picture, not a video
/// @param disposition     what a player does with the stream, as ffmpeg's option has it: `default+forced`, `0` for nothing
/// @param tags            what the file says of the stream in words, by the file's own names
public record MediaStream(int index, String type, String codec, String codecTag, int width, int height,
                          String pixelFormat, String colorRange, String colorSpace, String colorTransfer, String colorPrimaries,
                          String chromaLocation, String fieldOrder, Ratio sampleAspect, Ratio baseRate,
                          Ratio averageRate, Ratio timeBase, long frameCount, double startSeconds,
                          double durationSeconds, int rotation, boolean attachedPicture, String disposition,
                          Map<String, String> tags) {
    /// Copies the tags.
    public MediaStream {
        tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
    }

    /// {@return a tag, empty where there is none; containers write the same names in small or in capital letters}
    ///
    /// @param name its name
    String tag(String name) {
        return tags.entrySet().stream().filter(tag -> tag.getKey().equalsIgnoreCase(name)).map(Map.Entry::getValue).findFirst()
                .orElse("");
    }

    /// {@return the language, empty where none is stated}
    public String language() {
        return tag("language");
    }
}
