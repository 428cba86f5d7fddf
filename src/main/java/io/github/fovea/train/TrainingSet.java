package io.github.fovea.train;

import io.github.fovea.graph.Interpolation;
import io.github.fovea.kernel.KernelTable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/// The pictures that patches are drawn from, and the parts of some of them that are kept out.
final class TrainingSet {
    /// Rows and columns of a held-out part of the small picture.
    static final int HELD_OUT_SIZE = 96;
    /// A picture with little detail is drawn less often, but not more rarely than this compared to others.
    private static final double LEAST_WEIGHT = 0.1;

    private final List<TrainingImage> images;
    private final List<TrainingImage> heldOut;
    private final double[] cumulative;
    private final int patch;

    private TrainingSet(List<TrainingImage> images, List<TrainingImage> heldOut, int patch) {
        this.images = images;
        this.heldOut = heldOut;
        this.patch = patch;
        double[] energies = images.stream().mapToDouble(TrainingImage::energy).toArray();
        double median = Arrays.stream(energies).sorted().toArray()[energies.length / 2];
        cumulative = new double[energies.length];
        double sum = 0;
        for (int i = 0; i < energies.length; i++) {
            sum += median == 0 ? 1 : Math.clamp(energies[i] / median, LEAST_WEIGHT, 1);
            cumulative[i] = sum;
        }
    }

    /// Where a patch comes from.
    record Patch(int image, int x, int y, int turn) {}

    /// {@return the pictures of a folder}
    ///
    /// @param options what to train
    /// @param skip    the enlargement that the network adds by itself, or `null`
    /// @param kernels kernels to compute it with
    /// @throws IOException              if a picture cannot be read
    /// @throws IllegalArgumentException if none is large enough
    static TrainingSet load(TrainingOptions options, Interpolation skip, KernelTable kernels) throws IOException {
        List<Path> files = PictureFolder.files(options.folder());
        Map<String, Integer> shrink = PictureFolder.shrinkFactors(options.folder());
        List<TrainingImage> images = new ArrayList<>();
        List<TrainingImage> copies = new ArrayList<>();
        try (ExecutorService readers = Executors.newFixedThreadPool(options.threads())) {
            List<Future<List<TrainingImage>>> reading = new ArrayList<>();
            for (Path file : files) {
                int by = shrink.getOrDefault(file.getFileName().toString(), 1);
                reading.add(readers.submit(() -> read(file, by, options, skip, kernels)));
            }
            for (Future<List<TrainingImage>> file : reading) {
                List<TrainingImage> read = await(file);
                if (!read.isEmpty()) {
                    images.add(read.getFirst());
                    copies.addAll(read.subList(1, read.size()));
                }
            }
        }
        if (images.isEmpty()) {
            throw new IllegalArgumentException(options.folder() + ": none of its " + files.size() + " pictures reaches "
                    + options.sampling().patch() * options.scale() + " pixels on both sides, which patches of "
                    + options.sampling().patch() + " at scale " + options.scale() + " need; use smaller patches");
        }
        return split(images, copies, options);
    }

    /// {@return a picture and its smaller copies; without the pictures into which no patch fits, the copies last}
    private static List<TrainingImage> read(
            Path file, int shrink, TrainingOptions options, Interpolation skip, KernelTable kernels)
            throws IOException {
        PictureFolder.Picture picture = PictureFolder.read(file, shrink, options.channels(), options.scale());
        int least = options.sampling().patch() * options.scale();
        List<TrainingImage> images = new ArrayList<>();
        if (Math.min(picture.width(), picture.height()) < least) {
            return images;
        }
        images.add(image(picture, options, skip, kernels));
        for (double size : options.sampling().sizes()) {
            // Without the right-hand end: a part of it may be held out.
            PictureFolder.Picture copy = picture.smaller(size, HELD_OUT_SIZE * options.scale(), options.scale());
            if (copy != null && Math.min(copy.width(), copy.height()) >= least) {
                images.add(image(copy, options, skip, kernels));
            }
        }
        return images;
    }

    private static TrainingImage image(
            PictureFolder.Picture picture, TrainingOptions options, Interpolation skip, KernelTable kernels) {
        return TrainingImage.of(picture.name(), picture.planes(), picture.width(), picture.height(), options.scale(),
                skip, kernels);
    }

    private static List<TrainingImage> await(Future<List<TrainingImage>> file) throws IOException {
        try {
            return file.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("reading the pictures was interrupted");
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException cause -> throw cause;
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                default -> throw new IllegalStateException("reading the pictures failed", e.getCause());
            }
        }
    }

    /// Cuts the held-out parts from the right-hand ends of pictures chosen by the seed.
    ///
    /// @param images  the pictures
    /// @param copies  further pictures to train on, of which nothing is held out
    /// @param options what to train
    static TrainingSet split(List<TrainingImage> images, List<TrainingImage> copies, TrainingOptions options) {
        SplittableRandom random = new SplittableRandom(options.seed() ^ 0x48656C644F757421L);
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < images.size(); i++) {
            order.add(random.nextInt(i + 1), i);
        }
        List<TrainingImage> trained = new ArrayList<>(images);
        List<TrainingImage> heldOut = new ArrayList<>();
        for (int i : order) {
            TrainingImage image = images.get(i);
            int rest = image.width() - HELD_OUT_SIZE;
            if (heldOut.size() == options.sampling().heldOutPictures()) {
                break;
            }
            if (rest >= Math.max(options.sampling().patch(), HELD_OUT_SIZE) && image.height() >= HELD_OUT_SIZE) {
                heldOut.add(image.cut(rest, (image.height() - HELD_OUT_SIZE) / 2, HELD_OUT_SIZE, HELD_OUT_SIZE));
                trained.set(i, image.cut(0, 0, rest, image.height()));
            }
        }
        trained.addAll(copies);
        return new TrainingSet(trained, heldOut, options.sampling().patch());
    }

    /// {@return pictures whose parts to hold out have been chosen already}
    ///
    /// @param images  pictures to train on, at least one
    /// @param heldOut parts of [#HELD_OUT_SIZE] pixels each way that no patch comes from
    /// @param patch   rows and columns of a patch of the small picture
    static TrainingSet of(List<TrainingImage> images, List<TrainingImage> heldOut, int patch) {
        return new TrainingSet(images, heldOut, patch);
    }

    /// Draws a patch.
    Patch draw(SplittableRandom random) {
        double at = random.nextDouble() * cumulative[cumulative.length - 1];
        int index = Arrays.binarySearch(cumulative, at);
        int image = Math.min(index < 0 ? -index - 1 : index + 1, images.size() - 1);
        TrainingImage chosen = images.get(image);
        return new Patch(image, random.nextInt(chosen.width() - patch + 1), random.nextInt(chosen.height() - patch + 1),
                random.nextInt(8));
    }

    /// {@return how much there is to learn in a patch: the mean square of its target}
    double detail(Patch drawn) {
        TrainingImage image = images.get(drawn.image());
        int scale = image.scale();
        int stride = image.width() * scale;
        double sum = 0;
        for (float[] plane : image.target()) {
            for (int y = drawn.y() * scale; y < (drawn.y() + patch) * scale; y++) {
                float row = 0;
                int from = y * stride + drawn.x() * scale;
                for (int x = 0; x < patch * scale; x++) {
                    row += plane[from + x] * plane[from + x];
                }
                sum += row;
            }
        }
        return sum;
    }

    /// {@return what tells these pictures from others: of what training sees, and of what it is measured on}
    String fingerprint() {
        int sum = Stream.of(images, heldOut).flatMap(List::stream)
                .mapToInt(image -> Objects.hash(image.name(), image.width(), image.height(),
                        Arrays.deepHashCode(image.small())))
                .reduce(1, (all, one) -> 31 * all + one);
        return String.format(Locale.ROOT, " pictures=%d/%d/%08x", images.size(), heldOut.size(), sum);
    }

    /// {@return the pictures that patches come from}
    List<TrainingImage> images() {
        return images;
    }

    /// {@return the parts that no patch comes from}
    List<TrainingImage> heldOut() {
        return heldOut;
    }
}
