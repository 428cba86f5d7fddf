package io.github.fovea.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.graph.Graph;
import io.github.fovea.graph.Op;
import io.github.fovea.kernel.Conv;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.plan.Plan;
import io.github.fovea.tensor.Layout;
import io.github.fovea.tensor.TensorView;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.Test;

class WarmUpTest {
    /// A kernel that computes nothing, but tells which inner methods of Winograd's would run: those for 4, 2 and 1 blocks of
    /// channels out, for 4, 2 or 1 in, as many as divide all of them, and for what is added to the sums of those in before.
    private record Recorder(Set<String> ran) implements Conv {
        @Override
        public int size() {
            return 3;
        }

        @Override
        public int packedElements(int inChannels, int outChannels) {
            return inChannels * outChannels;
        }

        @Override
        public void pack(float[] weights, int from, int inChannels, int outChannels, float[] packed, int packedFrom) {}

        @Override
        public int columnTile(int inChannels, int outChannels) {
            return 4;
        }

        @Override
        public int rowTile(int inChannels, int outChannels) {
            return 4;
        }

        @Override
        public void run(
                TensorView in, float[] packed, int packedFrom, float[] bias, float[] slopes, TensorView out,
                int rowBegin, int rowEnd, float[] scratch, int scratchFrom) {
            assertTrue(bias.length >= out.planes() * 16 && (slopes == null || slopes.length >= out.planes() * 16),
                    bias.length + " numbers for " + out.channels() + " channels");
            ran.addAll(methods(in.channels(), out.channels()));
        }

        @Override
        public Conv slice(int storedSize, int storedIn, int storedOut) {
            throw new UnsupportedOperationException();
        }
    }

    private static Set<String> methods(int inChannels, int outChannels) {
        Set<String> methods = new TreeSet<>();
        int all = Layout.BLOCKED16.planes(inChannels);
        int in = all % 4 == 0 ? 4 : all % 2 == 0 ? 2 : 1;
        for (int left = Layout.BLOCKED16.planes(outChannels), out; left > 0; left -= out) {
            out = left >= 4 ? 4 : left >= 2 ? 2 : 1;
            methods.add(in + " in, " + out + " out, run");
            if (all > in) {
                methods.add(in + " in, " + out + " out, add");
            }
        }
        return methods;
    }

    @Test
    void everyInnerMethodThatALayerNeedsIsCalled() {
        int[] channels = {16, 16, 32, 64, 64, 48, 128, 96, 12, 208, 112, 160, 33, 64};
        Set<String> ran = new ConcurrentSkipListSet<>();
        KernelTable s = KernelTables.scalar();
        KernelTable table = new KernelTable("recorder", s.conv1x1(), new Recorder(ran), s.conv5x5(), s.depthwise3x3(), s.add(),
                s.activation(), s.pixelShuffle(), s.resize(), s.gradient1x1(), s.gradient3x3(), s.gradient5x5(),
                s.activationGradient(), s.gemm(), s.indirectGemm(), s.blockedGemm(), s.exponentials());
        Graph.Builder graph = new Graph.Builder();
        int last = graph.add(new Op.Conv(1, channels[0], 5, "first", "bias"), graph.add(new Op.Input(1)));
        Set<String> wanted = new TreeSet<>();
        for (int i = 1; i < channels.length; i++) {
            last = graph.add(new Op.Conv(channels[i - 1], channels[i], 3, "w" + i, "b" + i), last);
            wanted.addAll(methods(channels[i - 1], channels[i]));
        }
        new WarmUp(Plan.of(graph.build(), table)).run();
        assertEquals(wanted, ran);
    }
}
