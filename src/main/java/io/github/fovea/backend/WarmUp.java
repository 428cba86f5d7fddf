package io.github.fovea.backend;

import io.github.fovea.graph.Interpolation;
import io.github.fovea.graph.Op;
import io.github.fovea.kernel.Conv;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.plan.Plan;
import io.github.fovea.plan.Slot;
import io.github.fovea.plan.Step;
import io.github.fovea.tensor.Layout;
import io.github.fovea.tensor.TensorView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/// Runs the kernels of a plan on tiny tensors until the JVM has compiled them.
///
/// The JVM counts calls, not work, so the tensors are as small as a kernel's inner method allows: one row, one tile,
/// and two channels, so that the loop over channels looks like a loop to the compiler. What the network needs most
/// comes first, because one compiler thread takes methods in turn, and while it works on a kernel the next one gets its
/// slow first calls.
final class WarmUp {
    /// C1 takes a method after 200 calls.
    private static final int CALLS_FOR_C1 = 220;
    /// C2 takes a method after 5,000 calls, or after 600 calls if calls and loop rounds together exceed 15,000.
    private static final int CALLS_FOR_C2 = 5_200;
    private static final int ROUND = 20;
    private static final long LIMIT_NANOS = 3_000_000_000L;
    /// A round this many times faster than the first ran C1's code; this many times faster again, C2's.
    private static final int C1_SPEED_UP = 4;
    private static final int C2_SPEED_UP = 4;
    /// Only C2's code is this many times faster than the first round, in the interpreter. So it shows where the JVM was
    /// told to compile at once and the rounds between never ran.
    private static final int WHOLE_SPEED_UP = 100;

    /// Floats behind what a kernel needs. Compiled code checks the bounds of a whole loop before its first round; a
    /// call that leaves the loop early, as those on tiny pictures do, would fail that check near the end of an array,
    /// and the JVM would compile the kernel a second time.
    private static final int SLACK = 1 << 14;

    /// Held by the warm-up that runs: a second one finds done what the first did.
    private static final ReentrantLock RUNNING = new ReentrantLock();
    /// The kernels that this JVM has compiled, by table, combination of layouts and channels.
    private static final Set<List<Object>> WARM = new HashSet<>();
    /// The slowest first round of each kernel, whatever its channels: it ran in the interpreter. One with other channels may find
    /// its inner methods compiled, and its own first round then says nothing.
    private static final Map<List<Object>, Long> COLD = new ConcurrentHashMap<>();

    /// One kernel in one combination of layouts and channels.
    private static final class Exercise {
        final List<Object> kernel;
        final Runnable call;
        long work;
        int calls;
        long firstNanos;
        long c1Nanos;
        boolean done;

        Exercise(List<Object> kernel, Runnable call) {
            this.kernel = kernel;
            this.call = call;
        }

        /// Runs a round; whether it ran compiled code.
        boolean round() {
            long start = System.nanoTime();
            for (int i = 0; i < ROUND; i++) {
                call.run();
            }
            long nanos = System.nanoTime() - start;
            if (calls == 0) {
                firstNanos = COLD.merge(kernel, nanos, Math::max);
            }
            calls += ROUND;
            boolean compiled = nanos * C1_SPEED_UP < firstNanos;
            if (compiled && c1Nanos == 0) {
                c1Nanos = nanos;
            }
            done |= c1Nanos > 0 && nanos * C2_SPEED_UP < c1Nanos || nanos * WHOLE_SPEED_UP < firstNanos;
            return compiled;
        }

        /// Runs towards C2 as long as rounds are fast.
        void advance() {
            while (!done && calls < CALLS_FOR_C2 && round()) {
                continue;
            }
        }
    }

    private final Plan plan;
    private final KernelTable table;

    WarmUp(Plan plan) {
        this.plan = plan;
        table = plan.kernels().table();
    }

    void run() {
        RUNNING.lock();
        try {
            Map<List<Object>, Exercise> missing = exercises();
            missing.keySet().removeAll(WARM);
            List<Exercise> exercises = new ArrayList<>(missing.values());
            exercises.sort(Comparator.comparingLong((Exercise e) -> -e.work));
            run(exercises);
            WARM.addAll(missing.keySet());
        } finally {
            RUNNING.unlock();
        }
    }

    /// Two threads share the work: where the JVM was told to compile at once, each waits for a compiler thread most of
    /// the time.
    private static void run(List<Exercise> exercises) {
        long deadline = System.nanoTime() + LIMIT_NANOS;
        Queue<Exercise> left = new ConcurrentLinkedQueue<>(exercises);
        if (exercises.size() < 2) {
            run(left, deadline);
            return;
        }
        CompletableFuture<Void> second = CompletableFuture.runAsync(() -> run(left, deadline),
                task -> Thread.ofPlatform().daemon().name("fovea-warm-up").start(task));
        run(left, deadline);
        second.join();
    }

    private static void run(Queue<Exercise> left, long deadline) {
        List<Exercise> exercises = new ArrayList<>();
        for (Exercise next = left.poll(); next != null && System.nanoTime() < deadline; next = left.poll()) {
            while (next.calls < CALLS_FOR_C1 && !next.done) {
                next.round();
            }
            for (Exercise earlier : exercises) {
                earlier.advance();
            }
            exercises.add(next);
        }
        boolean waiting = true;
        while (waiting && System.nanoTime() < deadline) {
            // The compiler threads need the processor more than we do.
            LockSupport.parkNanos(1_000_000);
            waiting = false;
            for (Exercise exercise : exercises) {
                if (!exercise.done) {
                    exercise.round();
                    exercise.advance();
                    waiting |= !exercise.done && exercise.calls < 2 * CALLS_FOR_C2;
                }
            }
        }
    }

    private Map<List<Object>, Exercise> exercises() {
        Map<List<Object>, Exercise> byKind = new LinkedHashMap<>();
        for (Step step : plan.steps()) {
            Slot out = plan.slots().get(step.out());
            switch (step) {
                case Step.Conv(var op, var _, int in, int _) -> add(byKind, (long) out.scale() * out.scale()
                        * op.size() * op.size() * op.inChannels() * op.outChannels(),
                        conv(kernel(op), op, layout(in), out.layout()),
                        List.of("conv", kernel(op).getClass(), op.size(), layout(in), out.layout()),
                        plan.kernels().stored(op)[2], inChannels(op), outChannels(op));
                case Step.DepthwiseConv(var _, var _, int in, int _) -> add(byKind, 9L * out.channels(),
                        depthwise(layout(in)), List.of("depthwise", layout(in)));
                case Step.Activation(var _, int in, int _) -> add(byKind, out.channels(),
                        activation(layout(in)), List.of("activation", layout(in)));
                // Sums go over whole rows of floats, whatever their layout.
                case Step.Add(int a, int _, int _) -> add(byKind, out.channels(), sum(layout(a)), List.of("add"));
                case Step.PixelShuffle(int scale, int in, int _) -> add(byKind, out.channels(),
                        shuffle(scale, layout(in), out.layout()), List.of("shuffle", scale, layout(in), out.layout()));
                case Step.Resize(var interpolation, int scale, int in, int _) -> add(byKind, 8L * out.channels(),
                        resize(interpolation, scale, layout(in)), List.of("resize", interpolation, scale, layout(in)));
            }
        }
        return byKind;
    }

    private void add(
            Map<List<Object>, Exercise> byKind, long work, Runnable call, List<Object> kernel, Object... channels) {
        List<Object> known = List.of(table.name(), kernel);
        byKind.computeIfAbsent(List.of(known, List.of(channels)), _ -> new Exercise(known, call)).work += work;
    }

    private Layout layout(int slot) {
        return plan.slots().get(slot).layout();
    }

    /// A tensor far from its array's end: near it vectors under a mask go another way, and code that has not seen both is compiled again.
    private static TensorView tensor(Layout layout, int channels, int height, int width, int border) {
        int elements = Math.toIntExact(TensorView.elements(layout, channels, height, width, border));
        return new TensorView().place(new float[elements + SLACK], 0, layout, channels, height, width, border);
    }

    private Conv kernel(Op.Conv op) {
        return plan.kernels().conv(op);
    }

    /// Whether the kernel computes columns together; it then runs other code, which needs whole blocks of channels.
    private boolean together(Op.Conv op) {
        return kernel(op).columnTile(op.inChannels(), op.outChannels()) > 1;
    }

    private int inChannels(Op.Conv op) {
        return together(op) ? shown(op.inChannels()) : Math.min(2, op.inChannels());
    }

    private int outChannels(Op.Conv op) {
        return together(op) ? shown(op.outChannels()) : 1;
    }

    /// Channels that show every inner method of a kernel that computes columns together: it has some for 4, 2 and 1 blocks of 16
    /// channels out, and for 4, 2 and 1 in, as many as divide all of them, and others for what is added to the sums of blocks before.
    private static int shown(int channels) {
        int blocks = Math.ceilDiv(channels, 16);
        return Math.min(channels, 16 * (blocks < 8 ? blocks : 8 + blocks % 4));
    }

    /// A call with an activation, then one without: a branch never taken is left out of compiled code.
    private Runnable conv(Conv kernel, Op.Conv op, Layout from, Layout to) {
        int inChannels = inChannels(op);
        int outChannels = to == Layout.PLANAR ? Plan.MAX_PLANAR_CHANNELS : outChannels(op);
        int width = together(op) ? 8 : 1;
        TensorView in = tensor(from, inChannels, 1, width, kernel.size() / 2);
        TensorView out = tensor(to, outChannels, 1, width, 0);
        float[] packed = new float[kernel.packedElements(inChannels, outChannels) + SLACK];
        float[] zeros = new float[Math.ceilDiv(outChannels, 16) * 16 + SLACK];
        float[] scratch = new float[kernel.scratchElements(inChannels, outChannels) + SLACK];
        return () -> {
            kernel.run(in, packed, 0, zeros, zeros, out, 0, 1, scratch, 0);
            kernel.run(in, packed, 0, zeros, null, out, 0, 1, scratch, 0);
        };
    }

    private Runnable depthwise(Layout layout) {
        TensorView in = tensor(layout, 1, 1, 1, 1);
        TensorView out = tensor(layout, 1, 1, 1, 0);
        float[] packed = new float[table.depthwise3x3().packedElements(1)];
        float[] zeros = new float[16];
        return () -> {
            table.depthwise3x3().run(in, packed, zeros, zeros, out, 0, 1);
            table.depthwise3x3().run(in, packed, zeros, null, out, 0, 1);
        };
    }

    private Runnable activation(Layout layout) {
        TensorView in = tensor(layout, 1, 1, 1, 0);
        float[] zeros = new float[16];
        return () -> table.activation().run(in, zeros, in, 0, 1);
    }

    private Runnable sum(Layout layout) {
        TensorView a = tensor(layout, 1, 1, 16, 0);
        return () -> table.add().run(a, a, a, 0, 1);
    }

    private Runnable shuffle(int scale, Layout from, Layout to) {
        TensorView in = tensor(from, scale * scale, 1, 16, 0);
        TensorView out = tensor(to, 1, scale, scale * 16, 0);
        return () -> table.pixelShuffle().run(in, scale, out, 0, 1);
    }

    private Runnable resize(Interpolation interpolation, int scale, Layout layout) {
        TensorView in = tensor(layout, 1, 1, 24, 0);
        TensorView out = tensor(layout, 1, scale, scale * 24, 0);
        return () -> table.resize().run(in, interpolation, scale, out, 0, 1);
    }
}
