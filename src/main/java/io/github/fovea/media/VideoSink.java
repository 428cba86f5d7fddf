package io.github.fovea.media;

import io.github.fovea.frame.ColorDescription;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.PixelLayout;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Encodes a video through ffmpeg, and takes everything else from the video that it was made from: audio, subtitles,
/// attachments and cover pictures as they are where the container can hold them, chapters, metadata, the offset between
/// picture and sound.
///
/// Colour tags, range, siting, pixel aspect and frame rate are those of the given format. No rotation is written,
/// because [VideoSource] gives upright frames. Where encoding fails, the error tells ffmpeg's first cause; all that
/// ffmpeg said goes to the log, at level `DEBUG`.
public final class VideoSink implements FrameSink {
    private static final System.Logger LOG = System.getLogger(VideoSink.class.getName());
    /// What ffmpeg says where it could not write all of a file.
    private static final List<String> UNWRITTEN = List.of("Error writing", "Error closing file",
            "av_interleaved_write_frame()", "No space left on device");

    private final VideoFormat format;
    private final AtomicOutput file;
    private final ChildProcess child;
    private final OutputStream out;
    private final PlaneBytes bytes = new PlaneBytes();
    private long frames;
    private boolean done;

    private VideoSink(VideoFormat format, AtomicOutput file, ChildProcess child) {
        this.format = format;
        this.file = file;
        this.child = child;
        this.out = new BufferedOutputStream(child.stdin(), 1 << 16);
    }

    /// Starts encoding.
    ///
    /// @param tools   the programs
    /// @param target  the file to make; its ending names the container: mp4, m4v, mov, mkv or webm
    /// @param format  the format of the frames: grey or YCbCr
    /// @param source  the video whose other streams and metadata are copied, or null
    /// @param options encoder, quality, overwriting
    /// @return the sink
    /// @throws IllegalArgumentException if the container is not known or cannot hold the format
    /// @throws IOException              if the file cannot be created or ffmpeg does not start
    public static VideoSink open(FfmpegTools tools, Path target, VideoFormat format, VideoProbe source,
                                 EncodeOptions options) throws IOException {
        return open(tools, target, format, format.frame().color(), source, options);
    }

    /// Starts encoding a video that states other colours than its frames' format.
    ///
    /// @param stated what the file says of its colours; the rest as above
    static VideoSink open(FfmpegTools tools, Path target, VideoFormat format, ColorDescription stated, VideoProbe source,
            EncodeOptions options) throws IOException {
        return open(tools, target, format, stated, source, encoder(tools, target, options), options, source != null);
    }

    /// Starts encoding a part of a video, which holds pictures only.
    ///
    /// @param tools   the programs
    /// @param target  the part to make
    /// @param format  the format of the frames: grey or YCbCr
    /// @param stated  what the file says of its colours
    /// @param source  the video whose tags are taken, or null
    /// @param encoder the encoder
    /// @param options quality, overwriting
    static VideoSink openPart(FfmpegTools tools, Path target, VideoFormat format, ColorDescription stated,
            VideoProbe source, String encoder, EncodeOptions options) throws IOException {
        return open(tools, target, format, stated, source, encoder, options, false);
    }

    /// {@return the encoder that a file is made with}
    ///
    /// @throws IllegalArgumentException if the container is not known, or ffmpeg lacks the encoder asked for
    static String encoder(FfmpegTools tools, Path target, EncodeOptions options) throws IOException {
        Container container = Container.ofName(target);
        String asked = options.encoder();
        if (asked.isEmpty()) {
            return container == Container.WEBM ? "libvpx-vp9" : "libx264";
        }
        if (!tools.encodes(asked)) {
            throw new IllegalArgumentException(target + ": this ffmpeg has no video encoder " + asked
                    + "; `ffmpeg -encoders` lists what it has");
        }
        return asked;
    }

    private static VideoSink open(FfmpegTools tools, Path target, VideoFormat format, ColorDescription stated,
            VideoProbe source, String encoder, EncodeOptions options, boolean copies) throws IOException {
        FrameFormat frame = format.frame();
        PixelFormats.name(frame);
        if (encoder.startsWith("libx26") && (frame.width() % 2 != 0 && frame.layout().chromaShiftX() > 0
                || frame.height() % 2 != 0 && frame.layout().chromaShiftY() > 0)) {
            throw new IllegalArgumentException(target + ": " + encoder + " encodes " + frame.layout()
                    + " only at even sizes, got " + frame.width() + "x" + frame.height()
                    + "; choose an even size or another encoder");
        }
        AtomicOutput file = AtomicOutput.open(target, options.overwrite());
        try {
            List<String> command = tools.command("-y");
            addInput(command, format, stated, source);
            if (copies) {
                command.addAll(List.of("-protocol_whitelist", "file", "-i", FfmpegTools.url(source.file())));
            }
            command.addAll(List.of("-map", "0:v:0"));
            command.addAll(List.of(tools.passthroughOption(), "passthrough"));
            addEncoder(command, encoder, format, source, options, copies);
            addColor(command, stated, source);
            if (copies) {
                StreamCopies.add(command, source, target);
            }
            command.add(FfmpegTools.url(file.temporary()));
            return new VideoSink(format, file, ChildProcess.start(command));
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static void addInput(List<String> command, VideoFormat format, ColorDescription stated,
            VideoProbe source) {
        FrameFormat frame = format.frame();
        command.addAll(List.of("-f", "rawvideo", "-pix_fmt", PixelFormats.name(frame), "-video_size",
                frame.width() + "x" + frame.height(), "-framerate", format.frameRate().toString()));
        addColor(command, stated, source);
        command.addAll(List.of("-i", "pipe:0"));
    }

    /// Raw frames carry no tags, so they are stated for the pipe and again for the encoder. Where the source's own name
    /// for a colour is known it is used: ffmpeg knows more of them than Fovea.
    private static void addColor(List<String> command, ColorDescription color, VideoProbe source) {
        MediaStream video = source == null ? null : source.video();
        boolean sameMatrix = video != null && !video.colorSpace().isEmpty()
                && PixelFormats.choose(video.pixelFormat()).exact();
        add(command, "-color_range", PixelFormats.range(color));
        add(command, "-colorspace", sameMatrix ? video.colorSpace() : PixelFormats.matrix(color));
        add(command, "-color_trc", video != null ? video.colorTransfer() : PixelFormats.transfer(color));
        add(command, "-color_primaries", video != null ? video.colorPrimaries() : PixelFormats.primaries(color));
        add(command, "-chroma_sample_location", PixelFormats.siting(color));
    }

    private static void add(List<String> command, String option, String value) {
        if (!value.isEmpty()) {
            command.add(option);
            command.add(value);
        }
    }

    private static void addEncoder(List<String> command, String encoder, VideoFormat format, VideoProbe source,
            EncodeOptions options, boolean beside) {
        boolean vpx = encoder.startsWith("libvpx");
        boolean x26 = encoder.startsWith("libx26");
        command.addAll(List.of("-c:v:0", encoder));
        if (vpx || x26 || options.quality() >= 0) {
            command.addAll(List.of("-crf:v:0", String.format(Locale.ROOT, "%d",
                    options.quality() >= 0 ? options.quality() : vpx ? 24 : 16)));
        }
        if (vpx) {
            command.addAll(List.of("-b:v:0", "0", "-row-mt:v:0", "1", "-cpu-used:v:0", "4"));
        }
        if (x26) {
            command.addAll(List.of("-preset:v:0", options.preset().isEmpty() ? "medium" : options.preset()));
        }
        FrameFormat frame = format.frame();
        String pixels = PixelFormats.name(frame);
        if (encoder.equals("libx264") && frame.bitDepth() > 8 && frame.bitDepth() != 10) {
            String ten = pixels.replaceAll("\\d+le$", "10le");
            LOG.log(System.Logger.Level.INFO, "libx264 encodes 8 and 10 bit; {0} bit are rounded to 10",
                    frame.bitDepth());
            pixels = ten;
        }
        if (vpx && frame.layout() == PixelLayout.GREY) {
            pixels = frame.bitDepth() == 8 ? "yuv420p" : "yuv420p10le";
        }
        addParameters(command, encoder, source);
        command.addAll(List.of("-pix_fmt:v:0", pixels));
        List<String> filters = new ArrayList<>();
        double offset = beside ? source.pictureOffset() : 0;
        if (offset > 0) {
            // Raw video counts time in frames, too coarse for the start of the picture after that of the sound; a whole
            // number of ticks a frame keeps the rate exact.
            long perSecond = format.frameRate().numerator() * Math.max(1L, 10_000L / format.frameRate().numerator());
            filters.add(String.format(Locale.ROOT, "settb=1/%d", perSecond));
            filters.add(String.format(Locale.ROOT, "setpts=PTS+%d", Math.round(offset * perSecond)));
            command.addAll(List.of("-enc_time_base:v:0", "1:" + perSecond));
        }
        if (format.sampleAspect().isKnown()) {
            // Without a limit of its own the filter rounds to parts of at most 100.
            filters.add("setsar=r=" + format.sampleAspect() + ":max=" + Integer.MAX_VALUE);
        }
        switch (format.fieldOrder()) {
            case TOP_FIRST, BOTTOM_FIRST -> {
                filters.add("setfield=" + (format.fieldOrder() == FieldOrder.TOP_FIRST ? "tff" : "bff"));
                command.addAll(List.of("-flags:v:0", "+ildct+ilme"));
            }
            case PROGRESSIVE -> filters.add("setfield=prog");
            case MIXED, UNSPECIFIED -> {
                // Nothing that holds for all frames can be stated.
            }
        }
        if (!filters.isEmpty()) {
            command.addAll(List.of("-filter:v:0", String.join(",", filters)));
        }
    }

    /// What libx264 and libx265 take beside ffmpeg's own options.
    private static void addParameters(List<String> command, String encoder, VideoProbe source) {
        boolean x265 = encoder.equals("libx265");
        MasteringMetadata mastering = source == null ? MasteringMetadata.NONE : source.mastering();
        if (!x265 && !encoder.equals("libx264")) {
            if (mastering.isEmpty()) {
                return;
            }
            LOG.log(System.Logger.Level.WARNING, "{0}: {1} does not write what HDR10 says of the display and the brightest "
                    + "pixels, so it is left out; libx264 and libx265 do", source.file(), encoder);
            return;
        }
        List<String> parameters = new ArrayList<>();
        if (x265) {
            parameters.add("log-level=error"); // it would tell its settings as if they were complaints
        }
        if (!mastering.display().isEmpty()) {
            parameters.add((x265 ? "master-display=" : "mastering-display=") + mastering.display());
        }
        if (!mastering.light().isEmpty()) {
            parameters.add((x265 ? "max-cll=" : "cll=") + mastering.light());
        }
        if (!parameters.isEmpty()) {
            command.addAll(List.of(x265 ? "-x265-params:v:0" : "-x264-params:v:0", String.join(":", parameters)));
        }
    }

    @Override
    public VideoFormat format() {
        return format;
    }

    @Override
    public void write(Frame frame) throws IOException {
        if (!frame.format().equals(format.frame())) {
            throw new IllegalArgumentException("frame is " + frame.format() + ", the video has " + format.frame());
        }
        if (done) {
            throw new IllegalStateException(file.target() + ": already committed or closed");
        }
        try {
            bytes.write(frame, out);
            frames++;
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /// {@return whether ffmpeg has ended and written a whole file}
    static boolean wrote(ChildProcess child, Path file) throws IOException {
        // It ends with 0 even where the end of the file found the disk full.
        return child.waitFor() == 0 && Files.size(file) > 0
                && UNWRITTEN.stream().noneMatch(child.errors()::contains);
    }

    private IOException failure(IOException cause) throws IOException {
        int code = child.waitFor();
        String errors = child.errors();
        LOG.log(System.Logger.Level.DEBUG, "{0}: ffmpeg said while encoding:\n{1}", file.target(), errors);
        return new IOException(file.target() + ": encoding failed after " + frames + " frames (ffmpeg ended with "
                + code + "): " + FfmpegErrors.encoding(errors), cause);
    }

    @Override
    public void commit() throws IOException {
        if (done) {
            throw new IllegalStateException(file.target() + ": already committed or closed");
        }
        try {
            out.close();
        } catch (IOException e) {
            throw failure(e);
        }
        if (!wrote(child, file.temporary())) {
            throw failure(null);
        }
        if (!child.errors().isEmpty()) {
            LOG.log(System.Logger.Level.WARNING, "{0}: ffmpeg complained while encoding: {1}", file.target(),
                    FfmpegErrors.brief(child.errors()));
        }
        file.commit();
        done = true;
        child.close();
    }

    @Override
    public void close() throws IOException {
        if (!done) {
            done = true;
            child.close();
            file.close();
        }
    }
}
