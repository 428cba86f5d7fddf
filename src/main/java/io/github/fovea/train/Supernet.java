package io.github.fovea.train;

import io.github.fovea.graph.Graph;
import io.github.fovea.graph.Interpolation;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.model.Precision;
import io.github.fovea.network.MetaGraph;
import io.github.fovea.pipeline.Workers;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// All sub-graphs of a meta-graph trained at once, in two stages.
///
/// The first stage follows the sandwich rule with in-place distillation (Yu and Huang 2019, "Universally Slimmable
/// Networks and Improved Training Techniques"): the largest sub-graph learns from the pictures; the smallest and two
/// random ones learn from a mixture of the pictures and of what the largest makes of the same patches; the gradients of
/// all go into the shared tensors. Then operating points are searched ([PointSearch]), and the second stage ([#refine])
/// trains those alone, all of them in every step: sub-graphs that nobody will run no longer pull at the shared tensors.
///
/// Training may start from a trained chain (after the progressive shrinking of Cai et al. 2020, "Once-for-All"): the
/// largest sub-graph is good from the first step on, and its copies of fewer nodes get tails by least squares
/// ([TailStart]). It grows better than it shrinks: a short chain with residual blocks behind it that add nothing yet
/// has good sub-graphs of every depth from its own on, while the first layers of a long chain are of little use to a
/// tail of their own.
///
/// With a number of steps the result depends on nothing but the options and the pictures.
public final class Supernet {
    private static final int RANDOM = 2;
    /// Steps for which random sub-graphs are kept: drawing is cheap, room for their activations is not.
    private static final int KEPT_STEPS = 8;
    /// Share of the random sub-graphs that are drawn from all there are, not from those near the nested ones.
    private static final double ANY = 0.2;
    private static final int WARM_UP_STEPS = 200;
    /// Share of the learning rate for what was taken from a trained chain: it has found its place, the rest has not.
    private static final float TAKEN_RATE = 0.25f;
    private static final double AVERAGE_DECAY = 0.999;
    /// How many times the usual norm a gradient may have: odd patches have made training of residual blocks diverge.
    private static final double MOST_USUAL_NORM = 2;
    /// How much the largest sub-graph counts in the second stage, in units of what all others count together: those
    /// that end earlier pull at its nodes, and nothing else makes up for what it loses.
    private static final float LARGEST = 1.5f;
    private static final long REPORT_NANOS = 2_000_000_000L;
    private static final long SAVE_NANOS = 60_000_000_000L;

    private final SupernetOptions options;
    private final MetaGraph meta;
    private final KernelTable kernels = Training.kernels();
    private final TrainingSet pictures;
    /// What a checkpoint belongs to; empty where there is none, since it takes a look at every sample.
    private final String fingerprint;
    private final SharedTensors tensors;
    /// Sub-graphs with which training begins, from the cheapest on; the last one teaches.
    private final List<int[]> nested;
    /// Sub-graphs that a trained chain is.
    private final List<int[]> whole;
    private final float[] trained;
    private final RunningAverage average;
    private final GradientLimit limit = GradientLimit.ofUsualNorm(MOST_USUAL_NORM);
    private final float[] gradients;
    private final boolean[] taken;
    /// Which numbers stay as they are.
    private final boolean[] kept;
    private final float[] before;
    private final float[][] targets;
    private final float[][] mixtures;
    private final float[][] sums;
    private final double[] losses;
    private final TrainingSet.Patch[] drawn;
    private final float weight;
    private Adam adam;
    /// Stage under way: 0 before all, 1 while all are trained, 2 while points are refined; the points of stage 2.
    private int stage;
    private List<int[]> points = List.of();
    /// Whether the largest sub-graph takes part in the second stage.
    private boolean teaching = true;
    private long steps;
    private long nanos;
    /// Step from which on the loss is the measure itself, -1 before.
    private long finishing = -1;

    /// Hears how it goes.
    @FunctionalInterface
    public interface Listener {
        /// Hears how it goes.
        ///
        /// @param step  steps done in this stage
        /// @param share share of the stage done, 0 to 1
        /// @param loss  mean loss of the largest sub-graph since the last call
        void progress(long step, double share, double loss);
    }

    private Supernet(SupernetOptions options, TrainingSet pictures) throws IOException {
        this.options = options;
        this.pictures = pictures;
        fingerprint = options.checkpoint() == null ? "" : options.fingerprint() + pictures.fingerprint();
        meta = options.meta();
        tensors = new SharedTensors(meta);
        SplittableRandom random = new SplittableRandom(options.seed());
        List<WarmStart> starts = options.starts();
        Chains chains = starts.isEmpty() || starts.getFirst().isMetaGraph() ? null : new Chains(meta, tensors.layout(),
                starts);
        nested = !options.points().isEmpty() ? options.points() : chains != null ? chains.nested()
                : beginnings(meta.largest());
        whole = chains != null ? chains.whole(tensors) : List.of();
        trained = chains != null ? chains.values(tensors, random)
                : starts.isEmpty() ? tensors.initial(random) : tensors.again(starts.getFirst(), random);
        gradients = new float[tensors.layout().elements()];
        taken = chains == null ? new boolean[tensors.layout().elements()] : chains.taken();
        kept = kept();
        before = new float[tensors.layout().elements()];
        int outputs = meta.channels() * options.patch() * meta.scale() * options.patch() * meta.scale();
        weight = 1f / ((float) outputs * options.batch());
        targets = new float[options.threads()][outputs];
        mixtures = new float[options.threads()][outputs];
        sums = new float[options.batch()][];
        losses = new double[options.batch()];
        drawn = new TrainingSet.Patch[options.batch()];
        if (!resumed()) {
            List<int[]> tailless = chains != null && options.points().isEmpty() ? chains.tailless(tensors) : tailless();
            TailStart.fit(meta, tailless, tensors, trained, pictures, options.patch(), kernels, random);
        }
        average = new RunningAverage(trained.length, AVERAGE_DECAY);
        average.start(trained);
        adam = new Adam(tensors.layout().elements());
        if (resumed()) {
            restore();
        }
    }

    private static TrainingSet load(SupernetOptions options) throws IOException {
        MetaGraph meta = options.meta();
        TrainingOptions reading = TrainingOptions.of(options.pictures(), meta.name(), meta.scale())
                .withChannels(meta.channels()).withSeed(options.seed(), options.threads())
                .with(new TrainingOptions.Sampling(options.batch(), options.patch(), 1, options.heldOut(), List.of()));
        TrainingSet set = Files.isDirectory(options.pictures())
                ? TrainingSet.load(reading, Interpolation.BICUBIC, Training.kernels())
                : ClipPictures.load(options.pictures(), reading, Training.kernels());
        if (set.heldOut().isEmpty()) {
            int height = TrainingSet.HELD_OUT_SIZE * meta.scale();
            int width = height + Math.max(options.patch(), TrainingSet.HELD_OUT_SIZE) * meta.scale();
            throw new IOException(options.pictures()
                    + ": points are found by the quality of held-out parts, and no picture is large enough to hold one "
                    + "out, wanted at least one of " + width + "x" + height + " pixels");
        }
        return set;
    }

    /// {@return the sub-graphs of the first nodes of one, from none on}
    private List<int[]> beginnings(int[] vector) {
        List<int[]> beginnings = new ArrayList<>();
        for (int exit = 0; exit <= meta.nodes(); exit++) {
            int[] beginning = vector.clone();
            Arrays.fill(beginning, 1 + exit, beginning.length, 0);
            beginnings.add(beginning);
        }
        return beginnings;
    }

    /// {@return settled points whose tail nothing trained gives, and that differ in tail, head or width from those
    /// before them}
    private List<int[]> tailless() {
        List<int[]> different = new ArrayList<>();
        options.points().stream().filter(vector -> !beginsWithTail(vector) && different.stream().noneMatch(
                known -> known[0] == vector[0] && meta.exit(known) == meta.exit(vector))).forEach(different::add);
        return different;
    }

    private boolean beginsWithTail(int[] vector) {
        // A chain's tail serves all that end where it ends: another would take its place.
        return options.starts().isEmpty() || whole.stream().anyMatch(chain -> meta.exit(chain) == meta.exit(vector))
                || options.starts().getFirst().isMetaGraph()
                && tensors.tailsFit(options.starts().getFirst(), "tail." + meta.exit(vector));
    }

    /// {@return for every shared number whether it stays as it is: those of trained chains, where they are kept}
    private boolean[] kept() {
        boolean[] kept = new boolean[tensors.layout().elements()];
        if (!options.keep()) {
            return kept;
        }
        if (whole.isEmpty()) {
            throw new IllegalArgumentException("no trained chain of scale " + meta.scale()
                    + " is started from that could be kept");
        }
        for (int index : tensors.indices(new ParameterLayout(JointGraph.of(meta, whole).graph()))) {
            kept[index] = true;
        }
        return kept;
    }

    private boolean isWhole(int[] vector) {
        return whole.stream().anyMatch(chain -> Arrays.equals(chain, vector));
    }

    /// {@return a meta-graph all of whose sub-graphs have been trained; where a checkpoint was resumed from that had
    /// come further, what it held; where training starts from a meta-graph, that}
    ///
    /// @param options  what to train and how
    /// @param listener hears how it goes
    /// @throws IOException if the pictures or the checkpoint cannot be read, or the checkpoint cannot be written
    public static Supernet train(SupernetOptions options, Listener listener) throws IOException {
        Supernet supernet = new Supernet(options, load(options));
        if (supernet.stage < 2 && options.points().isEmpty() && options.refinement() < 1) {
            supernet.begin(1, List.of());
            supernet.train(1 - options.refinement(), listener);
        }
        return supernet;
    }

    /// Trains a few sub-graphs on, all of them in every step. The largest of the meta-graph teaches, whether it is one
    /// of them or not. Those that are a trained chain and are to be kept, or share nothing with the others, stay as
    /// they are; then the largest of the others teaches. Where a checkpoint of this stage was resumed from, its points
    /// are gone on with.
    ///
    /// @param vectors  their choice vectors
    /// @param listener hears how it goes
    /// @return the choice vectors that were trained: these, or those of the checkpoint
    /// @throws IOException if the checkpoint cannot be written
    public List<int[]> refine(List<int[]> vectors, Listener listener) throws IOException {
        begin(2, vectors);
        double share = options.points().isEmpty() ? options.refinement() : 1;
        if (share > 0 && !unfinished().isEmpty()) {
            train(share, listener);
        }
        return points;
    }

    /// {@return a network of the shape of one sub-graph, trained alone for comparison: with the same first values, on
    /// the same patches as in the second stage from its first step on, for the steps or the time of both stages}
    ///
    /// @param vector   its choice vector; only the quality of this sub-graph means something
    /// @param listener hears how it goes
    /// @throws IOException never, in practice: nothing is read or saved
    public Supernet alone(int[] vector, Listener listener) throws IOException {
        meta.check(vector);
        Supernet alone = new Supernet(options.withKeep(false).withCheckpoint(null, false), pictures);
        alone.begin(2, List.of(vector));
        alone.teaching = false;
        alone.train(1, listener);
        return alone;
    }

    /// {@return the points that are settled already: those of a second stage that was resumed from a checkpoint, or of
    /// the meta-graph that training starts from; empty where points are still to be searched}
    public List<int[]> settledPoints() {
        return points.isEmpty() ? options.points() : points;
    }

    /// Enters a stage, unless it is the one that was resumed.
    private void begin(int next, List<int[]> vectors) {
        if (stage == next) {
            return;
        }
        stage = next;
        points = List.copyOf(vectors);
        steps = 0;
        nanos = 0;
        finishing = -1;
        limit.usual(0);
        adam = new Adam(tensors.layout().elements());
        if (next == 2) {
            System.arraycopy(average.values(), 0, trained, 0, trained.length);
        }
    }

    private void train(double share, Listener listener) throws IOException {
        try (Workers workers = Workers.ofThreads(options.threads())) {
            long begin = System.nanoTime() - nanos;
            long reported = nanos;
            long saved = nanos;
            double loss = 0;
            long since = 0;
            JointPass pass = null;
            for (double done = done(share); done < 1; ) {
                SplittableRandom random = new SplittableRandom(
                        (options.seed() * 2 + stage) * 0x9E3779B97F4A7C15L + steps);
                if (finishing < 0 && stage == 2 && done >= 1 - options.finish()) {
                    // Gradients of another loss are of another size.
                    finishing = steps;
                    adam = new Adam(tensors.layout().elements());
                    limit.usual(0);
                }
                if (pass == null || stage == 1 && steps % KEPT_STEPS == 0) {
                    pass = new JointPass(meta, tensors, group(), kernels, options.patch(), options.threads());
                }
                loss += step(workers, pass, random);
                since++;
                move(done);
                steps++;
                average.follow(trained, steps - 1);
                nanos = System.nanoTime() - begin;
                done = done(share);
                if (nanos - reported > REPORT_NANOS || done >= 1) {
                    listener.progress(steps, done, loss / since);
                    nanos = System.nanoTime() - begin;
                    reported = nanos;
                    loss = 0;
                    since = 0;
                }
                if (options.checkpoint() != null && (nanos - saved > SAVE_NANOS || done >= 1)) {
                    save();
                    saved = nanos;
                }
            }
        }
    }

    private void move(double done) {
        for (int i = 0; i < kept.length; i++) {
            gradients[i] = kept[i] ? 0 : gradients[i];
        }
        limit.apply(gradients);
        long step = finishing < 0 ? steps : steps - finishing;
        double warm = Math.min(1, (step + 1.0) / WARM_UP_STEPS);
        System.arraycopy(trained, 0, before, 0, trained.length);
        adam.step(trained, gradients, step, options.learningRate() * warm * 0.5 * (1 + Math.cos(Math.PI * done)));
        for (int i = 0; i < trained.length; i++) {
            if (taken[i]) {
                trained[i] = before[i] + TAKEN_RATE * (trained[i] - before[i]);
            }
        }
    }

    private double done(double share) {
        return options.steps() > 0 ? steps / Math.max(1, Math.floor(options.steps() * share))
                : nanos / (options.time().toNanos() * share);
    }

    /// The sub-graphs of a step, the one that teaches first. They depend on the seed and the step alone.
    private List<int[]> group() {
        List<int[]> group = new ArrayList<>();
        if (stage == 2) {
            List<int[]> open = teaching ? unfinished() : points;
            group.add(teaching && open.size() == points.size() ? nested.getLast() : open.getLast());
            open.forEach(point -> add(group, point));
            return group;
        }
        group.add(nested.getLast());
        add(group, meta.smallest());
        SplittableRandom random = new SplittableRandom(options.seed() ^ (steps / KEPT_STEPS + 1) * 0xBF58476D1CE4E5B9L);
        for (int i = 0; i < RANDOM; i++) {
            add(group, drawNear(random));
        }
        return group;
    }

    /// {@return the points that are trained on: all but those that are a trained chain and are kept, or share nothing
    /// with another point}
    private List<int[]> unfinished() {
        return points.stream().filter(point -> !isWhole(point)
                || !options.keep() && points.stream().anyMatch(other -> other != point && share(other, point)))
                .toList();
    }

    private boolean share(int[] a, int[] b) {
        return !Collections.disjoint(meta.subGraph(a).parameters().keySet(), meta.subGraph(b).parameters().keySet());
    }

    private static void add(List<int[]> group, int[] vector) {
        if (group.stream().noneMatch(known -> Arrays.equals(known, vector))) {
            group.add(vector);
        }
    }

    /// {@return one of the nested sub-graphs, perhaps with another last node or another width; now and then anything}
    private int[] drawNear(SplittableRandom random) {
        if (random.nextDouble() < ANY) {
            return draw(meta, random);
        }
        int[] vector = nested.get(random.nextInt(nested.size())).clone();
        vector[0] = meta.head(vector) * meta.widths().size() + random.nextInt(meta.widths().size());
        int last = meta.exit(vector);
        if (last > 0 && random.nextBoolean()) {
            vector[last] = random.nextInt(meta.options(last));
        }
        return vector;
    }

    /// {@return a random choice vector; the share of nodes left out is drawn first}
    static int[] draw(MetaGraph meta, SplittableRandom random) {
        int[] vector = new int[meta.choices()];
        vector[0] = random.nextInt(meta.options(0));
        double skipped = random.nextDouble();
        for (int i = 1; i < vector.length; i++) {
            vector[i] = random.nextDouble() < skipped ? 0 : 1 + random.nextInt(meta.options(i) - 1);
        }
        return vector;
    }

    /// One step's gradients. Patches are summed in order, so results do not depend on the threads.
    private double step(Workers workers, JointPass pass, SplittableRandom random) {
        for (int i = 0; i < drawn.length; i++) {
            drawn[i] = pictures.draw(random);
            if (sums[i] == null || sums[i].length < pass.elements()) {
                sums[i] = new float[pass.elements()];
            }
        }
        float first = stage == 2 ? Math.max(1, LARGEST * (pass.results() - 1)) : 1;
        pass.update(trained);
        workers.run(drawn.length, (i, worker) -> {
            TrainingSet.Patch from = drawn[i];
            pictures.images().get(from.image()).patch(from.x(), from.y(), options.patch(), from.turn(),
                    pass.input(worker), targets[worker]);
            Arrays.fill(sums[i], 0, pass.elements(), 0f);
            losses[i] = pass.run(worker, finishing < 0 ? options.loss() : Loss.PSNR, targets[worker], mixtures[worker],
                    options.distillation(), weight, first, sums[i]);
        });
        Arrays.fill(gradients, 0f);
        double loss = 0;
        for (int i = 0; i < drawn.length; i++) {
            pass.add(sums[i], gradients);
            loss += losses[i];
        }
        return loss * weight;
    }

    private boolean resumed() {
        return options.checkpoint() != null && options.resume() && Files.exists(options.checkpoint());
    }

    private void save() throws IOException {
        List<Double> notes = new ArrayList<>();
        notes.add((double) stage);
        notes.add((double) finishing);
        notes.add(limit.usual());
        points.forEach(point -> Arrays.stream(point).forEach(choice -> notes.add((double) choice)));
        new Checkpoint(fingerprint, steps, nanos, trained, adam.mean(), adam.square(), average.values(),
                notes.stream().mapToDouble(Double::doubleValue).toArray()).write(options.checkpoint());
    }

    private void restore() throws IOException {
        Checkpoint saved = Checkpoint.read(options.checkpoint(), fingerprint, trained.length, trained.length);
        double[] notes = saved.notes();
        if (notes.length < 3 || (notes.length - 3) % meta.choices() != 0) {
            throw new IOException(options.checkpoint() + " is no checkpoint of a meta-graph; delete it to start anew");
        }
        stage = (int) notes[0];
        finishing = (long) notes[1];
        limit.usual(notes[2]);
        List<int[]> vectors = new ArrayList<>();
        for (int from = 3; from < notes.length; from += meta.choices()) {
            int[] vector = Arrays.stream(notes, from, from + meta.choices()).mapToInt(choice -> (int) choice).toArray();
            meta.check(vector);
            vectors.add(vector);
        }
        points = List.copyOf(vectors);
        steps = saved.steps();
        nanos = saved.nanos();
        System.arraycopy(saved.trained(), 0, trained, 0, trained.length);
        average.start(saved.average());
        System.arraycopy(saved.mean(), 0, adam.mean(), 0, trained.length);
        System.arraycopy(saved.square(), 0, adam.square(), 0, trained.length);
    }

    /// {@return the PSNR of a sub-graph on what was held out, in dB}
    ///
    /// @param vector its choices
    public double psnr(int[] vector) {
        JointGraph graph = JointGraph.of(meta, List.of(vector));
        ParameterLayout layout = new ParameterLayout(graph.graph());
        int[] indices = tensors.indices(layout);
        float[] own = new float[indices.length];
        SharedTensors.gather(average.values(), indices, own);
        return new HeldOut(pictures.heldOut(), graph.graph(), layout, kernels).psnr(own);
    }

    /// {@return the PSNR of plain bicubic on what was held out, in dB}
    public double bicubic() {
        Graph graph = Training.withoutSkip(meta.subGraph(meta.smallest()));
        return new HeldOut(pictures.heldOut(), graph, new ParameterLayout(graph), kernels).baseline();
    }

    /// {@return choice vectors of the sub-graphs with which training began, from the cheapest on; the last one taught
    /// the others}
    public List<int[]> nested() {
        return nested.stream().map(int[]::clone).toList();
    }

    /// Rounds the shared tensors, so that what is measured from now on is what is kept. Training is over.
    ///
    /// @param precision what to round them to
    public void round(Precision precision) {
        average.start(tensors.layout().rounded(precision, average.values()));
    }

    /// {@return the shared tensors by name}
    public Map<String, float[]> parameters() {
        return tensors.layout().named(average.values());
    }
}
