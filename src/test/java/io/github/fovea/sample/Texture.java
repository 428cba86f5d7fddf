package io.github.fovea.sample;

/// A colour for every point of the plane; what a shape is filled with.
@FunctionalInterface
interface Texture {
    /// {@return the colour at a point, 0xRRGGBB}
    ///
    /// @param x abscissa in the units of the shape that is filled
    /// @param y ordinate in the units of the shape that is filled, downwards
    int at(double x, double y);

    /// {@return a colour between two others}
    ///
    /// @param a the colour at t = 0, 0xRRGGBB
    /// @param b the colour at t = 1, 0xRRGGBB
    /// @param t the place between them; less than 0 counts as 0, more than 1 as 1
    static int mix(int a, int b, double t) {
        double k = Math.clamp(t, 0.0, 1.0);
        int red = (int) Math.round((a >> 16 & 255) * (1 - k) + (b >> 16 & 255) * k);
        int green = (int) Math.round((a >> 8 & 255) * (1 - k) + (b >> 8 & 255) * k);
        int blue = (int) Math.round((a & 255) * (1 - k) + (b & 255) * k);
        return red << 16 | green << 8 | blue;
    }

    /// {@return a colour made brighter or darker, each channel clipped to 0 to 255}
    ///
    /// @param color the colour, 0xRRGGBB
    /// @param factor what each channel is multiplied with; less than 0 counts as 0
    static int scale(int color, double factor) {
        double k = Math.max(0, factor);
        int red = (int) Math.min(255, (color >> 16 & 255) * k);
        int green = (int) Math.min(255, (color >> 8 & 255) * k);
        int blue = (int) Math.min(255, (color & 255) * k);
        return red << 16 | green << 8 | blue;
    }

    /// {@return this texture, darker towards the right}
    ///
    /// @param left  where the fall begins
    /// @param right where it ends
    /// @param dark  the factor at the right end, 0 to 1
    default Texture shaded(double left, double right, double dark) {
        return (x, y) -> scale(at(x, y), 1 - (1 - dark) * Math.clamp((x - left) / (right - left), 0.0, 1.0));
    }

    /// {@return a wall of bricks}
    ///
    /// @param color  the mean colour of the bricks, 0xRRGGBB
    /// @param mortar the colour of the joints, 0xRRGGBB
    /// @param width  the length of a brick with its joint
    /// @param height the height of a brick with its joint
    /// @param seed   what makes this wall differ from others
    static Texture bricks(int color, int mortar, double width, double height, int seed) {
        return (x, y) -> {
            int row = (int) Math.floor(y / height);
            double u = x / width + (row & 1) * 0.5 + 0.13 * Noise.hash(row, 7, seed);
            int column = (int) Math.floor(u);
            double joint = Math.min((u - column) * width, y - row * height);
            if (joint < 0.16 * height) {
                return scale(mortar, 0.9 + 0.2 * Noise.fractal(x * 0.4, y * 0.4, 2, seed));
            }
            double tone = 0.78 + 0.36 * Noise.hash(column, row, seed) + 0.24 * (Noise.fractal(x * 0.5, y * 0.5, 3,
                    seed) - 0.5);
            double edge = y - row * height > 0.85 * height ? 0.85 : 1;
            return scale(color, tone * edge);
        };
    }

    /// {@return rows of round tiles, each row casting a shadow on the next}
    ///
    /// @param color  the mean colour of the tiles, 0xRRGGBB
    /// @param width  the width of a tile
    /// @param height the visible height of a tile
    /// @param seed   what makes this roof differ from others
    static Texture tiles(int color, double width, double height, int seed) {
        return (x, y) -> {
            int row = (int) Math.floor(y / height);
            double u = x / width + (row & 1) * 0.5;
            double across = u - Math.floor(u) - 0.5;
            double rim = 1 - 1.6 * across * across;
            double down = y / height - row;
            int tileRow = row;
            if (down > rim) {
                tileRow = row + 1;
                u = x / width + (tileRow & 1) * 0.5;
                across = u - Math.floor(u) - 0.5;
            }
            double shadow = down > rim ? 0.62 : 0.86 + 0.3 * down;
            double round = 1 - 0.5 * (across + 0.18) * (across + 0.18) * 4 * 0.5;
            double tone = 0.8 + 0.34 * Noise.hash((int) Math.floor(u), tileRow, seed)
                    + 0.3 * (Noise.fractal(x * 0.09, y * 0.09, 4, seed) - 0.5);
            return scale(color, tone * shadow * round);
        };
    }

    /// {@return hewn stones in courses of uneven lengths, with moss in the joints}
    ///
    /// @param color  the mean colour of the stones, 0xRRGGBB
    /// @param width  the mean length of a stone
    /// @param height the height of a course
    /// @param seed   what makes this wall differ from others
    static Texture stones(int color, double width, double height, int seed) {
        return (x, y) -> {
            double wy = y + 0.12 * height * (Noise.value(x / width, y / height, seed) - 0.5);
            int row = (int) Math.floor(wy / height);
            double u = x / width + Noise.hash(row, 3, seed) + 0.35 * Math.sin(x / width * 1.9 + row * 1.7);
            int column = (int) Math.floor(u);
            double fx = Math.min(u - column, column + 1 - u) * width;
            double fy = Math.min(wy - row * height, (row + 1) * height - wy);
            double joint = Math.min(fx, fy) / height;
            double grain = Noise.fractal(x * 0.35, y * 0.35, 4, seed) - 0.5;
            if (joint < 0.07) {
                return mix(scale(color, 0.42 + 0.3 * grain), 0x4A5230, 0.35);
            }
            double tone = 0.74 + 0.4 * Noise.hash(column, row, seed) + 0.75 * grain;
            tone *= joint < 0.16 ? (wy - row * height < 0.5 * height ? 1.13 : 0.8) : 1;
            return scale(color, tone);
        };
    }

    /// {@return boards with grain, along x}
    ///
    /// @param color  the mean colour of the wood, 0xRRGGBB
    /// @param height the height of a board
    /// @param seed   what makes this wood differ from other wood
    static Texture boards(int color, double height, int seed) {
        return (x, y) -> {
            int row = (int) Math.floor(y / height);
            double down = y / height - row;
            double grain = Noise.fractal(x * 0.035 + row * 17, y * 1.1, 4, seed) - 0.5;
            double ring = Math.sin(26 * Noise.fractal(x * 0.012 + row * 31, y * 0.22, 2, seed));
            double gap = down < 0.09 ? 0.4 : down > 0.92 ? 0.78 : 1;
            return scale(color, (0.84 + 0.26 * Noise.hash(row, 5, seed) + 0.7 * grain + 0.07 * ring) * gap);
        };
    }

    /// {@return plaster with stains and runs}
    ///
    /// @param color the mean colour, 0xRRGGBB
    /// @param seed  what makes this wall differ from others
    static Texture plaster(int color, int seed) {
        return (x, y) -> {
            double stain = Noise.fractal(x * 0.06, y * 0.025, 4, seed) - 0.5;
            double grain = Noise.fractal(x * 0.7, y * 0.7, 2, seed + 1) - 0.5;
            return scale(color, 0.98 + 0.32 * stain + 0.13 * grain);
        };
    }
}
