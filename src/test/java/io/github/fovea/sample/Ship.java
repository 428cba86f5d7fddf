package io.github.fovea.sample;

import java.awt.geom.Path2D;

/// What floats in the harbour: a three-masted ship with her rigging, and small boats.
final class Ship {
    private static final int ROPE = 0x3B2A20;
    private static final int SPAR = 0x7A4A28;

    private Ship() {
    }

    /// Paints the tall ship.
    ///
    /// @param canvas the scene
    static void tallShip(Canvas canvas) {
        Canvas c = canvas.at(360, 628, 1, 0);
        spritsails(c);
        // Before the masts: stays pass behind the sails
        double[][] stays = {
            {-92, -420, -268, -118}, {-92, -330, -222, -98}, {-92, -250, -190, -88},
            {6, -440, -92, -330}, {6, -350, -92, -250}, {6, -250, -92, -90},
            {96, -380, 6, -330}, {96, -300, 6, -200}, {96, -378, 172, -76}};
        for (double[] s : stays) {
            c.rope(s[0], s[1], s[2], s[3], 3, 0.9, ROPE);
        }
        mast(c, 96, -52, 365, 0.82, 3);
        mast(c, 6, -50, 440, 1, 4);
        mast(c, -92, -56, 405, 0.92, 4);
        Path2D gaff = Canvas.polygon(100, -78, 104, -205, 168, -238, 186, -86);
        c.fill(gaff, (x, y) -> sailcloth(x - 100, y, 90, 15));
        c.line(97, -200, 172, -241, 2.4, SPAR);
        c.line(97, -74, 192, -86, 2.6, SPAR);
        hull(c);
        flags(c);
    }

    private static int sailcloth(double u, double y, double width, double pitch) {
        double seam = Math.abs(u / pitch - Math.rint(u / pitch)) * pitch;
        double fold = Noise.fractal(u * 0.03, y * 0.012, 3, 131) - 0.5;
        double weave = Noise.fractal(u * 0.9, y * 0.9, 2, 137) - 0.5;
        double light = 1.02 - 0.32 * Math.abs(u / width - 0.3) + 0.5 * fold + 0.07 * weave - (seam < 0.45 ? 0.13 : 0);
        return Texture.scale(0xF6DDB2, light);
    }

    private static void spritsails(Canvas c) {
        c.line(-150, -68, -272, -122, 4.5, SPAR);
        c.line(-150, -70, -272, -123, 1, 0xC98E58);
        c.rope(-262, -116, -166, -14, 2, 0.9, ROPE);
        Path2D[] jibs = {
            Canvas.polygon(-264, -124, -112, -372, -150, -150), Canvas.polygon(-228, -108, -106, -300, -134, -116)};
        for (Path2D jib : jibs) {
            c.fill(jib, (x, y) -> sailcloth(x + 270 + 0.35 * y, y, 190, 13));
            c.draw(jib, 0.8, 0xA07F58);
        }
    }

    private static void mast(Canvas c, double x, double deck, double height, double size, int yards) {
        double top = -height;
        c.fill(Canvas.polygon(x - 3.4, deck, x - 1.1, top - 18, x + 1.1, top - 18, x + 3.4, deck),
                (px, py) -> Texture.scale(SPAR, 1.25 - 0.13 * (px - x + 3) + 0.3 * (Noise.fractal(px, py * 0.1, 2,
                        139) - 0.5)));
        // Shrouds and ratlines of two storeys, on both sides
        for (int side = -1; side <= 1; side += 2) {
            double foot = x + side * 33 * size;
            double crow = deck + 0.52 * (top - deck);
            for (int i = 0; i < 5; i++) {
                c.line(foot - side * 6 * i, deck + 8, x + side * (2 + 0.5 * (4 - i)), crow, 0.85, ROPE);
            }
            for (int k = 1; k < 24; k++) {
                double t = k / 24.0;
                double y = deck + 8 + (crow - deck - 8) * t;
                c.line(foot + (x + side * 4 - foot) * t, y, foot - side * 24 + (x + side * 2 - foot + side * 24) * t,
                        y, 0.55, ROPE);
            }
            for (int i = 0; i < 3; i++) {
                c.line(x + side * (11 - 3 * i), crow, x + side, top + 40, 0.7, ROPE);
            }
            for (int k = 1; k < 14; k++) {
                double t = k / 14.0;
                double y = crow + (top + 40 - crow) * t;
                c.line(x + side * (11 - 10 * t), y, x + side * (5 - 4 * t), y, 0.5, ROPE);
            }
        }
        double crow = deck + 0.52 * (top - deck);
        c.fill(Canvas.polygon(x - 13, crow - 3, x + 13, crow - 3, x + 9, crow + 3, x - 9, crow + 3),
                Texture.boards(0x6B4226, 2, 149));
        for (int i = 0; i < yards; i++) {
            double t = (i + 0.62) / yards;
            double y = deck + (top - deck) * (0.24 + 0.72 * t);
            double half = size * (72 - 46 * t);
            boolean set = i == 1 || i == 2 && yards == 4;
            if (set) {
                squareSail(c, x, y, half, size * 60 * (1 - 0.28 * t) * 1.1, i);
            } else {
                furledSail(c, x, y, half, i);
            }
            c.fill(Canvas.polygon(x - half - 3, y - 0.6, x, y - 2.2, x + half + 3, y - 0.6, x + half + 3, y + 0.6, x,
                    y + 2,
                    x - half - 3, y + 0.6), SPAR);
            c.line(x - half, y - 1, x + half, y - 1.4, 0.6, 0xD29A62);
            double lift = y - half * 0.55;
            c.rope(x - half, y, x, lift, 1, 0.6, ROPE);
            c.rope(x + half, y, x, lift, 1, 0.6, ROPE);
            c.rope(x + half, y, x + half * 0.4 + 70 * size, deck + 4, 5, 0.5, ROPE);
        }
    }

    private static void squareSail(Canvas c, double x, double y, double half, double drop, int index) {
        Path2D sail = new Path2D.Double();
        double foot = half * 1.16;
        sail.moveTo(x - half + 3, y + 1);
        sail.lineTo(x + half - 3, y + 1);
        sail.quadTo(x + foot - 1, y + 0.55 * drop, x + foot, y + drop);
        sail.quadTo(x, y + drop * 0.72, x - foot, y + drop);
        sail.quadTo(x - foot + 1, y + 0.55 * drop, x - half + 3, y + 1);
        sail.closePath();
        c.fill(sail, (px, py) -> {
            double v = (py - y) / drop;
            return Texture.scale(sailcloth(px - x + half, py + 90 * index, 2 * half, 11.5), 1.07 - 0.28 * v * v);
        });
        c.draw(sail, 0.9, 0x8F6E4B);
        Path2D band = new Path2D.Double();
        band.moveTo(x - half + 1, y + 0.3 * drop);
        band.quadTo(x, y + 0.23 * drop, x + half - 1, y + 0.3 * drop);
        c.draw(band, 0.6, 0xB08F66);
        for (double p = -half + 5; p < half - 3; p += 5.7) {
            c.line(x + p, y + 0.27 * drop, x + p + 0.6, y + 0.27 * drop + 5, 0.5, 0xA98860);
        }
    }

    private static void furledSail(Canvas c, double x, double y, double half, int index) {
        for (int k = 0; k < 9; k++) {
            double left = x - half + 2 + k * (2 * half - 4) / 9;
            double width = (2 * half - 4) / 9;
            double sag = 5 + 2.5 * Noise.hash(k, index, 151);
            Path2D bundle = new Path2D.Double();
            bundle.moveTo(left, y);
            bundle.curveTo(left + 1, y + sag * 1.25, left + width - 1, y + sag * 1.25, left + width, y);
            bundle.closePath();
            c.fill(bundle, (px, py) -> Texture.scale(0xEED0A0,
                    1.06 - 0.06 * (py - y) + 0.5 * (Noise.fractal(px * 0.3, py * 0.9, 3, 157) - 0.5)));
            c.line(left, y, left, y + 3.4, 0.8, 0x6E5236);
        }
    }

    private static void hull(Canvas c) {
        Path2D hull = new Path2D.Double();
        hull.moveTo(-176, -66);
        hull.curveTo(-120, -44, 60, -40, 178, -72);
        hull.curveTo(184, -50, 172, -20, 158, 0);
        hull.lineTo(-140, 0);
        hull.curveTo(-158, -18, -166, -44, -176, -66);
        hull.closePath();
        Texture planks = Texture.boards(0x6A3D22, 4.6, 163);
        c.fill(hull, (x, y) -> {
            double sheer = -47 - 26 * Math.pow(x / 178, 2);
            double down = y - sheer;
            double light = 1.12 - 0.4 * (x + 170) / 350 - 0.004 * Math.max(0, down - 20);
            if (down > 14 && down < 25) {
                return Texture.scale(0xF0D9AE, light * (0.9 + 0.2 * Noise.fractal(x * 0.2, y, 3, 167)));
            }
            if (y > -8) {
                return Texture.scale(0x8A3323, light * (0.8 + 0.5 * Noise.fractal(x * 0.3, y * 0.6, 4, 173)));
            }
            return Texture.scale(planks.at(x, down), light * 1.05);
        });
        for (int i = 0; i < 13; i++) {
            double x = -128 + 21 * i;
            double y = -47 - 26 * Math.pow(x / 178, 2) + 15.5;
            c.fill(Canvas.box(x, y, 8, 7.4), 0x2A1A12);
            c.line(x - 0.5, y - 0.6, x + 8.5, y - 0.6, 1.1, 0xA8412C);
            c.fill(Canvas.disc(x + 3.6, y + 4.2, 2), 0x0F0D0C);
        }
        Path2D rail = new Path2D.Double();
        rail.moveTo(-176, -74);
        rail.curveTo(-120, -52, 60, -48, 180, -80);
        c.draw(rail, 1.8, 0xD9A566);
        for (int i = 0; i <= 58; i++) {
            double t = i / 58.0;
            double s = 1 - t;
            double x = -176 * s * s * s - 360 * s * s * t + 180 * s * t * t + 179 * t * t * t;
            double y = -66 * s * s * s - 132 * s * s * t - 120 * s * t * t - 72 * t * t * t;
            c.line(x, y, x, y - 8, 0.9, 0x8A5A34);
        }
        Lettering.write(c, "FOVEA", -108, -30, 9, 1.5, 0xF4D27A);
        for (int i = 0; i < 3; i++) {
            c.fill(Canvas.box(148 + 9 * i, -64 - i, 6, 8), 0xFFD982);
            c.draw(Canvas.box(148 + 9 * i, -64 - i, 6, 8), 0.9, 0x3A2416);
        }
        c.rope(-170, -58, -205, 4, 8, 1.1, 0xC9A878);
    }

    private static void flags(Canvas c) {
        int[] paints = {0xC8352B, 0xF2E7CF, 0x2B5D8C, 0xE8B33A};
        double[][] tops = {{96, -384}, {6, -459}, {-92, -424}};
        for (int i = 0; i < tops.length; i++) {
            double x = tops[i][0];
            double y = tops[i][1];
            for (int k = 0; k < 3; k++) {
                Path2D stripe = new Path2D.Double();
                double h = 4.2;
                stripe.moveTo(x, y + h * k);
                stripe.curveTo(x + 10, y + h * k - 5, x + 18, y + h * k + 5, x + 30, y + h * k - 1);
                stripe.lineTo(x + 30, y + h * (k + 1) - 1);
                stripe.curveTo(x + 18, y + h * (k + 1) + 5, x + 10, y + h * (k + 1) - 5, x, y + h * (k + 1));
                stripe.closePath();
                c.fill(stripe, paints[(k + i) % paints.length]);
            }
        }
        for (int i = 0; i < 30; i++) {
            double t = (i + 0.5) / 30;
            double x = 6 + 166 * t;
            double y = -440 + 364 * t + 34 * t * (1 - t) * 2;
            c.fill(Canvas.polygon(x - 2, y - 3.5, x + 3.4, y + 8.5, x - 4.4, y + 6.5), paints[i % paints.length]);
        }
        c.rope(6, -440, 172, -76, 17, 0.7, ROPE);
    }

    /// Paints two small boats.
    ///
    /// @param canvas the scene
    static void boats(Canvas canvas) {
        boat(canvas.at(705, 672, 1, 0), 0x2E6F7A, true);
    }

    private static void boat(Canvas c, int color, boolean masted) {
        Path2D hull = new Path2D.Double();
        hull.moveTo(-74, -27);
        hull.curveTo(-30, -15, 30, -15, 70, -22);
        hull.lineTo(62, 0);
        hull.lineTo(-54, 0);
        hull.quadTo(-66, -10, -74, -27);
        hull.closePath();
        c.fill(Canvas.box(-6, -50, 40, 36), Texture.boards(0xF3E6CC, 4, 181).shaded(-6, 40, 0.72));
        c.fill(Canvas.polygon(-11, -50, -8, -55, 37, -55, 40, -50), 0x9B3A2A);
        for (int i = 0; i < 3; i++) {
            c.fill(Canvas.box(-2 + 12 * i, -45, 9, 10), 0x2D3E4A);
            c.fill(Canvas.polygon(-2 + 12 * i, -45, 4 + 12 * i, -45, -2 + 12 * i, -37), 0xA9BCC0);
            c.draw(Canvas.box(-2 + 12 * i, -45, 9, 10), 1, 0x7A4A28);
        }
        if (masted) {
            c.line(-26, -18, -26, -112, 2.2, SPAR);
            c.line(-26, -40, 60, -72, 1.6, SPAR);
            c.line(-26, -110, -72, -27, 0.8, ROPE);
            c.line(-26, -110, 66, -23, 0.8, ROPE);
            c.line(-26, -110, 58, -71, 0.7, ROPE);
            c.line(-26, -95, 10, -55, 0.7, ROPE);
        }
        Texture planks = Texture.boards(color, 5, 191);
        c.fill(hull, (x, y) -> y < -19 + 0.0012 * x * x * -1 ? 0xF0E2C2
                : Texture.scale(planks.at(x, y + 0.0016 * x * x), 1.2 - 0.4 * (x + 74) / 144));
        Path2D rail = new Path2D.Double();
        rail.moveTo(-74, -27);
        rail.curveTo(-30, -15, 30, -15, 70, -22);
        c.draw(rail, 2, 0xE2B272);
        Lettering.write(c, "MARIE", 6, -13, 7, 1.2, 0xFFF3D0);
        // A net hung over the stern
        for (int i = 0; i < 9; i++) {
            c.rope(38 + 3 * i, -21, 42 + 3 * i, -4, 1, 0.45, 0xE8C98A);
            c.rope(38 + 3 * i, -4, 42 + 3 * i, -21, 1, 0.45, 0xE8C98A);
        }
        for (int i = 0; i < 2; i++) {
            c.fill(Canvas.disc(-52 + 11 * i, -9, 4.2), 0x2A2522);
            c.fill(Canvas.disc(-52 + 11 * i, -9, 1.7), Texture.scale(color, 0.8));
        }
    }
}
