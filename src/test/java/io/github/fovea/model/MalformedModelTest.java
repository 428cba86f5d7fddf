package io.github.fovea.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.error.MalformedFileException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MalformedModelTest {
    private static final RawFile GOOD = RawFile.of(SampleModels.everyOperator());

    @TempDir
    Path folder;

    /// Both ways of reading refuse, and the error tells where and why.
    private MalformedFileException assertMalformed(byte[] bytes, String... parts) throws IOException {
        Path file = folder.resolve("bad.fovea");
        Files.write(file, bytes);
        MalformedFileException byPath = assertThrows(MalformedFileException.class, () -> ModelFile.read(file));
        assertThrows(MalformedFileException.class, () -> ModelFile.read(new ByteArrayInputStream(bytes), "memory"));
        assertTrue(byPath.getMessage().startsWith(file.toString()), byPath.getMessage());
        for (String part : parts) {
            assertTrue(byPath.getMessage().contains(part), "wanted \"" + part + "\" in: " + byPath.getMessage());
        }
        return byPath;
    }

    private void assertHeaderMalformed(String from, String to, String... parts) throws IOException {
        String header = GOOD.header();
        assertTrue(header.contains(from), from + " in " + header);
        assertMalformed(GOOD.bytes(header.replace(from, to)), parts);
    }

    @Test
    void theUnbentFileIsRead() throws IOException {
        assertEquals("sample", ModelFile.read(new ByteArrayInputStream(GOOD.bytes()), "memory").name());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7})
    void emptyAndTinyFiles(int length) throws IOException {
        assertMalformed(Arrays.copyOf(GOOD.bytes(), length), "ends after " + length + " bytes", "copy it again");
    }

    @ParameterizedTest
    @ValueSource(longs = {1L << 31, Long.MAX_VALUE, -1, 0, (8 << 20) + 1})
    void headerLengthsThatLie(long length) throws IOException {
        byte[] bytes = GOOD.bytes();
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
        MalformedFileException e = assertMalformed(bytes, "header length " + Long.toUnsignedString(length) + " bytes",
                "8388608");
        assertEquals(0, e.offset());
    }

    @Test
    void aHeaderLongerThanTheFile() throws IOException {
        byte[] bytes = GOOD.bytes();
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(1 << 20);
        assertMalformed(bytes, "header length 1048576 bytes, the file has " + (bytes.length - 8) + " left", "truncated");
    }

    @Test
    void everyTruncationAndOneByteMore() throws IOException {
        byte[] bytes = GOOD.bytes();
        for (int length = 8; length < bytes.length; length += 1 + length / 40) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThrows(MalformedFileException.class, () -> ModelFile.read(new ByteArrayInputStream(cut), "memory"));
        }
        assertMalformed(Arrays.copyOf(bytes, bytes.length - 1), "the file is truncated, copy it again");
        assertMalformed(Arrays.copyOf(bytes, bytes.length + 1), "more follows");
    }

    @Test
    void overlapsHolesAndPlacesOutside() throws IOException {
        // head.weights holds 6 x 1 x 5 x 5 floats = 600 bytes, head.bias 24 bytes after it.
        assertHeaderMalformed("\"data_offsets\":[600, 624]", "\"data_offsets\":[596, 620]", "head.bias", "overlap");
        assertHeaderMalformed("\"data_offsets\":[600, 624]", "\"data_offsets\":[0, 24]", "overlap");
        assertHeaderMalformed("\"data_offsets\":[600, 624]", "\"data_offsets\":[604, 628]", "hole");
        assertHeaderMalformed("\"data_offsets\":[600, 624]", "\"data_offsets\":[999999999999999, 1000000000000023]", "hole");
        assertHeaderMalformed("\"data_offsets\":[600, 624]", "\"data_offsets\":[624, 600]", "-24 bytes", "need 24");
        assertHeaderMalformed("\"data_offsets\":[600, 624]", "\"data_offsets\":[600, 628]", "span 28 bytes", "need 24");
        assertHeaderMalformed("\"data_offsets\":[600, 624]", "\"data_offsets\":[600]", "data_offsets");
        assertHeaderMalformed("\"data_offsets\":[600, 624]", "\"data_offsets\":[-4, 20]", "wanted a whole number");
        assertHeaderMalformed("\"data_offsets\":[600, 624]", "\"data_offsets\":[600.5, 624]", "wanted a whole number");
        assertHeaderMalformed("\"data_offsets\":[600, 624]", "\"data_offsets\":[99999999999999999999, 624]", "whole number");
    }

    @Test
    void wrongShapesAndTypes() throws IOException {
        assertHeaderMalformed("\"shape\":[6, 1, 5, 5]", "\"shape\":[6, 1, 3, 3]", "head.weights", "[6, 1, 3, 3]",
                "[6, 1, 5, 5]");
        assertHeaderMalformed("\"shape\":[6, 1, 5, 5]", "\"shape\":[1, 6, 5, 5]", "wants [6, 1, 5, 5]");
        assertHeaderMalformed("\"shape\":[6, 1, 5, 5]", "\"shape\":[150]", "wants [6, 1, 5, 5]");
        assertHeaderMalformed("\"shape\":[6, 1, 5, 5]", "\"shape\":[65536, 65536, 65536, 65536]", "wants [6, 1, 5, 5]");
        assertHeaderMalformed("\"shape\":[6, 1, 5, 5]", "\"shape\":\"6\"", "wanted an array");
        assertHeaderMalformed("\"F32\",\"shape\":[6, 1, 5, 5]", "\"F64\",\"shape\":[6, 1, 5, 5]", "F64", "F32 or F16");
        assertHeaderMalformed("\"F32\",\"shape\":[6, 1, 5, 5]", "\"F16\",\"shape\":[6, 1, 5, 5]", "need 300");
    }

    @Test
    void missingUnknownAndDoubledTensors() throws IOException {
        assertHeaderMalformed("\"head.bias\":", "\"head.bios\":", "tensor head.bios is no parameter");
        assertHeaderMalformed("\"head.bias\":", "\"head.weights\":", "Duplicate");
        String header = GOOD.header();
        String last = header.substring(header.lastIndexOf(",\"tail.bias\""), header.length() - 1);
        assertMalformed(GOOD.bytes(header.replace(last, "")), "tail.bias", "is missing");
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void numbersThatAreNone(float value) throws IOException {
        MalformedFileException e = assertMalformed(GOOD.withFloat("head.bias", 2, value).bytes(), "head.bias", value
                + " at index 2");
        assertEquals(8 + GOOD.header().length() + 600 + 8, e.offset());
    }

    @Test
    void aChangedWeightIsNoticed() throws IOException {
        byte[] bytes = GOOD.bytes();
        bytes[bytes.length - 4] ^= 1;
        assertMalformed(bytes, "SHA-256", "damaged");
    }

    @Test
    void metadataThatIsNotOurs() throws IOException {
        assertMalformed(GOOD.bytes("{}"), "__metadata__", ".fovea");
        assertMalformed(GOOD.bytes("[1]"), "no JSON object");
        assertMalformed(GOOD.bytes("{\"__metadata__\":{\"format\":\"pt\"}}"), "fovea is missing");
        assertMalformed(GOOD.bytes("{\"__metadata__\":{\"fovea\":7}}"), "fovea is 7, wanted a text");
        assertMalformed(GOOD.bytes("{\"__metadata__\":3}"), "wanted an object");
        assertMalformed(GOOD.bytes(GOOD.header() + "{}"), "more text follows");
        assertMalformed("this is a text file and not a model".getBytes(StandardCharsets.US_ASCII),
                "header length", "no model file");
        byte[] notText = GOOD.bytes();
        notText[40] = (byte) 0xFF;
        assertMalformed(notText, "not UTF-8");
    }

    @Test
    void deepAndWideJson() throws IOException {
        assertMalformed(GOOD.bytes("{\"__metadata__\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}"), "deeper than 8 levels");
        assertMalformed(GOOD.bytes("{\"__metadata__\":[" + "0,".repeat(300_000) + "0]}"), "more than 200000 JSON values");
        assertMalformed(GOOD.bytes("{\"__metadata__\":{\"" + "a".repeat(5000) + "\":1}}"), "JSON cannot be read");
        assertMalformed(GOOD.bytes("{\"__metadata__\":{\"a\":" + "1".repeat(5000) + "}}"), "JSON cannot be read");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "\"version\":1|\"version\":9|newer version",
        "\"version\":1|\"version\":0|export the model again",
        "\"domain\":\"luma\"|\"domain\":\"cmyk\"|wanted luma or rgb",
        "\"domain\":\"luma\"|\"domain\":\"rgb\"|wants 3 of both",
        "\"scale\":2,\"rec|\"scale\":3,\"rec|wanted 2",
        "- 0.5|- 0.4|wanted \"code",
        "\"name\":\"sample\"|\"name\":\"\"|wanted a name",
        "\"name\":\"sample\"|\"nom\":\"sample\"|name is missing",
        "\"op\":\"prelu\"|\"op\":\"gelu\"|this version of Fovea knows",
        "\"op\":\"relu\"|\"op\":\"relu\",\"dilation\":2|dilation is not known",
        "\"slope\":0.1|\"slope\":1e99|finite",
        "\"interpolation\":\"bicubic\"|\"interpolation\":\"best\"|nearest, bilinear or bicubic",
        "\"inputs\":[1]|\"inputs\":[2]|earlier node",
        "\"inputs\":[1]|\"inputs\":[-1]|whole number",
        "\"inputs\":[1]|\"inputs\":[]|takes 1 inputs",
        "\"outChannels\":6,\"size\":5|\"outChannels\":30000,\"size\":5|30000",
        "\"outChannels\":6,\"size\":5|\"outChannels\":99999999999,\"size\":5|2147483647",
        "\"size\":5|\"size\":4|not well-formed",
        "\"figures\":{\"Set5|\"figures\":{\"x\":1,\"Set5|x is 1",
        "[\"A. Photographer|[null,\"A. Photographer|attribution"})
    void descriptionsThatAreWrong(String from, String to, String because) throws IOException {
        assertMalformed(GOOD.withDescription(from, to).bytes(), because);
    }

    /// Whatever is damaged, the reader either still reads a sound model or says what is wrong, and does so at once.
    @ParameterizedTest
    @EnumSource(Precision.class)
    @Timeout(60)
    void randomDamageIsAlwaysReportedAsDamage(Precision precision) throws IOException {
        byte[] good = ModelFileTest.bytes(PrecisionTest.rounded(SampleModels.everyOperator(), precision));
        int headerEnd = 8 + (int) ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN).getLong();
        SplittableRandom random = new SplittableRandom(20261121);
        int refused = 0;
        for (int round = 0; round < 3000; round++) {
            byte[] bytes = good.clone();
            int reach = random.nextInt(4) == 0 ? bytes.length : headerEnd;
            for (int i = random.nextInt(1, 5); i > 0; i--) {
                int at = random.nextInt(reach);
                switch (random.nextInt(4)) {
                    case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                    case 1 -> bytes[at] = (byte) random.nextInt(256);
                    case 2 -> bytes[at] = bytes[random.nextInt(reach)];
                    default -> {
                        int length = Math.min(random.nextInt(1, 20), bytes.length - at);
                        System.arraycopy(bytes, random.nextInt(bytes.length - length), bytes, at, length);
                    }
                }
            }
            byte[] damaged = random.nextInt(5) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
            try {
                ModelFile.read(new ByteArrayInputStream(damaged), "memory");
            } catch (MalformedFileException e) {
                assertTrue(e.getMessage().startsWith("memory") && e.getMessage().length() < 1500, e.getMessage());
                refused++;
            }
        }
        // Letters of names and credits may change without harm; most damage is no such luck.
        assertTrue(refused > 2000, refused + " of 3000 refused");
    }
}
