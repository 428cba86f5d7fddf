package io.github.fovea.media;

import io.github.fovea.error.OutputException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The finished parts of a video under way, in a folder beside the video to make: `NAME.parts`. A file in it says what
/// is being made of what, so that parts of one job are never joined with those of another.
///
/// A part is whole once its name says how many frames it holds, `part-000001-250.mp4`; everything else in the folder is
/// what an end in the middle of things left. One process at a time has the folder.
final class PartFolder implements AutoCloseable {
    private static final String JOB = "fovea.job";
    private static final Pattern PART = Pattern.compile("part-(\\d{6})-(\\d{1,9})(\\.\\w+)");
    /// Parts, whole or not, and what joining them takes.
    private static final Pattern OURS = Pattern.compile(
            "\\.?part-\\d{6}.*|" + VideoJoin.REHEARSAL + ".*|" + Pattern.quote(VideoJoin.LIST) + "|" + Pattern.quote(JOB));
    private static final int MAX_JOB_BYTES = 1 << 20;

    private final Path folder;
    private final String ending;
    private final FileChannel job;
    private ExitTasks.Task cleaning;
    private final List<Part> parts = new ArrayList<>();
    private long frames;

    /// A whole part.
    ///
    /// @param file   where it is
    /// @param frames how many it holds
    record Part(Path file, long frames) {}

    private PartFolder(Path folder, String ending, FileChannel job) {
        this.folder = folder;
        this.ending = ending;
        this.job = job;
    }

    /// Opens the folder of a video, made where it is not there.
    ///
    /// @param target the video to make
    /// @param ending what names of parts end with, with its dot
    /// @param lines  what is made of what: lines `what: which`, the same whenever the job goes on
    /// @return the folder, with the parts that are whole
    /// @throws OutputException if the folder holds parts of another job, another process has it, or it cannot be made
    /// @throws IOException     if it cannot be read or written
    static PartFolder open(Path target, String ending, List<String> lines) throws IOException {
        Path folder = of(target);
        try {
            Files.createDirectory(folder);
        } catch (FileAlreadyExistsException e) {
            if (!isOne(folder) && !isEmpty(folder)) {
                throw new OutputException(folder, "is in the way, the folder of finished parts is to have this name; move "
                        + "it away");
            }
        }
        FileChannel job = FileChannel.open(folder.resolve(JOB), StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        try {
            lock(job, folder);
            PartFolder result = new PartFolder(folder, ending, job);
            result.find(lines);
            // Not before: parts of another job are nobody's to delete.
            result.cleaning = ExitTasks.add(ExitTasks.Order.FILES, result::deleteWithoutParts);
            return result;
        } catch (IOException | RuntimeException e) {
            job.close();
            throw e;
        }
    }

    /// {@return the folder of a video's parts}
    static Path of(Path target) {
        return target.resolveSibling(target.getFileName() + ".parts");
    }

    /// {@return whether a folder holds parts of a video under way}
    static boolean isOne(Path folder) {
        return Files.isRegularFile(folder.resolve(JOB));
    }

    private static boolean isEmpty(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    private static void lock(FileChannel job, Path folder) throws IOException {
        FileLock lock;
        try {
            lock = job.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            throw new OutputException(folder, "another process is making this video; wait for it, or stop it");
        }
    }

    private void find(List<String> lines) throws IOException {
        String wanted = String.join("\n", lines) + "\n";
        String found = job.size() > MAX_JOB_BYTES ? "" : Files.readString(folder.resolve(JOB));
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> !file.getFileName().toString().equals(JOB)).sorted().toList();
        }
        List<Path> whole = files.stream().filter(file -> PART.matcher(file.getFileName().toString()).matches()).toList();
        if (whole.isEmpty()) {
            // Where nothing was finished nothing is lost by beginning otherwise.
            job.truncate(0);
            job.write(StandardCharsets.UTF_8.encode(wanted), 0);
            job.force(true);
        } else if (!found.equals(wanted)) {
            throw new OutputException(folder, "holds parts of another job (" + difference(found.lines().toList(), lines)
                    + "); go on as it was begun, or delete the folder");
        }
        for (Path file : whole) {
            Matcher name = PART.matcher(file.getFileName().toString());
            if (name.matches() && Integer.parseInt(name.group(1)) == parts.size() + 1 && name.group(3).equals(ending)
                    && Files.size(file) > 0) {
                take(new Part(file, Long.parseLong(name.group(2))));
            }
        }
        for (Path file : files) {
            if (isOurs(file) && parts.stream().noneMatch(part -> part.file().equals(file))) {
                Files.delete(file);
            }
        }
    }

    /// Whether a file of the folder is one of this program's; nothing else is ever deleted.
    private static boolean isOurs(Path file) {
        return OURS.matcher(file.getFileName().toString()).matches() && Files.isRegularFile(file);
    }

    private static String difference(List<String> found, List<String> wanted) {
        for (int i = 0; i < Math.max(found.size(), wanted.size()); i++) {
            String was = i < found.size() ? found.get(i) : "";
            String is = i < wanted.size() ? wanted.get(i) : "";
            if (!was.equals(is)) {
                return "it has \"" + was + "\", this one \"" + is + "\"";
            }
        }
        return "of an unknown kind";
    }

    /// {@return where it is}
    Path folder() {
        return folder;
    }

    /// {@return the whole parts, in order}
    List<Part> parts() {
        return List.copyOf(parts);
    }

    /// {@return frames of the whole parts together}
    long frames() {
        return frames;
    }

    /// {@return the file to write the next part to}
    Path next() {
        return folder.resolve(String.format(Locale.ROOT, "part-%06d%s", parts.size() + 1, ending));
    }

    /// Takes the file of [#next] in, which holds a whole part now.
    ///
    /// @param count frames in it
    /// @throws IOException if it cannot be renamed
    void add(long count) throws IOException {
        Path file = next();
        // A name that says the part is whole must not outlive its bytes when the power fails.
        try (FileChannel bytes = FileChannel.open(file, StandardOpenOption.WRITE)) {
            bytes.force(true);
        }
        Path whole = folder.resolve(String.format(Locale.ROOT, "part-%06d-%d%s", parts.size() + 1, count, ending));
        take(new Part(Files.move(file, whole, StandardCopyOption.ATOMIC_MOVE), count));
    }

    private void take(Part part) {
        parts.add(part);
        frames += part.frames();
    }

    /// Deletes the folder, unless somebody has put something into it; the video is whole.
    ///
    /// @throws IOException if that fails
    void delete() throws IOException {
        List<Path> left;
        try (Stream<Path> all = Files.list(folder)) {
            left = all.toList();
        }
        for (Path file : left) {
            if (isOurs(file)) {
                Files.deleteIfExists(file);
            }
        }
        if (left.stream().allMatch(Files::notExists)) {
            Files.deleteIfExists(folder);
        }
    }

    private void deleteWithoutParts() throws IOException {
        if (parts.isEmpty() && Files.exists(folder)) {
            delete();
        }
    }

    /// Lets others have it. Whole parts stay; without any, the folder goes.
    @Override
    public void close() throws IOException {
        if (job.isOpen()) {
            deleteWithoutParts();
            cleaning.forget();
            job.close();
        }
    }
}
