package io.github.fovea.media;

import io.github.fovea.frame.ColorDescription;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.PixelLayout;
import io.github.fovea.frame.Plane;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.SampleModel;
import java.util.Objects;

/// Pictures from and to [BufferedImage].
///
/// Samples are taken as they are: no colour management happens, a profile other than sRGB travels as metadata. (Java's
/// own conversions treat `TYPE_BYTE_GRAY` as linear light and would change every grey.) Premultiplied colour is divided
/// by its alpha. Indexed pictures become grey, RGB or RGBA. Floating-point samples, grey and colour alike, are taken as
/// shown and not as linear light: 0 to 1 becomes all of 16 bit, what lies outside is clamped. Pictures in other colour
/// spaces (CMYK, Lab) go through Java's conversion to sRGB with 8 bit.
public final class BufferedImages {
    private BufferedImages() {
    }

    /// {@return the format of the frame that [#toPicture] makes: 16 bit where a component has more than 8 bits, else 8;
    /// 8 where it is converted}
    ///
    /// @param colors  the image's colour model
    /// @param samples the image's sample model
    /// @param width   columns
    /// @param height  rows
    static FrameFormat formatOf(ColorModel colors, SampleModel samples, int width, int height) {
        if (colors instanceof IndexColorModel index) {
            return new FrameFormat(width, height, layoutOf(index), 8, ColorDescription.SRGB);
        }
        if (isConverted(colors, samples)) {
            return new FrameFormat(width, height, colors.hasAlpha() ? PixelLayout.RGBA : PixelLayout.RGB, 8,
                    ColorDescription.SRGB);
        }
        PixelLayout layout = switch (colors.getNumComponents()) {
            case 1 -> PixelLayout.GREY;
            case 2 -> PixelLayout.GREY_ALPHA;
            case 3 -> PixelLayout.RGB;
            default -> PixelLayout.RGBA;
        };
        int bits = 0;
        for (int i = 0; i < colors.getNumComponents(); i++) {
            bits = Math.max(bits, colors.getComponentSize(i));
        }
        return new FrameFormat(width, height, layout, bits > 8 ? 16 : 8, ColorDescription.SRGB);
    }

    /// {@return whether an image's colours go through Java's conversion to sRGB, so that its profile holds no more}
    ///
    /// @param colors  the image's colour model
    /// @param samples the image's sample model
    static boolean isConverted(ColorModel colors, SampleModel samples) {
        return !(colors instanceof IndexColorModel) && !isDirect(colors, samples) && !isFloating(colors, samples);
    }

    private static boolean isDirect(ColorModel colors, SampleModel samples) {
        int type = colors.getColorSpace().getType();
        int transfer = samples.getTransferType();
        return (type == ColorSpace.TYPE_GRAY || type == ColorSpace.TYPE_RGB) && areComponents(colors, samples)
                && (transfer == DataBuffer.TYPE_BYTE || transfer == DataBuffer.TYPE_USHORT
                        || transfer == DataBuffer.TYPE_INT && !(colors instanceof ComponentColorModel));
    }

    private static boolean isFloating(ColorModel colors, SampleModel samples) {
        int type = colors.getColorSpace().getType();
        int transfer = samples.getTransferType();
        // ImageIO calls doubles of RGB just three components.
        return (type == ColorSpace.TYPE_GRAY || type == ColorSpace.TYPE_RGB || type == ColorSpace.TYPE_3CLR)
                && areComponents(colors, samples)
                && (transfer == DataBuffer.TYPE_FLOAT || transfer == DataBuffer.TYPE_DOUBLE);
    }

    /// Whether bands are grey or three colours, and alpha where there is any.
    private static boolean areComponents(ColorModel colors, SampleModel samples) {
        int components = colors.getNumComponents();
        int wanted = (colors.getColorSpace().getType() == ColorSpace.TYPE_GRAY ? 1 : 3) + (colors.hasAlpha() ? 1 : 0);
        return components == wanted && samples.getNumBands() == components;
    }

    private static PixelLayout layoutOf(IndexColorModel index) {
        boolean grey = true;
        for (int i = 0; i < index.getMapSize(); i++) {
            grey &= index.getRed(i) == index.getGreen(i) && index.getGreen(i) == index.getBlue(i);
        }
        if (index.hasAlpha()) {
            return grey ? PixelLayout.GREY_ALPHA : PixelLayout.RGBA;
        }
        return grey ? PixelLayout.GREY : PixelLayout.RGB;
    }

    /// {@return the image as a picture; its pixels are copied}
    ///
    /// @param image any image
    public static Picture toPicture(BufferedImage image) {
        ColorModel colors = Objects.requireNonNull(image, "image").getColorModel();
        FrameFormat format = formatOf(colors, image.getSampleModel(), image.getWidth(), image.getHeight());
        byte[] profile = null;
        if (!(colors instanceof IndexColorModel) && !isConverted(colors, image.getSampleModel())
                && colors.getColorSpace() instanceof ICC_ColorSpace icc && !colors.getColorSpace().isCS_sRGB()
                && !isPlainGrey(icc)) {
            profile = icc.getProfile().getData();
        }
        Frame frame = Frame.allocate(format);
        load(image, frame);
        return new Picture(frame, PictureMetadata.of(profile, 0, 0));
    }

    private static boolean isPlainGrey(ICC_ColorSpace space) {
        return space.equals(ColorSpace.getInstance(ColorSpace.CS_GRAY));
    }

    /// Copies an image's samples into a frame of the format that [#formatOf] names.
    static void load(BufferedImage image, Frame frame) {
        ColorModel colors = image.getColorModel();
        if (colors instanceof IndexColorModel index) {
            loadIndexed(image.getRaster(), index, frame);
        } else if (isConverted(colors, image.getSampleModel())) {
            loadConverted(image, frame);
        } else if (isFloating(colors, image.getSampleModel())) {
            FloatSamples.load(image.getRaster(), colors, frame);
        } else {
            RasterSamples.load(image.getRaster(), colors, frame);
        }
    }

    private static void loadIndexed(Raster raster, IndexColorModel index, Frame frame) {
        int size = index.getMapSize();
        int[] map = new int[size];
        index.getRGBs(map);
        int planes = frame.planes().size();
        boolean grey = planes <= 2;
        int width = raster.getWidth();
        int[] row = new int[width];
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, 0, row);
            for (int i = 0; i < planes; i++) {
                int shift = frame.format().layout().hasAlpha() && i == planes - 1 ? 24 : grey ? 0 : 16 - 8 * i;
                short[] samples = frame.plane(i).samples();
                for (int x = 0; x < width; x++) {
                    // An index beyond the palette is black, as browsers show it.
                    int argb = row[x] < size ? map[row[x]] : 0xFF000000;
                    samples[y * width + x] = (short) (argb >>> shift & 0xFF);
                }
            }
        }
    }

    private static void loadConverted(BufferedImage image, Frame frame) {
        int width = image.getWidth();
        int[] row = new int[width];
        for (int y = 0; y < image.getHeight(); y++) {
            image.getRGB(0, y, width, 1, row, 0, width);
            for (int i = 0; i < frame.planes().size(); i++) {
                short[] samples = frame.plane(i).samples();
                int shift = i == 3 ? 24 : 16 - 8 * i;
                for (int x = 0; x < width; x++) {
                    samples[y * width + x] = (short) (row[x] >>> shift & 0xFF);
                }
            }
        }
    }

    /// {@return an empty image of another size for the upscaled version of `image`: of the same type and colour model,
    /// or, for indexed images, `TYPE_BYTE_GRAY`, `TYPE_3BYTE_BGR`, `TYPE_4BYTE_ABGR` or interleaved grey and alpha; 16 bit
    /// of the same colour space for floating-point samples}
    ///
    /// @param image  the image that is upscaled
    /// @param width  columns of the new image
    /// @param height rows of the new image
    public static BufferedImage createLike(BufferedImage image, int width, int height) {
        ColorModel colors = image.getColorModel();
        if (!(colors instanceof IndexColorModel) && isFloating(colors, image.getSampleModel())) {
            ColorSpace space = colors.getColorSpace().getType() == ColorSpace.TYPE_3CLR
                    ? ColorSpace.getInstance(ColorSpace.CS_sRGB) : colors.getColorSpace();
            return new BufferedImage(new ComponentColorModel(space, colors.hasAlpha(), false,
                    colors.getTransparency(), DataBuffer.TYPE_USHORT),
                    RasterSamples.raster(formatOf(colors, image.getSampleModel(), width, height), height), false, null);
        }
        if (colors instanceof IndexColorModel || !isDirect(colors, image.getSampleModel())) {
            FrameFormat format = formatOf(colors, image.getSampleModel(), width, height);
            if (format.layout() == PixelLayout.GREY_ALPHA) {
                return new BufferedImage(RasterSamples.colorModel(format, PictureMetadata.NONE),
                        RasterSamples.raster(format, height), false, null);
            }
            return new BufferedImage(width, height, switch (format.layout()) {
                case GREY -> BufferedImage.TYPE_BYTE_GRAY;
                case RGBA -> BufferedImage.TYPE_4BYTE_ABGR;
                default -> BufferedImage.TYPE_3BYTE_BGR;
            });
        }
        if (image.getType() != BufferedImage.TYPE_CUSTOM) {
            return new BufferedImage(width, height, image.getType());
        }
        return new BufferedImage(colors, colors.createCompatibleWritableRaster(width, height),
                colors.isAlphaPremultiplied(), null);
    }

    /// {@return whether an image takes a frame's samples as they are, but for rounding: it is neither indexed, nor grey
    /// where the frame is coloured, nor of a colour space of its own}
    ///
    /// @param format the frame's format
    /// @param image  an image
    public static boolean takes(FrameFormat format, BufferedImage image) {
        ColorModel colors = image.getColorModel();
        return !(colors instanceof IndexColorModel) && isDirect(colors, image.getSampleModel())
                && (colors.getColorSpace().getType() == ColorSpace.TYPE_RGB
                        || format.layout() == PixelLayout.GREY || format.layout() == PixelLayout.GREY_ALPHA);
    }

    /// Copies a frame's samples into an image of the same size, rounded to the image's bits, multiplied by alpha where
    /// the image wants that. Where the image has no alpha the frame's is dropped; where only the image has it, it is
    /// opaque.
    ///
    /// @param frame grey, grey-alpha, RGB or RGBA, 8 or 16 bit
    /// @param image the image to fill; indexed images are filled by nearest palette colour
    public static void store(Frame frame, BufferedImage image) {
        Picture.checkFormat(frame);
        FrameFormat format = frame.format();
        if (format.width() != image.getWidth() || format.height() != image.getHeight()) {
            throw new IllegalArgumentException("image is " + image.getWidth() + "x" + image.getHeight() + ", the frame "
                    + format.width() + "x" + format.height());
        }
        if (takes(format, image)) {
            RasterSamples.store(frame, 0, image.getRaster(), image.getColorModel());
            return;
        }
        int shift = format.bitDepth() - 8;
        boolean grey = format.layout() == PixelLayout.GREY || format.layout() == PixelLayout.GREY_ALPHA;
        Plane alpha = format.layout().hasAlpha() ? frame.plane(format.layout().planes() - 1) : null;
        for (int y = 0; y < format.height(); y++) {
            for (int x = 0; x < format.width(); x++) {
                int argb = (alpha == null ? 255 : alpha.get(x, y) >> shift) << 24;
                for (int i = 0; i < 3; i++) {
                    argb |= frame.plane(grey ? 0 : i).get(x, y) >> shift << 16 - 8 * i;
                }
                image.setRGB(x, y, argb);
            }
        }
    }
}
