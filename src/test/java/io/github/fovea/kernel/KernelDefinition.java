package io.github.fovea.kernel;

import io.github.fovea.graph.Interpolation;
import io.github.fovea.tensor.Layout;
import io.github.fovea.tensor.TensorView;

/// What a kernel should compute, in double, from its formula: value, number of terms and sum of their magnitudes.
final class KernelDefinition {
    private final KernelCase one;
    private final TensorView in;
    private final TensorView other;
    private final float[] weights;
    private final float[] bias;
    private final float[] slopes;
    private int columnTile = 1;
    private int rowTile = 1;
    private double value;
    private double magnitude;
    private int terms;
    /// For 4x4 tiles: magnitudes of transformed weights `[out][in][36]` and inputs `[in][tile][36]`.
    private double[] transformedWeights;
    private double[] transformedInputs;

    KernelDefinition(
            KernelCase one, TensorView in, TensorView other, float[] weights, float[] bias, float[] slopes) {
        this.one = one;
        this.in = in;
        this.other = other;
        this.weights = weights;
        this.bias = bias;
        this.slopes = slopes;
    }

    double value() {
        return value;
    }

    double magnitude() {
        return magnitude;
    }

    int terms() {
        return terms;
    }

    /// The kernel makes this many columns and rows together, from column 0 and the case's first row on; 4 is Winograd's
    /// F(4, 3) in that direction.
    void tile(int columns, int rows) {
        columnTile = columns;
        rowTile = rows;
        if (columns == 4 && rows == 4) {
            transform();
        }
    }

    void exactly(float number) {
        value = number;
        magnitude = 0;
        terms = 0;
    }

    private void term(double product) {
        value += product;
        magnitude += Math.abs(product);
        terms++;
    }

    private float pixel(TensorView view, int c, int y, int x) {
        return y < 0 || y >= one.height() || x < 0 || x >= one.width() ? 0 : view.get(c, y, x);
    }

    void at(int c, int y, int x) {
        value = 0;
        magnitude = 0;
        terms = 0;
        int size = one.size();
        switch (one.operation()) {
            case CONV -> {
                term(bias[c]);
                for (int i = 0; i < one.in(); i++) {
                    window(((c * one.in()) + i) * size * size, i, y, x);
                }
                if (columnTile == 4 && rowTile == 4) {
                    winogradBound(c, y, x);
                } else if (columnTile == 4) {
                    winogradRowBound(c, y, x);
                }
                activate(c);
            }
            case DEPTHWISE_CONV -> {
                term(bias[c]);
                window(c * 9, c, y, x);
                activate(c);
            }
            case ADD -> {
                term(in.get(c, y, x));
                term(other.get(c, y, x));
            }
            case ACTIVATION -> {
                term(in.get(c, y, x));
                activate(c);
            }
            case PIXEL_SHUFFLE -> exactly(in.get(c * size * size + y % size * size + x % size, y / size, x / size));
            case RESIZE -> resize(c, y, x);
            case CONV_WEIGHT_GRADIENT -> throw new IllegalStateException();
        }
    }

    private void window(int from, int i, int y, int x) {
        int size = one.size();
        for (int ky = 0; ky < size; ky++) {
            for (int kx = 0; kx < size; kx++) {
                term((double) weights[from + ky * size + kx] * pixel(in, i, y + ky - size / 2, x + kx - size / 2));
            }
        }
    }

    /// Absolute values of the matrices of F(4, 3): outputs are `A ((G w G') * (B d B')) A'`.
    private static final double[][] A = {{1, 1, 1, 1, 1, 0}, {0, 1, 1, 2, 2, 0}, {0, 1, 1, 4, 4, 0}, {0, 1, 1, 8, 8, 1}};
    private static final double[][] B = {
        {4, 0, 5, 0, 1, 0}, {0, 4, 4, 1, 1, 0}, {0, 4, 4, 1, 1, 0}, {0, 2, 1, 2, 1, 0}, {0, 2, 1, 2, 1, 0}, {0, 4, 0, 5, 0, 1}
    };
    private static final double[][] G = {
        {1 / 4.0, 0, 0}, {1 / 6.0, 1 / 6.0, 1 / 6.0}, {1 / 6.0, 1 / 6.0, 1 / 6.0},
        {1 / 24.0, 1 / 12.0, 1 / 6.0}, {1 / 24.0, 1 / 12.0, 1 / 6.0}, {0, 0, 1}
    };

    private int across() {
        return (one.width() + 3) / 4;
    }

    private int tiles() {
        return across() * ((one.rowEnd() - one.rowBegin() + 3) / 4);
    }

    private void transform() {
        transformedWeights = new double[one.out() * one.in() * 36];
        for (int i = 0; i < transformedWeights.length; i++) {
            for (int j = 0; j < 9; j++) {
                transformedWeights[i] += G[i % 36 / 6][j / 3] * G[i % 6][j % 3] * Math.abs(weights[i / 36 * 9 + j]);
            }
        }
        int tiles = tiles();
        transformedInputs = new double[one.in() * tiles * 36];
        for (int i = 0; i < transformedInputs.length; i++) {
            int tile = i / 36 % tiles;
            int top = one.rowBegin() + tile / across() * 4 - 1;
            for (int j = 0; j < 36; j++) {
                double factor = B[i % 36 / 6][j / 6] * B[i % 6][j % 6];
                // Rows that no row of the output looks at count as the last that one does.
                transformedInputs[i] += factor == 0 ? 0 : factor * Math.abs(pixel(in, i / 36 / tiles,
                        Math.min(top + j / 6, one.rowEnd()), tile % across() * 4 - 1 + j % 6));
            }
        }
    }

    /// Replaces the magnitude by that of the transformed terms, and the number of terms by that of the roundings that one
    /// goes through: the same bound as for a plain sum, for the nested sums (Barabasz et al. 2020, "Error Analysis and
    /// Improving the Accuracy of Winograd Convolution for Deep Neural Networks"). 4 in `B d B'`, 1 in `G w G'`, which is
    /// made in double, 1 per channel, 6 in `A m A'`, 1 for the bias.
    private void winogradBound(int c, int y, int x) {
        magnitude = Math.abs(bias[c]);
        terms = one.in() + 12;
        int tiles = tiles();
        int row = y - one.rowBegin();
        int tile = row / 4 * across() + x / 4;
        for (int i = 0; i < one.in(); i++) {
            for (int k = 0; k < 36; k++) {
                magnitude += A[row % 4][k / 6] * A[x % 4][k % 6] * transformedWeights[(c * one.in() + i) * 36 + k]
                        * transformedInputs[(i * tiles + tile) * 36 + k];
            }
        }
    }

    /// The same for F(4, 3) along rows: 2 roundings in `B d`, 1 in `G w`, 3 per channel, 4 in `A`, 1 for the bias.
    private void winogradRowBound(int c, int y, int x) {
        magnitude = Math.abs(bias[c]);
        terms = 3 * one.in() + 8;
        for (int i = 0; i < one.in(); i++) {
            for (int ky = 0; ky < 3; ky++) {
                for (int k = 0; k < 6; k++) {
                    double u = 0;
                    for (int j = 0; j < 3; j++) {
                        u += G[k][j] * Math.abs(weights[((c * one.in() + i) * 3 + ky) * 3 + j]);
                    }
                    double v = 0;
                    for (int j = 0; j < 6; j++) {
                        v += B[k][j] * Math.abs(pixel(in, i, y + ky - 1, x / 4 * 4 - 1 + j));
                    }
                    magnitude += A[x % 4][k] * u * v;
                }
            }
        }
    }

    private void activate(int c) {
        if (slopes != null && value < 0) {
            value *= slopes[c];
            terms++;
        }
        // A sum near zero may fall on either side, so the error may pass with slope 1 or with the slope.
        magnitude *= Math.max(1, slopes == null ? 1 : Math.abs(slopes[c]));
    }

    /// The interpolating function itself, evaluated at every pixel it reaches, mirrored at the edges.
    private void resize(int c, int y, int x) {
        double centreY = (y + 0.5) / one.size() - 0.5;
        double centreX = (x + 0.5) / one.size() - 0.5;
        for (int j = (int) Math.floor(centreY) - 2; j <= centreY + 3; j++) {
            for (int i = (int) Math.floor(centreX) - 2; i <= centreX + 3; i++) {
                double weight = kernel(centreY - j) * kernel(centreX - i);
                if (weight != 0) {
                    term(weight * in.get(c, mirror(j, one.height()), mirror(i, one.width())));
                    // Weights are rounded to float too.
                    terms += 2;
                }
            }
        }
    }

    private double kernel(double signed) {
        double d = Math.abs(signed);
        if (one.interpolation() == Interpolation.NEAREST) {
            return d < 0.5 ? 1 : 0;
        }
        if (one.interpolation() == Interpolation.BILINEAR) {
            return Math.max(0, 1 - d);
        }
        if (d <= 1) {
            return 1.5 * d * d * d - 2.5 * d * d + 1;
        }
        return d < 2 ? -0.5 * d * d * d + 2.5 * d * d - 4 * d + 2 : 0;
    }

    private static int mirror(int i, int length) {
        int at = i;
        while (at < 0 || at >= length) {
            at = at < 0 ? -1 - at : 2 * length - 1 - at;
        }
        return at;
    }

    void gradientAt(int index, float start) {
        int size = one.size();
        int kx = index % size;
        int ky = index / size % size;
        int i = index / (size * size) % one.in();
        int o = index / (size * size * one.in());
        term(start);
        for (int y = 0; y < one.height(); y++) {
            for (int x = 0; x < one.width(); x++) {
                term((double) other.get(o, y, x) * pixel(in, i, y + ky - size / 2, x + kx - size / 2));
            }
        }
        if (columnTile == 4 && in.layout() == Layout.BLOCKED16) {
            winogradGradientBound(i, o, ky, kx, start);
        }
    }

    /// The bound of [#winogradRowBound] for `G' [(A' g) * (B d)]`: 2 roundings each in `A' g` and `B d`, 1 per tile and row, 5 in
    /// `G'` with its rounded numbers, 1 for what was there before.
    private void winogradGradientBound(int i, int o, int ky, int kx, float start) {
        int tiles = (one.width() + 3) / 4;
        magnitude = Math.abs(start);
        terms = tiles * one.height() + 10;
        for (int y = 0; y < one.height(); y++) {
            for (int x = 0; x < 4 * tiles; x += 4) {
                for (int k = 0; k < 6; k++) {
                    double g = 0;
                    for (int j = 0; j < 4; j++) {
                        g += A[j][k] * Math.abs(pixel(other, o, y, x + j));
                    }
                    double v = 0;
                    for (int j = 0; j < 6; j++) {
                        v += B[k][j] * Math.abs(pixel(in, i, y + ky - 1, x - 1 + j));
                    }
                    magnitude += G[k][kx] * g * v;
                }
            }
        }
    }

    void biasGradientAt(int o, float start) {
        term(start);
        for (int y = 0; y < one.height(); y++) {
            for (int x = 0; x < one.width(); x++) {
                term(other.get(o, y, x));
            }
        }
    }
}
