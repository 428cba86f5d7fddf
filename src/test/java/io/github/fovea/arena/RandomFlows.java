package io.github.fovea.arena;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Acyclic graphs drawn at random, named in an order that is not the one in which they can run.
final class RandomFlows {
    private RandomFlows() {}

    static Dataflow draw(SplittableRandom random, int count) {
        List<Dataflow.Value> values = new ArrayList<>();
        List<Dataflow.Step> steps = new ArrayList<>();
        values.add(new Dataflow.Value(random.nextInt(1, 9), random.nextBoolean()));
        double branching = random.nextDouble();
        for (int i = 0; i < count; i++) {
            List<Integer> reads = new ArrayList<>();
            int wanted = random.nextInt(10) == 0 ? 0 : random.nextInt(1, 3);
            for (int k = 0; k < wanted; k++) {
                reads.add(random.nextDouble() < branching ? random.nextInt(values.size()) : values.size() - 1);
            }
            List<Integer> writes = new ArrayList<>();
            int results = random.nextInt(8) == 0 ? random.nextInt(3) : 1;
            for (int k = 0; k < results; k++) {
                writes.add(values.size());
                values.add(new Dataflow.Value(random.nextInt(0, 12), random.nextInt(10) == 0));
            }
            steps.add(new Dataflow.Step(reads, writes, random.nextInt(3) == 0));
        }
        for (int i = steps.size() - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            steps.set(i, steps.set(other, steps.get(i)));
        }
        return new Dataflow(steps, values);
    }
}
