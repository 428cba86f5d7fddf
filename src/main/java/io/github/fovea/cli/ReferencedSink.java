package io.github.fovea.cli;

import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.media.FrameSink;
import io.github.fovea.media.FrameSource;
import io.github.fovea.media.Ratio;
import io.github.fovea.media.VideoFiles;
import io.github.fovea.media.VideoFormat;
import io.github.fovea.quality.Psnr;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Measures frames against a known large video on their way to a sink.
final class ReferencedSink implements FrameSink {
    /// A video of four days: 8 bytes a frame.
    private static final int MAX_FRAMES = 10_000_000;
    /// What equal frames count as, in dB.
    private static final double EQUAL = 100;

    private final FrameSink sink;
    private final FrameSource reference;
    private final Path name;
    private final List<Double> psnr = Collections.synchronizedList(new ArrayList<>());
    private Frame wanted;

    /// Opens the reference.
    ///
    /// @param sink      takes the frames
    /// @param reference a video of the same size, at least as long; PSNR is measured on its luma
    /// @param rate      frame rate to bring it to, or `null` for its own
    /// @throws IOException              if it cannot be read
    /// @throws IllegalArgumentException if its frames have another size or depth
    ReferencedSink(FrameSink sink, Path reference, Ratio rate) throws IOException {
        this.sink = sink;
        this.name = reference;
        this.reference = VideoFiles.open(reference, rate);
        FrameFormat have = this.reference.format().frame();
        FrameFormat want = sink.format().frame();
        if (have.width() != want.width() || have.height() != want.height() || have.bitDepth() != want.bitDepth()
                || have.layout().isYCbCr() != want.layout().isYCbCr()) {
            this.reference.close();
            throw new IllegalArgumentException("--reference " + reference + " has frames of " + have
                    + ", the result has " + want + "; give the large video that the small one was made from");
        }
    }

    @Override
    public VideoFormat format() {
        return sink.format();
    }

    @Override
    public void write(Frame frame) throws IOException {
        sink.write(frame);
        wanted = reference.next(wanted);
        if (wanted == null) {
            throw new IllegalArgumentException("--reference " + name + " ends after " + psnr.size()
                    + " frames, the video goes on; give the large video that the small one was made from");
        }
        if (psnr.size() < MAX_FRAMES) {
            psnr.add(Math.min(EQUAL, Psnr.of(wanted.plane(0), frame.plane(0), 0)));
        }
    }

    /// {@return the PSNR of the luma of every frame so far in dB; 100 for equal ones}
    List<Double> psnr() {
        return List.copyOf(psnr);
    }

    @Override
    public void commit() throws IOException {
        sink.commit();
    }

    @Override
    public void close() throws IOException {
        try {
            reference.close();
        } finally {
            sink.close();
        }
    }
}
