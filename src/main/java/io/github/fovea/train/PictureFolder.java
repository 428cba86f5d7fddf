package io.github.fovea.train;

import io.github.fovea.error.MalformedFileException;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.Plane;
import io.github.fovea.media.BufferedImages;
import io.github.fovea.quality.PublishedProtocol;
import io.github.fovea.resample.ResampleKernel;
import io.github.fovea.resample.Resampler;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/// The pictures of a folder as 8-bit planes.
///
/// Every PNG, JPEG, BMP, GIF and TIFF file directly in the folder counts, in order of its name. Grey is equal red, green
/// and blue. Transparency is flattened on white. Where the folder holds a `sources.tsv` with the columns `file` and
/// `suggested_downscale`, pictures are shrunk by that factor first (area average), which removes what a camera or JPEG
/// left at the finest scale.
final class PictureFolder {
    private static final List<String> ENDINGS = List.of(".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff");
    private static final int MAX_SHRINK = 16;
    /// Larger pictures than this are refused before they are decoded.
    static final long MAX_PIXELS = 100_000_000;

    /// One picture: 8-bit samples per channel.
    record Picture(String name, int width, int height, float[][] planes) {
        /// {@return a smaller copy, rounded to 8 bit, or `null` if nothing is left of it}
        ///
        /// @param size    its size, below 1
        /// @param leftOut columns of this picture's right-hand end that the copy does not show
        /// @param scale   what its sides are to divide by
        Picture smaller(double size, int leftOut, int scale) {
            int seen = width - leftOut;
            int smallWidth = (int) (seen * size) / scale * scale;
            int smallHeight = (int) (height * size) / scale * scale;
            if (seen < 1 || smallWidth < 1 || smallHeight < 1) {
                return null;
            }
            Resampler resampler = Resampler.of(seen, height, smallWidth, smallHeight, ResampleKernel.BICUBIC, true);
            float[][] small = new float[planes.length][smallWidth * smallHeight];
            for (int p = 0; p < planes.length; p++) {
                resampler.resize(planes[p], 0, width, small[p], 0, smallWidth);
                for (int i = 0; i < small[p].length; i++) {
                    small[p][i] = Math.round(Math.clamp(small[p][i], 0f, 255f));
                }
            }
            return new Picture(name + " at " + size, smallWidth, smallHeight, small);
        }
    }

    private PictureFolder() {}

    /// {@return the files of a folder that are pictures by their name}
    ///
    /// @param folder the folder
    /// @throws IOException if it cannot be listed or holds no picture
    static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            List<Path> pictures = all.filter(Files::isRegularFile)
                    .filter(f -> ENDINGS.stream().anyMatch(f.getFileName().toString()
                    .toLowerCase(Locale.ROOT)::endsWith))
                    .sorted().toList();
            if (pictures.isEmpty()) {
                throw new NoSuchFileException(folder.toString(), null, "holds no pictures ("
                        + String.join(", ", ENDINGS) + ")");
            }
            return pictures;
        }
    }

    /// {@return by how much each file is to be shrunk; files that are not listed are used as they are}
    ///
    /// @param folder folder with or without a `sources.tsv`
    /// @throws IOException if the list cannot be read or is malformed
    static Map<String, Integer> shrinkFactors(Path folder) throws IOException {
        Path list = folder.resolve("sources.tsv");
        Map<String, Integer> factors = new HashMap<>();
        if (!Files.isRegularFile(list)) {
            return factors;
        }
        List<String> lines = Files.readAllLines(list);
        List<String> header = lines.isEmpty() ? List.of() : Arrays.asList(lines.getFirst().split("\t"));
        int file = header.indexOf("file");
        int shrink = header.indexOf("suggested_downscale");
        if (file < 0 || shrink < 0) {
            return factors;
        }
        for (int i = 1; i < lines.size(); i++) {
            String[] cells = lines.get(i).split("\t");
            if (cells.length <= Math.max(file, shrink)) {
                continue;
            }
            try {
                double factor = Double.parseDouble(cells[shrink].trim());
                if (!(factor >= 1 && factor <= MAX_SHRINK)) {
                    throw new NumberFormatException();
                }
                factors.put(cells[file], (int) Math.ceil(factor));
            } catch (NumberFormatException _) {
                throw new IOException(list + " line " + (i + 1) + ": suggested_downscale is \"" + cells[shrink]
                        + "\", wanted a number from 1 to " + MAX_SHRINK);
            }
        }
        return factors;
    }

    /// {@return a picture, cut so that its sides divide by the scale}
    ///
    /// @param file     the file
    /// @param shrink   factor to shrink by first, at least 1
    /// @param channels 1 for BT.601 studio luma rounded to 8 bit, 3 for RGB
    /// @param scale    what the sides must divide by
    /// @throws IOException if the file is no picture
    static Picture read(Path file, int shrink, int channels, int scale) throws IOException {
        // Not by BufferedImage.getRGB, which takes grey for linear light.
        Frame frame = BufferedImages.toPicture(decode(file)).frame();
        int frameWidth = frame.format().width();
        int width = frameWidth / shrink / scale * scale;
        int height = frame.format().height() / shrink / scale * scale;
        boolean alpha = frame.format().layout().hasAlpha();
        int colours = frame.planes().size() - (alpha ? 1 : 0);
        boolean deep = frame.format().bitDepth() == 16;
        float[][] planes = new float[channels][width * height];
        double[] rgb = new double[3];
        double area = (double) shrink * shrink;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                Arrays.fill(rgb, 0);
                for (int j = 0; j < shrink; j++) {
                    for (int i = 0; i < shrink; i++) {
                        int at = (y * shrink + j) * frameWidth + x * shrink + i;
                        int a = alpha ? sample(frame.plane(colours), at, deep) : 255;
                        for (int c = 0; c < colours; c++) {
                            rgb[c] += over(sample(frame.plane(c), at, deep), a);
                        }
                    }
                }
                if (colours == 1) {
                    rgb[1] = rgb[0];
                    rgb[2] = rgb[0];
                }
                int to = y * width + x;
                if (channels == 1) {
                    planes[0][to] = Math.round(PublishedProtocol.luma(rgb[0], rgb[1], rgb[2], area));
                } else {
                    for (int c = 0; c < 3; c++) {
                        planes[c][to] = Math.round(rgb[c] / area);
                    }
                }
            }
        }
        return new Picture(file.getFileName().toString(), width, height, planes);
    }

    /// {@return a sample in 8 bit; one of 16 is rounded}
    private static int sample(Plane plane, int at, boolean deep) {
        int sample = plane.samples()[at] & 0xFFFF;
        return deep ? (sample * 255 + 32767) / 65535 : sample;
    }

    /// Decodes a file whose header promises no more than [#MAX_PIXELS].
    private static BufferedImage decode(Path file) throws IOException {
        try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new MalformedFileException(file.toString(), -1, "not a picture that can be read");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in, true, true);
                long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
                if (pixels > MAX_PIXELS) {
                    throw new MalformedFileException(file.toString(), -1, "a picture of " + reader.getWidth(0) + "x"
                            + reader.getHeight(0) + " pixels, at most " + MAX_PIXELS + " are taken; cut it up first");
                }
                return reader.read(0);
            } finally {
                reader.dispose();
            }
        } catch (MalformedFileException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // Decoders answer damage with either.
            throw new MalformedFileException(file.toString(), -1, "the picture is damaged (" + e.getMessage()
                    + "); repair it or take it out of the folder");
        }
    }

    /// A sample of opacity `alpha` on white.
    private static double over(int sample, int alpha) {
        return alpha == 255 ? sample : (sample * alpha + 255.0 * (255 - alpha)) / 255;
    }
}
