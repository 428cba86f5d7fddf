package io.github.fovea.resample;

import io.github.fovea.graph.Interpolation;

/// The function that weighs source samples by their distance.
public enum ResampleKernel {
    /// The nearest sample; of two equally near ones the right (lower) one. Never antialiased, as in MATLAB.
    NEAREST(0.5) {
        @Override
        public double weight(double x) {
            return -0.5 <= x && x < 0.5 ? 1 : 0;
        }
    },
    /// Triangle.
    BILINEAR(1) {
        @Override
        public double weight(double x) {
            return Math.max(0, 1 - Math.abs(x));
        }
    },
    /// Keys cubic with a = -0.5: MATLAB's `bicubic`, Catmull-Rom. The kernel of the published protocol.
    BICUBIC(2) {
        @Override
        public double weight(double x) {
            return Interpolation.keys(x, -0.5);
        }
    },
    /// Keys cubic with a = -0.75, as OpenCV and PyTorch take it.
    BICUBIC_SHARP(2) {
        @Override
        public double weight(double x) {
            return Interpolation.keys(x, -0.75);
        }
    },
    /// Sinc windowed by the main lobe of a sinc three times as wide.
    LANCZOS3(3) {
        @Override
        public double weight(double x) {
            return Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0;
        }
    };

    private final double radius;

    ResampleKernel(double radius) {
        this.radius = radius;
    }

    /// {@return the distance in samples from which on the weight is zero}
    public double radius() {
        return radius;
    }

    /// {@return the weight of a sample, not yet normalised}
    ///
    /// @param x position of the output sample minus position of the source sample, in source samples
    public abstract double weight(double x);

    private static double sinc(double x) {
        if (x == 0) {
            return 1;
        }
        // An integer's sine would come out as 1e-16 instead of 0 and cost taps.
        return x == Math.rint(x) ? 0 : Math.sin(Math.PI * x) / (Math.PI * x);
    }
}
