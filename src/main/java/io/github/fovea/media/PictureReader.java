package io.github.fovea.media;

import io.github.fovea.error.MalformedFileException;
import io.github.fovea.error.UnavailableException;
import io.github.fovea.frame.ColorConversion;
import io.github.fovea.frame.ColorDescription;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.PixelLayout;
import java.awt.Rectangle;
import java.awt.color.ICC_ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.SampleModel;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;

/// One open image file: its size, what it says about itself, and its pixels, upright.
///
/// Everything that costs memory is checked against limits first.
///
/// Not safe for use by several threads.
public final class PictureReader implements AutoCloseable {
    private static final int MAX_BANDS = 16;

    private final Path file;
    private final ImageFormat fileFormat;
    private final ImageInputStream input;
    private final ImageReader reader;
    private final AtomicReference<String> truncation = new AtomicReference<>();
    private ImageSideData side = ImageSideData.NONE;
    private PictureMetadata metadata = PictureMetadata.NONE;
    private int storedWidth;
    private int storedHeight;
    private Rectangle frameOnCanvas;
    private FrameFormat storedFormat;
    /// Whether samples become those of sRGB, so that the file's profile is not theirs any more.
    private boolean converted;

    private PictureReader(Path file, ImageFormat fileFormat, ImageInputStream input, ImageReader reader) {
        this.file = file;
        this.fileFormat = fileFormat;
        this.input = input;
        this.reader = reader;
    }

    /// Opens a file and reads its header.
    ///
    /// @param file      the file
    /// @param maxPixels larger pictures are refused
    /// @return the open picture
    /// @throws MalformedFileException if the file is not an image of a known format, is damaged, or too large
    /// @throws IOException            if the file cannot be read
    public static PictureReader open(Path file, long maxPixels) throws IOException {
        if (maxPixels < 1) {
            throw new IllegalArgumentException("limit of " + maxPixels + " pixels, wanted at least 1");
        }
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString(), null, "no such file");
        }
        if (Files.isDirectory(file)) {
            throw new IOException(file + ": is a folder, wanted an image file");
        }
        if (!Files.isRegularFile(file)) {
            // Readers go back and forth, which pipes and devices do not; opening them may even wait for ever.
            throw new IOException(file + ": is a pipe or a device, wanted an image file; save its content to a file "
                    + "first");
        }
        if (!Files.isReadable(file)) {
            throw new AccessDeniedException(file.toString(), null, "cannot be read; check its permissions");
        }
        FileNames.check(file);
        ImageInputStream input = new FileImageInputStream(file.toFile());
        PictureReader opened = null;
        try {
            ImageFormat format = sniff(file, input);
            Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format.imageIoName());
            if (!readers.hasNext()) {
                throw new UnavailableException("this Java has no ImageIO reader for " + format,
                        "run with a complete JDK 25 (module java.desktop)");
            }
            opened = new PictureReader(file, format, input, readers.next());
            opened.readHeader(maxPixels);
            return opened;
        } catch (IOException | RuntimeException e) {
            if (opened != null) {
                opened.reader.dispose();
            }
            input.close();
            throw e;
        }
    }

    private static ImageFormat sniff(Path file, ImageInputStream input) throws IOException {
        byte[] start = new byte[(int) Math.min(FileStart.BYTES, input.length())];
        input.readFully(start);
        if (start.length == 0) {
            throw new MalformedFileException(file.toString(), 0, "the file is empty, wanted an image");
        }
        return ImageFormat.ofStart(start).orElseThrow(() -> new MalformedFileException(file.toString(), 0,
                "not an image that Fovea reads (PNG, JPEG, BMP, TIFF, GIF): the file begins with "
                + FileStart.shown(start)));
    }

    private void readHeader(long maxPixels) throws IOException {
        try {
            ImageInputStream pixels = readSide();
            reader.addIIOReadWarningListener((source, warning) -> {
                // ImageIO decodes what is there and only warns, which would give a picture that ends in grey.
                String text = warning.toLowerCase(Locale.ROOT);
                if (text.contains("premature") || text.contains("truncated")
                        || text.contains("corrupt jpeg data: bad")) {
                    truncation.compareAndSet(null, warning);
                }
            });
            reader.setInput(pixels, false, fileFormat == ImageFormat.PNG || fileFormat == ImageFormat.JPEG);
            storedWidth = reader.getWidth(0);
            storedHeight = reader.getHeight(0);
            if (storedWidth < 1 || storedHeight < 1) {
                throw broken(null, "a size of " + storedWidth + "x" + storedHeight);
            }
            if (fileFormat == ImageFormat.GIF) {
                readCanvas();
            }
            if ((long) storedWidth * storedHeight > maxPixels) {
                throw new MalformedFileException(file.toString(), -1, String.format(Locale.ROOT,
                        "the picture is %,dx%,d = %,d pixels, the limit is %,d; raise the limit"
                                + " (--max-megapixels) if you trust the file",
                        storedWidth, storedHeight, (long) storedWidth * storedHeight, maxPixels));
            }
            if (fileFormat == ImageFormat.TIFF) {
                side = TiffSideData.read(reader.getImageMetadata(0), file.toString());
            }
            readType();
            byte[] profile = converted ? null : side.iccProfile();
            metadata = PictureMetadata.of(profile, side.densityX(), side.densityY()).withPngColor(side.pngColor());
            if (side.orientation().transposes()) {
                metadata = metadata.transposed();
            }
        } catch (MalformedFileException | UnavailableException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw broken(e, "its header cannot be read");
        }
    }

    private ImageInputStream readSide() throws IOException {
        List<Long> profiles = new ArrayList<>();
        if (fileFormat == ImageFormat.PNG) {
            side = ImageSideData.readPng(input, file.toString());
        } else if (fileFormat == ImageFormat.JPEG) {
            side = ImageSideData.readJpeg(input, file.toString(), profiles);
        }
        input.seek(0);
        return profiles.isEmpty() ? input : new MaskedImageInput(input, profiles);
    }

    /// A GIF's first picture may cover a part of its canvas only; the rest is transparent.
    private void readCanvas() throws IOException {
        input.mark();
        input.seek(6);
        int width = input.readUnsignedByte() | input.readUnsignedByte() << 8;
        int height = input.readUnsignedByte() | input.readUnsignedByte() << 8;
        input.reset();
        IIOMetadataNode root = (IIOMetadataNode)
                reader.getImageMetadata(0).getAsTree("javax_imageio_gif_image_1.0");
        IIOMetadataNode place = (IIOMetadataNode)
                root.getElementsByTagName("ImageDescriptor").item(0);
        int left = Integer.parseInt(place.getAttribute("imageLeftPosition"));
        int top = Integer.parseInt(place.getAttribute("imageTopPosition"));
        Rectangle frame = new Rectangle(left, top, storedWidth, storedHeight);
        Rectangle canvas = new Rectangle(width, height);
        if (!frame.equals(canvas) && canvas.contains(frame)) {
            frameOnCanvas = frame;
            storedWidth = width;
            storedHeight = height;
        }
    }

    private boolean isCmyk() {
        return side.components() == 4;
    }

    private void readType() throws IOException {
        if (isCmyk()) {
            converted = true;
            storedFormat = new FrameFormat(storedWidth, storedHeight, PixelLayout.RGB, 8, ColorDescription.SRGB);
            return;
        }
        Iterator<ImageTypeSpecifier> types = reader.getImageTypes(0);
        if (types == null || !types.hasNext()) {
            throw broken(null, "pixels of a kind that this Java cannot read; convert the file to 8- or 16-bit RGB");
        }
        ImageTypeSpecifier type = types.next();
        // Only where Java knows the profile does it apply it; else its conversion takes samples as they are.
        converted = BufferedImages.isConverted(type.getColorModel(), type.getSampleModel())
                && type.getColorModel().getColorSpace() instanceof ICC_ColorSpace;
        storedFormat = formatOf(type.getColorModel(), type.getSampleModel(), storedWidth, storedHeight);
        if (frameOnCanvas != null && !storedFormat.layout().hasAlpha()) {
            storedFormat = new FrameFormat(storedWidth, storedHeight,
                    storedFormat.layout() == PixelLayout.GREY ? PixelLayout.GREY_ALPHA : PixelLayout.RGBA, 8,
                    storedFormat.color());
        }
    }

    /// {@return the format of pixels that are stored so}
    private FrameFormat formatOf(ColorModel colors, SampleModel samples, int width, int height) {
        FrameFormat format = BufferedImages.formatOf(colors, samples, width, height);
        if (!(colors instanceof IndexColorModel) || !isOfRgb(side.iccProfile())) {
            return format;
        }
        // A palette that happens to be grey is in the colours of its profile, which no grey picture can hold.
        return new FrameFormat(width, height, format.layout().hasAlpha() ? PixelLayout.RGBA : PixelLayout.RGB,
                format.bitDepth(), format.color());
    }

    /// Whether a profile's header says that its colours are red, green and blue.
    private static boolean isOfRgb(byte[] profile) {
        return profile != null && profile.length > 20
                && new String(profile, 16, 4, StandardCharsets.ISO_8859_1).equals("RGB ");
    }

    /// {@return the format of the upright picture}
    public FrameFormat format() {
        return side.orientation().upright(storedFormat);
    }

    /// {@return what the file says beside the samples, for the upright picture}
    public PictureMetadata metadata() {
        return metadata;
    }

    /// {@return whether more pictures follow the first, as in animations and files of several pages; what is damaged
    /// behind the first counts as none}
    public boolean holdsMore() {
        try {
            return switch (fileFormat) {
                case GIF, TIFF -> reader.getWidth(1) > 0;
                case PNG -> side.animated();
                case JPEG, BMP -> false;
            };
        } catch (IOException | RuntimeException _) {
            return false; // ImageIO says so that there is no second picture, too
        }
    }

    /// {@return the format of the file}
    public ImageFormat fileFormat() {
        return fileFormat;
    }

    /// Reads the whole picture. Large pictures are read in up to sixteen bands, so that decoded bytes and samples do
    /// not both lie in memory whole.
    ///
    /// @return the picture
    /// @throws MalformedFileException if the file is damaged or cut off
    /// @throws UnavailableException   if the picture is larger than the memory that Java may use
    /// @throws IOException            if the file cannot be read
    public Picture read() throws IOException {
        FrameFormat format = format();
        long samples = (long) format.width() * format.height() * format.layout().planes();
        long decodedBytes = samples * (format.bitDepth() / 8);
        long heapBytes = Runtime.getRuntime().maxMemory();
        if ((long) format.width() * format.height() > Integer.MAX_VALUE - 64
                || samples * 2 > heapBytes - heapBytes / 8) {
            throw new UnavailableException(String.format(Locale.ROOT,
                    "%s: %,dx%,d pixels need %,d MB for their samples, Java may use %,d MB", file, format.width(),
                    format.height(), samples * 2 >> 20, heapBytes >> 20), "give it more memory (java -Xmx...)");
        }
        // A band lies in memory twice, as decoded bytes and as samples; half of what the samples leave free is for
        // that.
        long spareBytes = Math.max(1, (heapBytes - samples * 2) / 2);
        int bands = Math.clamp((3 * decodedBytes + spareBytes - 1) / spareBytes, 1, Math.min(MAX_BANDS, storedHeight));
        Frame frame = Frame.allocate(format);
        for (int i = 0; i < bands; i++) {
            int from = (int) ((long) storedHeight * i / bands);
            int to = (int) ((long) storedHeight * (i + 1) / bands);
            Rectangle stored = new Rectangle(0, from, storedWidth, to - from);
            Frame part = readStored(stored);
            Rectangle upright = uprightOf(stored);
            side.orientation().place(part, frame, upright.x, upright.y);
        }
        return new Picture(frame, metadata);
    }

    private Rectangle uprightOf(Rectangle stored) {
        // Each case is its own inverse but the two quarter turns, which are each other's.
        Orientation inverse = switch (side.orientation()) {
            case ROTATED_90 -> Orientation.ROTATED_270;
            case ROTATED_270 -> Orientation.ROTATED_90;
            case NORMAL, MIRRORED, ROTATED_180, FLIPPED, TRANSPOSED, TRANSVERSED -> side.orientation();
        };
        return inverse.stored(stored, format().width(), format().height());
    }

    private Frame readStored(Rectangle region) throws IOException {
        Frame frame = Frame.allocate(storedFormat.withSize(region.width, region.height));
        Rectangle wanted = frameOnCanvas == null ? region : region.intersection(frameOnCanvas);
        if (wanted.isEmpty()) {
            return frame;
        }
        try {
            ImageReadParam param = reader.getDefaultReadParam();
            Rectangle source = new Rectangle(wanted);
            if (frameOnCanvas != null) {
                source.translate(-frameOnCanvas.x, -frameOnCanvas.y);
            }
            param.setSourceRegion(source);
            if (isCmyk()) {
                Raster inks = reader.canReadRaster() ? reader.readRaster(0, param) : reader.read(0, param).getRaster();
                CmykPixels.load(inks, side, frame);
            } else {
                BufferedImage image = reader.read(0, param);
                if (frameOnCanvas == null) {
                    loadChecked(image, frame);
                } else {
                    placeOnCanvas(BufferedImages.toPicture(image).frame(), frame, wanted.x - region.x,
                            wanted.y - region.y);
                }
            }
        } catch (MalformedFileException e) {
            throw e;
        } catch (EOFException e) {
            throw broken(e, "it is cut off");
        } catch (IOException | RuntimeException e) {
            // ImageIO's PNG reader wraps even this.
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof OutOfMemoryError) {
                    throw new UnavailableException(file + ": the picture does not fit the memory that Java may use",
                            "give it more memory (java -Xmx...)");
                }
            }
            throw broken(e, "its picture data cannot be decoded");
        }
        if (truncation.get() != null) {
            throw new MalformedFileException(file.toString(), -1, fileFormat + " is cut off or damaged ("
                    + truncation.get() + ")");
        }
        return frame;
    }

    private void loadChecked(BufferedImage image, Frame frame) throws IOException {
        FrameFormat got = formatOf(image.getColorModel(), image.getSampleModel(), image.getWidth(),
                image.getHeight());
        if (!got.equals(frame.format())) {
            throw broken(null, "pixels decoded as " + got + " where its header promised " + frame.format());
        }
        BufferedImages.load(image, frame);
    }

    private static void placeOnCanvas(Frame part, Frame frame, int x, int y) {
        Frame same = Frame.allocate(new FrameFormat(part.format().width(), part.format().height(),
                frame.format().layout(), 8, part.format().color()));
        ColorConversion.convert(part, same);
        Orientation.NORMAL.place(same, frame, x, y);
    }

    private MalformedFileException broken(Exception cause, String what) {
        String reason = cause == null ? "" : " (" + (cause.getMessage() == null ? cause.getClass().getSimpleName()
                : cause.getMessage()) + (cause.getCause() == null || cause.getCause().getMessage() == null ? ""
                : ": " + cause.getCause().getMessage()) + ")";
        MalformedFileException exception = new MalformedFileException(file.toString(), -1,
                "the " + fileFormat + " file is damaged or cut off: " + what + reason);
        if (cause != null) {
            exception.initCause(cause);
        }
        return exception;
    }

    @Override
    public void close() throws IOException {
        reader.dispose();
        input.close();
    }
}
