package io.github.fovea.media;

import java.awt.color.ColorSpace;
import java.awt.color.ICC_ColorSpace;
import java.awt.color.ICC_Profile;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What a picture's file says beside the samples. Orientation is not here: readers apply it.
public final class PictureMetadata {
    /// Nothing is known.
    public static final PictureMetadata NONE = new PictureMetadata(null, 0, 0, Map.of());

    /// Larger profiles are dropped by the readers.
    static final int MAX_PROFILE_BYTES = 16 << 20;

    /// The chunks of a PNG that say how its samples are shown, beside a profile, and their lengths in bytes: code
    /// points of colour description, gamma, chromaticities, sRGB, the display that it was made on, the light it holds.
    static final Map<String, Integer> PNG_COLOR =
            Map.of("cICP", 4, "gAMA", 4, "cHRM", 32, "sRGB", 1, "mDCV", 24, "cLLI", 8);

    private final byte[] iccProfile;
    private final double densityX;
    private final double densityY;
    private final Map<String, byte[]> pngColor;

    private PictureMetadata(byte[] iccProfile, double densityX, double densityY, Map<String, byte[]> pngColor) {
        this.iccProfile = iccProfile;
        this.densityX = densityX;
        this.densityY = densityY;
        this.pngColor = pngColor;
    }

    /// {@return metadata of a picture}
    ///
    /// @param iccProfile the colour profile, or null
    /// @param densityX   pixels per metre in a row, or 0 where unknown
    /// @param densityY   pixels per metre in a column, or 0 where unknown
    public static PictureMetadata of(byte[] iccProfile, double densityX, double densityY) {
        if (!(densityX >= 0) || !(densityY >= 0) || densityX > 1e9 || densityY > 1e9) {
            throw new IllegalArgumentException("density " + densityX + " x " + densityY
                    + ", wanted 0 to 1e9 pixels per metre");
        }
        return new PictureMetadata(iccProfile == null ? null : iccProfile.clone(), densityX, densityY, Map.of());
    }

    /// {@return this metadata with chunks of a PNG that only another PNG can hold}
    ///
    /// @param chunks bytes by the chunks' types, which are some of [#PNG_COLOR]; not changed from now on
    PictureMetadata withPngColor(Map<String, byte[]> chunks) {
        return new PictureMetadata(iccProfile, densityX, densityY, Collections.unmodifiableMap(new TreeMap<>(chunks)));
    }

    /// {@return chunks of a PNG that say how its samples are shown, by their types; those of [#PNG_COLOR]}
    Map<String, byte[]> pngColor() {
        return pngColor;
    }

    /// {@return a copy of the ICC profile, as the file holds it}
    public Optional<byte[]> iccProfile() {
        return Optional.ofNullable(iccProfile).map(byte[]::clone);
    }

    /// {@return pixels per metre in a row, or 0 where unknown}
    public double densityX() {
        return densityX;
    }

    /// {@return pixels per metre in a column, or 0 where unknown}
    public double densityY() {
        return densityY;
    }

    /// {@return this metadata for the picture with rows and columns exchanged}
    PictureMetadata transposed() {
        return new PictureMetadata(iccProfile, densityY, densityX, pngColor);
    }

    /// {@return this metadata for a picture scaled by a factor, which is to be as large on paper as before}
    ///
    /// @param factorX columns of the new picture per column of this one
    /// @param factorY rows of the new picture per row of this one
    public PictureMetadata scaled(double factorX, double factorY) {
        return new PictureMetadata(iccProfile, densityX * factorX, densityY * factorY, pngColor);
    }

    /// {@return the colour space of the profile where it is one that Java understands and has `components` components;
    /// else sRGB for 3 components and grey for 1}
    ///
    /// @param components 1 or 3
    ColorSpace colorSpace(int components) {
        if (iccProfile != null) {
            try {
                ICC_Profile profile = ICC_Profile.getInstance(iccProfile);
                if (profile.getNumComponents() == components) {
                    return new ICC_ColorSpace(profile);
                }
            } catch (IllegalArgumentException e) {
                // Java refuses profiles that others accept; the bytes are kept and the samples stay as they are.
                return ColorSpace.getInstance(components == 1 ? ColorSpace.CS_GRAY : ColorSpace.CS_sRGB);
            }
        }
        return ColorSpace.getInstance(components == 1 ? ColorSpace.CS_GRAY : ColorSpace.CS_sRGB);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PictureMetadata m && Arrays.equals(iccProfile, m.iccProfile) && densityX == m.densityX
                && densityY == m.densityY && pngColor.keySet().equals(m.pngColor.keySet())
                && pngColor.keySet().stream().allMatch(type -> Arrays.equals(pngColor.get(type), m.pngColor.get(type)));
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(iccProfile) * 31 + Double.hashCode(densityX) * 7 + Double.hashCode(densityY)
                + pngColor.keySet().hashCode();
    }

    @Override
    public String toString() {
        return "PictureMetadata[iccProfile=" + (iccProfile == null ? "none" : iccProfile.length + " bytes")
                + ", densityX=" + densityX + ", densityY=" + densityY + ", pngColor=" + pngColor.keySet() + "]";
    }
}
