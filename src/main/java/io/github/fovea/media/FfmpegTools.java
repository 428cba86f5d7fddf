package io.github.fovea.media;

import io.github.fovea.error.UnavailableException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The programs `ffmpeg` and `ffprobe`, which read and write every video but Y4M.
///
/// @param ffmpeg  the program that decodes and encodes
/// @param ffprobe the program that describes files
/// @param version what ffmpeg says its version is
public record FfmpegTools(Path ffmpeg, Path ffprobe, String version) {
    private static final Pattern NUMBERS = Pattern.compile("^n?(\\d+)\\.(\\d+)");

    /// {@return the programs on the search path of this process (`PATH`)}
    ///
    /// @throws UnavailableException if one of them is missing or does not start
    public static FfmpegTools find() {
        String path = System.getenv("PATH");
        return find(path == null ? "" : path);
    }

    /// {@return the programs on a search path}
    ///
    /// @param searchPath folders, separated as the system separates them
    /// @throws UnavailableException if one of them is missing or does not start
    public static FfmpegTools find(String searchPath) {
        Path ffmpeg = program("ffmpeg", searchPath);
        Path ffprobe = program("ffprobe", searchPath);
        String firstLine;
        try (ChildProcess child = ChildProcess.start(List.of(ffmpeg.toString(), "-version"))) {
            child.stdin().close();
            firstLine = new String(child.stdout().readNBytes(1000), StandardCharsets.UTF_8).lines()
                    .findFirst().orElse("");
        } catch (IOException e) {
            throw new UnavailableException(ffmpeg + " does not start (" + e.getMessage() + ")", remedy());
        }
        String[] words = firstLine.split(" ");
        return new FfmpegTools(ffmpeg, ffprobe, words.length > 2 ? words[2] : "unknown");
    }

    private static Path program(String name, String searchPath) {
        boolean windows = File.separatorChar == '\\';
        for (String folder : searchPath.split(Pattern.quote(File.pathSeparator))) {
            if (!folder.isEmpty()) {
                Path file = Path.of(folder, windows ? name + ".exe" : name);
                if (Files.isRegularFile(file) && Files.isExecutable(file)) {
                    return file;
                }
            }
        }
        throw new UnavailableException("the program " + name
                + ", which reads and writes video files, is not on the PATH", remedy());
    }

    private static String remedy() {
        return "install it (Debian, Ubuntu: apt-get install ffmpeg; Fedora: dnf install ffmpeg; macOS: brew install "
                + "ffmpeg; Windows: winget install ffmpeg), or use .y4m files, which need no ffmpeg";
    }

    /// {@return the option that makes ffmpeg pass frames on one to one}
    String passthroughOption() {
        Matcher numbers = NUMBERS.matcher(version);
        // The option got its present name in 5.1. Versions without numbers are builds of the development branch.
        boolean old = numbers.find() && (Integer.parseInt(numbers.group(1)) < 5
                || Integer.parseInt(numbers.group(1)) == 5 && Integer.parseInt(numbers.group(2)) < 1);
        return old ? "-vsync" : "-fps_mode";
    }

    /// {@return whether ffmpeg can encode by a name, an encoder's or a codec's}
    ///
    /// @param name `libx264` or `h264`, say
    /// @throws IOException if ffmpeg does not start
    boolean encodes(String name) throws IOException {
        try (ChildProcess child = ChildProcess.start(List.of(ffmpeg.toString(), "-hide_banner", "-encoders"))) {
            child.stdin().close();
            String answer = new String(child.stdout().readAllBytes(), StandardCharsets.UTF_8);
            child.waitFor(); // of a list that Ctrl-C cut off, no encoder is to be said to be missing
            return answer.lines().map(String::strip).anyMatch(line -> line.startsWith("V") && (line.contains(" " + name + " ")
                    || line.endsWith("(codec " + name + ")")));
        }
    }

    /// {@return how to name a file to ffmpeg so that it is never taken for an option or a network address}
    ///
    /// @param file a local file
    static String url(Path file) {
        return "file:" + file.toAbsolutePath();
    }

    /// {@return the start of a command that reads nothing but what it is given}
    ///
    /// @param more further arguments
    List<String> command(String... more) {
        List<String> command = new ArrayList<>(List.of(ffmpeg.toString(), "-hide_banner", "-nostdin", "-loglevel",
                "error"));
        command.addAll(List.of(more));
        return command;
    }
}
