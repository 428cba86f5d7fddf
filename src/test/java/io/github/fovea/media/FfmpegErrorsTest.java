package io.github.fovea.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/// With what ffmpeg 5.1 says.
class FfmpegErrorsTest {
    private static final String REFUSED = "\nError initializing output stream 0:0 -- Error while opening encoder for output stream"
            + " #0:0 - maybe incorrect parameters such as bit_rate, rate, width or height";

    @Test
    void theFirstCauseIsToldAndWhatHelps() {
        assertEquals("Value 70.000000 for parameter 'crf' out of range [-1 - 63]; try another encoder, preset, quality or container",
                FfmpegErrors.encoding("[libaom-av1 encoder @ 0x55dc1013bb40] Value 70.000000 for parameter 'crf' out of range [-1 - 63]\n"
                        + "[libaom-av1 encoder @ 0x55dc1013bb40] Error setting option crf to value 70." + REFUSED));
        assertEquals("Cannot load libcuda.so.1; try another encoder, preset, quality or container",
                FfmpegErrors.encoding("[h264_nvenc @ 0x55f1eb2fd800] Cannot load libcuda.so.1" + REFUSED));
        assertEquals("Unknown encoder 'nosuch'; ffmpeg -encoders lists those that there are",
                FfmpegErrors.encoding("Unknown encoder 'nosuch'"));
        assertEquals("no space left on device; make room, or write elsewhere",
                FfmpegErrors.encoding("av_interleaved_write_frame(): No space left on device\n    Last message repeated 41 times\n"
                        + "Error writing trailer of file:/tmp/x/.o.12.part.mp4: No space left on device"));
    }

    @Test
    void silenceIsToldToo() {
        assertEquals("no message", FfmpegErrors.encoding(""));
        assertEquals("no message", FfmpegErrors.brief("[mp4 @ 0x12] \n"));
    }

    @Test
    void aConsequenceIsBetterThanNothing() {
        assertEquals("Conversion failed!", FfmpegErrors.brief("Conversion failed!\nLast message repeated 2 times"));
    }

    @Test
    void aLengthReadFromWhatIsNoVideoIsNoCause() {
        assertEquals("EBML header parsing failed", FfmpegErrors.brief("Truncating packet of size 11372 to 8\n"
                + "[matroska,webm @ 0x557ffac671c0] EBML header parsing failed\nInvalid data found when processing input"));
    }

    @Test
    void longLinesAreCutBetweenCharacters() {
        String brief = FfmpegErrors.brief("\ud83d\ude00".repeat(300));
        assertEquals(160, brief.codePointCount(0, brief.length()));
        assertTrue(brief.endsWith("\ud83d\ude00..."), brief);
    }
}
