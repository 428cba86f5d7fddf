package io.github.fovea.sample;

import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.util.SplittableRandom;

/// What lies behind the harbour: sky, hills, a headland with a lighthouse, a viaduct, a Ferris wheel.
final class Landscape {
    private Landscape() {
    }

    /// {@return the colour of the sky, 0xRRGGBB}
    ///
    /// @param x abscissa in scene units
    /// @param y ordinate in scene units, above the horizon
    static int sky(double x, double y) {
        double t = y / SampleScene.HORIZON;
        int color = t < 0.45 ? Texture.mix(0x3F6FA8, 0xA5B6BE, t / 0.45)
                : t < 0.75 ? Texture.mix(0xA5B6BE, 0xF7CB94, (t - 0.45) / 0.3) : Texture.mix(0xF7CB94, 0xFFAE5C,
                        (t - 0.75) / 0.25);
        double sun = Math.hypot((x - 395) / 1.25, y - 395);
        color = Texture.mix(color, 0xFFE7B4, 0.85 * Math.exp(-sun / 130));
        color = Texture.mix(color, 0xFFFBE8, sun < 26 ? Math.min(1, (26 - sun) / 1.5) : 0);
        double sheet = Noise.fractal(x * 0.0042 + 3, y * 0.011 + 0.0016 * x, 6, 11);
        double cloud = Math.clamp((sheet - 0.52) * 4.2, 0.0, 1.0) * (1 - 0.5 * t);
        double lit = Noise.fractal((x - 9) * 0.0042 + 3, (y + 7) * 0.011 + 0.0016 * (x - 9), 6, 11) - sheet;
        int tint = Texture.mix(Texture.mix(0x9C8FA6, 0xC98F7A, t), 0xFFE3C0, 0.55 - 9 * lit);
        color = Texture.mix(color, tint, 0.86 * cloud);
        double streak = Math.clamp((Noise.fractal(x * 0.002 + 50, y * 0.06 - 0.006 * x, 5, 23) - 0.56) * 4, 0.0, 1.0);
        return Texture.mix(color, 0xFFD9B0, 0.45 * streak * Math.clamp(t * 1.4 - 0.2, 0.0, 1.0));
    }

    /// Paints the hills of the far shore.
    ///
    /// @param canvas the scene
    static void farShore(Canvas canvas) {
        ridge(canvas, 352, 86, 0.0036, 0x6C7F96, 0.42, 31);
        ridge(canvas, 388, 74, 0.0052, 0x5E7468, 0.24, 37);
        ridge(canvas, 428, 46, 0.0085, 0x566B3C, 0.1, 41);
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 34; i++) {
            double x = 180 + 560 * random.nextDouble();
            double y = 455 + 9 * random.nextDouble();
            double w = 6 + 6 * random.nextDouble();
            canvas.fill(Canvas.box(x, y - 5, w, 7), Texture.mix(0xF6E3C4, 0xD9A77C, random.nextDouble()));
            canvas.fill(Canvas.polygon(x - 1, y - 5, x + w / 2, y - 9, x + w + 1, y - 5), 0xA8563A);
            canvas.fill(Canvas.box(x + w * 0.4, y - 3, 1.4, 2.4), 0x3B3A40);
        }
    }

    /// Paints gulls in the sky.
    ///
    /// @param canvas the scene
    static void gulls(Canvas canvas) {
        double[][] flock = {{648, 214, 15, -0.1}, {700, 186, 11, 0.2}, {744, 232, 13, -0.3}, {612, 262, 8, 0.1},
            {800, 150, 17, 0.15}, {858, 210, 9, -0.1}, {120, 196, 12, 0.2}, {68, 232, 9, -0.15}};
        for (double[] g : flock) {
            Canvas c = canvas.turned(g[0], g[1], g[3]);
            double s = g[2];
            Path2D wings = new Path2D.Double();
            wings.moveTo(-1.5 * s, -0.28 * s);
            wings.curveTo(-0.9 * s, -0.75 * s, -0.4 * s, -0.4 * s, 0, 0);
            wings.curveTo(0.35 * s, -0.5 * s, 0.9 * s, -0.85 * s, 1.45 * s, -0.5 * s);
            wings.curveTo(0.9 * s, -0.6 * s, 0.5 * s, -0.2 * s, 0.12 * s, 0.2 * s);
            wings.curveTo(-0.4 * s, -0.1 * s, -0.9 * s, -0.5 * s, -1.5 * s, -0.28 * s);
            wings.closePath();
            c.fill(wings, (x, y) -> Texture.mix(0xFFF4DE, 0x5C6672, 0.55 + 0.9 * (y + 0.3 * s) / s));
            c.fill(Canvas.oval(-0.06 * s, 0.05 * s, 0.42 * s, 0.12 * s), 0xFBEFD9);
            c.draw(Canvas.polyline(-1.5 * s, -0.28 * s, -1.25 * s, -0.45 * s), 1.1, 0x2E2E33);
            c.draw(Canvas.polyline(1.45 * s, -0.5 * s, 1.2 * s, -0.62 * s), 1.1, 0x2E2E33);
        }
    }

    private static void ridge(Canvas canvas, double y, double relief, double frequency, int color, double mist,
            int seed) {
        Path2D path = new Path2D.Double();
        path.moveTo(-5, SampleScene.HORIZON + 3);
        for (double x = -5; x <= 1286; x += 1) {
            double rise = Noise.fractal(x * frequency + seed, seed, 6, seed) - 0.5;
            double bay = 30 * Math.exp(-Math.pow((x - 420) / 170, 2));
            path.lineTo(x, y - relief * 1.5 * rise + bay);
        }
        path.lineTo(1286, SampleScene.HORIZON + 3);
        path.closePath();
        canvas.at(0, 0, 1, mist).fill(path, (px, py) -> {
            double wood = Noise.fractal(px * 0.16, py * 0.22, 4, seed);
            double slope = Noise.fractal(px * 0.012 + 4, py * 0.03, 5, seed + 1)
                    - Noise.fractal((px + 9) * 0.012 + 4, (py + 3) * 0.03, 5, seed + 1);
            int base = Texture.mix(color, 0xB9A45A, 1.7 * (Noise.fractal(px * 0.02, py * 0.05, 6, seed + 2) - 0.5));
            double fields = Noise.fractal(px * 0.045 + 0.02 * py, py * 0.16, 2, seed + 3);
            double hedge = Math.abs(fields - 0.5) < 0.012 || Math.abs(fields - 0.62) < 0.01 ? 0.7 : 1;
            wood = wood * 0.6 + 0.4 * Noise.value(px * 0.75, py * 0.9, seed + 4);
            return Texture.scale(base, hedge * (0.6 + 0.8 * wood + 2.8 * slope));
        });
    }

    /// Paints the rocky headland on the left and its lighthouse.
    ///
    /// @param canvas the scene
    static void headland(Canvas canvas) {
        Path2D rock = new Path2D.Double();
        rock.moveTo(-5, 494);
        for (double x = -5; x <= 322; x += 1) {
            double t = Math.clamp((x - 20) / 300, 0.0, 1.0);
            double jag = Noise.fractal(x * 0.05, 3, 5, 53) - 0.5;
            rock.lineTo(x, 430 + 60 * t * t * t + (1 - t) * 34 * jag + 10 * Math.sin(x * 0.021));
        }
        rock.lineTo(322, 491);
        rock.lineTo(-5, 491);
        rock.closePath();
        canvas.at(0, 0, 1, 0.08).fill(rock, (x, y) -> {
            double n = Noise.fractal(x * 0.06 + 0.02 * y, y * 0.11, 6, 59);
            double s = n - Noise.fractal((x + 3) * 0.06 + 0.02 * y, (y + 2) * 0.11, 6, 59);
            double crack = Math.abs(Noise.fractal(x * 0.045, y * 0.09 + x * 0.03, 4, 61) - 0.5);
            int stone = Texture.mix(0x9A7B5C, 0x6E5F58, y / 22 - 20.2);
            int grass = Texture.mix(0x6B7A35, 0x93913F, Noise.fractal(x * 0.9, y * 0.35, 3, 67));
            int base = Texture.mix(grass, stone, (y - 443 - 0.03 * x) / 8 + 5 * (n - 0.5));
            return Texture.scale(base, (0.95 + 5 * s) * (crack < 0.018 ? 0.55 : 1));
        });
        lighthouse(canvas.at(168, 446, 1, 0.05));
    }

    private static void lighthouse(Canvas c) {
        // Keeper's house
        c.fill(Canvas.box(16, -24, 54, 26), Texture.plaster(0xF3E2C8, 71).shaded(20, 80, 0.75));
        c.fill(Canvas.polygon(11, -23, 20, -42, 66, -42, 75, -23), Texture.tiles(0xA9502F, 3.2, 2.6, 73));
        for (int i = 0; i < 3; i++) {
            c.fill(Canvas.box(22 + 16 * i, -17, 8, 10), 0xFFFFF4);
            c.fill(Canvas.box(23 + 16 * i, -16, 6, 8), 0x30404C);
            c.line(26 + 16 * i, -16, 26 + 16 * i, -8, 0.7, 0xFFFFF4);
            c.line(23 + 16 * i, -12, 29 + 16 * i, -12, 0.7, 0xFFFFF4);
        }
        c.fill(Canvas.box(56, -53, 6, 14), Texture.bricks(0x8F4A34, 0xC9B8A4, 3, 2, 75));
        // Tower with red bands
        Path2D tower = Canvas.polygon(-16, 4, -9.5, -150, 9.5, -150, 16, 4);
        c.fill(tower, (x, y) -> {
            double half = 9.5 + 6.5 * (y + 150) / 154;
            double across = x / half;
            int paint = Math.floorMod((int) Math.floor((y + 150) / 25.0), 2) == 0 ? 0xFBF0DC : 0xC23B2A;
            double light = 0.5 + 0.58 * Math.sqrt(Math.max(0, 1 - Math.pow((across + 0.45) / 1.5, 2)));
            return Texture.scale(paint, light * (0.94 + 0.14 * Noise.fractal(x * 0.5, y * 0.12, 3, 79)));
        });
        for (int i = 0; i < 4; i++) {
            c.fill(Canvas.arch(-2 + (i & 1) * 3, -18 - 34 * i, 4, 9), 0x37332F);
        }
        c.fill(Canvas.polygon(-9, -149, -14, -155, 14, -155, 9, -149), 0x4B4A4A);
        for (int i = 0; i <= 8; i++) {
            c.line(-14 + 3.5 * i, -155, -14 + 3.5 * i, -164, 0.7, 0x2E2E33);
        }
        c.line(-14, -164, 14, -164, 1, 0x2E2E33);
        c.line(-14, -159.5, 14, -159.5, 0.6, 0x2E2E33);
        c.fill(Canvas.box(-7, -174, 14, 19), (x, y) -> Texture.mix(0xFFF6C8, 0xF5A93B, Math.abs(x + 1.5) / 8));
        for (int i = 0; i < 5; i++) {
            c.line(-7 + 3.5 * i, -174, -7 + 3.5 * i, -155, 0.7, 0x3A2F2A);
            c.line(-7 + 3.5 * i, -174, -10.5 + 3.5 * (i + 1), -164, 0.5, 0x3A2F2A);
        }
        c.fill(Canvas.polygon(-9, -174, -5, -181, 0, -184, 5, -181, 9, -174), Texture.plaster(0xA8322A,
                83).shaded(-9, 9, 0.55));
        c.line(0, -184, 0, -195, 0.9, 0x333333);
        c.fill(Canvas.disc(0, -185, 1.8), 0xD9A441);
    }

    /// Paints the viaduct behind the harbour and the Ferris wheel at its end.
    ///
    /// @param canvas the scene
    static void viaduct(Canvas canvas) {
        Canvas c = canvas.at(0, 0, 1, 0.1);
        Path2D wall = Canvas.polygon(280, 508, 280, 440, 740, 424, 740, 508);
        for (int i = 0; i < 9; i++) {
            wall.append(Canvas.arch(293 + 46 * i, 509, 36, 56 + 1.5 * i), false);
        }
        wall.setWindingRule(Path2D.WIND_EVEN_ODD);
        for (int i = 0; i < 9; i++) {
            Path2D inner = Canvas.arch(293 + 46 * i, 503, 36, 50 + 1.5 * i);
            c.within(inner).fill(Canvas.polygon(293 + 46 * i, 503, 293 + 46 * i, 440, 301 + 46 * i, 444,
                    301 + 46 * i, 503),
                    Texture.stones(0xE0B27C, 7, 4, 91));
        }
        c.within(Canvas.box(270, 410, 480, 93)).fill(wall, Texture.stones(0xBE9A72, 8, 4.2, 97));
        for (int i = 0; i < 9; i++) {
            c.within(Canvas.box(270, 410, 480, 93)).draw(Canvas.arch(293 + 46 * i, 509, 36, 56 + 1.5 * i), 1.6,
                    0x8D6B4B);
        }
        c.line(280, 440, 740, 424, 2.4, 0xE8CDA2);
        for (int i = 0; i <= 76; i++) {
            double x = 280 + 6 * i;
            double y = 440 - 16.0 * (x - 280) / 460;
            c.line(x, y - 1, x, y - 8, 0.8, 0x4C4038);
        }
        c.line(280, 432, 740, 416, 1, 0x4C4038);
        train(c.sheared(392, 436, -16.0 / 460));
        ferrisWheel(canvas.at(596, 402, 1, 0.04));
    }

    private static void train(Canvas c) {
        for (int i = 0; i < 3; i++) {
            double x = 46 * i;
            c.fill(Canvas.box(x, -19, 43, 14), Texture.plaster(i == 0 ? 0x2F6B57 : 0x9E3B2E, 101 + i).shaded(x,
                    x + 43, 0.8));
            c.fill(Canvas.polygon(x - 1, -18.5, x + 2, -22, x + 41, -22, x + 44, -18.5), 0x5A5652);
            c.line(x, -8.5, x + 43, -8.5, 0.8, 0xF0D9A0);
            for (int k = 0; k < 6; k++) {
                c.fill(Canvas.box(x + 2.5 + 6.8 * k, -16.5, 4.4, 5.5), k % 3 == 1 ? 0xFFE08A : 0x2B3844);
            }
            for (int k = 0; k < 4; k++) {
                c.fill(Canvas.disc(x + 6 + 10 * k, -4, 2.6), 0x2A2626);
            }
        }
    }

    private static void ferrisWheel(Canvas c) {
        int steel = 0xF4EDE2;
        int shade = 0x6C5A5E;
        c.line(0, 0, -44, 108, 3.6, shade);
        c.line(0, 0, 44, 108, 3.6, 0xD8C8BC);
        for (int i = 1; i < 7; i++) {
            double t = i / 7.0;
            c.line(-44 * t, 108 * t, 44 * (t + 0.1), 108 * (t + 0.1), 1, shade);
            c.line(44 * t, 108 * t, -44 * (t + 0.1), 108 * (t + 0.1), 1, shade);
        }
        for (double r : new double[] {96, 89, 50}) {
            c.draw(new Ellipse2D.Double(-r, -r, 2 * r, 2 * r), r == 50 ? 0.9 : 1.6, steel);
        }
        int cars = 20;
        for (int i = 0; i < cars; i++) {
            double a = 2 * Math.PI * i / cars + 0.07;
            double b = a + Math.PI / cars;
            double next = a + 2 * Math.PI / cars;
            c.line(6 * Math.cos(a + 1.2), 6 * Math.sin(a + 1.2), 89 * Math.cos(a), 89 * Math.sin(a), 0.8, steel);
            c.line(6 * Math.cos(a - 1.2), 6 * Math.sin(a - 1.2), 89 * Math.cos(a), 89 * Math.sin(a), 0.8, steel);
            c.line(89 * Math.cos(a), 89 * Math.sin(a), 96 * Math.cos(b), 96 * Math.sin(b), 0.9, steel);
            c.line(96 * Math.cos(b), 96 * Math.sin(b), 89 * Math.cos(next), 89 * Math.sin(next), 0.9, steel);
            c.line(50 * Math.cos(a), 50 * Math.sin(a), 89 * Math.cos(b), 89 * Math.sin(b), 0.6, 0xCDBBB0);
        }
        int[] paints = {0xD2452F, 0xE9B23C, 0x2F7F86, 0xF2ECDD, 0x7E4A86};
        for (int i = 0; i < cars; i++) {
            double a = 2 * Math.PI * i / cars + 0.07;
            double x = 97 * Math.cos(a);
            double y = 97 * Math.sin(a);
            int paint = paints[i % paints.length];
            c.fill(Canvas.polygon(x - 6, y + 2, x, y - 3, x + 6, y + 2), Texture.scale(paint, 1.1));
            c.fill(Canvas.box(x - 5.4, y + 2, 10.8, 5), 0x40505A);
            c.line(x, y + 2, x, y + 7, 0.8, paint);
            c.fill(Canvas.box(x - 5.4, y + 6.4, 10.8, 5), Texture.plaster(paint, 107).shaded(x - 5, x + 7, 0.6));
        }
        c.fill(Canvas.disc(0, 0, 7), shade);
        c.fill(Canvas.disc(-1, -1, 4), 0xE9B23C);
    }
}
