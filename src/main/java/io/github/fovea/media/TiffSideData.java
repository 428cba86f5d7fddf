package io.github.fovea.media;

import io.github.fovea.error.MalformedFileException;
import java.io.IOException;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.plugins.tiff.BaselineTIFFTagSet;
import javax.imageio.plugins.tiff.TIFFDirectory;
import javax.imageio.plugins.tiff.TIFFField;

/// What the directory of a TIFF picture says beside pixels. Kinds of samples that ImageIO decodes into wrong colours
/// are refused.
final class TiffSideData {
    private static final int INTEGERS = 1;
    private static final int SIGNED = 2;
    private static final int FLOATS = 3;

    private TiffSideData() {
    }

    static ImageSideData read(IIOMetadata data, String where) throws IOException {
        TIFFDirectory directory = TIFFDirectory.createFromMetadata(data);
        int photometric = number(directory, BaselineTIFFTagSet.TAG_PHOTOMETRIC_INTERPRETATION,
                BaselineTIFFTagSet.PHOTOMETRIC_INTERPRETATION_RGB);
        boolean inks = photometric == BaselineTIFFTagSet.PHOTOMETRIC_INTERPRETATION_CMYK;
        checkSamples(directory, photometric, where);
        TIFFField profile = directory.getTIFFField(BaselineTIFFTagSet.TAG_ICC_PROFILE);
        byte[] bytes = profile != null && profile.getData() instanceof byte[] b
                && b.length <= PictureMetadata.MAX_PROFILE_BYTES ? b : null;
        double perMetre = switch (number(directory, BaselineTIFFTagSet.TAG_RESOLUTION_UNIT, 2)) {
            case 2 -> 1 / 0.0254;
            case 3 -> 100;
            default -> 0;
        };
        return new ImageSideData(Orientation.of(number(directory, BaselineTIFFTagSet.TAG_ORIENTATION, 1)), bytes,
                density(directory, BaselineTIFFTagSet.TAG_X_RESOLUTION) * perMetre,
                density(directory, BaselineTIFFTagSet.TAG_Y_RESOLUTION) * perMetre, inks ? 4 : 0, -1, false, Map.of());
    }

    private static void checkSamples(TIFFDirectory directory, int photometric, String where) throws IOException {
        int samples = number(directory, BaselineTIFFTagSet.TAG_SAMPLES_PER_PIXEL, 1);
        int kind = number(directory, BaselineTIFFTagSet.TAG_SAMPLE_FORMAT, INTEGERS);
        TIFFField field = directory.getTIFFField(BaselineTIFFTagSet.TAG_BITS_PER_SAMPLE);
        int[] bits = field == null ? new int[] {1} : IntStream.range(0, field.getCount()).map(field::getAsInt)
                .toArray();
        String found = null;
        switch (photometric) {
            case BaselineTIFFTagSet.PHOTOMETRIC_INTERPRETATION_CIELAB,
                    BaselineTIFFTagSet.PHOTOMETRIC_INTERPRETATION_ICCLAB, 10 -> found = "CIELab colours";
            case BaselineTIFFTagSet.PHOTOMETRIC_INTERPRETATION_CMYK -> {
                if (samples != 4 || !IntStream.of(bits).allMatch(b -> b == 8)) {
                    found = "inks in " + samples + " samples of " + bits[0] + " bits";
                }
            }
            default -> {
                boolean floats = kind == FLOATS;
                if (kind == SIGNED || !IntStream.of(bits).allMatch(b -> floats ? b >= 32 : b <= 8 || b == 16)) {
                    found = "samples of " + bits[0] + " bits" + (kind == SIGNED ? " with sign" : "");
                }
            }
        }
        if (found != null) {
            throw new MalformedFileException(where, -1, "the TIFF file holds " + found
                    + ", wanted grey, RGB or a palette of at most 8, or of 16 bits, floats, or inks (CMYK) of 8 bits; "
                    + "convert it to 8- or 16-bit RGB first");
        }
    }

    private static int number(TIFFDirectory directory, int tag, int otherwise) {
        TIFFField field = directory.getTIFFField(tag);
        return field == null || field.getCount() == 0 ? otherwise : field.getAsInt(0);
    }

    private static double density(TIFFDirectory directory, int tag) {
        TIFFField field = directory.getTIFFField(tag);
        double value = field == null ? 0 : field.getAsDouble(0);
        return value > 0 && value < 1e6 ? value : 0;
    }
}
