package io.github.fovea.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.kernel.Conv;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.tensor.Layout;
import io.github.fovea.tensor.TensorView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeasuredChoiceTest {
    @TempDir
    private Path folder;

    private static MachineProfile.Cost cost(Conv kernel, int in, int out, int height, int width, long nanos) {
        return new MachineProfile.Cost("conv3x3", kernel.getClass().getSimpleName(), in, out, height, width, nanos);
    }

    private static List<Conv> versions() {
        List<Conv> versions = KernelTables.vector().conv3x3().versions();
        assertEquals(3, versions.size());
        return versions;
    }

    @Test
    void theVersionThatIsNowhereFarFromTheBestRuns() {
        List<Conv> v = versions();
        MeasuredChoice choice = new MeasuredChoice(List.of(
                cost(v.get(0), 16, 16, 32, 480, 100), cost(v.get(0), 16, 16, 48, 54, 30),
                cost(v.get(1), 16, 16, 32, 480, 110), cost(v.get(1), 16, 16, 48, 54, 10),
                cost(v.get(0), 64, 64, 32, 480, 900), cost(v.get(2), 64, 64, 32, 480, 500)));
        assertEquals(1, choice.choose(v, 16, 16));
        assertEquals(1, choice.choose(v, 16, 24), "nearest channels");
        assertEquals(2, choice.choose(v, 64, 64));
        assertEquals(2, choice.choose(v, 96, 48));
        assertEquals(2, new MeasuredChoice(List.of()).choose(v, 16, 16), "nothing measured: the last");
        assertEquals(2, new MeasuredChoice(List.of(new MachineProfile.Cost("conv3x3", "Another", 16, 16, 1, 1, 1))).choose(v, 16, 16));
        assertEquals(2, new MeasuredChoice(List.of(new MachineProfile.Cost("conv5x5", v.getFirst().getClass().getSimpleName(),
                16, 16, 1, 1, 1))).choose(v, 16, 16), "another size");
    }

    @Test
    void shortRunsTakeMoreCodeForAFifthOnly() {
        List<Conv> v = versions();
        for (int nanos : new int[] {95, 85, 75}) {
            List<MachineProfile.Cost> costs = List.of(cost(v.get(1), 16, 16, 32, 480, 100), cost(v.get(2), 16, 16, 32, 480, nanos));
            assertEquals(nanos < 90 ? 2 : 1, new MeasuredChoice(costs).choose(v, 16, 16));
            assertEquals(nanos < 80 ? 2 : 1, new MeasuredChoice(costs).forShortRuns().choose(v, 16, 16));
        }
    }

    /// Of the times that come with Fovea: whatever is chosen is within a tenth of the best version, on rows of a frame and on
    /// a patch, for vectors of every width.
    @Test
    void theChosenVersionIsWithinATenthOfTheBest() {
        for (int bits : new int[] {512, 256, 128}) {
            List<MachineProfile.Cost> costs = MeasuredChoice.shipped(bits);
            MeasuredChoice choice = new MeasuredChoice(costs);
            assertTrue(costs.size() >= 40, "times for " + bits + " bits");
            for (MachineProfile.Cost cost : costs) {
                if (cost.operation().equals("conv3x3")) {
                    String chosen = versions().get(choice.choose(versions(), cost.in(), cost.out())).getClass().getSimpleName();
                    long nanos = costs.stream().filter(c -> c.operation().equals("conv3x3") && c.in() == cost.in()
                            && c.out() == cost.out() && c.width() == cost.width() && c.kernel().equals(chosen))
                            .mapToLong(MachineProfile.Cost::nanos).findFirst().orElseThrow(
                                    () -> new AssertionError(chosen + " was not measured for " + cost));
                    assertTrue(nanos <= 1.1 * cost.nanos(), chosen + " takes " + nanos + " ns at " + bits + " bits, " + cost);
                }
            }
        }
    }

    @Test
    void allVersionsAgreeWithTheDefinition() {
        SplittableRandom random = new SplittableRandom(4);
        Conv definition = KernelTables.scalar().conv3x3();
        for (Conv version : versions()) {
            for (int[] c : new int[][] {{16, 16}, {16, 32}, {32, 16}, {48, 64}, {24, 20}, {1, 16}, {16, 4}, {33, 47}}) {
                int height = random.nextInt(1, 20);
                int width = random.nextInt(1, 40);
                TensorView in = TensorView.allocate(layout(c[0]), c[0], height, width, 1);
                fill(in, random);
                float[] weights = new float[9 * c[0] * c[1]];
                for (int i = 0; i < weights.length; i++) {
                    weights[i] = (float) random.nextDouble(-1, 1) / (3 * c[0]);
                }
                TensorView wanted = run(definition, in, weights, c[1]);
                TensorView got = run(version, in, weights, c[1]);
                for (int o = 0; o < c[1]; o++) {
                    for (int y = 0; y < height; y++) {
                        for (int x = 0; x < width; x++) {
                            assertEquals(wanted.get(o, y, x), got.get(o, y, x), 1e-5, version.getClass().getSimpleName() + " "
                                    + c[0] + " to " + c[1] + ", " + height + "x" + width + " at " + o + " " + y + " " + x);
                        }
                    }
                }
            }
        }
    }

    private static Layout layout(int channels) {
        return channels <= 4 ? Layout.PLANAR : Layout.BLOCKED16;
    }

    private static TensorView run(Conv kernel, TensorView in, float[] weights, int outChannels) {
        TensorView out = TensorView.allocate(layout(outChannels), outChannels, in.height(), in.width(), 0);
        float[] packed = new float[kernel.packedElements(in.channels(), outChannels)];
        kernel.pack(weights, 0, in.channels(), outChannels, packed, 0);
        kernel.run(in, packed, 0, new float[(outChannels + 15) / 16 * 16], null, out, 0, in.height(),
                new float[kernel.scratchElements(in.channels(), outChannels)], 0);
        return out;
    }

    private static void fill(TensorView view, SplittableRandom random) {
        for (int c = 0; c < view.channels(); c++) {
            for (int y = 0; y < view.height(); y++) {
                for (int x = 0; x < view.width(); x++) {
                    view.set(c, y, x, (float) random.nextDouble(-1, 1));
                }
            }
        }
    }

    @Test
    void aTableOfVersionsRunsTheOneThatIsChosen() {
        KernelTable table = KernelTables.vector();
        for (int i = 0; i < versions().size(); i++) {
            int chosen = i;
            Conv only = table.choosing((_, _, _) -> chosen).conv3x3();
            assertEquals(versions().get(i), only.version(32, 32));
            assertEquals(versions().get(i).rowTile(32, 32), only.rowTile(32, 32));
            assertEquals(versions().get(i).packedElements(32, 32), only.packedElements(32, 32));
        }
        assertEquals(List.of(1, 1, 4), versions().stream().map(v -> v.rowTile(64, 64)).toList());
        assertEquals(List.of(1, 4, 4), versions().stream().map(v -> v.columnTile(64, 64)).toList());
    }

    @Test
    void aProfileOfAnotherMachineOrADamagedOneIsPassedOver() throws IOException {
        Machine here = new Machine("This", 256, "25.0.3", "3f2a");
        MachineProfile kept = new MachineProfile(here, List.of(new MachineProfile.Cost("conv3x3", "ConvVector", 16, 16, 1, 1, 1)));
        Path file = Files.write(folder.resolve("profile.json"), kept.json());
        List<MachineProfile.Cost> shipped = MeasuredChoice.shipped(256);
        assertEquals(kept.costs(), MeasuredChoice.costs(file, here));
        assertEquals(shipped, MeasuredChoice.costs(file, new Machine("Other", 256, "25.0.3", "3f2a")));
        assertEquals(shipped, MeasuredChoice.costs(file, new Machine("This", 256, "25.0.3", "77d0")), "after an upgrade");
        assertEquals(shipped, MeasuredChoice.costs(folder.resolve("none.json"), here));
        Files.writeString(file, "{");
        assertEquals(shipped, MeasuredChoice.costs(file, here));
        Files.write(file, new MachineProfile(here, List.of(new MachineProfile.Cost("frame", "x", 1, 1, 1, 1, 1))).json());
        assertEquals(shipped, MeasuredChoice.costs(file, here));
        assertFalse(shipped.isEmpty());
    }
}
