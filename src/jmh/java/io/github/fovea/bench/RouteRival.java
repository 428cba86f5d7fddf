package io.github.fovea.bench;

import ai.onnxruntime.OrtException;
import io.github.fovea.backend.Backend;
import io.github.fovea.backend.Backends;
import io.github.fovea.backend.Executable;
import io.github.fovea.backend.Workspace;
import io.github.fovea.network.NetworkPath;
import io.github.fovea.network.DynamicNetwork;
import io.github.fovea.pipeline.Workers;
import io.github.fovea.tensor.TensorView;
import java.util.Arrays;
import java.util.Locale;

/// The two paths of Dy-DCA, 32 channels on RGB, on the paper's patches of a frame of 960x540, beside ONNX Runtime: 27 coarse
/// patches of 96x108 take the shallow path, 92 fine ones of 48x54 (46 % of the frame) the deep one. Without halo, as the paper
/// has it; floats in memory to floats in memory. Ours runs a patch per thread, theirs all threads on a patch.
final class RouteRival {
    private static final int[] COUNTS = {27, 92};
    private static final int[][] SIZES = {{108, 96}, {54, 48}};
    private static final int ROUNDS = 4;
    private static final int FRAMES = 3;

    private RouteRival() {}

    static void print(boolean tsv) throws OrtException {
        System.out.println(tsv ? "threads\tours ms\tONNX Runtime ms\tratio"
                : "\nthe paper's two paths (wdsr-f32-n2, wdsr-f32-n4; RGB, x2) on its patches of 960x540");
        if (!tsv) {
            System.out.printf(Locale.ROOT, "%7s %10s %16s %7s%n", "threads", "ours ms", "ONNX Runtime ms", "ratio");
        }
        DynamicNetwork network = DynamicNetwork.named("dyna-wdsr", 2, 3);
        for (int threads = 1; threads <= Math.min(2, Runtime.getRuntime().availableProcessors()); threads++) {
            EngineCase[] cases = new EngineCase[2];
            for (int p = 0; p < 2; p++) {
                NetworkPath path = network.paths().get(p);
                cases[p] = new EngineCase(path.name(), path.graph(), SIZES[p][0], SIZES[p][1], threads, 2);
            }
            double ours = Double.POSITIVE_INFINITY;
            double theirs = Double.POSITIVE_INFINITY;
            try (Patches patches = new Patches(cases, threads)) {
                for (int round = 0; round < ROUNDS; round++) {
                    for (int i = 0; i < FRAMES; i++) {
                        ours = Math.min(ours, patches.frame());
                    }
                    // Its threads spin between runs, so its sessions exist only while they are measured.
                    try (RivalEngine shallow = new RivalEngine(cases[0]); RivalEngine deep = new RivalEngine(cases[1])) {
                        for (int i = 0; i <= FRAMES; i++) {
                            long begin = System.nanoTime();
                            for (int k = 0; k < COUNTS[0]; k++) {
                                shallow.run();
                            }
                            for (int k = 0; k < COUNTS[1]; k++) {
                                deep.run();
                            }
                            theirs = Math.min(theirs, System.nanoTime() - begin);
                        }
                    }
                }
            }
            System.out.printf(Locale.ROOT, tsv ? "%d\t%.2f\t%.2f\t%.2f%n" : "%7d %10.2f %16.2f %7.2f%n", threads, ours / 1e6,
                    theirs / 1e6, theirs / ours);
        }
    }

    /// Our engine on the patches, the dearest first.
    private static final class Patches implements AutoCloseable {
        private final Workers workers;
        private final EngineCase[] cases;
        private final Workspace[][] workspaces;
        private final float[][] pictures;
        private final Workers.Task task = this::patch;

        Patches(EngineCase[] cases, int threads) {
            this.cases = cases;
            workers = Workers.ofThreads(threads);
            workspaces = new Workspace[threads][2];
            pictures = Arrays.stream(cases).map(EngineCase::picture).toArray(float[][]::new);
            Backend backend = Backends.automatic();
            for (int p = 0; p < 2; p++) {
                Executable executable = backend.compile(backend.plan(cases[p].graph()), cases[p].parameters());
                executable.warmUp();
                for (Workspace[] ofThread : workspaces) {
                    ofThread[p] = executable.newWorkspace();
                }
            }
        }

        /// {@return the nanoseconds of a frame}
        long frame() {
            long begin = System.nanoTime();
            workers.run(COUNTS[0] + COUNTS[1], task);
            return System.nanoTime() - begin;
        }

        private void patch(int index, int worker) {
            int path = index < COUNTS[0] ? 0 : 1;
            Workspace workspace = workspaces[worker][path];
            int height = cases[path].height();
            int width = cases[path].width();
            workspace.prepare(height, width);
            TensorView in = workspace.input();
            for (int c = 0; c < 3; c++) {
                for (int y = 0; y < height; y++) {
                    System.arraycopy(pictures[path], (c * height + y) * width, in.data(), in.index(c, y, 0), width);
                }
            }
            workspace.run();
        }

        @Override
        public void close() {
            workers.close();
        }
    }
}
