package io.github.fovea.cli;

import io.github.fovea.error.NameList;
import io.github.fovea.error.OutputException;
import io.github.fovea.media.ImageFiles;
import io.github.fovea.media.ImageFormat;
import io.github.fovea.media.VideoFiles;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Turns what stands on the command line into files to do and where their results go.
final class Inputs {
    /// One file to do.
    ///
    /// @param input  the file
    /// @param output where its result goes
    /// @param kind   what it is, by its name
    record Job(Path input, Path output, Kind kind) {}

    /// What a file is, by its name.
    enum Kind {
        /// A still picture.
        IMAGE,
        /// A video; for all but `.y4m` ffmpeg is needed.
        VIDEO,
        /// Something else.
        OTHER
    }

    /// How other pictures' names end, which only programs with decoders for them read.
    private static final Set<String> UNREAD = Set.of("webp", "heic", "heif", "hif", "avif", "jxl", "jp2", "psd", "exr", "hdr", "tga",
            "ppm", "pgm", "pnm", "dng", "cr2", "cr3", "nef", "arw", "raf", "orf", "rw2");

    private Inputs() {}

    /// {@return what a file is, by its name}
    ///
    /// @param file the file; need not exist
    static Kind kind(Path file) {
        return file.getFileName() == null || file.getFileName().toString().startsWith(".") ? Kind.OTHER
                : ImageFiles.isImageName(file) ? Kind.IMAGE
                : VideoFiles.isVideoName(file) ? Kind.VIDEO : Kind.OTHER;
    }

    /// What is to be done, and what cannot be.
    ///
    /// @param jobs     the files to do
    /// @param problems a sentence for each file or folder that cannot be done
    /// @param unread   files in folders that are pictures by their names, of kinds that are not read
    record Expansion(List<Job> jobs, List<String> problems, List<Path> unread) {
        /// {@return what to say of the pictures that are not read; empty where there are none}
        Optional<String> unreadNote() {
            String names = NameList.few(unread.stream().map(Path::toString).toList());
            return unread.isEmpty() ? Optional.empty() : Optional.of(names + (unread.size() == 1 ? ": left out, because its kind is"
                    : ": left out, because their kinds are") + " not read; convert to .png first");
        }
    }

    /// {@return the files to do}
    ///
    /// One file goes to the output itself, unless that is a folder, or said to be one. Folders are walked through; their tree is kept
    /// below the output. Hidden files and files that are neither image nor video by their name are left out, pictures of kinds that are
    /// not read are listed. Inputs
    /// that would end in one output, one of several inputs that is missing, and folders within folders that cannot be
    /// read, are problems.
    ///
    /// @param inputs files and folders
    /// @param output a file if there is one input file, else a folder
    /// @param folder whether the output is said to be a folder, by a slash behind its name
    /// @throws IOException              if the one input is missing or cannot be read, or the output is an input folder
    /// @throws IllegalArgumentException if the output has a file's ending and would have to become a folder
    static Expansion expand(List<Path> inputs, Path output, boolean folder) throws IOException {
        List<Job> jobs = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        List<Path> unread = new ArrayList<>();
        boolean intoFolder = folder || inputs.size() > 1 || Files.isDirectory(inputs.getFirst())
                || Files.isDirectory(output);
        if (intoFolder && Files.exists(output) && !Files.isDirectory(output)) {
            throw new OutputException(output, "is a file, a folder is wanted for the results of several inputs");
        }
        if (intoFolder && !folder && !Files.exists(output) && kind(output) != Kind.OTHER) {
            throw new IllegalArgumentException(output + " is a file's name, a folder is wanted for the results of several"
                    + " inputs; if it shall be one, write " + output + "/");
        }
        for (Path input : inputs) {
            if (Files.isDirectory(input)) {
                if (Files.exists(output) && Files.isSameFile(input, output)) {
                    throw new OutputException(output, "is the input itself; give another output");
                }
                for (Path file : below(input, output, problems, unread)) {
                    jobs.add(new Job(file, output.resolve(writable(input.relativize(file))), kind(file)));
                }
            } else if (!Files.exists(input) && inputs.size() > 1) {
                problems.add(input + ": no such file");
            } else if (!Files.exists(input)) {
                throw new NoSuchFileException(input.toString());
            } else {
                Path target = intoFolder ? output.resolve(writable(input.getFileName())) : output;
                jobs.add(new Job(input, target, VideoFiles.isWrittenName(target) && mayMove(input) ? Kind.VIDEO : kind(input)));
            }
        }
        Map<Path, List<Job>> byOutput = jobs.stream().distinct().collect(Collectors.groupingBy(
                job -> job.output().toAbsolutePath().normalize(), LinkedHashMap::new, Collectors.toList()));
        List<Job> alone = new ArrayList<>();
        for (List<Job> sharing : byOutput.values()) {
            if (sharing.size() == 1) {
                alone.add(sharing.getFirst());
                continue;
            }
            String names = sharing.stream().map(job -> job.input().toString()).collect(Collectors.joining(" and "));
            sharing.forEach(job -> problems.add(job.input() + ": not done, because " + names
                    + " would become one file, " + job.output() + "; rename one, or give them different outputs"));
        }
        return new Expansion(alone, problems, unread);
    }

    /// {@return the pictures below a folder, in the order of their names}
    ///
    /// @param folder the folder
    /// @throws IOException if it cannot be read
    static List<Path> pictures(Path folder) throws IOException {
        List<String> problems = new ArrayList<>();
        List<Path> files = below(folder, folder, problems, new ArrayList<>());
        if (!problems.isEmpty()) {
            throw new IOException(problems.getFirst());
        }
        return files.stream().filter(file -> kind(file) == Kind.IMAGE).toList();
    }

    /// A file whose own name does not say what it is may be a video of a rare kind, and a GIF may be one too: what is
    /// asked for decides.
    private static boolean mayMove(Path file) {
        return kind(file) == Kind.OTHER || isGif(file);
    }

    private static boolean isUnreadPicture(Path file) {
        String name = file.getFileName().toString();
        return !name.startsWith(".") && UNREAD.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
    }

    private static boolean isGif(Path file) {
        return ImageFormat.ofName(file).filter(format -> format == ImageFormat.GIF).isPresent();
    }

    /// The pictures and videos below a folder, without what is hidden, what lies in `leftOut`, and parts of videos under
    /// way. What cannot be read is added to the problems, pictures of other kinds to `unread`.
    private static List<Path> below(Path folder, Path leftOut, List<String> problems, List<Path> unread)
            throws IOException {
        Path inside = leftOut.toAbsolutePath().normalize();
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), 64, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                boolean hidden = !directory.equals(folder) && directory.getFileName().toString().startsWith(".");
                boolean own = !directory.equals(folder) && directory.toAbsolutePath().normalize().equals(inside);
                boolean parts = VideoFiles.isPartsFolder(directory);
                return hidden || own || parts ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && kind(file) != Kind.OTHER) {
                    files.add(file);
                } else if (attributes.isRegularFile() && isUnreadPicture(file)) {
                    unread.add(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException problem) throws IOException {
                if (file.equals(folder)) {
                    throw problem;
                }
                // A link back to a folder around it leads to nothing that is not found without it.
                if (!(problem instanceof FileSystemLoopException) && !file.getFileName().toString().startsWith(".")) {
                    problems.add(Failure.sentence(problem));
                }
                return FileVisitResult.CONTINUE;
            }
        });
        files.sort(null);
        unread.sort(null);
        return files;
    }

    /// A GIF's first frame has more colours once enlarged than a GIF holds, so that it becomes a PNG; videos of kinds
    /// that are read only become Matroska.
    private static Path writable(Path file) {
        if (isGif(file)) {
            return ending(file, ".png");
        }
        return VideoFiles.isVideoName(file) && !VideoFiles.isWrittenName(file) ? ending(file, ".mkv") : file;
    }

    private static Path ending(Path file, String ending) {
        String name = file.getFileName().toString();
        return file.resolveSibling(name.substring(0, name.lastIndexOf('.')) + ending);
    }
}
