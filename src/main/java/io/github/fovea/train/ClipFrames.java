package io.github.fovea.train;

import io.github.fovea.error.MalformedFileException;
import io.github.fovea.frame.ColorDescription.Range;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.Plane;
import io.github.fovea.media.FrameSource;
import io.github.fovea.media.Ratio;
import io.github.fovea.media.VideoFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.zip.CRC32C;

/// The luma of a clip in memory, LR beside HR, 8 bit a sample: what a network is overfitted to.
///
/// One frame in ten is held out: never trained on, only measured. Which one of each ten is drawn by a fixed seed, so
/// that held-out frames keep to no pattern that a codec's groups of pictures have. Where all frames do not fit into the
/// bound, every second one is kept, or every fourth, and so on.
public final class ClipFrames {
    private static final int HELD_OUT_EVERY = 10;
    private static final long HELD_OUT_SEED = 0x666F766561L;

    private final int scale;
    private final int width;
    private final int height;
    private final int cutColumns;
    private final int cutRows;
    private final boolean fullRange;
    private final double framesPerSecond;
    private final List<Pair> pairs;
    private final long frames;
    private final int stride;
    private final List<Pair> trained;
    private final List<Pair> heldOut;

    /// One frame.
    ///
    /// @param number its number in the clip, from 0
    /// @param lr     `[height][width]`, LR luma codes
    /// @param hr     `[scale * height][scale * width]`, HR luma codes
    record Pair(long number, byte[] lr, byte[] hr) {}

    private ClipFrames(int scale, int width, int height, int cutColumns, int cutRows, boolean fullRange,
            double framesPerSecond, List<Pair> pairs, List<Pair> heldOut, long frames, int stride) {
        this.scale = scale;
        this.width = width;
        this.height = height;
        this.cutColumns = cutColumns;
        this.cutRows = cutRows;
        this.fullRange = fullRange;
        this.framesPerSecond = framesPerSecond;
        this.pairs = List.copyOf(pairs);
        this.frames = frames;
        this.stride = stride;
        this.heldOut = heldOut;
        trained = pairs.stream().filter(pair -> !heldOut.contains(pair)).toList();
    }

    /// {@return whether a frame is held out of training}
    ///
    /// @param number number of the frame in the clip, from 0
    public static boolean heldOut(long number) {
        return new SplittableRandom(HELD_OUT_SEED + number / HELD_OUT_EVERY).nextInt(HELD_OUT_EVERY)
                == number % HELD_OUT_EVERY;
    }

    /// {@return a sample of 8 bit that stands for a deeper one, rounded}
    ///
    /// @param sample the sample
    /// @param shift  bits above 8
    static int eightBit(int sample, int shift) {
        return shift == 0 ? sample : Math.min(255, sample + (1 << shift - 1) >> shift);
    }

    /// Reads both videos in step.
    ///
    /// @param lr       the LR video, as a player will get it
    /// @param hr       the HR video; up to twice the scale more columns and rows than the LR video times the scale are
    ///                 cut off
    /// @param rate     frames per second to convert an HR video of variable frame rate to, or `null`
    /// @param scale    the factor
    /// @param maxBytes bound of the memory for frames
    /// @return their luma
    /// @throws IOException if a video cannot be read, sizes do not fit the scale, the luma of one is full-range and that
    ///                     of the other is not, or one is longer than the other
    public static ClipFrames read(Path lr, Path hr, Ratio rate, int scale, long maxBytes) throws IOException {
        try (FrameSource small = VideoFiles.open(lr, null); FrameSource large = VideoFiles.open(hr, rate)) {
            FrameFormat format = small.format().frame();
            FrameFormat whole = large.format().frame();
            checkSizes(lr, format, hr, whole, scale);
            checkSamples(lr, format, hr, whole);
            int width = format.width();
            int height = format.height();
            long frameBytes = (long) width * height * (1 + scale * scale);
            if (frameBytes * 2 > maxBytes) {
                throw new IllegalArgumentException(hr + ": a frame takes " + frameBytes + " bytes, two must fit into "
                        + maxBytes + "; allow more memory (FOVEA_JAVA_OPTS=-Xmx...)");
            }
            List<Pair> pairs = new ArrayList<>();
            Frame a = small.next(null);
            Frame b = large.next(null);
            long frames = 0;
            int stride = 1;
            while (a != null && b != null) {
                if (frames % stride == 0) {
                    if ((pairs.size() + 1) * frameBytes > maxBytes) {
                        stride *= 2;
                        int coarser = stride;
                        pairs.removeIf(pair -> pair.number() % coarser != 0);
                    }
                    if (frames % stride == 0) {
                        pairs.add(new Pair(frames, luma(a.plane(0), width, height),
                                luma(b.plane(0), width * scale, height * scale)));
                    }
                }
                frames++;
                a = small.next(a);
                b = large.next(b);
            }
            if ((a == null) != (b == null)) {
                throw new MalformedFileException((a == null ? lr : hr).toString(), -1, "the video ends after " + frames
                        + " frames, " + (a == null ? hr : lr) + " goes on; both must have the same frames");
            }
            if (frames == 0) {
                throw new MalformedFileException(lr.toString(), -1, "the video holds no frame");
            }
            List<Pair> heldOut = pairs.stream().filter(pair -> heldOut(pair.number())).toList();
            // A clip of one frame, or of frames that are all held out, has nothing else to train on.
            return new ClipFrames(scale, width, height, whole.width() - width * scale, whole.height() - height * scale,
                    format.range() == Range.FULL, small.format().frameRate().value(), pairs,
                    heldOut.size() == pairs.size() ? List.of() : heldOut, frames, stride);
        }
    }

    private static void checkSizes(Path lr, FrameFormat small, Path hr, FrameFormat large, int scale)
            throws IOException {
        int restX = large.width() - small.width() * scale;
        int restY = large.height() - small.height() * scale;
        if (restX < 0 || restY < 0 || restX >= 2 * scale || restY >= 2 * scale) {
            throw new MalformedFileException(lr.toString(), -1, "frames of " + small.width() + "x" + small.height()
                    + " are not those of " + hr + " (" + large.width() + "x" + large.height() + ") at scale " + scale
                    + ", wanted " + large.width() / scale + "x" + large.height() / scale
                    + "; give the LR video of this scale or another --scale");
        }
    }

    private static void checkSamples(Path lr, FrameFormat small, Path hr, FrameFormat large) throws IOException {
        if (small.bitDepth() != 8) {
            throw new MalformedFileException(lr.toString(), -1, "samples of " + small.bitDepth()
                    + " bit, wanted 8; encode the LR video with 8 bit");
        }
        checkLuma(lr, small);
        checkLuma(hr, large);
        if (small.range() != large.range()) {
            throw new MalformedFileException(lr.toString(), -1, "luma of " + text(small) + " range, that of " + hr + " is of "
                    + text(large) + " range; encode the LR video with the range of the HR video");
        }
    }

    private static void checkLuma(Path file, FrameFormat format) throws IOException {
        if (!format.layout().isGreyOrYCbCr()) {
            throw new MalformedFileException(file.toString(), -1, "frames of " + format.layout()
                    + ", wanted grey or YCbCr");
        }
    }

    private static String text(FrameFormat format) {
        return format.range().name().toLowerCase(Locale.ROOT);
    }

    /// Copies the top left part of a plane, rounded to 8 bit.
    ///
    /// @param from a plane of any depth
    /// @param to   a plane of 8 bit, no larger
    static void crop(Plane from, Plane to) {
        int shift = from.bitDepth() - 8;
        short[] samples = from.samples();
        for (int y = 0; y < to.height(); y++) {
            for (int x = 0; x < to.width(); x++) {
                to.samples()[y * to.width() + x] = (short) eightBit(samples[y * from.width() + x] & 0xFFFF, shift);
            }
        }
    }

    /// Copies codes of 8 bit into a plane of as many samples.
    static void widen(byte[] codes, Plane plane) {
        for (int i = 0; i < codes.length; i++) {
            plane.samples()[i] = (short) (codes[i] & 0xFF);
        }
    }

    /// {@return the LR luma of one frame}
    Plane small(Pair pair) {
        Plane plane = new Plane(width, height, 8);
        widen(pair.lr(), plane);
        return plane;
    }

    private static byte[] luma(Plane plane, int width, int height) {
        byte[] luma = new byte[width * height];
        int shift = plane.bitDepth() - 8;
        short[] samples = plane.samples();
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                luma[y * width + x] = (byte) eightBit(samples[y * plane.width() + x] & 0xFFFF, shift);
            }
        }
        return luma;
    }

    /// {@return the frames of a part of the clip that are in memory, under their own numbers; they may be none. Those
    /// that the clip holds out, the part does too}
    ///
    /// @param from number of the first frame
    /// @param to   number behind that of the last frame
    ClipFrames part(long from, long to) {
        Predicate<Pair> inside = pair -> pair.number() >= from && pair.number() < to;
        return new ClipFrames(scale, width, height, cutColumns, cutRows, fullRange, framesPerSecond,
                pairs.stream().filter(inside).toList(), heldOut.stream().filter(inside).toList(), to - from, stride);
    }

    /// {@return the factor between LR and HR}
    public int scale() {
        return scale;
    }

    /// {@return columns at the right of an HR frame that the LR video leaves out}
    public int cutColumns() {
        return cutColumns;
    }

    /// {@return rows at the bottom of an HR frame that the LR video leaves out}
    public int cutRows() {
        return cutRows;
    }

    /// {@return columns of an LR frame}
    public int width() {
        return width;
    }

    /// {@return rows of an LR frame}
    public int height() {
        return height;
    }

    /// {@return whether luma is full-range}
    public boolean fullRange() {
        return fullRange;
    }

    /// {@return frames per second}
    public double framesPerSecond() {
        return framesPerSecond;
    }

    /// {@return frames of the clip, kept in memory or not}
    public long frames() {
        return frames;
    }

    /// {@return the distance between frames that are kept: 1 where all are}
    public int stride() {
        return stride;
    }

    /// {@return how many frames are trained on}
    public int trainedFrames() {
        return trained.size();
    }

    /// {@return how many frames in memory are held out; 0 for a clip too short to hold one out}
    public int heldOutFrames() {
        return heldOut.size();
    }

    /// {@return the frames that are trained on}
    List<Pair> trained() {
        return trained;
    }

    /// {@return the frames that are held out}
    List<Pair> held() {
        return heldOut;
    }

    /// {@return a network's units per code}
    float gain() {
        return fullRange ? (float) (219.0 / 255 / 255) : 1f / 255;
    }

    /// {@return a network's units of code 0}
    float bias() {
        return fullRange ? (float) (16.0 / 255 - 0.5) : -0.5f;
    }

    /// {@return a sum over all frames in memory, by which a checkpoint knows its clip}
    int checksum() {
        CRC32C sum = new CRC32C();
        for (Pair pair : pairs) {
            sum.update(pair.lr());
            sum.update(pair.hr());
        }
        return (int) sum.getValue();
    }

    /// {@return some of the pairs, evenly spread; all where there are no more}
    ///
    /// @param pairs frames in order
    /// @param most  how many are wanted
    static List<Pair> spread(List<Pair> pairs, int most) {
        int count = Math.min(most, pairs.size());
        List<Pair> chosen = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            chosen.add(pairs.get((2 * i + 1) * pairs.size() / (2 * count)));
        }
        return chosen;
    }
}
