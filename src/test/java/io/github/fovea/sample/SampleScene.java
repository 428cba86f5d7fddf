package io.github.fovea.sample;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.function.Consumer;
import javax.imageio.ImageIO;

/// Paints the bundled sample picture: a harbour town at golden hour.
///
/// The whole picture is made by this program, from formulas and fixed seeds; it contains no photograph, font or texture
/// of anyone. Licence of the program and of the picture: Apache-2.0, like the project.
///
/// Objects are painted in layers from far to near, several device pixels per pixel; each layer is mirrored in the water
/// at its own waterline, broken up by ripples, and then laid over the picture. At the end the device pixels are
/// averaged
/// in linear light, as the pixels of a camera do.
final class SampleScene {
    /// The width of the scene in scene units, and of the bundled picture in pixels.
    static final int WIDTH = 1280;
    /// The height of the scene in scene units, and of the bundled picture in pixels.
    static final int HEIGHT = 800;
    /// Device pixels per pixel of the bundled picture, along each axis.
    static final int SUPERSAMPLING = 3;
    /// The ordinate of the horizon.
    static final double HORIZON = 468;
    /// The ordinate where the quay meets the water.
    static final double QUAY_WATER = 566;

    private final double scale;
    private final int width;
    private final int height;
    private final int[] picture;
    private final int firstWaterRow;
    private final float[] slopes;

    private SampleScene(int width, int height) {
        this.width = width;
        this.height = height;
        this.scale = width / (double) WIDTH;
        this.picture = new int[width * height];
        this.firstWaterRow = (int) (HORIZON * scale);
        this.slopes = new float[(height - firstWaterRow) * width];
    }

    /// Writes the bundled picture.
    ///
    /// @param arguments one: the PNG to write
    /// @throws IOException where the file cannot be written
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 1) {
            throw new IllegalArgumentException("want one argument, the PNG to write; got " + arguments.length);
        }
        Path file = Path.of(arguments[0]);
        BufferedImage image = render(WIDTH, SUPERSAMPLING);
        Path part = file.resolveSibling(file.getFileName() + ".part");
        if (!ImageIO.write(image, "png", part.toFile())) {
            throw new IOException("this Java runtime has no PNG writer");
        }
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    }

    /// {@return the scene, 8-bit RGB}
    ///
    /// @param width         the width in pixels, a multiple of 8 from 8; the height follows
    /// @param supersampling device pixels per pixel, along each axis, 1 or more
    static BufferedImage render(int width, int supersampling) {
        if (width < 8 || width % 8 != 0) {
            throw new IllegalArgumentException("width must be a multiple of 8 from 8, got " + width);
        }
        int height = width * HEIGHT / WIDTH;
        SampleScene scene = new SampleScene(width * supersampling, height * supersampling);
        scene.paint();
        return scene.average(width, height, supersampling);
    }

    private void paint() {
        skyAndOpenWater();
        layer(Double.NaN, Landscape::gulls);
        layer(HORIZON, Landscape::farShore);
        layer(HORIZON + 22, Landscape::headland);
        layer(HORIZON + 34, Landscape::viaduct);
        layer(QUAY_WATER, Town::paint);
        layer(628, Ship::tallShip);
        layer(672, Ship::boats);
        layer(Double.NaN, Foreground::paint);
    }

    private void skyAndOpenWater() {
        for (int j = 0; j < height; j++) {
            double y = (j + 0.5) / scale;
            for (int i = 0; i < width; i++) {
                double x = (i + 0.5) / scale;
                int color;
                if (y < HORIZON) {
                    color = Landscape.sky(x, y);
                } else {
                    double slope = ripple(x, y);
                    slopes[(j - firstWaterRow) * width + i] = (float) slope;
                    double mirrored = HORIZON - (y - HORIZON) * (0.75 + 0.9 * slope) - 60 * slope;
                    int reflected = Landscape.sky(x, Math.clamp(mirrored, 0.0, HORIZON - 2));
                    double depth = (y - HORIZON) / (HEIGHT - HORIZON);
                    int deep = Texture.mix(0x3E6C78, 0x173C4B, depth);
                    color = Texture.mix(reflected, deep, 0.22 + 0.4 * depth - 0.9 * slope);
                    double path = Math.exp(-Math.pow((x - 395) / (60 + 190 * depth), 2));
                    double glint = Math.max(0, slope - 0.1 + 0.13 * path) * path;
                    color = Texture.mix(color, 0xFFE2A0, 4.5 * glint);
                }
                picture[j * width + i] = color;
            }
        }
    }

    /// The slope of the water at a place of the picture, about -0.3 to 0.3; ripples shrink towards the horizon.
    private static double ripple(double x, double y) {
        double z = 1 / (y - HORIZON + 14);
        double u = (x - 640) * z;
        double v = 900 * z;
        double swell = Noise.fractal(u * 5 + 40, v * 2.2 + Math.log(z) * 9, 2, 901) - 0.5;
        double waves = Noise.fractal(u * 17 - 11, Math.log(z) * 46 + 2 * u, 3, 907) - 0.5;
        double calm = 0.35 + 0.65 * Noise.value(u * 1.5, Math.log(z) * 5, 911);
        return 0.25 * swell + 0.75 * waves * calm;
    }

    private void layer(double waterline, Consumer<Canvas> painter) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB_PRE);
        Graphics2D graphics = image.createGraphics();
        graphics.scale(scale, scale);
        painter.accept(new Canvas(graphics, 0));
        graphics.dispose();
        int[] pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
        if (!Double.isNaN(waterline)) {
            mirror(pixels, waterline);
        }
        for (int i = 0; i < pixels.length; i++) {
            picture[i] = over(pixels[i], picture[i], 1);
        }
    }

    private void mirror(int[] layer, double waterline) {
        for (int j = (int) (waterline * scale); j < height; j++) {
            double y = (j + 0.5) / scale;
            double depth = y - waterline;
            for (int i = 0; i < width; i++) {
                double x = (i + 0.5) / scale;
                double slope = slopes[(j - firstWaterRow) * width + i];
                double reach = Math.min(1, depth / 30);
                double sourceY = waterline - depth * 1.02 - reach * slope * (26 + 0.5 * depth);
                double sourceX = x + reach * slope * 16;
                int column = (int) Math.floor(sourceX * scale);
                int row = (int) Math.floor(Math.min(sourceY, waterline - 0.5) * scale);
                if (column >= 0 && column < width && row >= 0) {
                    int color = layer[row * width + column];
                    if (color != 0) {
                        double share = 0.8 - 0.42 * depth / (HEIGHT - HORIZON) + 0.5 * slope;
                        picture[j * width + i] = over(dim(color), picture[j * width + i], Math.clamp(share, 0.0, 1.0));
                    }
                }
            }
        }
    }

    /// Water swallows some light, red before blue; the colour is premultiplied.
    private static int dim(int color) {
        int red = (color >> 16 & 255) * 200 >> 8;
        int green = (color >> 8 & 255) * 212 >> 8;
        int blue = (color & 255) * 218 >> 8;
        return color & 0xFF000000 | red << 16 | green << 8 | blue;
    }

    private static int over(int premultiplied, int below, double share) {
        double rest = 1 - share * (premultiplied >>> 24) / 255;
        int red = (int) Math.round(share * (premultiplied >> 16 & 255) + rest * (below >> 16 & 255));
        int green = (int) Math.round(share * (premultiplied >> 8 & 255) + rest * (below >> 8 & 255));
        int blue = (int) Math.round(share * (premultiplied & 255) + rest * (below & 255));
        return Math.min(red, 255) << 16 | Math.min(green, 255) << 8 | Math.min(blue, 255);
    }

    private BufferedImage average(int outWidth, int outHeight, int factor) {
        double[] linear = new double[256];
        Arrays.setAll(linear, i -> i <= 10 ? i / 255.0 / 12.92 : Math.pow((i / 255.0 + 0.055) / 1.055, 2.4));
        BufferedImage image = new BufferedImage(outWidth, outHeight, BufferedImage.TYPE_INT_RGB);
        for (int j = 0; j < outHeight; j++) {
            for (int i = 0; i < outWidth; i++) {
                double red = 0;
                double green = 0;
                double blue = 0;
                for (int k = 0; k < factor * factor; k++) {
                    int color = picture[(j * factor + k / factor) * width + i * factor + k % factor];
                    red += linear[color >> 16 & 255];
                    green += linear[color >> 8 & 255];
                    blue += linear[color & 255];
                }
                double dx = (i + 0.5) / outWidth - 0.5;
                double dy = (j + 0.5) / outHeight - 0.5;
                double vignette = (1 - 0.45 * (dx * dx + dy * dy)) / (factor * factor);
                image.setRGB(i, j, encode(1.07 * red * vignette) << 16
                        | encode(green * vignette) << 8 | encode(0.88 * blue * vignette));
            }
        }
        return image;
    }

    private static int encode(double light) {
        double value = light <= 0.0031308 ? 12.92 * light : 1.055 * Math.pow(light, 1 / 2.4) - 0.055;
        return Math.clamp(Math.round(255 * value), 0, 255);
    }
}
