package io.github.fovea.adapt;

import java.util.List;
import java.util.Optional;

/// Reads numbers out of the kernel's texts. A text of another form gives NaN, never an error: it only means that one
/// thing is not known.
final class KernelText {
    /// A limit that is no limit: cgroup writes `max`.
    static final double UNLIMITED = Double.POSITIVE_INFINITY;

    private KernelText() {}

    /// {@return a number; infinity for `max`, NaN for what is none}
    static double number(String text) {
        if (text.equals("max")) {
            return UNLIMITED;
        }
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    /// {@return the word at a position of a text, `0.42 1.05 0.98 2/345 6789` say, as a number}
    static double word(Optional<String> text, int index) {
        String[] words = text.orElse("").strip().split("\\s+");
        return index < words.length ? number(words[index]) : Double.NaN;
    }

    /// {@return the number behind a key of a file of lines `key number`}
    static double field(Optional<String> text, String key) {
        for (String line : text.orElse("").split("\n")) {
            String[] words = line.strip().split("\\s+");
            if (words.length >= 2 && words[0].equals(key)) {
                return number(words[1]);
            }
        }
        return Double.NaN;
    }

    /// {@return the mean over 10 seconds of a pressure file, as a share: its line
    /// `some avg10=3.50 avg60=... total=...` gives 0.035}
    static double pressure(Optional<String> text) {
        for (String line : text.orElse("").split("\n")) {
            String[] words = line.strip().split("\\s+");
            if (words[0].equals("some")) {
                for (String word : words) {
                    if (word.startsWith("avg10=")) {
                        return number(word.substring("avg10=".length())) / 100;
                    }
                }
            }
        }
        return Double.NaN;
    }

    /// {@return the ticks that all processors together were busy since the machine's start, from the first line of
    /// `/proc/stat`: user, nice, system, irq, softirq and stolen ones}
    static double busyTicks(Optional<String> stat) {
        String[] words = stat.orElse("").strip().split("\\s+");
        if (words.length < 9 || !words[0].equals("cpu")) {
            return Double.NaN;
        }
        return number(words[1]) + number(words[2]) + number(words[3]) + number(words[6]) + number(words[7])
                + number(words[8]);
    }

    /// {@return the ticks of all processors together, busy or not, guests left out because they count as user already}
    static double allTicks(Optional<String> stat) {
        String[] words = stat.orElse("").strip().split("\\s+");
        if (words.length < 9 || !words[0].equals("cpu")) {
            return Double.NaN;
        }
        double sum = 0;
        for (int i = 1; i <= 8; i++) {
            sum += number(words[i]);
        }
        return sum;
    }

    /// {@return processors that a cgroup allows, from `cpu.max` (`quota period` or `max period`); infinity without
    /// limit}
    static double quotaCpus(Optional<String> cpuMax) {
        double quota = word(cpuMax, 0);
        double period = word(cpuMax, 1);
        return quota == UNLIMITED ? UNLIMITED : quota / period;
    }

    /// {@return the path of a process in the tree of a controller, from lines `4:cpu,cpuacct:/path` of
    /// `/proc/self/cgroup`; `/` where it is not told, or lies outside what the process sees}
    ///
    /// @param controller its name; empty for the one tree of version 2
    static String groupPath(Optional<String> self, String controller) {
        for (String line : self.orElse("").split("\n")) {
            String[] parts = line.strip().split(":", 3);
            if (parts.length == 3 && List.of(parts[1].split(",")).contains(controller) && parts[2].startsWith("/")
                    && !parts[2].contains("/../")) {
                return parts[2];
            }
        }
        return "/";
    }
}
