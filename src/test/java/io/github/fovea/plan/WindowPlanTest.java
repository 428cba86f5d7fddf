package io.github.fovea.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.graph.Graph;
import io.github.fovea.graph.Interpolation;
import io.github.fovea.graph.Node;
import io.github.fovea.graph.Op;
import io.github.fovea.kernel.Conv;
import io.github.fovea.kernel.ForwardingConv;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.kernel.scalar.ScalarKernels;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WindowPlanTest {
    /// A convolution that finds rows in one piece of memory only.
    private static final class InOnePiece extends ForwardingConv {
        InOnePiece(Conv conv) {
            super(conv);
        }

        @Override
        protected Conv sliced(int storedSize, Conv slice) {
            return new InOnePiece(slice);
        }
    }

    private static KernelTable inOnePiece() {
        KernelTable s = ScalarKernels.table();
        return new KernelTable("in one piece", new InOnePiece(s.conv1x1()), new InOnePiece(s.conv3x3()),
                new InOnePiece(s.conv5x5()), s.depthwise3x3(), s.add(), s.activation(), s.pixelShuffle(), s.resize(),
                s.gradient1x1(), s.gradient3x3(), s.gradient5x5(), s.activationGradient(), s.gemm(), s.indirectGemm(), s.blockedGemm(),
                s.exponentials());
    }

    private static Graph chain() {
        Graph.Builder b = new Graph.Builder();
        int input = b.add(new Op.Input(1));
        int x = b.add(new Op.Relu(), b.add(new Op.Conv(1, 16, 5, "w0", "b0"), input));
        x = b.add(new Op.Relu(), b.add(new Op.Conv(16, 16, 3, "w1", "b1"), x));
        x = b.add(new Op.PixelShuffle(2), b.add(new Op.Conv(16, 4, 3, "w2", "b2"), x));
        b.add(new Op.Add(), x, b.add(new Op.Resize(Interpolation.BICUBIC, 2), input));
        return b.build();
    }

    @Test
    void lagsAndKeptRowsFollowFromTheReaders() {
        WindowPlan windows = WindowPlan.of(Plan.of(chain(), ScalarKernels.table()), 8);
        LineBuffer input = windows.buffers().get(windows.input());
        assertEquals(0, input.lag());
        // The first convolution is 2 rows behind and looks 2 rows up; so does the resize.
        assertEquals(4, input.kept());
        for (int i = 0; i < windows.steps().size(); i++) {
            LineBuffer out = windows.buffers().get(windows.steps().get(i).out());
            int lag = windows.lags().get(i);
            switch (windows.steps().get(i)) {
                case Step.Conv conv -> {
                    assertEquals(conv.op().size() == 5 ? 2 : conv.op().outChannels() == 16 ? 3 : 4, lag);
                    assertEquals(conv.op().outChannels() == 16 ? 2 : 0, out.kept());
                    assertTrue(out.shared());
                }
                case Step.PixelShuffle _ -> assertEquals(8, lag);
                case Step.Resize _ -> assertEquals(4, lag);
                case Step.Add _ -> assertEquals(8, lag);
                case Step.DepthwiseConv _, Step.Activation _ -> throw new AssertionError("no such operator");
            }
        }
        assertEquals(8, windows.outputLag());
        // 9 rows and 4 of lag are two windows of 8.
        assertEquals(1, windows.windows(4));
        assertEquals(2, windows.windows(9));
        assertEquals(3, windows.windows(13));
    }

    /// The naive kernels find rows anywhere, so the rows to keep of shared buffers are not copied. The picture and the result
    /// stay in one piece.
    @Test
    void rowsToKeepLieInPiecesWhereReadersFindThem() {
        WindowPlan windows = WindowPlan.of(Plan.of(chain(), ScalarKernels.table()), 8);
        int inPieces = 0;
        for (int i = 0; i < windows.buffers().size(); i++) {
            LineBuffer buffer = windows.buffers().get(i);
            boolean ends = i == windows.input() || i == windows.output();
            assertEquals(!ends && buffer.shared() && buffer.kept() > 0, buffer.pieces());
            if (buffer.pieces()) {
                inPieces++;
                assertEquals(buffer.windowRows() - buffer.kept(), buffer.rows());
                assertEquals(2 * buffer.kept() * buffer.elements(100) / buffer.rows(), buffer.asideElements(100));
            }
        }
        // What waits enlarged for the sum, and before it two convolutions.
        assertEquals(3, inPieces);
        // Where convolutions find rows in one piece only, the first of these.
        assertEquals(1, WindowPlan.of(Plan.of(chain(), inOnePiece()), 8).buffers().stream().filter(LineBuffer::pieces).count());
    }

    /// What is in memory at the same time never overlaps, for any width.
    @Test
    void buffersThatLiveTogetherNeverOverlap() {
        SplittableRandom random = new SplittableRandom(17);
        for (int round = 0; round < 200; round++) {
            Graph graph = RandomGraphs.draw(random, random.nextInt(1, 25));
            Plan plan = Plan.of(graph, round % 2 == 0 ? inOnePiece() : ScalarKernels.table());
            if (plan.steps().isEmpty()) {
                continue;
            }
            List<LineBuffer> buffers = WindowPlan.of(plan, random.nextInt(1, 17)).buffers();
            WindowPlacement placement = new WindowPlacement(buffers);
            for (int width : new int[] {random.nextInt(1, 100), random.nextInt(1, 5000)}) {
                long elements = placement.place(width);
                long end = Placement.FIRST_ELEMENT;
                for (int i = 0; i < buffers.size(); i++) {
                    assertEquals(Placement.FIRST_ELEMENT, placement.offset(i) % 16);
                    end = Math.max(end, placement.offset(i) + buffers.get(i).elements(width));
                    for (int j = 0; j < i; j++) {
                        boolean apart = placement.offset(i) + buffers.get(i).elements(width) <= placement.offset(j)
                                || placement.offset(j) + buffers.get(j).elements(width) <= placement.offset(i);
                        boolean together = !buffers.get(i).shared() || !buffers.get(j).shared()
                                || buffers.get(i).firstStep() <= buffers.get(j).lastStep()
                                && buffers.get(j).firstStep() <= buffers.get(i).lastStep();
                        assertTrue(apart || !together, "round " + round + ": buffers " + i + " and " + j);
                    }
                }
                for (int i = 0; i < buffers.size(); i++) {
                    assertEquals(end, placement.asideOffset(i));
                    end += buffers.get(i).asideElements(width);
                }
                assertEquals(end, elements);
            }
        }
    }

    @Test
    void chosenForPicturesThatLeaveTheCache() {
        Plan plan = Plan.of(chain(), ScalarKernels.table());
        assertTrue(plan.peakBytes(2000, 480) < 3 << 20);
        assertEquals(plan.peakBytes(270, 480), plan.peakBytes(2000, 480));
        assertTrue(plan.peakBytes(64, 64) > plan.peakBytes(32, 64));
        assertFalse(WindowPlan.pays(1000, 10));
    }

    @Test
    void impossibleWindowsAreRefused() {
        Plan plan = Plan.of(chain(), ScalarKernels.table());
        assertThrows(IllegalArgumentException.class, () -> WindowPlan.of(plan, 0));
        Plan empty = Plan.of(new Graph(List.of(new Node(new Op.Input(3), List.of()))), ScalarKernels.table());
        assertThrows(IllegalArgumentException.class, () -> WindowPlan.of(empty));
    }
}
