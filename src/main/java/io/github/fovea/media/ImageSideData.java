package io.github.fovea.media;

import io.github.fovea.error.MalformedFileException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import javax.imageio.stream.ImageInputStream;

/// What PNG and JPEG files hold beside pixels, read by walking their chunks or segments. ImageIO offers part of this,
/// but neither EXIF nor limits.
///
/// @param orientation    how the stored picture is turned
/// @param iccProfile     the colour profile, or null
/// @param densityX       pixels per metre of stored rows, 0 where unknown
/// @param densityY       pixels per metre of stored columns, 0 where unknown
/// @param components     colour components of a JPEG frame, 4 for a TIFF picture of inks, else 0
/// @param adobeTransform the colour transform of a JPEG's Adobe segment, -1 without one
/// @param animated       whether a PNG holds further pictures
/// @param pngColor       chunks of a PNG that say how its samples are shown, by their types
record ImageSideData(Orientation orientation, byte[] iccProfile, double densityX, double densityY, int components,
                     int adobeTransform, boolean animated, Map<String, byte[]> pngColor) {
    static final ImageSideData NONE = new ImageSideData(Orientation.NORMAL, null, 0, 0, 0, -1, false, Map.of());

    private static final int EXIF_ORIENTATION = 0x0112;
    private static final int MAX_EXIF_BYTES = 1 << 20;

    static ImageSideData readPng(ImageInputStream in, String where) throws IOException {
        long fileBytes = in.length();
        in.seek(8);
        Orientation orientation = Orientation.NORMAL;
        byte[] profile = null;
        double densityX = 0;
        double densityY = 0;
        boolean data = false;
        boolean animated = false;
        Map<String, byte[]> color = new TreeMap<>();
        while (true) {
            long at = in.getStreamPosition();
            if (fileBytes - at < 12) {
                throw new MalformedFileException(where, at, "PNG is cut off: the file ends after " + fileBytes
                        + " bytes without its end chunk" + (data ? "" : " and without picture data"));
            }
            long bytes = in.readUnsignedInt();
            byte[] type = new byte[4];
            in.readFully(type);
            String name = new String(type, StandardCharsets.ISO_8859_1);
            if (bytes > Integer.MAX_VALUE || bytes > fileBytes - at - 12) {
                throw new MalformedFileException(where, at, "PNG is cut off or damaged: chunk of " + bytes
                        + " bytes wanted, " + (fileBytes - at - 12) + " left in the file");
            }
            switch (name) {
                case "IEND" -> {
                    return new ImageSideData(orientation, profile, densityX, densityY, 0, -1, animated, color);
                }
                case "IDAT" -> data = true;
                case "acTL" -> animated = bytes == 8 && in.readUnsignedInt() > 1;
                case "iCCP" -> profile = inflatedProfile(bytes(in, bytes, PictureMetadata.MAX_PROFILE_BYTES));
                case "eXIf" -> orientation = exifOrientation(bytes(in, bytes, MAX_EXIF_BYTES), 0);
                case "pHYs" -> {
                    if (bytes == 9) {
                        long x = in.readUnsignedInt();
                        long y = in.readUnsignedInt();
                        boolean metres = in.readUnsignedByte() == 1;
                        densityX = metres && x <= 1e9 ? x : 0;
                        densityY = metres && y <= 1e9 ? y : 0;
                    }
                }
                default -> {
                    // Every other chunk is ImageIO's matter. One of another length is damaged and says nothing.
                    if (!data && PictureMetadata.PNG_COLOR.getOrDefault(name, -1) == bytes) {
                        color.putIfAbsent(name, bytes(in, bytes, (int) bytes));
                    }
                }
            }
            in.seek(at + 12 + bytes);
        }
    }

    private static byte[] bytes(ImageInputStream in, long count, int limit) throws IOException {
        byte[] bytes = new byte[count > limit ? 0 : (int) count];
        in.readFully(bytes);
        return bytes;
    }

    private static byte[] inflatedProfile(byte[] chunk) {
        int name = 0;
        while (name < chunk.length && chunk[name] != 0) {
            name++;
        }
        if (name + 2 >= chunk.length || chunk[name + 1] != 0) {
            return null;
        }
        try (Inflater inflater = new Inflater()) {
            inflater.setInput(chunk, name + 2, chunk.length - name - 2);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[8192];
            while (!inflater.finished()) {
                int count = inflater.inflate(buffer);
                if (count == 0 || out.size() + count > PictureMetadata.MAX_PROFILE_BYTES) {
                    return null;
                }
                out.write(buffer, 0, count);
            }
            return out.toByteArray();
        } catch (DataFormatException e) {
            // A damaged profile says nothing; the picture itself may be whole.
            return null;
        }
    }

    /// {@return what a JPEG file says}
    ///
    /// @param in       the file
    /// @param where    its name, for errors
    /// @param profiles receives the position of each profile segment's content
    static ImageSideData readJpeg(ImageInputStream in, String where, List<Long> profiles) throws IOException {
        long fileBytes = in.length();
        in.seek(2);
        Orientation orientation = Orientation.NORMAL;
        TreeMap<Integer, byte[]> profileParts = new TreeMap<>();
        int profilePartCount = 0;
        double densityX = 0;
        double densityY = 0;
        int components = 0;
        int adobeTransform = -1;
        while (true) {
            long at = in.getStreamPosition();
            int marker = nextMarker(in, fileBytes, where);
            if (marker == 0xDA || marker == 0xD9) {
                break;
            }
            if (marker == 0x01 || marker >= 0xD0 && marker <= 0xD7) {
                continue;
            }
            long start = in.getStreamPosition();
            int bytes = fileBytes - start < 2 ? 0 : in.readUnsignedShort();
            if (bytes < 2 || bytes > fileBytes - start) {
                throw new MalformedFileException(where, at, "JPEG is cut off or damaged: segment of " + bytes
                        + " bytes, " + (fileBytes - start) + " left in the file");
            }
            if (marker == 0xE0 || marker == 0xE1 || marker == 0xE2 || marker == 0xEE || isFrame(marker)) {
                byte[] body = new byte[bytes - 2];
                in.readFully(body);
                if (isFrame(marker)) {
                    components = checkedComponents(marker, body, at, where);
                } else if (marker == 0xE0 && startsWith(body, "JFIF\0") && body.length >= 12) {
                    double unit = switch (body[7]) {
                        case 1 -> 1 / 0.0254;
                        case 2 -> 100;
                        default -> 0;
                    };
                    densityX = unit * u16(body, 8);
                    densityY = unit * u16(body, 10);
                } else if (marker == 0xE1 && startsWith(body, "Exif\0\0")) {
                    orientation = exifOrientation(body, 6);
                } else if (marker == 0xE2 && startsWith(body, "ICC_PROFILE\0") && body.length > 14) {
                    profileParts.putIfAbsent(body[12] & 0xFF, Arrays.copyOfRange(body, 14, body.length));
                    profiles.add(start + 2);
                    profilePartCount = body[13] & 0xFF;
                } else if (marker == 0xEE && startsWith(body, "Adobe") && body.length >= 12) {
                    adobeTransform = body[11] & 0xFF;
                }
            }
            in.seek(start + bytes);
        }
        if (components == 0) {
            throw new MalformedFileException(where, in.getStreamPosition(), "JPEG has no frame header before its data");
        }
        return new ImageSideData(orientation, joined(profileParts, profilePartCount), densityX, densityY, components,
                adobeTransform, false, Map.of());
    }

    private static int nextMarker(ImageInputStream in, long fileBytes, String where) throws IOException {
        long at = in.getStreamPosition();
        while (in.getStreamPosition() < fileBytes) {
            if (in.readUnsignedByte() == 0xFF) {
                int marker = 0xFF;
                while (marker == 0xFF && in.getStreamPosition() < fileBytes) {
                    marker = in.readUnsignedByte();
                }
                if (marker != 0xFF && marker != 0) {
                    return marker;
                }
            }
        }
        throw new MalformedFileException(where, at, "JPEG is cut off: the file ends after " + fileBytes
                + " bytes without picture data");
    }

    private static boolean isFrame(int marker) {
        return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    }

    private static int checkedComponents(int marker, byte[] body, long at, String where) throws MalformedFileException {
        if (body.length < 6) {
            throw new MalformedFileException(where, at, "JPEG frame header of " + body.length
                    + " bytes, wanted 6 or more");
        }
        int bits = body[0] & 0xFF;
        if (bits != 8 || marker > 0xC2) {
            throw new MalformedFileException(where, at, "JPEG of " + bits + " bit, coding process " + (marker - 0xC0)
                    + "; only 8-bit baseline, extended and progressive JPEG can be read; convert the file");
        }
        return body[5] & 0xFF;
    }

    private static byte[] joined(TreeMap<Integer, byte[]> parts, int count) {
        if (count == 0 || parts.size() != count || parts.firstKey() != 1 || parts.lastKey() != count) {
            return null;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        parts.values().forEach(out::writeBytes);
        return out.size() > PictureMetadata.MAX_PROFILE_BYTES ? null : out.toByteArray();
    }

    /// {@return the orientation of a TIFF-structured EXIF block; anything odd about the block gives NORMAL, because
    /// people want their picture even where its camera wrote nonsense}
    ///
    /// @param bytes holds the block
    /// @param start where it begins
    static Orientation exifOrientation(byte[] bytes, int start) {
        int end = bytes.length;
        if (end - start < 8) {
            return Orientation.NORMAL;
        }
        boolean little = bytes[start] == 'I';
        if (u16(bytes, start, little) != (little ? 0x4949 : 0x4D4D) || u16(bytes, start + 2, little) != 42) {
            return Orientation.NORMAL;
        }
        long directory = ((long) u16(bytes, start + (little ? 6 : 4), little) << 16)
                | u16(bytes, start + (little ? 4 : 6), little);
        if (directory < 8 || directory > end - start - 2) {
            return Orientation.NORMAL;
        }
        int at = start + (int) directory;
        int entries = u16(bytes, at, little);
        at += 2;
        for (int i = 0; i < entries && at + 12 <= end; i++, at += 12) {
            // Tag, type 3 (16-bit unsigned), count 1, value.
            if (u16(bytes, at, little) == EXIF_ORIENTATION && u16(bytes, at + 2, little) == 3) {
                return Orientation.of(u16(bytes, at + 8, little));
            }
        }
        return Orientation.NORMAL;
    }

    private static boolean startsWith(byte[] bytes, String text) {
        byte[] wanted = text.getBytes(StandardCharsets.ISO_8859_1);
        return bytes.length >= wanted.length && Arrays.equals(bytes, 0, wanted.length, wanted, 0, wanted.length);
    }

    private static int u16(byte[] bytes, int at) {
        return u16(bytes, at, false);
    }

    private static int u16(byte[] bytes, int at, boolean little) {
        int a = bytes[at] & 0xFF;
        int b = bytes[at + 1] & 0xFF;
        return little ? b << 8 | a : a << 8 | b;
    }
}
