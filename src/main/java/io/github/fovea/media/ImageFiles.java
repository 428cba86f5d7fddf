package io.github.fovea.media;

import io.github.fovea.error.UnavailableException;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.PixelLayout;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.plugins.tiff.BaselineTIFFTagSet;
import javax.imageio.plugins.tiff.TIFFDirectory;
import javax.imageio.plugins.tiff.TIFFField;
import javax.imageio.plugins.tiff.TIFFTag;
import javax.imageio.stream.FileImageOutputStream;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/// Image files to pictures and back.
///
/// Reads PNG, JPEG, BMP, TIFF and the first picture of a GIF; writes PNG, JPEG, BMP and TIFF. Orientation is applied
/// when reading and never written; ICC profile and density are kept. Output appears whole or not at all.
public final class ImageFiles {
    /// Pictures of more pixels are refused unless the caller raises the limit: 400 million.
    public static final long DEFAULT_MAX_PIXELS = 400_000_000L;

    private static final System.Logger LOG = System.getLogger(ImageFiles.class.getName());
    private static final int BAND_ROWS = 32;

    private ImageFiles() {
    }

    /// {@return whether the file's name ends like an image that Fovea reads}
    ///
    /// @param file a file, existing or not
    public static boolean isImageName(Path file) {
        return ImageFormat.ofName(file).isPresent();
    }

    /// Reads a picture of at most [#DEFAULT_MAX_PIXELS] pixels.
    ///
    /// @param file the file; its content decides the format, not its name
    /// @return the picture, upright
    /// @throws io.github.fovea.error.MalformedFileException if the file is no image, is damaged, cut off or too large
    /// @throws UnavailableException                         if the picture needs more memory than Java may use
    /// @throws IOException                                  if the file cannot be read
    public static Picture read(Path file) throws IOException {
        return read(file, DEFAULT_MAX_PIXELS);
    }

    /// Reads a picture.
    ///
    /// @param file      the file; its content decides the format, not its name
    /// @param maxPixels larger pictures are refused before anything is allocated for them
    /// @return the picture, upright
    /// @throws io.github.fovea.error.MalformedFileException if the file is no image, is damaged, cut off or too large
    /// @throws UnavailableException                         if the picture needs more memory than Java may use
    /// @throws IOException                                  if the file cannot be read
    public static Picture read(Path file, long maxPixels) throws IOException {
        try (PictureReader reader = PictureReader.open(file, maxPixels)) {
            return reader.read();
        }
    }

    /// Writes a picture in the format that the file's name says.
    ///
    /// @param picture the picture
    /// @param file    the file to make
    /// @param options quality and overwriting
    /// @throws IllegalArgumentException if the name's ending is not known or the format cannot hold the picture
    /// @throws IOException              if the file cannot be written; then there is none
    public static void write(Picture picture, Path file, WriteOptions options) throws IOException {
        Frame whole = fitting(picture.frame(), file);
        write(whole.format(), picture.metadata(), BAND_ROWS, (y, height) -> rows(whole, y, height), file, options);
    }

    /// {@return a frame as a file of a name can hold it: without its alpha where the format has none and nothing is
    /// transparent, as in most screenshots; else the frame itself}
    ///
    /// @param frame the frame
    /// @param file  the file to make; its name says the format
    /// @throws IllegalArgumentException if the name's ending is not known
    public static Frame fitting(Frame frame, Path file) {
        FrameFormat format = frame.format();
        if (!format.layout().hasAlpha() || formatOf(file).holdsAlpha() || !isOpaque(frame)) {
            return frame;
        }
        PixelLayout without = format.layout() == PixelLayout.RGBA ? PixelLayout.RGB : PixelLayout.GREY;
        return new Frame(new FrameFormat(format.width(), format.height(), without, format.bitDepth(), format.color()),
                frame.planes().subList(0, without.planes()));
    }

    private static boolean isOpaque(Frame frame) {
        int last = frame.planes().size() - 1;
        short maximum = (short) frame.plane(last).maximum();
        for (short alpha : frame.plane(last).samples()) {
            if (alpha != maximum) {
                return false;
            }
        }
        return true;
    }

    private static Frame rows(Frame frame, int y, int height) {
        Frame band = Frame.allocate(frame.format().withSize(frame.format().width(), height));
        for (int i = 0; i < band.planes().size(); i++) {
            System.arraycopy(frame.plane(i).samples(), y * frame.format().width(), band.plane(i).samples(), 0,
                    band.plane(i).samples().length);
        }
        return band;
    }

    /// Writes a picture whose rows are made while it is written. PNG, TIFF and BMP hold one band at a time in memory;
    /// JPEG collects all rows first.
    ///
    /// @param format   size, layout and bit depth of the picture
    /// @param metadata profile and density to write, and what a PNG says of its colours to another PNG; BMP holds no
    ///                 profile
    /// @param bandRows rows to ask for at a time
    /// @param source   makes the rows
    /// @param file     the file to make; its name says the format
    /// @param options  quality and overwriting
    /// @throws IllegalArgumentException if the name's ending is not known or the format cannot hold the picture
    /// @throws IOException              if the file cannot be written or `source` fails; then there is no file
    public static void write(FrameFormat format, PictureMetadata metadata, int bandRows, BandSource source, Path file,
                             WriteOptions options) throws IOException {
        ImageFormat fileFormat = formatOf(file);
        if (format.layout().hasAlpha() && !fileFormat.holdsAlpha()) {
            throw new IllegalArgumentException(file + ": " + fileFormat + " holds no alpha; write PNG or TIFF");
        }
        boolean eightBit = !fileFormat.holdsSixteenBits();
        if (eightBit && format.bitDepth() != 8) {
            LOG.log(System.Logger.Level.INFO, "{0}: {1} holds 8 bit; {2} are rounded", file, fileFormat, format.bitDepth());
        }
        FrameFormat written = eightBit
                ? new FrameFormat(format.width(), format.height(), format.layout(), 8, format.color()) : format;
        BandSource rows = eightBit && format.bitDepth() != 8
                ? (y, height) -> toEightBit(source.rows(y, height)) : source;
        // JPEG's profile is spliced in below, BMP has none; a plain colour space keeps their writers from converting.
        BandImage image = new BandImage(written, eightBit ? PictureMetadata.NONE : metadata, bandRows, rows);
        try {
            AtomicOutput.write(file, options.overwrite(),
                    temporary -> encode(image, metadata, fileFormat, temporary, options));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static ImageFormat formatOf(Path file) {
        ImageFormat format = ImageFormat.ofName(file).orElseThrow(() -> new IllegalArgumentException(
                file + ": the ending names no image format; wanted .png, .jpg, .tif or .bmp"));
        if (format == ImageFormat.GIF) {
            throw new IllegalArgumentException(file + ": GIF is read but not written; write PNG");
        }
        return format;
    }

    private static Frame toEightBit(Frame deep) {
        FrameFormat f = deep.format();
        Frame frame = Frame.allocate(new FrameFormat(f.width(), f.height(), f.layout(), 8, f.color()));
        for (int i = 0; i < frame.planes().size(); i++) {
            short[] from = deep.plane(i).samples();
            short[] to = frame.plane(i).samples();
            for (int k = 0; k < to.length; k++) {
                to[k] = (short) (((from[k] & 0xFFFF) * 255 + 32767) / 65535);
            }
        }
        return frame;
    }

    private static void encode(BandImage image, PictureMetadata metadata, ImageFormat fileFormat, Path temporary,
                               WriteOptions options) throws IOException {
        Iterator<ImageWriter> writers = ImageIO.getImageWritersByFormatName(fileFormat.imageIoName());
        if (!writers.hasNext()) {
            throw new UnavailableException("this Java has no ImageIO writer for " + fileFormat,
                    "run with a complete JDK 25 (module java.desktop)");
        }
        ImageWriter writer = writers.next();
        try (OutputStream file = fileFormat == ImageFormat.JPEG
                ? new JpegHeaderStream(new BufferedOutputStream(Files.newOutputStream(temporary)), metadata)
                : OutputStream.nullOutputStream();
             ImageOutputStream out = fileFormat == ImageFormat.JPEG
                ? new MemoryCacheImageOutputStream(file) : new FileImageOutputStream(temporary.toFile())) {
            ImageWriteParam param = writer.getDefaultWriteParam();
            IIOMetadata data = null;
            ImageTypeSpecifier type = new ImageTypeSpecifier(image);
            switch (fileFormat) {
                case PNG -> data = pngMetadata(writer.getDefaultImageMetadata(type, param), metadata);
                case TIFF -> {
                    param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
                    param.setCompressionType("LZW");
                    data = tiffMetadata(writer.getDefaultImageMetadata(type, param), metadata);
                }
                case JPEG -> {
                    param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
                    param.setCompressionQuality(options.jpegQuality() / 100f);
                    data = writer.getDefaultImageMetadata(type, param);
                    if (options.jpegQuality() >= 90 && image.getColorModel().getNumComponents() == 3) {
                        unsubsampled(data);
                    }
                }
                case BMP, GIF -> {
                    // BMP has nothing to set; GIF never comes here.
                }
            }
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, data), param);
            out.flush();
        } finally {
            writer.dispose();
        }
    }

    private static IIOMetadata pngMetadata(IIOMetadata data, PictureMetadata metadata) throws IOException {
        IIOMetadataNode root = new IIOMetadataNode("javax_imageio_png_1.0");
        if (metadata.iccProfile().isPresent()) {
            ByteArrayOutputStream deflated = new ByteArrayOutputStream();
            try (DeflaterOutputStream deflater = new DeflaterOutputStream(deflated)) {
                deflater.write(metadata.iccProfile().get());
            }
            IIOMetadataNode node = new IIOMetadataNode("iCCP");
            node.setAttribute("profileName", "ICC profile");
            node.setAttribute("compressionMethod", "deflate");
            node.setUserObject(deflated.toByteArray());
            root.appendChild(node);
        }
        // One that a PNG has no room for is left out: the most that it holds would be another shape, and another size.
        if (metadata.densityX() > 0 && metadata.densityY() > 0
                && Math.max(metadata.densityX(), metadata.densityY()) <= Integer.MAX_VALUE) {
            IIOMetadataNode node = new IIOMetadataNode("pHYs");
            node.setAttribute("pixelsPerUnitXAxis", String.format(Locale.ROOT, "%d", Math.round(metadata.densityX())));
            node.setAttribute("pixelsPerUnitYAxis", String.format(Locale.ROOT, "%d", Math.round(metadata.densityY())));
            node.setAttribute("unitSpecifier", "meter");
            root.appendChild(node);
        }
        IIOMetadataNode chunks = new IIOMetadataNode("UnknownChunks");
        metadata.pngColor().forEach((type, bytes) -> {
            // A PNG that says sRGB holds no profile.
            if (!type.equals("sRGB") || metadata.iccProfile().isEmpty()) {
                IIOMetadataNode node = new IIOMetadataNode("UnknownChunk");
                node.setAttribute("type", type);
                node.setUserObject(bytes);
                chunks.appendChild(node);
            }
        });
        if (chunks.hasChildNodes()) {
            root.appendChild(chunks);
        }
        data.mergeTree("javax_imageio_png_1.0", root);
        return data;
    }

    private static IIOMetadata tiffMetadata(IIOMetadata data, PictureMetadata metadata) throws IOException {
        TIFFDirectory directory = TIFFDirectory.createFromMetadata(data);
        BaselineTIFFTagSet tags = BaselineTIFFTagSet.getInstance();
        if (metadata.iccProfile().isPresent()) {
            byte[] profile = metadata.iccProfile().get();
            directory.addTIFFField(new TIFFField(tags.getTag(BaselineTIFFTagSet.TAG_ICC_PROFILE),
                    TIFFTag.TIFF_UNDEFINED, profile.length, profile));
        }
        if (metadata.densityX() > 0 && metadata.densityY() > 0) {
            directory.addTIFFField(new TIFFField(tags.getTag(BaselineTIFFTagSet.TAG_RESOLUTION_UNIT), 3));
            density(directory, tags.getTag(BaselineTIFFTagSet.TAG_X_RESOLUTION), metadata.densityX());
            density(directory, tags.getTag(BaselineTIFFTagSet.TAG_Y_RESOLUTION), metadata.densityY());
        }
        return directory.getAsMetadata();
    }

    private static void density(TIFFDirectory directory, TIFFTag tag, double perMetre) {
        // Pixels per centimetre, in thousandths: unit 3 of the tag before.
        long[][] value = {{Math.min(0xFFFFFFFFL, Math.round(perMetre * 10)), 1000}};
        directory.addTIFFField(new TIFFField(tag, TIFFTag.TIFF_RATIONAL, 1, value));
    }

    private static void unsubsampled(IIOMetadata data) throws IOException {
        IIOMetadataNode root = (IIOMetadataNode) data.getAsTree("javax_imageio_jpeg_image_1.0");
        for (int i = 0; i < root.getElementsByTagName("componentSpec").getLength(); i++) {
            IIOMetadataNode component = (IIOMetadataNode) root.getElementsByTagName("componentSpec").item(i);
            component.setAttribute("HsamplingFactor", "1");
            component.setAttribute("VsamplingFactor", "1");
        }
        data.setFromTree("javax_imageio_jpeg_image_1.0", root);
    }
}
