package io.github.fovea.cli;

import com.sun.management.ThreadMXBean;
import io.github.fovea.backend.KernelTables;
import io.github.fovea.backend.Profiler;
import io.github.fovea.graph.Interpolation;
import io.github.fovea.kernel.BlockedGemm;
import io.github.fovea.kernel.Conv;
import io.github.fovea.kernel.ConvWeightGradient;
import io.github.fovea.kernel.Exponentials;
import io.github.fovea.kernel.Gemm;
import io.github.fovea.kernel.IndirectGemm;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.tensor.Layout;
import io.github.fovea.tensor.TensorView;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A program that runs a kernel, the first vector kernel of its process, or all of them behind what `fovea profile` does, until a call allocates
/// nothing: compiled vector code keeps vectors in registers, all other code makes objects of them and takes up to a thousand times as long.
public final class LaunchedKernel {
    /// All kernels in one process that has measured all convolutions: C2 has compiled many kernels, and others are compiled late.
    static final String BEHIND_PROFILE = "all behind a profile";

    private static final int WIDTH = 40;
    private static final int HEIGHT = 3;
    private static final int SLACK = 64;
    private static final long PATIENCE_NANOS = 20_000_000_000L;
    private static final long PROFILE_NANOS = 20_000_000L;

    private LaunchedKernel() {}

    /// {@return the kernels by name: convolutions with the sizes and layouts that have methods of their own}
    static Map<String, Runnable> kernels() {
        KernelTable table = KernelTables.vector();
        Map<String, Runnable> all = new LinkedHashMap<>();
        for (int size = 1; size <= 5; size += 2) {
            for (int in : new int[] {3, 16}) {
                for (int out : new int[] {4, 16}) {
                    all.put("conv" + size + "x" + size + " " + in + "->" + out, conv(table.conv(size), in, out));
                }
            }
        }
        for (Conv version : table.conv3x3().versions()) {
            for (int channels = 16; channels <= 64; channels *= 2) {
                all.put("conv3x3 " + channels + "->" + channels + " " + version.getClass().getSimpleName(),
                        conv(version, channels, channels));
            }
        }
        all.put("conv1x1 of 3x3", conv(table.conv(1).slice(3, 16, 16), 16, 16));
        for (ConvWeightGradient gradient : new ConvWeightGradient[] {table.gradient1x1(), table.gradient3x3(), table.gradient5x5()}) {
            all.put("gradient" + gradient.size() + "x" + gradient.size(), gradient(gradient, 16, 16));
        }
        all.put("depthwise", depthwise(table));
        all.put("gemm", gemm(table.gemm()));
        all.put("indirect gemm", indirect(table.indirectGemm()));
        all.put("blocked gemm", blocked(table.blockedGemm(), 32, 16));
        Exponentials exponentials = table.exponentials();
        float[] numbers = new float[WIDTH];
        all.put("exp", () -> exponentials.exp(numbers, 0, numbers, 0, WIDTH));
        all.put("sigmoid", () -> exponentials.sigmoid(numbers, 0, numbers, 0, WIDTH));
        all.put("silu", () -> exponentials.silu(numbers, 0, numbers, 0, WIDTH));
        all.put("tanh", () -> exponentials.tanh(numbers, 0, numbers, 0, WIDTH));
        all.put("erf", () -> exponentials.erf(numbers, 0, numbers, 0, WIDTH));
        all.put("softmax", () -> exponentials.softmax(numbers, 0, numbers, 0, WIDTH));
        TensorView a = tensor(Layout.BLOCKED16, 16, HEIGHT, WIDTH, 0);
        float[] slopes = new float[16];
        all.put("add", () -> table.add().run(a, a, a, 0, HEIGHT));
        all.put("activation", () -> table.activation().run(a, slopes, a, 0, HEIGHT));
        all.put("activation gradient", () -> table.activationGradient().run(a, slopes, a, slopes, 0));
        for (int scale = 2; scale <= 3; scale++) {
            TensorView many = tensor(Layout.BLOCKED16, scale * scale, HEIGHT, WIDTH, 0);
            TensorView small = tensor(Layout.PLANAR, 1, HEIGHT, WIDTH, 2);
            TensorView large = tensor(Layout.PLANAR, 1, scale * HEIGHT, scale * WIDTH, 0);
            int times = scale;
            all.put("shuffle " + scale, () -> table.pixelShuffle().run(many, times, large, 0, HEIGHT));
            for (Interpolation interpolation : Interpolation.values()) {
                all.put("resize " + interpolation + " " + scale, () -> table.resize().run(small, interpolation, times, large, 0, HEIGHT));
            }
        }
        return all;
    }

    /// What comes first is `fovea profile`: by then C2 knows other things of the Vector API's methods, and as little of the kernel.
    /// A tensor with memory behind it, which kernels that go over whole vectors read and write.
    private static TensorView tensor(Layout layout, int channels, int height, int width, int border) {
        float[] data = new float[Math.toIntExact(TensorView.elements(layout, channels, height, width, border)) + SLACK];
        return new TensorView().place(data, 0, layout, channels, height, width, border);
    }

    private static Layout layout(int channels) {
        return channels <= 4 ? Layout.PLANAR : Layout.BLOCKED16;
    }

    private static Runnable conv(Conv conv, int inChannels, int outChannels) {
        TensorView in = tensor(layout(inChannels), inChannels, HEIGHT, WIDTH, conv.size() / 2);
        TensorView out = tensor(layout(outChannels), outChannels, HEIGHT, WIDTH, 0);
        float[] packed = new float[conv.packedElements(inChannels, outChannels)];
        float[] zeros = new float[64];
        float[] scratch = new float[conv.scratchElements(inChannels, outChannels)];
        return () -> {
            conv.run(in, packed, 0, zeros, zeros, out, 0, HEIGHT, scratch, 0);
            conv.run(in, packed, 0, zeros, null, out, 0, HEIGHT, scratch, 0);
        };
    }

    private static Runnable gradient(ConvWeightGradient gradient, int inChannels, int outChannels) {
        TensorView in = tensor(layout(inChannels), inChannels, HEIGHT, WIDTH, gradient.size() / 2);
        TensorView out = tensor(layout(outChannels), outChannels, HEIGHT, WIDTH, gradient.size() / 2);
        float[] weights = new float[outChannels * inChannels * gradient.size() * gradient.size()];
        float[] scratch = new float[gradient.scratchElements(inChannels, outChannels)];
        float[] biases = new float[16];
        return () -> gradient.run(in, out, scratch, 0, weights, 0, biases, 0);
    }

    private static Runnable depthwise(KernelTable table) {
        TensorView in = tensor(Layout.BLOCKED16, 16, HEIGHT, WIDTH, 1);
        TensorView out = tensor(Layout.BLOCKED16, 16, HEIGHT, WIDTH, 0);
        float[] packed = new float[table.depthwise3x3().packedElements(16)];
        float[] zeros = new float[16];
        return () -> table.depthwise3x3().run(in, packed, zeros, zeros, out, 0, HEIGHT);
    }

    private static Runnable gemm(Gemm gemm) {
        float[] a = new float[7 * 4];
        float[] b = new float[4 * 33];
        float[] c = new float[7 * 33];
        float[] scratch = new float[gemm.scratchElements()];
        return () -> gemm.run(a, 0, 4, 1, b, 0, 33, c, 0, 33, 7, 33, 4, false, scratch);
    }

    private static Runnable indirect(IndirectGemm gemm) {
        float[] packed = new float[gemm.packedRows(16) * 9];
        float[] bias = new float[gemm.packedRows(16)];
        float[] b = new float[9 * WIDTH];
        int[] places = {0, 40, 80, 120, 160, 200, 240, 280, 320};
        float[] c = new float[16 * WIDTH];
        float[] scratch = new float[gemm.scratchElements()];
        return () -> gemm.run(packed, 0, bias, 0, b, 0, places, 1, c, 0, WIDTH, 16, WIDTH, 9, scratch);
    }

    private static Runnable blocked(BlockedGemm gemm, int rows, int step) {
        float[] packed = new float[gemm.packedElements(rows, 9)];
        float[] b = new float[9 * WIDTH * step];
        int[] places = new int[9];
        for (int i = 0; i < 9; i++) {
            places[i] = i * WIDTH * step;
        }
        float[] c = new float[rows * WIDTH];
        float[] bias = new float[rows];
        return () -> gemm.run(packed, 0, bias, b, 0, places, step, c, 0, 16 * WIDTH, rows, WIDTH, 9);
    }

    /// {@return what a hundred calls allocate in the end: 0 bytes soon, or more when patience is over}
    private static long allocated(Runnable kernel) {
        kernel.run();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long end = System.nanoTime() + PATIENCE_NANOS;
        long bytes = 1;
        while (bytes > 0 && System.nanoTime() - end < 0) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 100; i++) {
                kernel.run();
            }
            bytes = threads.getCurrentThreadAllocatedBytes() - before;
        }
        return bytes;
    }

    /// Ends with 0 when a hundred calls allocated nothing, with 1 and a line for each kernel of which that does not come.
    ///
    /// @param arguments the kernel's name, or [#BEHIND_PROFILE]
    public static void main(String[] arguments) {
        Map<String, Runnable> kernels = kernels();
        if (arguments[0].equals(BEHIND_PROFILE)) {
            new Profiler(KernelTables.vector(), PROFILE_NANOS).run(_ -> { });
        } else {
            kernels.keySet().retainAll(List.of(arguments[0]));
        }
        int status = 0;
        for (Map.Entry<String, Runnable> kernel : kernels.entrySet()) {
            long bytes = allocated(kernel.getValue());
            if (bytes > 0) {
                System.out.println(kernel.getKey() + ": " + bytes + " bytes in 100 calls");
                status = 1;
            }
        }
        System.exit(status);
    }
}
