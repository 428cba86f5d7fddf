package io.github.fovea.media;

import io.github.fovea.error.OutputException;
import io.github.fovea.frame.ColorDescription;
import io.github.fovea.frame.Frame;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Writes a video in parts of about ten seconds, which stay when the job ends early: by an error, by Ctrl-C, by a power
/// cut. The next job of the kind goes on behind them. The video is the same in the end, however often it was begun.
///
/// Parts lie in `NAME.parts` beside the video, until it is whole.
public final class PartedSink implements FrameSink {
    /// The distance of libx264's key frames, so that parts cost hardly a byte.
    private static final int LEAST_FRAMES = 250;

    private final PartFolder folder;
    private final VideoFormat format;
    private final Kind kind;
    private final long found;
    private final int partFrames;
    private FrameSink part;
    private int inPart;
    private boolean done;

    /// How parts are written and joined.
    private interface Kind {
        /// Begins a part.
        FrameSink begin(Path file) throws IOException;

        /// Makes the video.
        void join() throws IOException;

        /// Finds out whether it can be made, once there is a part.
        void rehearse() throws IOException;
    }

    private PartedSink(PartFolder folder, VideoFormat format, Kind kind) {
        this.folder = folder;
        this.format = format;
        this.kind = kind;
        found = folder.frames();
        partFrames = VideoJoin.wholeFrames(format.frameRate(), LEAST_FRAMES);
    }

    /// Begins a video, or goes on with it.
    ///
    /// @param target  the file to make
    /// @param format  the format of the frames
    /// @param source  what the video is made from, see [VideoFiles#create]. May be null
    /// @param options encoder, quality, overwriting
    /// @param job     what is made of what: lines `what: which`, the same whenever the job goes on
    /// @return the sink
    /// @throws IllegalArgumentException                   if the container is not known or cannot hold the format
    /// @throws OutputException                            if there are parts of another job, or another process makes
    ///                                                    the video
    /// @throws io.github.fovea.error.UnavailableException if ffmpeg is needed and missing
    /// @throws IOException                                if files cannot be created
    static PartedSink open(Path target, VideoFormat format, FrameSource source, EncodeOptions options, List<String> job)
            throws IOException {
        AtomicOutput.check(target, options.overwrite());
        if (VideoFiles.isY4mName(target)) {
            Y4mHeader.format(format);
            PartFolder folder = PartFolder.open(target, ".y4m", job);
            VideoFiles.tellLeftOut(source);
            return new PartedSink(folder, format, new Kind() {
                @Override
                public FrameSink begin(Path file) throws IOException {
                    return Y4mWriter.open(file, format, true);
                }

                @Override
                public void join() throws IOException {
                    VideoJoin.y4m(folder.parts(), target, format, options.overwrite());
                }

                @Override
                public void rehearse() {
                    // Nothing else is in the video.
                }
            });
        }
        Container container = Container.ofName(target);
        FfmpegTools tools = FfmpegTools.find();
        String encoder = VideoSink.encoder(tools, target, options);
        ColorDescription stated = StatedColor.of(target, format.frame(), source);
        VideoProbe probe = source instanceof VideoSource video ? video.probe() : null;
        List<String> copies = new ArrayList<>();
        if (probe != null) {
            // Now, and not when the work is done: it refuses what the container cannot hold.
            StreamCopies.add(copies, probe, target);
        }
        EncodeOptions replacing = new EncodeOptions(options.encoder(), options.quality(), options.preset(), true);
        PartFolder folder = PartFolder.open(target, container.partEnding(encoder, target), job);
        return new PartedSink(folder, format, new Kind() {
            @Override
            public FrameSink begin(Path file) throws IOException {
                return VideoSink.openPart(tools, file, format, stated, probe, encoder, replacing);
            }

            @Override
            public void join() throws IOException {
                VideoJoin.encoded(tools, folder, target, format.frameRate(), probe, copies, options.overwrite());
            }

            @Override
            public void rehearse() throws IOException {
                VideoJoin.rehearse(tools, folder, target, format.frameRate(), probe, copies);
            }
        });
    }

    /// {@return the frames that were there when the sink was opened; [#write] goes on behind them}
    public long found() {
        return found;
    }

    /// {@return the frames that stay if the job ends now}
    public long kept() {
        return folder.frames();
    }

    /// {@return where the parts are}
    public Path folder() {
        return folder.folder();
    }

    /// Reads over the frames that are there already.
    ///
    /// @param source the video that they were made from, at its begin
    /// @throws OutputException if it has fewer frames
    /// @throws IOException     if it cannot be read
    public void skipFound(FrameSource source) throws IOException {
        Frame frame = null;
        for (long i = 0; i < found; i++) {
            frame = source.next(frame);
            if (frame == null) {
                throw new OutputException(folder.folder(), "holds " + found + " frames, the video ends after " + i
                        + "; delete the folder");
            }
        }
    }

    @Override
    public VideoFormat format() {
        return format;
    }

    @Override
    public void write(Frame frame) throws IOException {
        if (done) {
            throw new IllegalStateException(folder.folder() + ": already committed or closed");
        }
        if (part == null) {
            part = kind.begin(folder.next());
        }
        part.write(frame);
        inPart++;
        if (inPart == partFrames) {
            endPart();
            if (folder.parts().size() == 1) {
                kind.rehearse();
            }
        }
    }

    private void endPart() throws IOException {
        part.commit();
        folder.add(inPart);
        part = null;
        inPart = 0;
    }

    @Override
    public void commit() throws IOException {
        if (done) {
            throw new IllegalStateException(folder.folder() + ": already committed or closed");
        }
        if (part == null && folder.parts().isEmpty()) {
            part = kind.begin(folder.next());
        }
        if (part != null) {
            endPart();
        }
        kind.join();
        done = true;
        try (folder) {
            folder.delete();
        }
    }

    /// Gives up for now. Whole parts stay; without any, the folder goes.
    @Override
    public void close() throws IOException {
        if (!done) {
            done = true;
            try (folder) {
                if (part != null) {
                    part.close();
                }
            }
        }
    }
}
