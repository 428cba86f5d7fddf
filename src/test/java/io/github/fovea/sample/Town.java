package io.github.fovea.sample;

import java.awt.geom.Path2D;
import java.util.SplittableRandom;

/// The town on its hill, the church, the quay and what stands on it.
final class Town {
    private static final int[] WALLS = {0xF3D9AE, 0xE8B98A, 0xD98F6C, 0xF6E7CC, 0xCFB48F, 0xE6C56F, 0xB9C3B0, 0xDDA79A};
    private static final int[] ROOFS = {0xB4532F, 0xA3452C, 0xC26A3C, 0x8E4A38, 0x5B5F6B};
    private static final int[] SHUTTERS = {0x2F6B57, 0x33567A, 0x7A3B2E, 0x5A6A3A, 0x3E7C86};
    private static final double QUAY = 520;
    private static final double QUAY_DEPTH = SampleScene.QUAY_WATER - QUAY - 8;

    private Town() {
    }

    /// Paints the whole town.
    ///
    /// @param canvas the scene
    static void paint(Canvas canvas) {
        hill(canvas);
        rows(canvas, 0, 3);
        church(canvas.at(968, 356, 0.86, 0.1));
        rows(canvas, 3, 5);
        front(canvas);
        quay(canvas);
    }

    private static double slope(double x) {
        double t = Math.clamp((x - 640) / 520, 0.0, 1.0);
        return t * t * (3 - 2 * t);
    }

    private static void hill(Canvas canvas) {
        Path2D path = new Path2D.Double();
        path.moveTo(640, QUAY);
        for (double x = 640; x <= 1286; x++) {
            path.lineTo(x, 486 - 262 * slope(x) + 22 * (Noise.fractal(x * 0.02, 1, 4, 201) - 0.5));
        }
        path.lineTo(1286, QUAY);
        path.closePath();
        canvas.at(0, 0, 1, 0.12).fill(path, (x, y) -> {
            double n = Noise.fractal(x * 0.08, y * 0.1, 5, 203);
            double s = n - Noise.fractal(x * 0.08 + 0.25, y * 0.1 + 0.25, 5, 203);
            return Texture.scale(Texture.mix(0x4F5F2C, 0x9C9145, 2 * n - 0.5), 0.9 + 1.6 * s);
        });
        SplittableRandom random = new SplittableRandom(207);
        Canvas far = canvas.at(0, 0, 1, 0.12);
        for (int i = 0; i < 46; i++) {
            double x = 760 + 530 * random.nextDouble();
            double y = 480 - 256 * slope(x) + 40 * random.nextDouble();
            bush(far, x, y, 8 + 9 * random.nextDouble(), random.nextInt(), 0x5E6E30);
        }
        for (int i = 0; i < 12; i++) {
            double x = 1060 + 18 * i + 9 * random.nextDouble();
            cypress(far, x, 492 - 262 * slope(x), 30 + 22 * random.nextDouble(), random.nextInt());
        }
    }

    private static void rows(Canvas canvas, int first, int end) {
        for (int row = first; row < end; row++) {
            SplittableRandom random = new SplittableRandom(300 + row);
            double size = 0.40 + 0.115 * row;
            double x = 985 - 66 * row + (row == 0 ? 30 : 0);
            while (x < 1300) {
                double base = QUAY - 6 - (4.6 - row) * 0.2 * 268 * (0.15 + 0.85 * slope(x + 40))
                        + 8 * random.nextDouble();
                double w = size * (52 + 34 * random.nextDouble());
                double h = size * (62 + 46 * random.nextDouble());
                house(canvas.at(x, base, 1, 0.15 - 0.03 * row), w, h, size, random.nextInt(1 << 20));
                if (random.nextInt(3) == 0) {
                    bush(canvas.at(0, 0, 1, 0.1 - 0.02 * row), x + w, base + 2, size * 19, random.nextInt(), 0x66762F);
                }
                if (random.nextInt(6) == 0) {
                    cypress(canvas.at(0, 0, 1, 0.1 - 0.02 * row), x + w + 3, base + 3, size * 80, random.nextInt());
                }
                x += w + (random.nextInt(4) == 0 ? size * 26 : size * 3);
            }
        }
    }

    private static void front(Canvas canvas) {
        SplittableRandom random = new SplittableRandom(411);
        double[] widths = {62, 84, 70, 96, 66, 88, 72, 92, 78};
        double[] heights = {78, 104, 88, 118, 126, 96, 140, 112, 134};
        String[] signs = {"", "FISH MARKET", "CAFE", "HARBOUR INN", "", "BOOKS", "", "", "BAKERY"};
        double x = 654;
        for (int i = 0; i < widths.length; i++) {
            house(canvas.at(x, QUAY, 1, 0), widths[i], heights[i], 1, random.nextInt(1 << 20));
            if (!signs[i].isEmpty()) {
                double size = Math.min(8.5, (widths[i] - 16) / Lettering.width(signs[i], 1));
                int board = SHUTTERS[i % SHUTTERS.length];
                canvas.fill(Canvas.box(x + 4, QUAY - 42, widths[i] - 8, 14), Texture.scale(board, 0.8));
                canvas.draw(Canvas.box(x + 4, QUAY - 42, widths[i] - 8, 14), 0.8, 0xE9C877);
                Lettering.write(canvas, signs[i], x + widths[i] / 2, QUAY - 35 - size / 2, size, 1.15, 0xFFEFC4);
                awning(canvas, x + 5, QUAY - 28, widths[i] - 10, board);
            }
            x += widths[i] + (i == 3 ? 8 : 1);
        }
    }

    private static void awning(Canvas c, double x, double y, double width, int color) {
        int stripes = (int) (width / 6);
        double step = width / stripes;
        for (int i = 0; i < stripes; i++) {
            int paint = i % 2 == 0 ? Texture.mix(color, 0xC8402E, 0.5) : 0xFBF0D8;
            Path2D stripe = Canvas.polygon(x + i * step, y, x + (i + 1) * step, y, x + (i + 1) * step, y + 9,
                    x + i * step, y + 9);
            c.fill(stripe, paint);
            c.fill(Canvas.oval(x + (i + 0.5) * step, y + 9, step / 2, 2.6), Texture.scale(paint, 0.85));
        }
        c.fill(Canvas.box(x, y + 11.5, width, 5), 0x201814, 0.3);
    }

    /// A house whose lower left corner is the origin; `size` is the scale of its details.
    private static void house(Canvas c, double w, double h, double size, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int wall = WALLS[random.nextInt(WALLS.length)];
        int roof = ROOFS[random.nextInt(ROOFS.length)];
        int shutter = SHUTTERS[random.nextInt(SHUTTERS.length)];
        boolean gable = random.nextInt(5) < 2;
        int kind = random.nextInt(5);
        Texture skin = kind == 0 ? Texture.bricks(0xB4654A, 0xDCC3A0, 5.2 * size, 2.4 * size, seed)
                : kind == 1 ? Texture.stones(0xD3B285, 9 * size, 5 * size, seed) : Texture.plaster(wall, seed);
        double side = 9 * size;
        double rise = (gable ? 0.52 : 0.27) * w + 6 * size;
        c.fill(Canvas.polygon(w, 0, w + side, -3 * size, w + side, -h - 2 * size, w, -h),
                (x, y) -> Texture.mix(Texture.scale(skin.at(x, y), 0.46), 0x3A4A66, 0.18));
        chimney(c, w * (0.18 + 0.14 * random.nextDouble()), -h - rise * 0.55, size, seed);
        Texture cover = Texture.tiles(roof, 4.2 * size, 3.5 * size, seed + 1);
        if (gable) {
            c.fill(Canvas.polygon(w / 2, -h - rise, w / 2 + side + 3, -h - rise + 1, w + side + 4 * size,
                    -h + 2 * size, w + 3 * size, -h + 3 * size),
                    (x, y) -> Texture.scale(cover.at(x, y), 0.55));
            c.fill(Canvas.polygon(0, 0, 0, -h, w / 2, -h - rise, w, -h, w, 0), skin.shaded(0.3 * w, 1.25 * w, 0.72));
            c.draw(Canvas.polyline(-3 * size, -h + 3 * size, w / 2, -h - rise - 1, w + 3 * size, -h + 3 * size),
                    3.4 * size, Texture.scale(roof, 0.62));
            c.draw(Canvas.polyline(-3 * size, -h + 1.7 * size, w / 2, -h - rise - 2.2, w + 3 * size,
                    -h + 1.7 * size), 1.4 * size, Texture.scale(roof, 1.4));
            window(c, w / 2 - 4.5 * size, -h - 0.36 * rise, 9 * size, 13 * size, shutter, random, true);
        } else {
            c.fill(Canvas.box(0, -h, w, h), skin.shaded(0.3 * w, 1.25 * w, 0.72));
            c.fill(Canvas.box(0, -h, w, 5 * size), 0x2A1C18, 0.35);
            c.fill(Canvas.polygon(-4 * size, -h + 2 * size, 0.09 * w, -h - rise, w - 0.03 * w + side * 0.4,
                    -h - rise, w + 4 * size, -h + 2 * size),
                    cover.shaded(0.4 * w, 1.4 * w, 0.7));
            c.line(0.09 * w, -h - rise, w - 0.03 * w + side * 0.4, -h - rise, 1.7 * size, Texture.scale(roof, 1.22));
            c.line(-4 * size, -h + 2.6 * size, w + 4 * size, -h + 2.6 * size, 1.5 * size, 0x5F564E);
            if (w > 60 * size) {
                dormer(c, w * 0.5, -h - 0.3 * rise, size, cover, random);
            }
        }
        int columns = Math.max(2, (int) (w / (23 * size)));
        int floors = Math.max(1, (int) ((h - 30 * size) / (27 * size)));
        double pitch = w / columns;
        for (int f = 0; f < floors; f++) {
            for (int k = 0; k < columns; k++) {
                double ww = 9.5 * size;
                window(c, (k + 0.5) * pitch - ww / 2, -h + 25 * size + 27 * size * f, ww, 16 * size, shutter, random,
                        f == 0 && kind != 2);
            }
        }
        c.line(0, -h + 2, 0, 0, 0.7 * size, Texture.scale(wall, 1.15));
        ground(c, w, size, shutter, random, columns);
        c.fill(Canvas.box(0, -3 * size, w, 3 * size), 0x3A2D26, 0.4);
    }

    private static void ground(Canvas c, double w, double size, int shutter, SplittableRandom random, int columns) {
        double pitch = w / columns;
        int door = random.nextInt(columns);
        for (int k = 0; k < columns; k++) {
            double x = (k + 0.5) * pitch;
            if (k == door) {
                c.fill(Canvas.arch(x - 6.6 * size, 0, 13.2 * size, 24 * size), Texture.stones(0xC9AE8A, 4 * size,
                        3 * size, 421));
                c.fill(Canvas.arch(x - 5 * size, 0, 10 * size, 22 * size), Texture.scale(shutter, 0.75));
                c.line(x, -19 * size, x, 0, 0.6 * size, 0x221A16);
                for (int p = 0; p < 2; p++) {
                    c.draw(Canvas.box(x - 3.8 * size + 4.5 * p * size, -15 * size, 3 * size, 5.4 * size), 0.5 * size,
                            Texture.scale(shutter, 1.2));
                    c.draw(Canvas.box(x - 3.8 * size + 4.5 * p * size, -8 * size, 3 * size, 6 * size), 0.5 * size,
                            Texture.scale(shutter, 1.2));
                }
                c.fill(Canvas.disc(x + 1.4 * size, -8.5 * size, 0.7 * size), 0xF0C860);
            } else {
                c.fill(Canvas.box(x - 7 * size, -21 * size, 14 * size, 16 * size), 0xF5EAD4);
                c.fill(Canvas.box(x - 6 * size, -20 * size, 12 * size, 14 * size), glass(random));
                for (int p = -1; p <= 1; p++) {
                    c.line(x + 3 * p * size, -20 * size, x + 3 * p * size, -6 * size, 0.6 * size, 0xF5EAD4);
                }
                c.line(x - 6 * size, -15 * size, x + 6 * size, -15 * size, 0.6 * size, 0xF5EAD4);
            }
        }
    }

    private static Texture glass(SplittableRandom random) {
        int kind = random.nextInt(5);
        int seed = random.nextInt(1000);
        int base = kind == 0 ? 0xFFD374 : kind == 1 ? 0xF2B25C : 0x2C3B48;
        return (x, y) -> Texture.mix(base, kind < 2 ? 0xB8702E : 0x8FA9B5, Noise.fractal(x * 0.12 + 0.05 * y,
                y * 0.09, 3, seed) * 1.3 - 0.35);
    }

    private static void window(Canvas c, double x, double y, double w, double h, int shutter,
            SplittableRandom random, boolean flowers) {
        double unit = w / 9.5;
        c.fill(Canvas.box(x - 1.1 * unit, y - 1.2 * unit, w + 2.2 * unit, h + 2.2 * unit), 0xF7ECD6);
        c.fill(Canvas.box(x, y, w, h), glass(random));
        c.fill(Canvas.box(x, y, w, 1.6 * unit), 0x1A1614, 0.45);
        c.line(x + w / 2, y, x + w / 2, y + h, 0.9 * unit, 0xF7ECD6);
        c.line(x, y + h * 0.34, x + w, y + h * 0.34, 0.7 * unit, 0xF7ECD6);
        c.line(x, y + h * 0.68, x + w, y + h * 0.68, 0.5 * unit, 0xF7ECD6);
        if (random.nextInt(4) != 0) {
            for (int side = 0; side < 2; side++) {
                double left = side == 0 ? x - 6 * unit : x + w + 1.1 * unit;
                c.fill(Canvas.box(left + 0.8 * unit, y + 0.8 * unit, 5 * unit, h + unit), 0x20140F, 0.3);
                c.fill(Canvas.box(left, y - unit, 4.9 * unit, h + 1.6 * unit), Texture.scale(shutter, side == 0
                        ? 1.15 : 0.95));
                for (double s = y; s < y + h; s += 1.7 * unit) {
                    c.line(left + 0.8 * unit, s, left + 4.1 * unit, s, 0.55 * unit, Texture.scale(shutter, 0.62));
                }
            }
        }
        c.fill(Canvas.box(x - 2 * unit, y + h + 0.8 * unit, w + 4 * unit, 1.7 * unit), 0xE6D3B0);
        c.fill(Canvas.box(x - 2 * unit, y + h + 2.5 * unit, w + 4 * unit, 1.4 * unit), 0x2A1C18, 0.35);
        if (flowers) {
            int[] petals = {0xD83A3A, 0xF06A7A, 0xFFF0E0, 0x4F7A2C, 0x6E9A3A, 0x35591F};
            for (int i = 0; i < 30; i++) {
                double px = x - 1.5 * unit + (w + 3 * unit) * random.nextDouble();
                double py = y + h + unit * (1.3 - 3 * random.nextDouble());
                c.fill(Canvas.disc(px, py, (0.5 + 0.5 * random.nextDouble()) * unit),
                        petals[random.nextInt(petals.length)]);
            }
        }
    }

    private static void dormer(Canvas c, double x, double y, double size, Texture cover, SplittableRandom random) {
        c.fill(Canvas.box(x - 6 * size, y - 9 * size, 12 * size, 12 * size), 0xF3E4C8);
        c.fill(Canvas.box(x - 4 * size, y - 7 * size, 8 * size, 9 * size), glass(random));
        c.line(x, y - 7 * size, x, y + 2 * size, 0.7 * size, 0xF7ECD6);
        c.line(x - 4 * size, y - 3 * size, x + 4 * size, y - 3 * size, 0.7 * size, 0xF7ECD6);
        c.fill(Canvas.polygon(x - 9 * size, y - 8 * size, x, y - 15 * size, x + 9 * size, y - 8 * size), cover);
        c.draw(Canvas.polyline(x - 9 * size, y - 8 * size, x, y - 15 * size, x + 9 * size, y - 8 * size), 1.1 * size,
                0xF0DEC0);
    }

    private static void chimney(Canvas c, double x, double y, double size, int seed) {
        c.fill(Canvas.box(x, y - 17 * size, 9 * size, 30 * size), Texture.bricks(0xA55A40, 0xD8C0A0, 3.4 * size,
                1.9 * size, seed).shaded(x + 3 * size, x + 9 * size, 0.55));
        c.fill(Canvas.box(x - 1.2 * size, y - 19 * size, 11.4 * size, 3 * size), 0xC9A98A);
        for (int i = 0; i < 2; i++) {
            c.fill(Canvas.box(x + (1.3 + 4 * i) * size, y - 24 * size, 2.6 * size, 5.4 * size), 0xB8643F);
        }
    }

    private static void church(Canvas c) {
        Texture stone = Texture.stones(0xDDBB8C, 8, 4.6, 431);
        c.fill(Canvas.box(20, -66, 104, 70), stone.shaded(40, 150, 0.66));
        c.fill(Canvas.polygon(14, -64, 34, -112, 122, -112, 130, -64), Texture.tiles(0x9C4A33, 3.8, 3.2,
                433).shaded(20, 160, 0.7));
        for (int i = 0; i < 4; i++) {
            c.fill(Canvas.arch(42 + 20 * i, -14, 11, 36), 0xF0D9B0);
            c.fill(Canvas.arch(43.4 + 20 * i, -15, 8.2, 33), 0x2F3B4A);
            c.line(47.5 + 20 * i, -48, 47.5 + 20 * i, -15, 0.8, 0xD9BE90);
            for (int k = 0; k < 6; k++) {
                c.line(43.4 + 20 * i, -18 - 4.4 * k, 51.6 + 20 * i, -22 - 4.4 * k, 0.45, 0xB58A5A);
            }
        }
        c.fill(Canvas.box(-20, -160, 42, 164), stone.shaded(-8, 34, 0.58));
        for (int k = 0; k < 3; k++) {
            c.fill(Canvas.box(-23, -160 + 46 * k, 48, 4), 0xF0D6A8);
            c.fill(Canvas.box(-20, -156 + 46 * k, 42, 2), 0x2A1C18, 0.4);
        }
        for (int i = 0; i < 2; i++) {
            c.fill(Canvas.arch(-14 + 17 * i, -122, 11, 29), 0x2A2A30);
            for (int k = 0; k < 7; k++) {
                c.line(-14 + 17 * i, -123 - 2.8 * k, -3 + 17 * i, -125 - 2.8 * k, 0.9, 0x8E6F52);
            }
            c.draw(Canvas.arch(-14 + 17 * i, -122, 11, 29), 1.2, 0xF4DDB4);
        }
        c.fill(Canvas.disc(1, -91, 14.5), 0x6B4A2A);
        c.fill(Canvas.disc(1, -91, 13), 0xFBF2DC);
        for (int i = 0; i < 12; i++) {
            double a = Math.PI * i / 6;
            c.line(1 + 10 * Math.sin(a), -91 - 10 * Math.cos(a), 1 + 12 * Math.sin(a), -91 - 12 * Math.cos(a),
                    i % 3 == 0 ? 1.4 : 0.8, 0x2C2420);
        }
        c.line(1, -91, 7, -94.5, 1.5, 0x2C2420);
        c.line(1, -91, -2, -80.5, 1, 0x2C2420);
        Texture slate = Texture.tiles(0x5F7A78, 3.4, 3, 439);
        c.fill(Canvas.polygon(-24, -160, 1, -262, 26, -160), slate.shaded(-6, 18, 0.5));
        c.fill(Canvas.polygon(1, -262, 6, -160, -24, -160), 0xFFE0A8, 0.22);
        c.line(1, -262, 1, -284, 1.4, 0xD9A441);
        c.line(-6, -276, 8, -276, 1.3, 0xD9A441);
        c.fill(Canvas.disc(1, -263, 2.6), 0xE8B84C);
        c.fill(Canvas.arch(-6, 3, 14, 30), 0x4A2D1C);
        c.draw(Canvas.arch(-6, 3, 14, 30), 2, 0xF0D6A8);
    }

    /// A round bush of single leaves, lit from the left.
    static void bush(Canvas c, double x, double y, double radius, int seed, int color) {
        SplittableRandom random = new SplittableRandom(seed);
        c.fill(Canvas.oval(x, y - 0.6 * radius, radius * 0.86, radius * 0.72), Texture.scale(color, 0.38));
        int leaves = (int) (70 + radius * 14);
        for (int i = 0; i < leaves; i++) {
            double a = 2 * Math.PI * random.nextDouble();
            double r = Math.sqrt(random.nextDouble());
            double lump = 0.8 + 0.3 * Noise.value(a * 1.6, seed & 63, 443);
            double px = r * Math.cos(a) * lump;
            double py = r * Math.sin(a) * lump * 0.82;
            double light = 0.68 - 0.42 * px - 0.46 * py + 0.5 * (random.nextDouble() - 0.5);
            int leaf = Texture.mix(color, 0xC9A83E, 0.5 * light);
            c.fill(Canvas.oval(x + radius * px, y - 0.6 * radius + radius * py, 0.9 + 0.02 * radius,
                    0.7 + 0.02 * radius), Texture.scale(leaf, Math.max(0.25, light * 1.25)));
        }
    }

    private static void cypress(Canvas c, double x, double base, double height, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 220; i++) {
            double t = random.nextDouble();
            double half = 0.11 * height * Math.sin(Math.PI * Math.pow(t, 0.7)) + 0.5;
            double u = 2 * random.nextDouble() - 1;
            double px = x + half * u;
            double py = base - height * t;
            double light = 0.75 - 0.45 * u + 0.5 * (random.nextDouble() - 0.5);
            c.line(px, py, px + 0.6 * u, py - 0.045 * height, 0.9, Texture.scale(0x4C6030, Math.max(0.3, light)));
        }
    }

    private static void quay(Canvas canvas) {
        double left = 640;
        canvas.fill(Canvas.polygon(left, QUAY, 1285, QUAY, 1285, QUAY + 9, left - 8, QUAY + 9), (x, y) -> {
            double tone = 0.86 + 0.3 * Noise.fractal(x * 0.2, y * 0.7, 4, 451);
            double joint = Math.abs(Math.IEEEremainder(x - 3 * (y - QUAY), 22)) < 0.5 ? 0.7 : 1;
            return Texture.scale(0xE2C79C, tone * joint);
        });
        Texture wall = Texture.stones(0xB08D68, 15, 8.6, 453);
        canvas.fill(Canvas.box(left - 8, QUAY + 9, 660, QUAY_DEPTH), (x, y) -> {
            int stone = wall.at(x, y);
            double wet = Math.clamp((y - QUAY - 28 + 9 * (Noise.fractal(x * 0.05, 2, 4, 457) - 0.5)) / 5, 0.0, 1.0);
            return Texture.mix(stone, Texture.scale(Texture.mix(stone, 0x46552C, 0.5), 0.62), wet);
        });
        canvas.fill(Canvas.box(left - 10, QUAY + 7.5, 664, 3), 0xF2DBB0);
        for (int i = 0; i < 4; i++) {
            double x = 700 + 150 * i;
            canvas.fill(Canvas.arch(x, QUAY + 9 + QUAY_DEPTH, 34, 33), 0x231D1C);
            canvas.within(Canvas.box(x - 3, QUAY, 40, 9 + QUAY_DEPTH))
                    .draw(Canvas.arch(x, QUAY + 16 + QUAY_DEPTH, 34, 40), 3, 0xD2B083);
        }
        for (double x = left - 4; x < 1285; x += 5.5) {
            canvas.line(x, QUAY + 8, x, QUAY - 7, 0.75, 0x2B3A40);
        }
        canvas.line(left - 6, QUAY - 7, 1285, QUAY - 7, 1.5, 0x2B3A40);
        canvas.line(left - 6, QUAY + 4, 1285, QUAY + 4, 0.8, 0x2B3A40);
        for (double x : new double[] {656, 717, 801.5, 872.5, 973, 1043.5, 1132.5, 1204}) {
            lamp(canvas.at(x, QUAY + 8, 1, 0));
        }
        SplittableRandom random = new SplittableRandom(461);
        for (int i = 0; i < 26; i++) {
            person(canvas.at(690 + 590 * random.nextDouble(), QUAY + 5, 0.95, 0), random);
        }
        crane(canvas.at(1240, QUAY + 8, 1, 0));
        ladder(canvas, 884);
        ladder(canvas, 1118);
    }

    private static void ladder(Canvas c, double x) {
        c.line(x, QUAY + 4, x, QUAY + 46, 1.2, 0x4A2F24);
        c.line(x + 8, QUAY + 4, x + 8, QUAY + 46, 1.2, 0x4A2F24);
        for (int i = 0; i < 9; i++) {
            c.line(x, QUAY + 8 + 4.4 * i, x + 8, QUAY + 8 + 4.4 * i, 1, 0x5B3A2A);
        }
    }

    private static void lamp(Canvas c) {
        c.line(0, 0, 0, -50, 1.7, 0x22282C);
        c.fill(Canvas.polygon(-3, 0, -1.4, -8, 1.4, -8, 3, 0), 0x22282C);
        c.draw(Canvas.polyline(-7, -46, 0, -43, 7, -46), 1, 0x22282C);
        for (int side = -1; side <= 1; side += 2) {
            c.fill(Canvas.polygon(side * 7 - 2.4, -46, side * 7 - 3.4, -53, side * 7 + 3.4, -53, side * 7 + 2.4,
                    -46), 0xFFE9A6);
            c.fill(Canvas.polygon(side * 7 - 4.2, -53, side * 7, -57, side * 7 + 4.2, -53), 0x22282C);
            c.line(side * 7, -53, side * 7, -46, 0.6, 0x22282C);
        }
    }

    private static void person(Canvas c, SplittableRandom random) {
        int[] coats = {0x2F4A66, 0x8E3B34, 0xE6D2A8, 0x4D6B4A, 0x6A4A6E, 0xD28A3A};
        double lean = 2 * random.nextDouble() - 1;
        c.line(0, 0, 0.5 + lean * 0.4, -8, 1.6, 0x2A2A32);
        c.line(2.6 * lean, 0, 0.5, -8, 1.6, 0x33303A);
        c.fill(Canvas.polygon(-2, -7, -2.4, -14.6, 2.6, -14.6, 2.4, -7), coats[random.nextInt(coats.length)]);
        c.line(2.2, -14, 3.4 + lean, -8, 1.1, 0x3A3038);
        c.fill(Canvas.disc(0.2, -17, 1.9), 0xD9A07A);
        c.fill(Canvas.polygon(-1.9, -17.3, -1.2, -19.3, 1.5, -19.3, 2.2, -17.3), 0x3A2A20);
    }

    private static void crane(Canvas c) {
        int iron = 0x3E5A57;
        for (int side = -1; side <= 1; side += 2) {
            c.line(side * 13, 0, side * 5, -96, 2, iron);
        }
        for (int i = 0; i < 9; i++) {
            double a = i / 9.0;
            double b = (i + 1) / 9.0;
            double ha = 13 - 8 * a;
            double hb = 13 - 8 * b;
            c.line(-ha, -96 * a, hb, -96 * b, 0.9, iron);
            c.line(ha, -96 * a, -hb, -96 * b, 0.9, iron);
            c.line(-hb, -96 * b, hb, -96 * b, 0.8, iron);
        }
        c.fill(Canvas.box(-11, -112, 26, 17), Texture.boards(0xC8472F, 3.4, 463));
        c.fill(Canvas.box(-8, -109, 8, 7), 0x2B3A44);
        c.line(-9, -104, -112, -196, 1.8, iron);
        c.line(-7, -112, -112, -196, 1.4, iron);
        for (int i = 0; i < 15; i++) {
            double a = i / 15.0;
            double b = (i + 0.5) / 15.0;
            double d = (i + 1) / 15.0;
            c.line(-9 - 103 * a, -104 - 92 * a, -7 - 105 * b, -112 - 84 * b, 0.8, iron);
            c.line(-7 - 105 * b, -112 - 84 * b, -9 - 103 * d, -104 - 92 * d, 0.8, iron);
        }
        c.line(0, -112, 8, -152, 1.6, iron);
        c.line(8, -152, -112, -196, 0.7, iron);
        c.line(8, -152, 15, -110, 0.9, iron);
        c.line(-112, -196, -112, -70, 0.7, 0x2A2626);
        c.line(-112, -70, -122, -58, 0.7, 0x2A2626);
        c.line(-112, -70, -102, -58, 0.7, 0x2A2626);
        c.fill(Canvas.box(-123, -58, 22, 14), Texture.boards(0xB98550, 3.5, 467));
    }
}
