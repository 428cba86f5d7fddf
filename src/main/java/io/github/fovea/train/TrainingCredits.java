package io.github.fovea.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/// Whom a folder of training pictures wants credited: the `attribution` and `licence` columns of its `sources.tsv`.
public final class TrainingCredits {
    private TrainingCredits() {}

    /// {@return one line per attribution, `attribution (licence)`, without repetition and sorted; empty where the
    /// folder has no such list}
    ///
    /// @param folder a folder of training pictures
    /// @throws IOException if its list cannot be read
    public static List<String> of(Path folder) throws IOException {
        Path list = folder.resolve("sources.tsv");
        if (!Files.isRegularFile(list)) {
            return List.of();
        }
        List<String> lines = Files.readAllLines(list);
        List<String> header = lines.isEmpty() ? List.of() : Arrays.asList(lines.getFirst().split("\t"));
        int attribution = header.indexOf("attribution");
        int licence = header.indexOf("licence");
        TreeSet<String> credits = new TreeSet<>();
        for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
            String[] cells = line.split("\t");
            if (attribution >= 0 && attribution < cells.length && !cells[attribution].isBlank()) {
                boolean licensed = licence >= 0 && licence < cells.length && !cells[licence].isBlank();
                credits.add(cells[attribution].strip() + (licensed ? " (" + cells[licence].strip() + ")" : ""));
            }
        }
        return List.copyOf(credits);
    }
}
