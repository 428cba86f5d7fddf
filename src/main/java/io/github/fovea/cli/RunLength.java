package io.github.fovea.cli;

import io.github.fovea.media.VideoFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// How much there is to enlarge, by which kernels are chosen: the fastest ones are compiled last.
enum RunLength {
    /// A few small pictures.
    QUICK,
    /// A few pictures.
    SHORT,
    /// Anything else.
    LONG;

    /// Pictures of a short run: one of 480x270 gains 2 ms by kernels that take some hundred more to compile (docs/kernels.md).
    private static final int MOST_OF_SHORT_RUN = 3;
    /// Bytes of the files of a quick run: photographs of up to about 2 megapixels as JPEG, and of 0.3 as PNG.
    private static final long MOST_BYTES_OF_QUICK_RUN = 512 << 10;
    /// Multiply-adds per pixel of a network for a quick run; deeper ones take longer by its kernels than others take to compile.
    private static final long MOST_MACS_OF_QUICK_RUN = 30_000;

    /// {@return how much the inputs are}
    ///
    /// @param inputs files and folders, or `-`
    /// @param output what they become, or `null`: a file whose own name does not say so is a video where this is one
    static RunLength of(List<String> inputs, String output) {
        if (inputs.size() > MOST_OF_SHORT_RUN || inputs.stream().anyMatch(RunLength::isLong)
                || output != null && VideoFiles.isVideoName(Path.of(output))) {
            return LONG;
        }
        return inputs.stream().mapToLong(RunLength::bytes).sum() <= MOST_BYTES_OF_QUICK_RUN ? QUICK : SHORT;
    }

    /// {@return how much that is for a network}
    ///
    /// @param macsPerPixel its multiply-adds per input pixel
    RunLength through(long macsPerPixel) {
        return this == QUICK && macsPerPixel > MOST_MACS_OF_QUICK_RUN ? SHORT : this;
    }

    private static boolean isLong(String input) {
        return input.equals("-") || VideoFiles.isVideoName(Path.of(input)) || Files.isDirectory(Path.of(input));
    }

    /// What cannot be read is found out, and said, by the command.
    private static long bytes(String input) {
        try {
            return Files.size(Path.of(input));
        } catch (IOException e) {
            return 0;
        }
    }
}
