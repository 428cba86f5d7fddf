package io.github.fovea.train;

import io.github.fovea.frame.ColorDescription.Range;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.Plane;
import io.github.fovea.graph.Interpolation;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.media.FrameSource;
import io.github.fovea.media.VideoFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Frames of a video as pictures to train on: luma, shrunk like pictures of a folder. Whole frames are held out, the
/// ones that [ClipFrames#heldOut] says, because parts of one frame are in all its neighbours too.
final class ClipPictures {
    /// Frames kept; of longer clips every second one, every fourth and so on.
    private static final int MOST_FRAMES = 64;

    private ClipPictures() {}

    private record Kept(long number, float[] luma) {}

    /// {@return the frames of a clip}
    ///
    /// @param file    the video
    /// @param options what to train; luma only
    /// @param kernels kernels to compute the enlargement with
    /// @throws IOException if the video cannot be read or is too small or too short
    static TrainingSet load(Path file, TrainingOptions options, KernelTable kernels) throws IOException {
        if (options.channels() != 1) {
            throw new IllegalArgumentException("networks for " + options.channels()
                    + " channels cannot be trained on a video yet, wanted luma");
        }
        int scale = options.scale();
        try (FrameSource source = VideoFiles.open(file, null)) {
            FrameFormat format = source.format().frame();
            if (!format.layout().isGreyOrYCbCr()) {
                throw new IllegalArgumentException(file + ": frames of " + format.layout() + ", wanted grey or YCbCr");
            }
            int width = format.width() / scale * scale;
            int height = format.height() / scale * scale;
            int least = Math.max(options.sampling().patch(), TrainingSet.HELD_OUT_SIZE) * scale;
            if (Math.min(width, height) < least) {
                throw new IOException(file + ": frames of " + format.width() + "x" + format.height()
                        + ", training at scale " + scale + " wants at least " + least + " pixels on both sides");
            }
            return split(file, frames(source, width, height, format.range() == Range.FULL), width, height, options, kernels);
        }
    }

    private static List<Kept> frames(FrameSource source, int width, int height, boolean full) throws IOException {
        List<Kept> kept = new ArrayList<>();
        long number = 0;
        int stride = 1;
        for (Frame frame = source.next(null); frame != null; frame = source.next(frame), number++) {
            if (number % stride != 0) {
                continue;
            }
            if (kept.size() == MOST_FRAMES) {
                stride *= 2;
                int coarser = stride;
                kept.removeIf(one -> one.number() % coarser != 0);
            }
            if (number % stride == 0) {
                kept.add(new Kept(number, luma(frame.plane(0), width, height, full)));
            }
        }
        return kept;
    }

    private static float[] luma(Plane plane, int width, int height, boolean full) {
        float[] luma = new float[width * height];
        float white = (1 << plane.bitDepth()) - 1;
        // The network takes studio codes of 8 bit; a deeper code of limited range is such a one, shifted.
        float unit = full ? 219 / white : 1f / (1 << plane.bitDepth() - 8);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                luma[y * width + x] = (full ? 16 : 0) + unit * (plane.samples()[y * plane.width() + x] & 0xFFFF);
            }
        }
        return luma;
    }

    private static TrainingSet split(
            Path file, List<Kept> frames, int width, int height, TrainingOptions options, KernelTable kernels)
            throws IOException {
        List<TrainingImage> trained = new ArrayList<>();
        List<TrainingImage> heldOut = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(options.seed() ^ 0x48656C644F757421L);
        for (int i = 0; i < frames.size(); i++) {
            Kept frame = frames.get(i);
            TrainingImage image = TrainingImage.of(file.getFileName() + " frame " + frame.number(),
                    new float[][] {frame.luma()}, width, height, options.scale(), Interpolation.BICUBIC, kernels);
            // By position among those kept: one of each ten is held out. By number, a stride would leave to chance how
            // many are, and whether any is.
            if (ClipFrames.heldOut(i) && heldOut.size() < options.sampling().heldOutPictures()) {
                int size = TrainingSet.HELD_OUT_SIZE;
                heldOut.add(image.cut(random.nextInt(image.width() - size + 1), random.nextInt(image.height() - size
                        + 1), size, size));
            } else {
                trained.add(image);
            }
        }
        if (trained.isEmpty() || heldOut.isEmpty()) {
            throw new IOException(file + ": of " + frames.size() + " frames " + heldOut.size()
                    + " can be held out, wanted at least one and one to train on; take a clip of 10 frames or more");
        }
        return TrainingSet.of(trained, heldOut, options.sampling().patch());
    }
}
