package io.github.fovea.resample;

/// For each output sample of an axis the first source sample that counts and the weights from there on; computed in
/// double as MATLAB's `imresize` does and then rounded once to float.
///
/// Indices are not yet mirrored: they may reach past both ends of the source.
final class WeightTable {
    /// Smaller weights (of kernels whose peak is near 1) are rounding residue.
    private static final double NEGLIGIBLE = 1e-12;

    /// Longest period that is looked for: beyond, output samples are made one by one.
    private static final int MAX_PERIOD = 16;

    /// Source samples per output sample.
    final int taps;
    /// `[target]`
    final int[] first;
    /// `[target][taps]`
    final float[] weights;
    /// After so many output samples the weights repeat; 0 if they do not, or not soon.
    final int period;
    /// So many source samples further.
    final int advance;

    WeightTable(Axis axis, ResampleKernel kernel, boolean antialias) {
        boolean stretch = antialias && axis.scale() < 1 && kernel != ResampleKernel.NEAREST;
        double stretching = stretch ? axis.scale() : 1;
        double radius = kernel.radius() / stretching;
        int reach = (int) Math.ceil(2 * radius) + 2;
        double[] row = new double[reach];
        first = new int[axis.target()];
        period = period(axis.scale());
        advance = period == 0 ? 0 : (int) Math.rint(period / axis.scale());
        int most = 1;
        for (int pass = 0; ; pass++) {
            // The first pass finds how many taps there are, the second stores them.
            float[] stored = pass == 0 ? null : new float[Math.multiplyExact(axis.target(), most)];
            for (int i = 0; i < axis.target(); i++) {
                if (period > 0 && i >= period) {
                    // Equal weights, but for rounding noise in the position.
                    if (stored != null) {
                        first[i] = first[i - period] + advance;
                        System.arraycopy(stored, (i - period) * most, stored, i * most, most);
                    }
                    continue;
                }
                double position = axis.position(i);
                int left = (int) Math.floor(position - radius);
                int begin = reach;
                int end = 0;
                double sum = 0;
                for (int t = 0; t < reach; t++) {
                    double weight = kernel.weight((position - (left + t)) * stretching);
                    if (Math.abs(weight) < NEGLIGIBLE) {
                        row[t] = 0;
                        continue;
                    }
                    row[t] = weight;
                    sum += weight;
                    begin = Math.min(begin, t);
                    end = t + 1;
                }
                most = Math.max(most, end - begin);
                if (stored != null) {
                    first[i] = left + begin;
                    for (int t = begin; t < end; t++) {
                        stored[i * most + t - begin] = (float) (row[t] / sum);
                    }
                }
            }
            if (stored != null) {
                taps = most;
                weights = stored;
                return;
            }
        }
    }

    private static int period(double scale) {
        for (int samples = 1; samples <= MAX_PERIOD; samples++) {
            double advance = samples / scale;
            if (advance >= 0.5 && advance <= MAX_PERIOD + 0.5 && Math.abs(advance - Math.rint(advance)) < 1e-12) {
                return samples;
            }
        }
        return 0;
    }
}
