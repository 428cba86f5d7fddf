package io.github.fovea.bench;

import com.sun.management.ThreadMXBean;
import io.github.fovea.arena.Packing;
import io.github.fovea.backend.KernelTables;
import io.github.fovea.network.Networks;
import io.github.fovea.plan.Placement;
import io.github.fovea.plan.Plan;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/// What a new patch shape costs: sizes and offsets of all tensors are evaluated for 200 different shapes, again and again.
///
/// `plan us` is planning itself, for the first network in a fresh JVM with nothing compiled; `arena` is the largest ratio to the lower bound,
/// the most that lives at once, over all shapes; `planned` counts packings planned while shapes were evaluated.
public final class ShapesBench {
    private static final int SHAPES = 200;
    private static final int ROUNDS = 400;

    private ShapesBench() {}

    public static void main(String[] arguments) {
        boolean tsv = new BenchOptions("shapes", "What a new patch shape costs.").parse(arguments).tsv();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        String format = tsv ? "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s%n" : "%-18s %6s %8s %9s %9s %6s %8s %7s%n";
        System.out.printf(format, "network", "slots", "plan us", "best us", "median us", "arena", "B/shape", "planned");
        SplittableRandom random = new SplittableRandom(1);
        int[][] shapes = new int[SHAPES][];
        for (int i = 0; i < SHAPES; i++) {
            shapes[i] = new int[] {random.nextInt(1, 200), 1 + i};
        }
        for (String name : List.of("collapsed-f16-n6", "compact-f64-n16", "espcn", "fsrcnn", "wdsr-f32-n4",
                "wdsr-f32-n16")) {
            long start = System.nanoTime();
            Plan plan = Plan.of(Networks.named(name, 2, 3), KernelTables.scalar());
            long planNanos = System.nanoTime() - start;
            Placement placement = plan.memory().newPlacement();
            double worst = 1;
            for (int[] shape : shapes) {
                worst = Math.max(worst, (double) placement.place(shape[0], shape[1]) / placement.lowerBound());
            }
            long planned = Packing.planned();
            long[] times = new long[ROUNDS];
            long allocated = threads.getCurrentThreadAllocatedBytes();
            for (int round = 0; round < ROUNDS; round++) {
                long begin = System.nanoTime();
                for (int[] shape : shapes) {
                    placement.place(shape[0], shape[1]);
                }
                times[round] = System.nanoTime() - begin;
            }
            allocated = threads.getCurrentThreadAllocatedBytes() - allocated;
            Arrays.sort(times);
            System.out.printf(Locale.ROOT, format, name, plan.slots().size(), planNanos / 1000,
                    String.format(Locale.ROOT, "%.2f", times[0] / 1e3 / SHAPES),
                    String.format(Locale.ROOT, "%.2f", times[ROUNDS / 2] / 1e3 / SHAPES),
                    String.format(Locale.ROOT, "%.3f", worst), allocated / ROUNDS / SHAPES, Packing.planned() - planned);
        }
    }
}
