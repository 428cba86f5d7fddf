package io.github.fovea.media;

import io.github.fovea.media.PartFolder.Part;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Joins the parts of a video. Pictures are copied as they are encoded.
final class VideoJoin {
    static final String LIST = "list.ffconcat";
    /// What the name of a joined first second begins with.
    static final String REHEARSAL = "rehearsal-";
    private static final long MICROS = 1_000_000;
    /// What a rehearsal writes, in seconds.
    private static final String REHEARSED = "1";

    private VideoJoin() {}

    /// Joins encoded parts by ffmpeg, and adds what else the source holds.
    ///
    /// @param tools     the programs
    /// @param folder    the parts
    /// @param target    the file to make
    /// @param rate      frames per second
    /// @param source    the video whose other streams and metadata are copied, or null
    /// @param copies    what ffmpeg needs to take them, see [StreamCopies]
    /// @param overwrite whether a file of that name may be replaced
    /// @throws IOException if the file cannot be written
    static void encoded(FfmpegTools tools, PartFolder folder, Path target, Ratio rate, VideoProbe source,
            List<String> copies, boolean overwrite) throws IOException {
        try (AtomicOutput file = AtomicOutput.open(target, overwrite)) {
            join(tools, folder, target, rate, source, copies, file.temporary());
            file.commit();
        }
    }

    /// Joins the first second and throws it away: what the container cannot hold shows before the work is done.
    /// Parameters are those of [#encoded].
    static void rehearse(FfmpegTools tools, PartFolder folder, Path target, Ratio rate, VideoProbe source,
            List<String> copies) throws IOException {
        // In the folder: what a killed process leaves there goes away with the next one.
        Path first = folder.folder().resolve(REHEARSAL + target.getFileName());
        List<String> shortened = new ArrayList<>(copies);
        shortened.addAll(List.of("-t", REHEARSED));
        join(tools, folder, target, rate, source, shortened, first);
        Files.delete(first);
    }

    private static void join(FfmpegTools tools, PartFolder folder, Path target, Ratio rate, VideoProbe source,
            List<String> copies, Path file) throws IOException {
        Files.writeString(folder.folder().resolve(LIST), list(folder.parts(), rate), StandardCharsets.UTF_8);
        List<String> command = tools.command("-y");
        double offset = source == null ? 0 : source.pictureOffset();
        if (offset > 0) {
            command.addAll(List.of("-itsoffset", String.format(Locale.ROOT, "%.6f", offset)));
        }
        // In the folder, by bare names: ffmpeg takes some letters of a path for parts of an address.
        command.addAll(List.of("-protocol_whitelist", "file", "-f", "concat", "-i", LIST));
        if (source != null) {
            command.addAll(List.of("-protocol_whitelist", "file", "-i", FfmpegTools.url(source.file())));
        }
        command.addAll(List.of("-map", "0:v:0", "-c:v:0", "copy"));
        command.addAll(copies);
        command.add(FfmpegTools.url(file));
        try (ChildProcess child = ChildProcess.start(command, folder.folder())) {
            child.stdin().close();
            if (!VideoSink.wrote(child, file)) {
                throw new IOException(target + ": joining the parts in " + folder.folder() + " failed (ffmpeg ended with "
                        + child.waitFor() + "): " + FfmpegErrors.encoding(child.errors()));
            }
        }
    }

    /// Frames last exactly so long, but containers round what they say of their length.
    private static String list(List<Part> parts, Ratio rate) {
        StringBuilder list = new StringBuilder("ffconcat version 1.0\n");
        for (Part part : parts) {
            long micros = Math.round(part.frames() * (double) MICROS / rate.value());
            list.append("file ").append(part.file().getFileName()).append('\n').append(String.format(Locale.ROOT,
                    "duration %d.%06d%n", micros / MICROS, micros % MICROS));
        }
        return list.toString();
    }

    /// {@return how many frames make a part whose length is a whole number of microseconds, in which parts are joined}
    ///
    /// @param rate  frames per second
    /// @param least frames wanted at least
    static int wholeFrames(Ratio rate, int least) {
        long step = rate.numerator() / gcd(rate.numerator(), rate.denominator() * MICROS);
        // Odd rates have no such length of any use; half a microsecond a part is too little to be seen.
        return step > least ? least : (int) ((least + step - 1) / step * step);
    }

    private static long gcd(long a, long b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    /// Joins Y4M parts.
    ///
    /// @param parts     the parts
    /// @param target    the file to make
    /// @param format    the format of all of them
    /// @param overwrite whether a file of that name may be replaced
    /// @throws IOException if the file cannot be written
    static void y4m(List<Part> parts, Path target, VideoFormat format, boolean overwrite) throws IOException {
        long header = Y4mHeader.format(format).length() + 1;
        AtomicOutput.write(target, overwrite, file -> {
            try (OutputStream out = Files.newOutputStream(file)) {
                for (Part part : parts) {
                    try (FileChannel in = FileChannel.open(part.file())) {
                        in.position(part == parts.getFirst() ? 0 : header);
                        Channels.newInputStream(in).transferTo(out);
                    }
                }
            }
        });
    }
}
