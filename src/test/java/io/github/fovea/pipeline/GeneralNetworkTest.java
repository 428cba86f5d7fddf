package io.github.fovea.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import io.github.fovea.backend.CpuBackend;
import io.github.fovea.backend.KernelTables;
import io.github.fovea.error.MalformedFileException;
import io.github.fovea.frame.ColorDescription;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.PixelLayout;
import io.github.fovea.kernel.Conv;
import io.github.fovea.kernel.ForwardingConv;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.onnx.GeneralNetwork;
import io.github.fovea.onnx.OnnxModels;
import io.github.fovea.onnx.OnnxRuntime;
import io.github.fovea.onnx.OnnxWriter;
import io.github.fovea.patch.Tile;
import io.github.fovea.resample.ResampleKernel;
import io.github.fovea.tensor.TensorView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// ONNX networks that the planned engine does not run, on pictures.
class GeneralNetworkTest {
    @TempDir
    private Path folder;

    private final SplittableRandom random = new SplittableRandom(3);

    private float[] numbers(int count, double size) {
        float[] numbers = new float[count];
        for (int i = 0; i < count && size > 0; i++) {
            numbers[i] = (float) random.nextDouble(-size, size);
        }
        return numbers;
    }

    /// A nearest enlargement with a residual through Tanh, clipped to 0 to 1; the extents are what the file declares.
    private OnnxWriter residual(int channels, double size, Object... extents) {
        return new OnnxWriter().input("x", OnnxWriter.FLOAT, extents).output("y", OnnxWriter.FLOAT)
                .constant("w", numbers(4 * channels * channels * 9, size), 4 * channels, channels, 3, 3)
                .node("Conv", "c", "x", "w").integers("pads", 1, 1, 1, 1).node("Tanh", "t", "c")
                .node("DepthToSpace", "d", "t").integer("blocksize", 2).string("mode", "CRD")
                .constant("up", new float[] {1, 1, 2, 2}, 4).node("Resize", "e", "x", "", "up").string("mode", "nearest")
                .string("coordinate_transformation_mode", "asymmetric").string("nearest_mode", "floor").node("Add", "a", "d", "e");
    }

    private static OnnxWriter clipped(OnnxWriter graph) {
        return graph.constant("zero", new float[] {0}).constant("one", new float[] {1}).node("Clip", "y", "a", "zero", "one");
    }

    private GeneralNetwork read(OnnxWriter graph, int maximum) throws IOException {
        Path file = Files.write(folder.resolve("net.onnx"), graph.model());
        return ((PictureNetwork.General) PictureNetwork.read(file, maximum)).network();
    }

    private static NetworkRunner scalar(GeneralNetwork network, long maxMemoryBytes) {
        return NetworkRunner.compile(new PictureNetwork.General(network), new CpuBackend(KernelTables.scalar()), 2,
                maxMemoryBytes);
    }

    /// A runner with the least memory that a picture takes, as the refusal of less tells it.
    private static NetworkRunner least(GeneralNetwork network, int width, int height) {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class,
                () -> scalar(network, 1).tiles(width, height));
        long least = number("allow at least (\\d+) bytes", refused);
        assertThrows(IllegalArgumentException.class, () -> scalar(network, least - 1).tiles(width, height));
        NetworkRunner runner = scalar(network, least);
        assertEquals(least, runner.peakBytes(width, height));
        return runner;
    }

    /// The picture `[c][h][w]` of samples to 1, through a runner.
    private static float[] enlarged(NetworkRunner runner, float[] picture, int height, int width, int tilesAtLeast) {
        int channels = runner.channels();
        int scale = runner.scale();
        float[] large = new float[picture.length * scale * scale];
        List<Tile> tiles = runner.tiles(width, height);
        assertTrue(tiles.size() >= tilesAtLeast, tiles.toString());
        for (int i = 0; i < tiles.size(); i++) {
            runner.run(tiles.get(i), i % 2, (x, y, into, begin, end) -> {
                for (int c = 0; c < channels; c++) {
                    for (int row = begin; row < end; row++) {
                        for (int column = 0; column < into.width(); column++) {
                            into.set(c, row, column, picture[(c * height + y + row) * width + x + column] - 0.5f);
                        }
                    }
                }
            }, (from, fromX, fromY, x, y, columns, rows) -> {
                for (int c = 0; c < channels; c++) {
                    for (int row = 0; row < rows; row++) {
                        for (int column = 0; column < columns; column++) {
                            large[(c * height * scale + y + row) * width * scale + x + column] =
                                    from.get(c, fromY + row, fromX + column) + 0.5f;
                        }
                    }
                }
            });
        }
        return large;
    }

    private float[] picture(int samples) {
        float[] picture = new float[samples];
        for (int i = 0; i < samples; i++) {
            picture[i] = (float) random.nextDouble();
        }
        return picture;
    }

    @Test
    void bandsGiveWhatOnnxRuntimeGivesForTheWholePicture() throws IOException, OrtException {
        for (int channels : new int[] {1, 3}) {
            OnnxWriter graph = clipped(residual(channels, 0.004, 1, channels, 8, 8)); // the declared size means nothing
            GeneralNetwork network = read(graph, OnnxModels.INFERRED);
            assertEquals(2, network.scale());
            assertEquals(channels, network.channels());
            assertEquals(1, network.maximum());
            assertEquals(0, network.margin());
            assertEquals(OptionalInt.of(2), network.radius());
            int height = 53;
            int width = 37;
            NetworkRunner runner = least(network, width, height);
            float[] picture = picture(channels * height * width);
            float[] wanted = OnnxRuntime.run(clipped(sameAs(graph, channels)).model(), picture, 1, channels, height, width);
            float[] got = enlarged(runner, picture, height, width, 12);
            for (int i = 0; i < wanted.length; i++) {
                assertEquals(wanted[i], got[i], 1e-5, "sample " + i);
            }
        }
    }

    /// The graph with the same numbers and open extents: ONNX Runtime believes what is declared.
    private OnnxWriter sameAs(OnnxWriter graph, int channels) {
        SplittableRandom again = new SplittableRandom(3);
        if (channels == 3) {
            for (int i = 0; i < 36 + 53 * 37; i++) {
                again.nextDouble();
            }
        }
        float[] weights = new float[4 * channels * channels * 9];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) again.nextDouble(-0.004, 0.004);
        }
        return new OnnxWriter().input("x", OnnxWriter.FLOAT, 1, channels, "h", "w").output("y", OnnxWriter.FLOAT)
                .constant("w", weights, 4 * channels, channels, 3, 3)
                .node("Conv", "c", "x", "w").integers("pads", 1, 1, 1, 1).node("Tanh", "t", "c")
                .node("DepthToSpace", "d", "t").integer("blocksize", 2).string("mode", "CRD")
                .constant("up", new float[] {1, 1, 2, 2}, 4).node("Resize", "e", "x", "", "up").string("mode", "nearest")
                .string("coordinate_transformation_mode", "asymmetric").string("nearest_mode", "floor").node("Add", "a", "d", "e");
    }

    /// Unpadded convolutions give nothing for the edge; it gets a margin of repeated pixels.
    @Test
    void unpaddedConvolutionsGetAMargin() throws IOException, OrtException {
        OnnxWriter graph = new OnnxWriter().input("x", OnnxWriter.FLOAT, 1, 1, "h", "w").output("y", OnnxWriter.FLOAT)
                .constant("w", numbers(72, 0.3), 8, 1, 3, 3).constant("v", numbers(8 * 36, 0.3), 4, 8, 3, 3)
                .node("Conv", "a", "x", "w").node("Sigmoid", "b", "a").node("Conv", "c", "b", "v")
                .node("DepthToSpace", "y", "c").integer("blocksize", 2).string("mode", "CRD");
        GeneralNetwork network = read(graph, 255);
        assertEquals(2, network.margin());
        assertEquals(OptionalInt.of(4), network.radius());
        int height = 37;
        int width = 9;
        NetworkRunner runner = least(network, width, height);
        float[] picture = picture(height * width);
        float[] wide = new float[(height + 4) * (width + 4)];
        for (int y = 0; y < height + 4; y++) {
            for (int x = 0; x < width + 4; x++) {
                wide[y * (width + 4) + x] = 255
                        * picture[Math.clamp(y - 2, 0, height - 1) * width + Math.clamp(x - 2, 0, width - 1)];
            }
        }
        float[] wanted = OnnxRuntime.run(graph.model(), wide, 1, 1, height + 4, width + 4);
        float[] got = enlarged(runner, picture, height, width, 2);
        for (int i = 0; i < wanted.length; i++) {
            assertEquals(wanted[i] / 255, got[i], 1e-5, "sample " + i);
        }
    }

    @Test
    void whatLooksEverywhereRunsAsAWhole() throws IOException {
        GeneralNetwork network = read(global(), 1);
        assertEquals(OptionalInt.empty(), network.radius());
        assertEquals(1, least(network, 40, 90).tiles(40, 90).size());
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class,
                () -> scalar(network, 100_000).tiles(400, 900));
        assertTrue(refused.getMessage().contains("as a whole"), refused.getMessage());
    }

    /// What looks everywhere: the mean of the picture is part of each pixel.
    private OnnxWriter global() {
        return residual(1, 0.01, 1, 1, "h", "w").node("GlobalAveragePool", "m", "a").node("Mul", "s", "a", "m")
                .node("Sub", "y", "s", "m");
    }

    private static final TileReader GREY = (x, y, into, begin, end) -> {};
    private static final TileWriter NOWHERE = (from, fromX, fromY, x, y, columns, rows) -> {};

    /// The tensor that a tile is read into: each place has its own.
    private static TensorView place(NetworkRunner runner, Tile tile, int worker) {
        TensorView[] place = new TensorView[1];
        runner.run(tile, worker, (x, y, into, begin, end) -> place[0] = into, NOWHERE);
        return place[0];
    }

    private static void keepsItsPlaceUntil(Runnable release, NetworkRunner runner, Tile tile, int next) {
        TensorView place = place(runner, tile, 0);
        assertSame(place, place(runner, tile, next));
        release.run();
        assertNotSame(place, place(runner, tile, next));
    }

    @Test
    void workersShareOnePlaceForWholePictures() throws IOException {
        NetworkRunner runner = least(read(global(), 1), 40, 90);
        Tile whole = runner.tiles(40, 90).getFirst();
        keepsItsPlaceUntil(runner::release, runner, whole, 1);
    }

    @Test
    void framesGivePlacesBackWhenMemoryIsShort() throws IOException {
        NetworkRunner runner = scalar(read(clipped(residual(1, 0.004, 1, 1, "h", "w")), 1), 1 << 26);
        try (Workers workers = Workers.ofThreads(1)) {
            FrameFormat format = new FrameFormat(16, 16, PixelLayout.GREY, 8, ColorDescription.SRGB);
            PointStage stage = new WholeFrames(new FrameUpscaler[] {
                new FrameUpscaler(format, 32, 32, null, ResampleKernel.BICUBIC, workers),
                new FrameUpscaler(format, 32, 32, runner, ResampleKernel.BICUBIC, workers)});
            keepsItsPlaceUntil(stage::release, runner, runner.tiles(16, 16).getFirst(), 0);
        }
    }

    @Test
    void weightsArePackedOnceForAllThreadsAndTheWarmUp() throws IOException {
        AtomicInteger packed = new AtomicInteger();
        KernelTable t = KernelTables.scalar();
        KernelTable counting = new KernelTable(t.name(), t.conv1x1(), new Counting(t.conv3x3(), packed), t.conv5x5(),
                t.depthwise3x3(), t.add(), t.activation(), t.pixelShuffle(), t.resize(), t.gradient1x1(),
                t.gradient3x3(), t.gradient5x5(), t.activationGradient(), t.gemm(), t.indirectGemm(), t.blockedGemm(),
                t.exponentials());
        GeneralNetwork network = read(clipped(residual(3, 0.004, 1, 3, "h", "w")), 1);
        NetworkRunner runner = NetworkRunner.compile(new PictureNetwork.General(network), new CpuBackend(counting), 3,
                1 << 26);
        List<Tile> tiles = runner.tiles(20, 60);
        assertEquals(3, tiles.size());
        // Inside each other: three places are in use at a time.
        runner.run(tiles.get(0), 0, (a, b, c, d, e) -> runner.run(tiles.get(1), 1, (f, g, h, i, j) ->
                runner.run(tiles.get(2), 2, GREY, NOWHERE), NOWHERE), NOWHERE);
        runner.warmUp();
        assertEquals(1, packed.get());
    }

    /// Counts how often weights are packed.
    private static final class Counting extends ForwardingConv {
        private final AtomicInteger packed;

        Counting(Conv conv, AtomicInteger packed) {
            super(conv);
            this.packed = packed;
        }

        @Override
        public void pack(float[] weights, int from, int inChannels, int outChannels, float[] to, int packedFrom) {
            packed.incrementAndGet();
            super.pack(weights, from, inChannels, outChannels, to, packedFrom);
        }

        @Override
        protected Conv sliced(int storedSize, Conv slice) {
            return new Counting(slice, packed);
        }
    }

    @Test
    void aShareOfTheMemoryIsAShareOfWhatTilesTake() throws IOException {
        NetworkRunner runner = scalar(read(clipped(residual(3, 0.004, 1, 3, "h", "w")), 1), 1 << 30);
        long usual = mostPixels(runner.tiles(240, 136, 1));
        assertEquals(usual, mostPixels(runner.tiles(240, 136)));
        for (double share : new double[] {0.5, 0.1}) {
            long most = mostPixels(runner.tiles(240, 136, share));
            assertTrue(most < 1.2 * share * usual, most + " pixels of " + usual);
        }
        assertTrue(mostPixels(runner.tiles(240, 136, 1e-9)) <= 20 * 20);
    }

    private static long mostPixels(List<Tile> tiles) {
        return tiles.stream().mapToLong(tile -> (long) tile.read().width() * tile.read().height()).max().orElseThrow();
    }

    @Test
    void wholePicturesAreRefusedWithTheirSamples() throws IOException {
        GeneralNetwork network = read(global(), 1);
        NetworkRunner runner = least(network, 100, 90);
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> runner.groups(100, 90));
        long sum = number("allow at least (\\d+) bytes", refused);
        long band = number("and (\\d+) for its samples", refused);
        assertEquals(sum, runner.peakBytes(100, 90) + band);
        assertEquals(band, new BandMemory(100, 2, 1, 0, 1, sum).bytes(90));
        assertThrows(IllegalArgumentException.class, () -> scalar(network, sum - 1).groups(100, 90));
        assertEquals(1, scalar(network, sum).groups(100, 90).size());
    }

    @Test
    void theBoundNamedForOneThreadIsOne() throws IOException {
        GeneralNetwork network = read(clipped(residual(3, 0.004, 1, 3, "h", "w")), 1);
        PictureNetwork.General picture = new PictureNetwork.General(network);
        CpuBackend backend = new CpuBackend(KernelTables.scalar());
        for (int[] size : new int[][] {{400, 40, 8}, {1000, 60, 16}, {500, 500, 8}, {37, 290, 7}}) {
            IllegalArgumentException refused = assertThrows(IllegalArgumentException.class,
                    () -> NetworkRunner.compile(picture, backend, size[2], 1).tiles(size[0], size[1]));
            long one = number("or (\\d+) on one thread", refused);
            NetworkRunner.compile(picture, backend, 1, one).tiles(size[0], size[1]);
            assertThrows(IllegalArgumentException.class,
                    () -> NetworkRunner.compile(picture, backend, 1, one - 1).tiles(size[0], size[1]));
        }
    }

    private static long number(String pattern, IllegalArgumentException refused) {
        Matcher matcher = Pattern.compile(pattern).matcher(refused.getMessage());
        assertTrue(matcher.find(), refused.getMessage());
        return Long.parseLong(matcher.group(1));
    }

    @Test
    void whatIsUnclearOrNoPictureNetworkIsSaid() throws IOException {
        OnnxWriter flat = residual(1, 0, 1, 1, "h", "w").node("Identity", "y", "a").node("Tanh", "unused", "a");
        IllegalArgumentException unclear = assertThrows(IllegalArgumentException.class, () -> read(flat, OnnxModels.INFERRED));
        assertTrue(unclear.getMessage().contains("--range 1 or --range 255"), unclear.getMessage());
        for (OnnxWriter no : List.of(
                new OnnxWriter().input("x", OnnxWriter.FLOAT, 1, 4, "h", "w").output("y", OnnxWriter.FLOAT).node("Tanh", "y", "x"),
                new OnnxWriter().input("x", OnnxWriter.FLOAT, "n", 5).output("y", OnnxWriter.FLOAT).node("Tanh", "y", "x"),
                new OnnxWriter().input("x", OnnxWriter.FLOAT, 1, 1, "h", "w").output("y", OnnxWriter.FLOAT)
                        .node("Tanh", "t", "x").node("AveragePool", "y", "t").integers("kernel_shape", 2, 2)
                        .integers("strides", 2, 2))) {
            MalformedFileException refused = assertThrows(MalformedFileException.class, () -> read(no, 1));
            assertTrue(refused.getMessage().contains("fovea run"), refused.getMessage());
        }
    }
}
