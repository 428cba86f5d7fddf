package io.github.fovea.sample;

/// Value noise: the same number for the same place and seed on every machine.
final class Noise {
    private Noise() {
    }

    /// {@return a number from 0 to 1 that looks random}
    ///
    /// @param x    abscissa of the lattice point
    /// @param y    ordinate of the lattice point
    /// @param seed which field of numbers
    static double hash(int x, int y, int seed) {
        int h = x * 0x27D4EB2D ^ Integer.rotateLeft(y * 0x165667B1, 13) ^ seed * 0x9E3779B1;
        h = (h ^ h >>> 15) * 0x85EBCA77;
        h = (h ^ h >>> 13) * 0xC2B2AE3D;
        return ((h ^ h >>> 16) >>> 8) * 0x1p-24;
    }

    /// {@return smoothly interpolated lattice noise, 0 to 1}
    ///
    /// @param x    abscissa, the lattice has step 1
    /// @param y    ordinate, the lattice has step 1
    /// @param seed which field of numbers
    static double value(double x, double y, int seed) {
        double floorX = Math.floor(x);
        double floorY = Math.floor(y);
        int ix = (int) floorX;
        int iy = (int) floorY;
        double fx = x - floorX;
        double fy = y - floorY;
        double wx = fx * fx * (3 - 2 * fx);
        double wy = fy * fy * (3 - 2 * fy);
        double top = hash(ix, iy, seed) * (1 - wx) + hash(ix + 1, iy, seed) * wx;
        double bottom = hash(ix, iy + 1, seed) * (1 - wx) + hash(ix + 1, iy + 1, seed) * wx;
        return top * (1 - wy) + bottom * wy;
    }

    /// {@return octaves of [#value], each of double frequency and half weight, 0 to 1}
    ///
    /// @param x       abscissa, the coarsest lattice has step 1
    /// @param y       ordinate, the coarsest lattice has step 1
    /// @param octaves how many, 1 or more
    /// @param seed    which field of numbers
    static double fractal(double x, double y, int octaves, int seed) {
        double sum = 0;
        double weight = 0.5;
        double total = 0;
        double frequency = 1;
        for (int i = 0; i < octaves; i++) {
            sum += weight * value(x * frequency + 19.7 * i, y * frequency - 7.3 * i, seed + 101 * i);
            total += weight;
            weight *= 0.5;
            frequency *= 2.03;
        }
        return sum / total;
    }
}
