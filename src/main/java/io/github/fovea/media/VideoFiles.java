package io.github.fovea.media;

import io.github.fovea.frame.FrameFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Videos by file name: `.y4m` without ffmpeg, everything else with it.
public final class VideoFiles {
    private static final Set<String> ENDINGS = Set.of("mp4", "m4v", "mov", "mkv", "webm", "avi", "mpg", "mpeg", "ts",
            "m2ts", "mts", "wmv", "flv", "ogv", "3gp", "mxf", "vob", "h264", "h265", "hevc", "ivf", "y4m");

    private static final Set<String> WRITTEN = Set.of("mp4", "m4v", "mov", "mkv", "webm", "y4m");

    private VideoFiles() {
    }

    /// {@return whether the file's name ends like a video's}
    ///
    /// @param file a file, existing or not
    public static boolean isVideoName(Path file) {
        return ENDINGS.contains(ending(file));
    }

    /// {@return whether the file's name ends in `.y4m`}
    ///
    /// @param file a file, existing or not
    public static boolean isY4mName(Path file) {
        return ending(file).equals("y4m");
    }

    /// {@return whether a video can be written under the file's name}
    ///
    /// @param file a file, existing or not
    public static boolean isWrittenName(Path file) {
        return WRITTEN.contains(ending(file));
    }

    /// {@return the format of the frames that a file is to hold: as given for `.y4m`; else one column or row more where
    /// an odd size meets subsampled chroma, which encoders refuse}
    ///
    /// @param file   the file to make
    /// @param format the format wanted
    public static FrameFormat fitting(Path file, FrameFormat format) {
        return isY4mName(file) ? format : format.withSize(format.layout().wholeWidth(format.width()),
                format.layout().wholeHeight(format.height()));
    }

    /// {@return what stands behind the last point of a name, in small letters; empty where there is no point}
    ///
    /// @param file the file
    static String ending(Path file) {
        String name = file.getFileName() == null ? "" : file.getFileName().toString();
        return name.contains(".") ? name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT) : "";
    }

    /// Opens a video to read.
    ///
    /// @param file         the video
    /// @param constantRate frames per second to convert a video to, or null; not for `.y4m`, whose rate is always
    ///                     constant
    /// @return its frames; a [VideoSource] unless the name ends in `.y4m`
    /// @throws io.github.fovea.error.MalformedFileException if the video is damaged, or its rate is variable and
    ///                                                      `constantRate` is null
    /// @throws io.github.fovea.error.UnavailableException   if ffmpeg is needed and missing
    /// @throws IOException                                  if the file cannot be read
    public static FrameSource open(Path file, Ratio constantRate) throws IOException {
        if (isY4mName(file)) {
            return Y4mReader.open(file, Y4mReader.DEFAULT_MAX_PIXELS);
        }
        FfmpegTools tools = FfmpegTools.find();
        return VideoSource.open(tools, VideoProbe.read(tools, file), constantRate, Y4mReader.DEFAULT_MAX_PIXELS);
    }

    /// Begins a video to write.
    ///
    /// @param file    the file to make
    /// @param format  the format of the frames
    /// @param source  what the video is made from; a [VideoSource]'s audio, subtitles and metadata are copied, and a
    ///                matrix that it does not state is stated where players would take the result for another, unless
    ///                the new file is Y4M, which holds only pictures; what is left out then is logged. May be null
    /// @param options encoder, quality, overwriting
    /// @return the sink
    /// @throws IllegalArgumentException                   if the container is not known or cannot hold the format
    /// @throws io.github.fovea.error.UnavailableException if ffmpeg is needed and missing
    /// @throws IOException                                if the file cannot be created
    public static FrameSink create(Path file, VideoFormat format, FrameSource source, EncodeOptions options)
            throws IOException {
        if (isY4mName(file)) {
            FrameSink sink = Y4mWriter.open(file, format, options.overwrite());
            tellLeftOut(source);
            return sink;
        }
        FfmpegTools tools = FfmpegTools.find();
        return VideoSink.open(tools, file, format, StatedColor.of(file, format.frame(), source),
                source instanceof VideoSource video ? video.probe() : null, options);
    }

    /// Says what Y4M does not take from a source.
    static void tellLeftOut(FrameSource source) {
        if (source instanceof VideoSource video) {
            StreamCopies.tellLeftOut(video.probe());
        }
    }

    /// Begins a video to write in parts, or goes on behind those that an earlier job has finished.
    ///
    /// @param file    the file to make
    /// @param format  the format of the frames
    /// @param source  what the video is made from, see [#create]. May be null
    /// @param options encoder, quality, overwriting
    /// @param job     what is made of what: lines `what: which`, the same whenever the job goes on
    /// @return the sink
    /// @throws IllegalArgumentException                   if the container is not known or cannot hold the format
    /// @throws io.github.fovea.error.OutputException      if there are parts of another job, or another process makes
    ///                                                    the video
    /// @throws io.github.fovea.error.UnavailableException if ffmpeg is needed and missing
    /// @throws IOException                                if files cannot be created
    public static PartedSink createInParts(Path file, VideoFormat format, FrameSource source, EncodeOptions options,
            List<String> job) throws IOException {
        return PartedSink.open(file, format, source, options, job);
    }

    /// {@return where the parts of a video are that is made in parts}
    ///
    /// @param file the video to make
    public static Path partsFolder(Path file) {
        return PartFolder.of(file);
    }

    /// {@return whether a folder holds the finished parts of a video under way}
    ///
    /// @param folder a folder
    public static boolean isPartsFolder(Path folder) {
        return PartFolder.isOne(folder);
    }
}
