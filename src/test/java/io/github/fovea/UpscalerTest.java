package io.github.fovea;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpscalerTest {
    private static BufferedImage picture(int type, int width, int height) {
        BufferedImage image = new BufferedImage(width, height, type);
        SplittableRandom random = new SplittableRandom(3);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int grey = (x * 9 + y * 5) % 200 + random.nextInt(20);
                image.setRGB(x, y, 0xFF000000 | grey << 16 | grey << 8 | (255 - grey));
            }
        }
        return image;
    }

    private static int[] pixels(BufferedImage image) {
        return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }

    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_3BYTE_BGR, BufferedImage.TYPE_4BYTE_ABGR, BufferedImage.TYPE_INT_RGB,
        BufferedImage.TYPE_INT_ARGB, BufferedImage.TYPE_INT_ARGB_PRE, BufferedImage.TYPE_BYTE_GRAY,
        BufferedImage.TYPE_USHORT_GRAY, BufferedImage.TYPE_USHORT_565_RGB})
    void theResultHasTheSameTypeAndTwiceTheSize(int type) {
        try (Upscaler upscaler = Upscaler.open(Model.bundled("general-x2"))) {
            BufferedImage small = picture(type, 21, 15);
            int[] before = pixels(small);
            BufferedImage large = upscaler.upscale(small);
            assertEquals(42, large.getWidth());
            assertEquals(30, large.getHeight());
            assertEquals(type, large.getType());
            assertArrayEquals(before, pixels(small), "the small picture is not changed");
        }
    }

    @Test
    void indexedPicturesBecomeColour() {
        byte[] ramp = new byte[256];
        for (int i = 0; i < 256; i++) {
            ramp[i] = (byte) i;
        }
        byte[] zero = new byte[256];
        BufferedImage small = new BufferedImage(9, 9, BufferedImage.TYPE_BYTE_INDEXED, new IndexColorModel(8, 256, ramp, zero, ramp));
        small.getRaster().setSample(4, 4, 0, 200);
        try (Upscaler upscaler = Upscaler.open(Model.bundled("general-x2"))) {
            assertEquals(BufferedImage.TYPE_3BYTE_BGR, upscaler.upscale(small).getType());
        }
    }

    @Test
    void theNetworkIsNotBicubicAndKeepsFlatColour() {
        try (Upscaler upscaler = Upscaler.open(Model.bundled("general-x2"))) {
            BufferedImage flat = new BufferedImage(20, 20, BufferedImage.TYPE_INT_RGB);
            flat.createGraphics().fillRect(0, 0, 20, 20);
            // Zero padding is black to the network, so that the rim of a picture may differ by some codes.
            BufferedImage large = upscaler.upscale(flat);
            for (int y = 16; y < 24; y++) {
                for (int x = 16; x < 24; x++) {
                    assertTrue((large.getRGB(x, y) & 0xFF) > 250, "white became " + Integer.toHexString(large.getRGB(x, y)));
                }
            }
        }
    }

    @Test
    void anUpscalerIsSharedBetweenThreadsAndBorrowsExecutors() throws Exception {
        BufferedImage small = picture(BufferedImage.TYPE_INT_RGB, 50, 40);
        int[] expected;
        try (Upscaler alone = Upscaler.open(Model.bundled("general-x2"), UpscalerOptions.defaults().withThreads(1))) {
            expected = pixels(alone.upscale(small));
        }
        try (ExecutorService executor = Executors.newFixedThreadPool(3)) {
            UpscalerOptions options = UpscalerOptions.defaults().withExecutor(executor).withThreads(3);
            try (Upscaler shared = Upscaler.open(Model.bundled("general-x2"), options)) {
                List<Future<int[]>> results = new ArrayList<>();
                for (int i = 0; i < 9; i++) {
                    results.add(executor.submit(() -> pixels(shared.upscale(small))));
                }
                for (Future<int[]> result : results) {
                    assertArrayEquals(expected, result.get());
                }
            }
            assertFalse(executor.isShutdown(), "the executor is the caller's");
        }
    }

    @Test
    void progressEndsAtOneAndMayStop() {
        try (Upscaler upscaler = Upscaler.open(Model.bundled("general-x2"))) {
            BufferedImage small = picture(BufferedImage.TYPE_INT_RGB, 30, 30);
            List<Double> heard = new ArrayList<>();
            upscaler.upscale(small, share -> heard.add(share));
            assertEquals(1.0, heard.getLast());
            UpscalerOptions tight = UpscalerOptions.defaults().withThreads(1).withMaxMemoryBytes(1_200_000);
            try (Upscaler banded = Upscaler.open(Model.bundled("general-x2"), tight)) {
                BufferedImage large = picture(BufferedImage.TYPE_INT_RGB, 60, 600);
                List<Double> before = new ArrayList<>();
                assertThrows(CancellationException.class, () -> banded.upscale(large, share -> {
                    before.add(share);
                    return false;
                }));
                assertTrue(before.getFirst() < 1, "several bands, the first one heard: " + before);
            }
            assertThrows(CancellationException.class, () -> upscaler.upscale(small, _ -> false), "one band, heard at its end");
        }
    }

    @Test
    void memoryIsKnownBeforeAndBounded() {
        try (Upscaler upscaler = Upscaler.open(Model.bundled("general-x2"))) {
            long free = upscaler.peakBytes(480, 270);
            try (Upscaler bounded = Upscaler.open(Model.bundled("general-x2"),
                    UpscalerOptions.defaults().withMaxMemoryBytes(free / 3))) {
                assertTrue(bounded.peakBytes(480, 270) <= free / 3);
            }
            try (Upscaler hopeless = Upscaler.open(Model.bundled("general-x2"), UpscalerOptions.defaults().withMaxMemoryBytes(1000))) {
                assertThrows(IllegalArgumentException.class, () -> hopeless.peakBytes(480, 270));
            }
        }
    }

    @Test
    void sessionsEnlargeFramesAndReuseThem() {
        try (Upscaler upscaler = Upscaler.open(Model.bundled("general-x2"))) {
            UpscaleSession session = upscaler.session(VideoFormat.yuv420(31, 17));
            VideoFrame small = new VideoFrame(session.input());
            byte[] luma = new byte[31 * 17];
            new SplittableRandom(4).nextBytes(luma);
            small.read(0, luma, 0, 31);
            VideoFrame large = new VideoFrame(session.output());
            session.upscale(small, large);
            assertEquals(62, large.format().width());
            assertArrayEquals(large.samples(0), session.upscale(small).samples(0));
            byte[] out = new byte[62 * 34];
            large.write(0, out, 0, 62);
            int nonzero = 0;
            for (int i = 0; i < out.length; i++) {
                assertEquals(large.samples(0)[i], out[i] & 0xFF);
                nonzero += out[i] != 0 ? 1 : 0;
            }
            assertTrue(nonzero > out.length / 2, "only " + nonzero + " samples are not black");
            assertThrows(IllegalArgumentException.class, () -> session.upscale(large, large));
        }
    }

    @Test
    void theOperationFitsBufferedImageOp() {
        try (Upscaler upscaler = Upscaler.open(Model.bundled("general-x2"))) {
            UpscaleOp op = new UpscaleOp(upscaler);
            BufferedImage small = picture(BufferedImage.TYPE_INT_RGB, 10, 8);
            BufferedImage destination = op.createCompatibleDestImage(small, null);
            assertSame(destination, op.filter(small, destination));
            assertArrayEquals(pixels(op.filter(small, null)), pixels(destination));
            assertEquals(20, op.getBounds2D(small).getWidth());
            assertEquals(6.0, op.getPoint2D(new java.awt.Point(3, 3), null).getX());
            assertNull(op.getRenderingHints());
            assertThrows(IllegalArgumentException.class, () -> op.filter(small, small));
        }
    }

    /// Java2D draws in 8 bit: what is more than that was lost on the way into a destination.
    @Test
    void anOperationKeepsSixteenBitsInItsDestination() {
        ColorModel deep = new ComponentColorModel(ColorSpace.getInstance(ColorSpace.CS_sRGB), false, false, Transparency.OPAQUE,
                DataBuffer.TYPE_USHORT);
        BufferedImage small = new BufferedImage(deep, deep.createCompatibleWritableRaster(9, 7), false, null);
        SplittableRandom random = new SplittableRandom(8);
        for (int i = 0; i < 9 * 7; i++) {
            small.getRaster().setPixel(i % 9, i / 9, new int[] {random.nextInt(65536), 700 * i, 65535 - 300 * i});
        }
        try (Upscaler upscaler = Upscaler.open(Model.bundled("general-x2-fast"))) {
            UpscaleOp op = new UpscaleOp(upscaler);
            BufferedImage into = op.filter(small, op.createCompatibleDestImage(small, null));
            assertArrayEquals(op.filter(small, null).getRaster().getPixels(0, 0, 18, 14, (int[]) null),
                    into.getRaster().getPixels(0, 0, 18, 14, (int[]) null));
            BufferedImage grey = op.filter(picture(BufferedImage.TYPE_INT_RGB, 9, 7),
                    new BufferedImage(18, 14, BufferedImage.TYPE_BYTE_GRAY));
            assertTrue(grey.getRaster().getSample(9, 7, 0) > 50, "colour becomes grey as Java2D has it");
        }
    }

    @Test
    void aClosedUpscalerSaysSo(@TempDir Path folder) {
        Upscaler upscaler = Upscaler.open(Model.bundled("general-x2-fast"));
        upscaler.close();
        upscaler.close();
        VideoFormat format = VideoFormat.yuv420(16, 16);
        for (Executable use : List.<Executable>of(() -> upscaler.upscale(picture(BufferedImage.TYPE_INT_RGB, 9, 7)),
                () -> upscaler.session(format), () -> upscaler.session(format, RoutingOptions.defaults()),
                () -> upscaler.session(format, SessionOptions.ofFrameRate(24)),
                () -> upscaler.upscaleVideo(folder.resolve("none.y4m"), folder.resolve("out.y4m")))) {
            assertEquals("the upscaler of general-x2-fast x2 is closed; open another",
                    assertThrows(IllegalStateException.class, use).getMessage());
        }
    }

    /// Y4M holds odd sizes, which encoders of other containers refuse: the exact size then needs no resampling.
    @Test
    void oddFramesOfY4mAreEnlargedByTheWholeFactor(@TempDir Path folder) throws IOException {
        Path small = folder.resolve("small.y4m");
        byte[] header = "YUV4MPEG2 W9 H7 F25:1 Ip A1:1 C420jpeg\nFRAME\n".getBytes(StandardCharsets.US_ASCII);
        byte[] bytes = Arrays.copyOf(header, header.length + 9 * 7 + 2 * 5 * 4);
        SplittableRandom random = new SplittableRandom(2);
        for (int i = header.length; i < bytes.length; i++) {
            bytes[i] = (byte) random.nextInt(16, 236);
        }
        Files.write(small, bytes);
        Path large = folder.resolve("large.y4m");
        try (Upscaler upscaler = Upscaler.open(Model.bundled("general-x3-fast"))) {
            upscaler.upscaleVideo(small, large);
            byte[] made = Files.readAllBytes(large);
            String said = new String(made, StandardCharsets.ISO_8859_1);
            assertTrue(said.startsWith("YUV4MPEG2 W27 H21 F25:1"), said.lines().findFirst().orElse(""));
            UpscaleSession session = upscaler.session(VideoFormat.yuv420(9, 7));
            VideoFrame frame = new VideoFrame(session.input());
            frame.read(0, bytes, header.length, 9);
            VideoFrame wanted = session.upscale(frame);
            byte[] luma = new byte[27 * 21];
            wanted.write(0, luma, 0, 27);
            int from = said.indexOf("FRAME\n") + 6;
            assertArrayEquals(luma, Arrays.copyOfRange(made, from, from + luma.length), "the network's own pixels");
            assertEquals(from + 27 * 21 + 2 * 14 * 11, made.length);
        }
    }

    @Test
    void modelsSayWhatTheyAre() {
        assertEquals(48_744, Model.bundled("adaptive-x2").parameters(), "those of all operating points");
        assertTrue(Model.bundledNames().contains("general-x2"));
        for (String name : Model.bundledNames()) {
            Model model = Model.bundled(name);
            assertEquals(name, model.name());
            assertTrue(name.startsWith("adaptive") || model.parameters() <= 30_000, name);
            assertTrue(model.parameters() > 0 && model.macsPerPixel() > 0 && model.receptiveRadius() > 0);
            assertFalse(model.licence().isEmpty());
            assertFalse(model.trainingData().isEmpty());
            assertFalse(model.attribution().isEmpty());
        }
        IllegalArgumentException unknown = assertThrows(IllegalArgumentException.class, () -> Model.bundled("none"));
        assertTrue(unknown.getMessage().contains("general-x2"), unknown.getMessage());
    }

    @Test
    void optionsOutOfRangeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> UpscalerOptions.defaults().withThreads(0));
        assertThrows(IllegalArgumentException.class, () -> UpscalerOptions.defaults().withMaxMemoryBytes(0));
        assertThrows(IllegalArgumentException.class, () -> VideoFormat.yuv420(0, 10));
    }

    /// What would have failed later and elsewhere, or looked for tiles of a picture that cannot be for minutes.
    @Test
    void argumentsAreCheckedFirst() {
        try (Upscaler upscaler = Upscaler.open(Model.bundled("general-x2-fast"))) {
            for (int[] size : new int[][] {{0, 5}, {5, -1}, {Integer.MAX_VALUE, Integer.MAX_VALUE}, {1 << 20, 1 << 20}}) {
                String refused = assertThrows(IllegalArgumentException.class,
                        () -> upscaler.peakBytes(size[0], size[1])).getMessage();
                assertTrue(refused.contains(size[0] + "x" + size[1] + ", wanted extents of 1 to 1048576"), refused);
            }
            // A question takes no memory of the picture's size.
            var threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
            long before = threads.getCurrentThreadAllocatedBytes();
            assertTrue(upscaler.peakBytes(30_000, 20_000) > 0);
            assertTrue(threads.getCurrentThreadAllocatedBytes() - before < 30_000 * 20_000);
            VideoFormat format = VideoFormat.yuv420(8, 8);
            BufferedImage small = picture(BufferedImage.TYPE_INT_RGB, 9, 7);
            assertRefusesNull("picture", () -> upscaler.upscale(null));
            assertRefusesNull("progress", () -> upscaler.upscale(small, null));
            assertRefusesNull("format", () -> upscaler.session(null));
            assertRefusesNull("wanted", () -> upscaler.session(format, (SessionOptions) null));
            assertRefusesNull("options", () -> upscaler.session(format, (RoutingOptions) null));
            assertRefusesNull("video", () -> upscaler.upscaleVideo(null, Path.of("x.y4m")));
            assertRefusesNull("progress", () -> upscaler.upscaleVideo(Path.of("none.y4m"), Path.of("x.y4m"), RoutingOptions.defaults(), null));
            try (UpscaleSession session = upscaler.session(format)) {
                assertRefusesNull("small", () -> session.upscale(null));
                assertRefusesNull("large", () -> session.submit(new VideoFrame(format), null));
            }
        }
        assertRefusesNull("name", () -> Model.bundled(null));
        assertRefusesNull("file", () -> Model.load(null));
        assertRefusesNull("executor", () -> UpscalerOptions.defaults().withExecutor(null));
    }

    private static void assertRefusesNull(String argument, Executable use) {
        assertEquals(argument, assertThrows(NullPointerException.class, use).getMessage());
    }
}
