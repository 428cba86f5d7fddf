package io.github.fovea.media;

import io.github.fovea.error.MalformedFileException;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.Plane;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads a video's frames through ffmpeg, in the video's own chroma subsampling and bit depth.
///
/// A rotation that the file asks for is applied, so frames are upright. Frames come one to one; a variable frame rate
/// is refused unless the caller asks for a constant one. A video whose frames change their size is an error at the
/// change: ffmpeg by itself would resample those behind it to the first size, silently. Pixel formats that frames
/// cannot hold (RGB, 4:1:1) are converted to 4:4:4 by ffmpeg, RGB by BT.709 to limited range; alpha is dropped. Both
/// are logged.
public final class VideoSource implements FrameSource {
    private static final System.Logger LOG = System.getLogger(VideoSource.class.getName());
    /// What ffmpeg's crop filter says about a frame of another size, see [#sameSize].
    private static final Pattern OTHER_SIZE = Pattern.compile("for width '-(\\d+)' or height '(\\d+)'");

    private final VideoProbe probe;
    private final VideoFormat format;
    private final ChildProcess child;
    private final InputStream in;
    private final PlaneBytes bytes = new PlaneBytes();
    private final long frameBytes;
    private final long expected;
    private final long promised;
    private long frames;
    private boolean ended;
    private volatile boolean closed;

    private VideoSource(VideoProbe probe, VideoFormat format, ChildProcess child, long expected, long promised) {
        this.probe = probe;
        this.format = format;
        this.child = child;
        this.in = child.stdout();
        this.frameBytes = PlaneBytes.frameBytes(format.frame());
        this.expected = expected;
        this.promised = promised;
    }

    /// Starts decoding.
    ///
    /// @param tools        the programs
    /// @param probe        what the file holds
    /// @param constantRate frames per second to convert the video to by dropping and repeating frames, or null to take
    ///                     every frame once
    /// @param maxPixels    larger frames are refused
    /// @return the source
    /// @throws MalformedFileException if the frame rate is variable and `constantRate` is null, or frames are too large
    /// @throws IOException            if ffmpeg does not start
    public static VideoSource open(FfmpegTools tools, VideoProbe probe, Ratio constantRate, long maxPixels)
            throws IOException {
        MediaStream video = probe.video();
        String where = probe.file().toString();
        if (probe.variableRate() && constantRate == null) {
            String cut = probe.promisedFrames() <= probe.frameCount() ? "" : String.format(Locale.ROOT,
                    "; or the file is cut off: it holds %d of about %d frames", probe.frameCount(),
                    probe.promisedFrames());
            throw new MalformedFileException(where, -1,
                    String.format(Locale.ROOT, "the frame rate is variable (%.3f a second on"
                    + " average), which would not survive; ask for a constant rate, for example --frame-rate %d%s",
                    probe.frameRate().value(), nearestWhole(probe.frameRate()), cut));
        }
        boolean turned = video.rotation() % 180 != 0;
        int width = turned ? video.height() : video.width();
        int height = turned ? video.width() : video.height();
        if ((long) width * height > maxPixels || width > Plane.MAX_EXTENT || height > Plane.MAX_EXTENT) {
            throw new MalformedFileException(where, -1, String.format(Locale.ROOT,
                    "frames of %,dx%,d = %,d pixels, the limit is %,d; the video is too large for Fovea", width, height,
                    (long) width * height, maxPixels));
        }
        PixelFormats.Choice choice = PixelFormats.choose(video.pixelFormat());
        if (!choice.exact()) {
            LOG.log(System.Logger.Level.INFO, "{0}: pixel format {1} is converted to {2} by ffmpeg", where,
                    video.pixelFormat(), choice.name());
        }
        FrameFormat frame = new FrameFormat(width, height, choice.layout(), choice.bitDepth(),
                PixelFormats.color(video, choice));
        Ratio aspect = turned && video.sampleAspect().isKnown() ? video.sampleAspect().inverse() : video.sampleAspect();
        VideoFormat format = new VideoFormat(frame, constantRate != null ? constantRate : probe.frameRate(), aspect,
                probe.fieldOrder(), List.of());
        List<String> command = tools.command("-protocol_whitelist", "file", "-i", FfmpegTools.url(probe.file()), "-map",
                "0:" + video.index(), "-an", "-sn", "-dn");
        command.addAll(List.of("-vf", sameSize(width, height) + (constantRate != null ? ",fps=" + constantRate : "")
                + choice.conversion()));
        command.addAll(List.of(tools.passthroughOption(), "passthrough", "-f", "rawvideo", "-pix_fmt", choice.name(),
                "pipe:1"));
        ChildProcess child = ChildProcess.start(command);
        child.stdin().close();
        long expected = probe.frameCount();
        if (constantRate != null) {
            expected = probe.durationSeconds() > 0 ? Math.round(probe.durationSeconds() * constantRate.value()) : -1;
        }
        return new VideoSource(probe, format, child, expected, constantRate != null ? expected
                : probe.promisedFrames());
    }

    /// A filter that passes frames of one size on as they are and fails at the first of another size, by asking to crop
    /// it to a negative width: minus its own, so that the message tells its size.
    private static String sameSize(int width, int height) {
        return "crop=w=if(eq(iw\\," + width + ")*eq(ih\\," + height + ")\\,iw\\,-iw):h=ih:x=0:y=0:exact=1";
    }

    private static long nearestWhole(Ratio rate) {
        return Math.max(1, Math.round(rate.value()));
    }

    /// {@return what the file holds}
    public VideoProbe probe() {
        return probe;
    }

    @Override
    public VideoFormat format() {
        return format;
    }

    @Override
    public Frame next(Frame reuse) throws IOException {
        if (reuse != null && !reuse.format().equals(format.frame())) {
            throw new IllegalArgumentException("frame to fill is " + reuse.format() + ", wanted " + format.frame());
        }
        if (ended) {
            return null;
        }
        Frame frame = reuse != null ? reuse : Frame.allocate(format.frame());
        long got;
        try {
            got = bytes.read(in, frame);
        } catch (IOException e) {
            throw closed ? new IOException(probe.file() + ": reading was stopped", e) : e;
        }
        if (got == frameBytes) {
            frames++;
            return frame;
        }
        ended = true;
        if (closed) {
            throw new IOException(probe.file() + ": reading was stopped");
        }
        int code = child.waitFor();
        String errors = VideoProbe.withoutName(child.errors(), probe.file());
        LOG.log(System.Logger.Level.DEBUG, "{0}: ffmpeg said while decoding:\n{1}", probe.file(), errors);
        Matcher otherSize = OTHER_SIZE.matcher(errors);
        if (code != 0 && otherSize.find()) {
            throw new MalformedFileException(probe.file().toString(), -1,
                    String.format(Locale.ROOT, "the size of the frames"
                    + " changes from %dx%d to %sx%s soon after frame %d (%.2f s), wanted one size; cut the video there "
                    + "and enlarge its parts one by one", format.frame().width(), format.frame().height(),
                    otherSize.group(1), otherSize.group(2), frames, frames / format.frameRate().value()));
        }
        // ffmpeg ends well even where its input broke off; then it has complained and frames are missing.
        boolean missing = promised < 0 || frames < promised - 1;
        if (code != 0 || got > 0 || frames == 0 || missing && !errors.isEmpty()) {
            throw new MalformedFileException(probe.file().toString(), -1, "decoding broke off after " + frames
                    + (promised >= 0 ? " of about " + promised : "") + " frames (ffmpeg ended with " + code + "): "
                    + FfmpegErrors.brief(errors));
        }
        if (!errors.isEmpty()) {
            LOG.log(System.Logger.Level.WARNING, "{0}: ffmpeg complained while decoding: {1}", probe.file(),
                    FfmpegErrors.brief(errors));
        }
        return null;
    }

    @Override
    public long frameCountEstimate() {
        return expected;
    }

    @Override
    public void close() {
        closed = true;
        child.close();
    }
}
