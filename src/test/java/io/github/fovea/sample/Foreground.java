package io.github.fovea.sample;

import java.awt.geom.Path2D;
import java.util.SplittableRandom;

/// What is nearest: a grassy bank with a tree on the left, a jetty with a gull on the right.
final class Foreground {
    private Foreground() {
    }

    /// Paints the foreground.
    ///
    /// @param canvas the scene
    static void paint(Canvas canvas) {
        jetty(canvas);
        gull(canvas.at(1064, 664, 0.86, 0));
        tree(canvas.at(4, 214, 0.68, 0));
        bank(canvas);
    }

    private static double bankTop(double x) {
        return 700 + 108 * Math.pow(Math.max(0, x) / 400, 1.7) + 16 * (Noise.fractal(x * 0.02, 5, 4, 501) - 0.5);
    }

    private static void bank(Canvas c) {
        Path2D soil = new Path2D.Double();
        soil.moveTo(-5, 805);
        for (double x = -5; x <= 400; x += 2) {
            soil.lineTo(x, bankTop(x));
        }
        soil.lineTo(400, 805);
        soil.closePath();
        c.fill(soil, (x, y) -> Texture.scale(0x4A4A24, 0.7 + 0.7 * Noise.fractal(x * 0.1, y * 0.14, 5, 503)));
        SplittableRandom random = new SplittableRandom(505);
        for (int i = 0; i < 5200; i++) {
            double t = i / 5200.0;
            double x = -8 + 405 * random.nextDouble();
            double y = bankTop(x) + (808 - bankTop(x)) * t;
            double length = (10 + 20 * random.nextDouble()) * (0.7 + 0.5 * t);
            double bend = length * (0.75 * random.nextDouble() - 0.22);
            double light = 0.55 + 0.55 * random.nextDouble() - 0.25 * t + 0.35 * (1 - t) * (x / 400);
            int color = Texture.mix(0x5C7A2A, 0xD8BE54, 0.75 * random.nextDouble() * (1.1 - t));
            Path2D blade = new Path2D.Double();
            double half = 0.55 + 0.5 * random.nextDouble();
            blade.moveTo(x - half, y);
            blade.quadTo(x - half * 0.6, y - 0.6 * length, x + bend, y - length);
            blade.quadTo(x + half * 0.9, y - 0.5 * length, x + half, y);
            c.fill(blade, Texture.scale(color, light));
        }
        for (int i = 0; i < 70; i++) {
            double x = 4 + 370 * Math.sqrt(random.nextDouble());
            double y = bankTop(x) + (800 - bankTop(x)) * random.nextDouble();
            double h = 16 + 22 * random.nextDouble();
            double lean = 8 * random.nextDouble() - 3;
            c.rope(x, y, x + lean, y - h, 0, 0.8, 0x55702A);
            flower(c, x + lean, y - h, 2.2 + 1.6 * random.nextDouble(), random);
        }
    }

    private static void flower(Canvas c, double x, double y, double radius, SplittableRandom random) {
        int[] petals = {0xFFF6E6, 0xE8523F, 0xF7C948, 0xB58AC8, 0xFFF6E6};
        int paint = petals[random.nextInt(petals.length)];
        double turn = random.nextDouble();
        int count = 8;
        for (int i = 0; i < count; i++) {
            Canvas p = c.turned(x, y, turn + 2 * Math.PI * i / count);
            p.fill(Canvas.oval(radius * 0.75, 0, radius * 0.65, radius * 0.3), Texture.scale(paint,
                    0.82 + 0.18 * (i & 1)));
        }
        c.fill(Canvas.disc(x, y, radius * 0.42), paint == 0xF7C948 ? 0x8A4A1C : 0xF2B632);
    }

    private static void tree(Canvas c) {
        SplittableRandom random = new SplittableRandom(523);
        branch(c, 26, 745, -1.5, 128, 17, 0, random);
    }

    private static void branch(Canvas c, double x, double y, double angle, double length, double width, int depth,
            SplittableRandom random) {
        double bend = 0.22 * (random.nextDouble() - 0.5);
        double midX = x + 0.5 * length * Math.cos(angle + bend);
        double midY = y + 0.5 * length * Math.sin(angle + bend);
        double endX = midX + 0.5 * length * Math.cos(angle - bend);
        double endY = midY + 0.5 * length * Math.sin(angle - bend);
        double tip = 0.7 * width;
        double nx = -Math.sin(angle);
        double ny = Math.cos(angle);
        Path2D limb = new Path2D.Double();
        limb.moveTo(x + nx * width, y + ny * width);
        limb.quadTo(midX + nx * (width + tip) / 2, midY + ny * (width + tip) / 2, endX + nx * tip, endY + ny * tip);
        limb.lineTo(endX - nx * tip, endY - ny * tip);
        limb.quadTo(midX - nx * (width + tip) / 2, midY - ny * (width + tip) / 2, x - nx * width, y - ny * width);
        limb.closePath();
        if (depth < 5) {
            c.fill(Canvas.disc(endX, endY, tip), 0x4A3626);
            c.fill(limb, (px, py) -> {
                double across = ((px - x) * nx + (py - y) * ny) / width;
                double along = (px - x) * ny - (py - y) * nx;
                double bark = Noise.fractal(across * width * 0.5 + 9, along * 0.07, 5, 541);
                double ridge = Math.abs(Noise.fractal(across * width * 0.33, along * 0.035, 3, 547) - 0.5) < 0.035
                        ? 0.5 : 1;
                return Texture.scale(0x7D5A3C, (0.35 + 0.95 * bark + 0.38 * across * Math.signum(nx)) * ridge);
            });
        } else {
            c.line(x, y, endX, endY, 2 * tip, 0x4A3626);
        }
        if (depth >= 4) {
            leaves(c, endX, endY, depth >= 6 ? 13 : 7, random);
        }
        if (depth >= 7) {
            return;
        }
        int children = depth == 0 ? 2 : 2 + (random.nextInt(5) < 2 ? 1 : 0);
        for (int i = 0; i < children; i++) {
            double spread = (i - (children - 1) / 2.0) * (0.75 + 0.3 * random.nextDouble())
                    + 0.25 * (random.nextDouble() - 0.5);
            double next = angle + spread + 0.02;
            branch(c, endX, endY, next, length * (0.7 + 0.14 * random.nextDouble()), tip * (children == 1 ? 0.95
                    : 0.74), depth + 1, random);
        }
    }

    private static void leaves(Canvas c, double x, double y, int count, SplittableRandom random) {
        for (int i = 0; i < count; i++) {
            double a = 2 * Math.PI * random.nextDouble();
            double r = 13 * Math.sqrt(random.nextDouble());
            double size = 2.6 + 2.4 * random.nextDouble();
            double tone = random.nextDouble();
            Canvas leaf = c.turned(x + r * Math.cos(a), y + r * Math.sin(a), a + random.nextDouble());
            Path2D blade = new Path2D.Double();
            blade.moveTo(-size, 0);
            blade.quadTo(0, -0.8 * size, size * 1.2, 0);
            blade.quadTo(0, 0.8 * size, -size, 0);
            int color = tone < 0.45 ? Texture.mix(0x2F4A1E, 0x55702A, tone / 0.45) : Texture.mix(0x6B7F2C, 0xE6BC4A,
                    (tone - 0.45) / 0.55);
            leaf.fill(blade, color);
            if (size > 3.4) {
                leaf.draw(Canvas.polyline(-size, 0, size, 0), 0.4, Texture.scale(color, 0.7));
            }
        }
    }

    private static void jetty(Canvas c) {
        for (int i = 0; i < 5; i++) {
            double x = 880 + 96 * i;
            double top = 746 - 17 * i;
            post(c, x, top - 10, 11, 120);
        }
        // The deck runs away to the upper right; its boards lie across it
        for (int i = 46; i >= 0; i--) {
            double t = i / 46.0;
            double u = (i + 1) / 46.0;
            double x1 = 812 + 500 * t;
            double x2 = 812 + 500 * u;
            double y1 = 752 - 84 * t;
            double y2 = 752 - 84 * u;
            double skew = 58;
            int seed = 560 + i;
            double tone = 0.84 + 0.3 * Noise.hash(i, 1, 557);
            Path2D board = Canvas.polygon(x1, y1, x2 - 1.1, y2 + 0.2, x2 - 1.1 + skew, 806, x1 + skew, 806);
            c.fill(board, (x, y) -> {
                double across = x - x1 - skew * (y - y1) / (806 - y1);
                double grain = Noise.fractal(across * 0.8, y * 0.045 + seed * 9, 4, seed) - 0.5;
                double ring = Math.sin(30 * Noise.fractal(across * 0.16, y * 0.012 + seed * 5, 2, seed));
                double edge = across < 0.9 ? 1.25 : across > 9.2 ? 0.72 : 1;
                return Texture.scale(0xB98E62, tone * edge * (0.92 + 0.75 * grain + 0.08 * ring));
            });
            c.fill(Canvas.disc(x1 + 7, y1 + 6, 0.9), 0x3A2A20);
            c.fill(Canvas.disc(x1 + 4 + skew * 0.5, y1 + 30, 0.9), 0x3A2A20);
        }
        c.draw(Canvas.polyline(812, 752, 1312, 668), 2.2, 0xE9C690);
        for (int i = 0; i < 5; i++) {
            double x = 840 + 112 * i;
            double top = 700 - 18.6 * i;
            post(c, x, top, 10, 52);
            if (i > 0) {
                twistedRope(c, x - 112, top + 30, x, top + 11);
            }
        }
        coil(c, 1208, 752);
    }

    private static void post(Canvas c, double x, double top, double radius, double height) {
        c.fill(Canvas.box(x - radius, top, 2 * radius, height), (px, py) -> {
            double across = (px - x) / radius;
            double grain = Noise.fractal(px * 0.9, py * 0.05, 5, 571) - 0.5;
            return Texture.scale(0x97704A, 1.02 - 0.45 * (across + 0.5) * (across + 0.5) + 0.95 * grain);
        });
        c.fill(Canvas.oval(x, top, radius, radius * 0.36), (px, py) -> {
            double ring = Math.sin(2.6 * Math.hypot(px - x + 1, 2.8 * (py - top)) + 2 * Noise.fractal(px * 0.3,
                    py * 0.6, 2, 577));
            return Texture.scale(0xD9AE78, 1 + 0.13 * ring);
        });
        for (int k = 0; k < 4; k++) {
            c.rope(x - radius, top + 10 + 3.2 * k, x + radius, top + 10.8 + 3.2 * k, 1.4, 2.8, k % 2 == 0
                    ? 0xE3CB98 : 0xC7A970);
        }
    }

    private static void twistedRope(Canvas c, double x1, double y1, double x2, double y2) {
        double sag = 17;
        c.rope(x1, y1, x2, y2, sag, 3.6, 0x9C7C4E);
        for (int i = 1; i < 40; i++) {
            double t = i / 40.0;
            double x = x1 + (x2 - x1) * t;
            double y = y1 + (y2 - y1) * t + 4 * sag * t * (1 - t);
            c.line(x - 1.5, y + 1.5, x + 1.1, y - 1.7, 1, 0xF0DCAE);
        }
    }

    private static void coil(Canvas c, double x, double y) {
        c.fill(Canvas.oval(x + 5, y + 5, 42, 17), 0x20140E, 0.35);
        for (int ring = 0; ring < 7; ring++) {
            double r = 40 - 4.8 * ring;
            double cy = y - 1.4 * ring;
            c.draw(Canvas.oval(x, cy, r, r * 0.38), 4.6, 0x8F7044);
            int marks = (int) (r * 2.2);
            for (int i = 0; i < marks; i++) {
                double a = 2 * Math.PI * i / marks;
                double px = x + r * Math.cos(a);
                double py = cy + 0.38 * r * Math.sin(a);
                c.line(px - 1.2, py + 1.6, px + 1.4, py - 1.6, 1, Texture.scale(0xF2DFB2,
                        0.85 + 0.15 * Math.sin(a + 2.5)));
            }
        }
    }

    /// A gull that looks left, standing on the origin.
    private static void gull(Canvas c) {
        for (int side = 0; side < 2; side++) {
            double x = -6 + 15 * side;
            c.line(x, -26, x - 1, -1, 2.6, 0xE3925A);
            c.draw(Canvas.polyline(x - 12, 0, x - 1, -3, x + 4, 0), 2, 0xE3925A);
        }
        Path2D tail = Canvas.polygon(46, -60, 104, -34, 108, -26, 40, -38);
        c.fill(tail, 0xF6EEE0);
        for (int i = 0; i < 6; i++) {
            c.line(52, -56 + 3 * i, 105, -33 + 1.2 * i, 0.5, 0xB5AC9C);
        }
        Path2D body = new Path2D.Double();
        body.moveTo(-46, -118);
        body.curveTo(-52, -96, -58, -70, -40, -44);
        body.curveTo(-20, -20, 24, -22, 52, -40);
        body.curveTo(60, -62, 20, -92, -12, -102);
        body.curveTo(-18, -108, -18, -116, -20, -122);
        body.closePath();
        c.fill(body, (x, y) -> downy(x, y, 593));
        c.fill(Canvas.oval(-34, -124, 18.5, 16), (x, y) -> downy(x, y + 60, 599));
        plumage(c, body);
        // Wing: three rows of feathers, the long ones first
        for (int i = 0; i < 9; i++) {
            feather(c, 18 + 3.4 * i, -62 + 1.7 * i, 0.34 - 0.012 * i, 82 - 3.2 * i, 7.4, i < 5 ? 0x35363C : 0x6E757E);
        }
        for (int i = 8; i >= 0; i--) {
            feather(c, -8 + 6.4 * i, -74 + 2.2 * i, 0.5 - 0.03 * i, 46, 7.6, 0x9AA3AC);
        }
        for (int row = 0; row < 4; row++) {
            for (int i = 9; i >= 0; i--) {
                feather(c, -22 + 6 * i + 2.4 * row, -64 + 2.2 * i - 8.6 * row, 0.55, 21 - 1.5 * row, 5.6, 0xAEB6BD);
            }
        }
        Path2D beak = new Path2D.Double();
        beak.moveTo(-50, -130);
        beak.quadTo(-66, -130, -79, -121);
        beak.quadTo(-81, -115, -77, -113);
        beak.quadTo(-64, -117, -49, -116);
        beak.closePath();
        c.fill(beak, (x, y) -> Texture.scale(0xF2B531, 1.1 - 0.028 * (y + 130)));
        c.draw(Canvas.polyline(-50, -121, -64, -121.5, -77, -117), 0.8, 0x8A5A1C);
        c.fill(Canvas.oval(-71, -115.5, 3.4, 2), 0xD2382B);
        c.fill(Canvas.disc(-42, -128, 3.6), 0xE6B93A);
        c.fill(Canvas.disc(-42.2, -128, 2.2), 0x14110F);
        c.fill(Canvas.disc(-43, -128.9, 0.7), 0xFFFFFF);
        c.draw(Canvas.disc(-42, -128, 3.7), 0.7, 0xC8502E);
    }

    private static int downy(double x, double y, int seed) {
        double shade = Math.clamp((y + 72 + 0.35 * x) / 60, 0.0, 1.0);
        double strand = Noise.fractal(x * 0.22 + 0.12 * y, y * 0.5 - 0.3 * x, 4, seed) - 0.5;
        return Texture.scale(Texture.mix(0xFFF3DC, 0xA9A6B4, shade), 1 + 0.2 * strand);
    }

    private static void plumage(Canvas canvas, Path2D body) {
        Canvas c = canvas.within(body);
        SplittableRandom random = new SplittableRandom(607);
        for (int i = 0; i < 620; i++) {
            double x = -56 + 100 * random.nextDouble();
            double y = -118 + 96 * random.nextDouble();
            double length = 5 + 5 * random.nextDouble();
            int tone = random.nextBoolean() ? 0xFFFFFF : 0xB8AFA6;
            c.draw(Canvas.polyline(x, y, x + length * 0.5, y + length * 0.8), 0.45, tone, 0.55);
        }
    }

    private static void feather(Canvas canvas, double x, double y, double angle, double length, double half,
            int color) {
        Canvas c = canvas.turned(x, y, angle);
        Path2D vane = new Path2D.Double();
        vane.moveTo(0, 0);
        vane.curveTo(0.2 * length, -half, 0.75 * length, -half, length, -0.5);
        vane.curveTo(0.8 * length, half * 0.9, 0.2 * length, half * 0.8, 0, 0);
        vane.closePath();
        c.fill(vane, (u, v) -> {
            double barb = Math.sin((u + 1.6 * Math.abs(v)) * 2.9);
            double end = u > 0.86 * length ? 0.35 : 0;
            return Texture.mix(Texture.scale(color, 1.06 - 0.055 * v + 0.07 * barb), 0xFFF6E8, end);
        });
        c.draw(vane, 0.5, Texture.scale(color, 0.62));
        c.line(0, 0, 0.93 * length, -0.4, 0.6, Texture.scale(color, 1.35));
    }
}
