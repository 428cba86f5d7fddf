package io.github.fovea.quality;

import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.Plane;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/// Gathers the scores of a clip, or of one picture, frame by frame and plane by plane.
///
/// Figures over all planes weigh each by its samples, as ffmpeg's filters do (for RGB this is the usual RGB PSNR);
/// alpha is measured as a plane but not counted there. Not safe for use by several threads.
public final class FrameScores {
    private final FrameFormat format;
    private final int crop;
    private final Set<Metric> metrics;
    private final PsnrMeans[] psnr;
    private final PsnrMeans psnrAll;
    private final Map<Metric, double[]> sums = new EnumMap<>(Metric.class);
    private long frames;

    /// Starts with no frame.
    ///
    /// @param format  format of the frames
    /// @param crop    luma pixels left out along each side; chroma leaves out the half, rounded up, along the axes
    ///                that it is subsampled along
    /// @param metrics what to measure, at least one
    /// @throws IllegalArgumentException if a plane is too small for a metric, naming both
    public FrameScores(FrameFormat format, int crop, Set<Metric> metrics) {
        if (metrics.isEmpty()) {
            throw new IllegalArgumentException("no metric given, wanted at least one");
        }
        this.format = format;
        this.crop = crop;
        this.metrics = EnumSet.copyOf(metrics);
        double peak = (1 << format.bitDepth()) - 1;
        int planes = format.layout().planes();
        psnr = new PsnrMeans[planes];
        for (int i = 0; i < planes; i++) {
            psnr[i] = new PsnrMeans(peak);
        }
        psnrAll = new PsnrMeans(peak);
        for (Metric metric : this.metrics) {
            for (int i = 0; i < planes; i++) {
                checkExtents(metric, i);
            }
            if (metric != Metric.PSNR) {
                sums.put(metric, new double[planes]);
            }
        }
    }

    private void checkExtents(Metric metric, int plane) {
        int width = format.layout().planeWidth(plane, format.width());
        int height = format.layout().planeHeight(plane, format.height());
        long cropped = 2L * planeCrop(plane);
        if (Math.min(width, height) - cropped < metric.leastExtent()) {
            throw new IllegalArgumentException(metric.label() + " wants at least " + metric.leastExtent() + "x"
                    + metric.leastExtent() + " samples, plane " + plane + " has " + width + "x" + height
                    + (cropped == 0 ? "" : " less " + planeCrop(plane) + " along each side"));
        }
    }

    /// Measures a frame.
    ///
    /// @param reference the frame as it should be, of the format given
    /// @param distorted the frame as it is, of equal size, layout and depth
    public void add(Frame reference, Frame distorted) {
        check(reference);
        check(distorted);
        double error = 0;
        double samples = 0;
        for (int i = 0; i < psnr.length; i++) {
            int cropped = planeCrop(i);
            Plane wanted = rows(reference.plane(i), i);
            Plane made = rows(distorted.plane(i), i);
            for (Metric metric : metrics) {
                if (metric == Metric.PSNR) {
                    double planeError = Psnr.meanSquaredError(wanted, made, cropped);
                    psnr[i].add(planeError);
                    error += planeError * weight(i);
                } else {
                    sums.get(metric)[i] += metric.of(wanted, made, cropped);
                }
            }
            samples += weight(i);
        }
        if (metrics.contains(Metric.PSNR)) {
            psnrAll.add(error / samples);
        }
        frames++;
    }

    private void check(Frame frame) {
        FrameFormat got = frame.format();
        if (got.width() != format.width() || got.height() != format.height() || got.layout() != format.layout()
                || got.bitDepth() != format.bitDepth()) {
            throw new IllegalArgumentException("frame " + frames + " is " + got.width() + "x" + got.height() + " "
                    + got.layout() + " at " + got.bitDepth() + " bit, wanted " + format.width() + "x" + format.height()
                    + " " + format.layout() + " at " + format.bitDepth() + " bit");
        }
    }

    /// Chroma that is subsampled across alone (4:2:2) leaves out more rows than columns: the rows beyond those that
    /// [#planeCrop] leaves out are cut off here. Luma, measured before, has refused a crop that leaves nothing.
    private Plane rows(Plane plane, int index) {
        boolean across = index > 0 && format.layout().chromaShiftX() > format.layout().chromaShiftY();
        int more = across ? crop - planeCrop(index) : 0;
        if (more == 0) {
            return plane;
        }
        int width = plane.width();
        return new Plane(width, plane.height() - 2 * more, plane.bitDepth(),
                Arrays.copyOfRange(plane.samples(), more * width, (plane.height() - more) * width));
    }

    /// Along the left and right side, and above and below as far as [#rows] has not cut.
    private int planeCrop(int plane) {
        return plane > 0 && format.layout().chromaShiftX() > 0 ? (crop + 1) / 2 : crop;
    }

    /// Samples of a plane before cropping, which is what ffmpeg weighs by; 0 for alpha.
    private double weight(int plane) {
        if (format.layout().hasAlpha() && plane == psnr.length - 1) {
            return 0;
        }
        return (double) format.layout().planeWidth(plane, format.width()) * format.layout().planeHeight(plane,
                format.height());
    }

    /// {@return the PSNR figures of one plane}
    ///
    /// @param plane index of the plane
    public PsnrMeans psnr(int plane) {
        wants(Metric.PSNR);
        return psnr[plane];
    }

    /// {@return the PSNR figures of all planes together, from the weighted mean of their errors}
    public PsnrMeans psnr() {
        wants(Metric.PSNR);
        return psnrAll;
    }

    /// {@return the mean over the frames of a similarity of one plane; NaN without frames}
    ///
    /// @param metric any metric but PSNR, whose means are two
    /// @param plane  index of the plane
    public double mean(Metric metric, int plane) {
        wants(metric);
        if (metric == Metric.PSNR) {
            throw new IllegalArgumentException("PSNR has two means; take psnr(plane) and choose one");
        }
        return sums.get(metric)[plane] / frames;
    }

    /// {@return the mean over the frames of a similarity of all planes, weighted by samples; NaN without frames}
    ///
    /// @param metric any metric but PSNR, whose means are two
    public double mean(Metric metric) {
        double sum = 0;
        double samples = 0;
        for (int i = 0; i < psnr.length; i++) {
            sum += mean(metric, i) * weight(i);
            samples += weight(i);
        }
        return sum / samples;
    }

    private void wants(Metric metric) {
        if (!metrics.contains(metric)) {
            throw new IllegalArgumentException(metric.label()
                    + " was not measured; it was not among the metrics asked for");
        }
    }

    /// {@return how many frames were added}
    public long frames() {
        return frames;
    }

    /// {@return the number of planes}
    public int planes() {
        return psnr.length;
    }
}
