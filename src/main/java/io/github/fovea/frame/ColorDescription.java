package io.github.fovea.frame;

import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What the numbers of a frame mean, in the terms of ITU-T H.273.
///
/// @param matrix    how luma and chroma follow from red, green and blue
/// @param range     which numbers black and white are
/// @param transfer  the transfer characteristic, carried along and never applied
/// @param primaries the colour primaries, carried along and never applied
/// @param siting    where chroma samples lie between luma samples
public record ColorDescription(Matrix matrix, Range range, Transfer transfer, Primaries primaries, Siting siting) {
    /// Pictures of the web and of cameras: full-range RGB; as YCbCr, BT.601 full range with centred chroma (JFIF).
    public static final ColorDescription SRGB =
            new ColorDescription(Matrix.BT601, Range.FULL, Transfer.SRGB, Primaries.BT709, Siting.CENTER);

    /// Nothing is known.
    public static final ColorDescription UNKNOWN = new ColorDescription(
            Matrix.UNSPECIFIED, Range.UNSPECIFIED, Transfer.UNSPECIFIED, Primaries.UNSPECIFIED, Siting.UNSPECIFIED);

    /// Checks that nothing is null.
    public ColorDescription {
        Objects.requireNonNull(matrix, "matrix");
        Objects.requireNonNull(range, "range");
        Objects.requireNonNull(transfer, "transfer");
        Objects.requireNonNull(primaries, "primaries");
        Objects.requireNonNull(siting, "siting");
    }

    /// {@return what is stated, for messages, like `BT709, LIMITED, LEFT`}
    @Override
    public String toString() {
        String stated = Stream.of(matrix, range, transfer, primaries, siting).map(Enum::name)
                .filter(name -> !name.equals("UNSPECIFIED")).collect(Collectors.joining(", "));
        return stated.isEmpty() ? "colour not stated" : stated;
    }

    /// Luma coefficients: Y = Kr R + (1 - Kr - Kb) G + Kb B.
    public enum Matrix {
        /// ITU-R BT.601, standard definition and JPEG.
        BT601(0.299, 0.114),
        /// ITU-R BT.709, high definition.
        BT709(0.2126, 0.0722),
        /// ITU-R BT.2020 non-constant luminance, ultra-high definition.
        BT2020(0.2627, 0.0593),
        /// Not stated; [ColorDescription#resolved] chooses by picture height.
        UNSPECIFIED(Double.NaN, Double.NaN);

        private final double kr;
        private final double kb;

        Matrix(double kr, double kb) {
            this.kr = kr;
            this.kb = kb;
        }

        /// {@return the weight of red in luma}
        public double kr() {
            return kr;
        }

        /// {@return the weight of blue in luma}
        public double kb() {
            return kb;
        }
    }

    /// Which numbers black and white are.
    public enum Range {
        /// 8-bit luma 16..235, chroma 16..240; shifted left for deeper samples.
        LIMITED,
        /// All numbers.
        FULL,
        /// Not stated.
        UNSPECIFIED
    }

    /// Transfer characteristic.
    public enum Transfer {
        /// BT.709, BT.601 and BT.2020 camera curve.
        BT709,
        /// sRGB.
        SRGB,
        /// SMPTE ST 2084, HDR.
        PQ,
        /// Hybrid log-gamma, HDR.
        HLG,
        /// Linear light.
        LINEAR,
        /// Not stated.
        UNSPECIFIED
    }

    /// Colour primaries.
    public enum Primaries {
        /// BT.709 and sRGB.
        BT709,
        /// BT.601, 525 lines.
        BT601_525,
        /// BT.601, 625 lines.
        BT601_625,
        /// BT.2020.
        BT2020,
        /// Display P3.
        P3,
        /// Not stated.
        UNSPECIFIED
    }

    /// Where chroma samples lie between luma samples.
    public enum Siting {
        /// Horizontally on luma samples, vertically between two rows (MPEG-2, H.264).
        LEFT,
        /// Between luma samples both ways (JPEG, MPEG-1).
        CENTER,
        /// On luma samples both ways (BT.2020).
        TOP_LEFT,
        /// Not stated.
        UNSPECIFIED
    }

    /// {@return this description with every unstated part that arithmetic needs filled by the usual rule: BT.601 below
    /// 720 rows, BT.709 from there on; limited range; left siting}
    ///
    /// @param height rows of the picture
    public ColorDescription resolved(int height) {
        return new ColorDescription(
                matrix != Matrix.UNSPECIFIED ? matrix : height < 720 ? Matrix.BT601 : Matrix.BT709,
                range != Range.UNSPECIFIED ? range : Range.LIMITED,
                transfer, primaries,
                siting != Siting.UNSPECIFIED ? siting : Siting.LEFT);
    }
}
