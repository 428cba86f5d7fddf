package io.github.fovea.media;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The image formats that Fovea reads, all but GIF also written.
public enum ImageFormat {
    /// Portable Network Graphics.
    PNG("png", List.of("png"), true),
    /// JPEG in a JFIF or EXIF file.
    JPEG("jpeg", List.of("jpg", "jpeg", "jpe", "jfif"), false),
    /// Windows bitmap.
    BMP("bmp", List.of("bmp", "dib"), false),
    /// Tagged Image File Format.
    TIFF("tiff", List.of("tif", "tiff"), true),
    /// Graphics Interchange Format; the first picture is read, none is written.
    GIF("gif", List.of("gif"), true);

    private final String imageIoName;
    private final List<String> endings;
    private final boolean alpha;

    ImageFormat(String imageIoName, List<String> endings, boolean alpha) {
        this.imageIoName = imageIoName;
        this.endings = endings;
        this.alpha = alpha;
    }

    /// {@return the name by which ImageIO knows the format}
    String imageIoName() {
        return imageIoName;
    }

    /// {@return the usual endings of file names, lower case, without the dot}
    public List<String> endings() {
        return endings;
    }

    /// {@return whether a file of this format can hold alpha}
    public boolean holdsAlpha() {
        return alpha;
    }

    /// {@return whether a file of this format can hold samples of 16 bits}
    boolean holdsSixteenBits() {
        return this == PNG || this == TIFF;
    }

    /// {@return the format that a file's name promises}
    ///
    /// @param file a file, existing or not
    public static Optional<ImageFormat> ofName(Path file) {
        Path last = file.getFileName();
        String name = last == null ? "" : last.toString().toLowerCase(Locale.ROOT);
        String ending = name.substring(name.lastIndexOf('.') + 1);
        for (ImageFormat format : values()) {
            if (name.contains(".") && format.endings.contains(ending)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }

    /// {@return the format that a file's first bytes show}
    ///
    /// @param start the first bytes, eight if the file has as many
    static Optional<ImageFormat> ofStart(byte[] start) {
        if (starts(start, 0x89, 'P', 'N', 'G', 0x0D, 0x0A, 0x1A, 0x0A)) {
            return Optional.of(PNG);
        }
        if (starts(start, 0xFF, 0xD8, 0xFF)) {
            return Optional.of(JPEG);
        }
        if (starts(start, 'G', 'I', 'F', '8')) {
            return Optional.of(GIF);
        }
        if (starts(start, 'I', 'I', 42, 0) || starts(start, 'M', 'M', 0, 42)) {
            return Optional.of(TIFF);
        }
        if (starts(start, 'B', 'M')) {
            return Optional.of(BMP);
        }
        return Optional.empty();
    }

    private static boolean starts(byte[] bytes, int... wanted) {
        if (bytes.length < wanted.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if ((bytes[i] & 0xFF) != wanted[i]) {
                return false;
            }
        }
        return true;
    }
}
