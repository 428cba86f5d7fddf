package io.github.fovea.train;

import io.github.fovea.graph.Graph;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.tensor.TensorView;
import java.util.List;

/// Measures a network on the held-out parts: the mean over parts of the PSNR in dB, without rounding, a margin of
/// [#MARGIN] small pixels left out because the part was cut from its surroundings.
final class HeldOut {
    private static final int MARGIN = 8;

    private final List<TrainingImage> parts;
    private final Backpropagation forward;
    private final PackedParameters packed;

    /// Prepares the measurement.
    HeldOut(List<TrainingImage> parts, Graph graph, ParameterLayout layout, KernelTable kernels) {
        this.parts = parts;
        forward = new Backpropagation(graph, layout, kernels, TrainingSet.HELD_OUT_SIZE, TrainingSet.HELD_OUT_SIZE,
                false);
        packed = new PackedParameters(graph, layout, kernels);
    }

    /// {@return the PSNR in dB, NaN when nothing is held out}
    double psnr(float[] parameters) {
        packed.update(parameters);
        double sum = 0;
        for (TrainingImage part : parts) {
            for (int c = 0; c < part.channels(); c++) {
                for (int y = 0; y < part.height(); y++) {
                    System.arraycopy(part.small()[c], y * part.width(), forward.input().data(),
                            forward.input().index(c, y, 0), part.width());
                }
            }
            forward.forward(packed);
            sum += psnr(part, forward.output());
        }
        return parts.isEmpty() ? Double.NaN : sum / parts.size();
    }

    /// {@return the PSNR in dB of an output of zeros, which is that of the network's skip}
    double baseline() {
        return parts.isEmpty() ? Double.NaN : parts.stream().mapToDouble(p -> psnr(p, null)).sum() / parts.size();
    }

    private static double psnr(TrainingImage part, TensorView output) {
        int margin = MARGIN * part.scale();
        int width = part.width() * part.scale();
        int height = part.height() * part.scale();
        double sum = 0;
        for (int c = 0; c < part.channels(); c++) {
            for (int y = margin; y < height - margin; y++) {
                for (int x = margin; x < width - margin; x++) {
                    double e = part.target()[c][y * width + x] - (output == null ? 0 : output.get(c, y, x));
                    sum += e * e;
                }
            }
        }
        double mean = sum / ((double) part.channels() * (height - 2 * margin) * (width - 2 * margin));
        return -10 * Math.log10(Math.max(mean, 1e-12));
    }
}
