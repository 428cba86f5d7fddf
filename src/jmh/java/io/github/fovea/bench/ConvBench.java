package io.github.fovea.bench;

import io.github.fovea.backend.KernelTables;
import io.github.fovea.kernel.Conv;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.plan.Placement;
import io.github.fovea.tensor.Layout;
import io.github.fovea.tensor.TensorView;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Dense convolutions on one picture, microseconds a call. Layouts as a plan chooses them: up to 4 channels planar.
///
/// `java -cp CLASSES org.openjdk.jmh.Main ConvBench [-p picture=64x64] [-p layer=3:16:16]`
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
public class ConvBench {
    /// Kernel size, channels in, channels out.
    @Param({"3:1:16", "3:16:16", "3:32:32", "3:64:64", "3:16:4", "1:16:16", "5:1:4", "5:16:16"})
    public String layer;

    /// Width and height.
    @Param({"64x64", "480x16", "480x270"})
    public String picture;

    /// Kernel table: `vector`, `vector-strict` or `scalar`.
    @Param("vector")
    public String table;

    private Conv conv;
    private float[] arena;
    private int scratchFrom;
    private TensorView in;
    private TensorView out;
    private float[] packed;
    private float[] bias;
    private float[] slopes;

    /// Makes the tensors.
    @Setup
    public void prepare() {
        String[] sizes = layer.split(":");
        String[] extents = picture.split("x");
        int size = Integer.parseInt(sizes[0]);
        int inChannels = Integer.parseInt(sizes[1]);
        int outChannels = Integer.parseInt(sizes[2]);
        int width = Integer.parseInt(extents[0]);
        int height = Integer.parseInt(extents[1]);
        KernelTable kernels = switch (table) {
            case "vector" -> KernelTables.vector();
            case "vector-strict" -> KernelTables.vectorStrict();
            default -> KernelTables.scalar();
        };
        conv = kernels.conv(size);
        int inElements = Math.toIntExact(TensorView.elements(layout(inChannels), inChannels, height, width, size / 2));
        int outElements = Math.toIntExact(TensorView.elements(layout(outChannels), outChannels, height, width, size / 2));
        scratchFrom = Placement.FIRST_ELEMENT + inElements + outElements;
        // One large array with everything on 64-byte lines, as a workspace has it.
        arena = new float[Math.max(1 << 22, scratchFrom + conv.scratchElements(inChannels, outChannels))];
        in = new TensorView().place(arena, Placement.FIRST_ELEMENT, layout(inChannels), inChannels, height, width, size / 2);
        out = new TensorView().place(arena, Placement.FIRST_ELEMENT + inElements, layout(outChannels), outChannels, height,
                width, size / 2);
        SplittableRandom random = new SplittableRandom(1);
        for (int c = 0; c < inChannels; c++) {
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    in.set(c, y, x, (float) random.nextDouble(-1, 1));
                }
            }
        }
        float[] weights = new float[inChannels * outChannels * size * size];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) random.nextDouble(-0.1, 0.1);
        }
        packed = new float[conv.packedElements(inChannels, outChannels)];
        conv.pack(weights, 0, inChannels, outChannels, packed, 0);
        bias = new float[(outChannels + 15) / 16 * 16];
        slopes = new float[bias.length];
    }

    private static Layout layout(int channels) {
        return channels <= 4 ? Layout.PLANAR : Layout.BLOCKED16;
    }

    /// One layer with ReLU.
    ///
    /// @return the output, so that the work is not thrown away
    @Benchmark
    public TensorView conv() {
        conv.run(in, packed, 0, bias, slopes, out, 0, out.height(), arena, scratchFrom);
        return out;
    }
}
