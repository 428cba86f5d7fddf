package io.github.fovea.backend;

import io.github.fovea.error.UnavailableException;
import io.github.fovea.kernel.Conv;
import io.github.fovea.kernel.ConvVersions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Chooses versions of convolutions by a table of measured times, and by nothing else: a run's own times never decide.
///
/// For channels that were measured it takes the version whose time is nowhere far from the best: the smallest largest ratio
/// over the measured shapes, from rows of a frame to a patch. Other channels go with the nearest that were measured.
final class MeasuredChoice implements ConvVersions.Choice {
    private static final String CONVOLUTION = "conv[135]x[135]";
    /// What channels of another layout are away.
    private static final double OTHER_LAYOUT = 100;
    private static final int MAX_PLANAR_CHANNELS = 4;

    /// Kernels for some channels, the best first.
    private record Ranking(int size, int in, int out, List<String> kernels) {
        double distance(int inChannels, int outChannels) {
            return apart(in, inChannels) + apart(out, outChannels);
        }

        private static double apart(int a, int b) {
            return Math.abs(Math.log((double) a / b))
                    + ((a <= MAX_PLANAR_CHANNELS) == (b <= MAX_PLANAR_CHANNELS) ? 0 : OTHER_LAYOUT);
        }
    }

    private final List<Ranking> rankings = new ArrayList<>();

    /// Ranks kernels.
    ///
    /// @param costs measured times
    MeasuredChoice(List<MachineProfile.Cost> costs) {
        Map<List<Integer>, List<MachineProfile.Cost>> byChannels = new LinkedHashMap<>();
        for (MachineProfile.Cost cost : costs) {
            if (cost.operation().matches(CONVOLUTION)) {
                byChannels.computeIfAbsent(List.of(cost.operation().charAt(4) - '0', cost.in(), cost.out()),
                        _ -> new ArrayList<>()).add(cost);
            }
        }
        byChannels.forEach((key, group) -> rankings.add(new Ranking(key.get(0), key.get(1), key.get(2), ranked(group))));
    }

    /// Kernels by the largest ratio of their time to the best of the same shape.
    private static List<String> ranked(List<MachineProfile.Cost> group) {
        Map<List<Integer>, Long> best = new HashMap<>();
        for (MachineProfile.Cost cost : group) {
            best.merge(List.of(cost.height(), cost.width()), cost.nanos(), Math::min);
        }
        Map<String, Double> worst = new LinkedHashMap<>();
        for (MachineProfile.Cost cost : group) {
            worst.merge(cost.kernel(), (double) cost.nanos() / best.get(List.of(cost.height(), cost.width())), Math::max);
        }
        return worst.entrySet().stream().sorted(Comparator.comparingDouble(Map.Entry::getValue)).map(Map.Entry::getKey).toList();
    }

    @Override
    public int choose(List<Conv> versions, int inChannels, int outChannels) {
        Ranking nearest = null;
        for (int i = 0; i < rankings.size(); i++) {
            Ranking ranking = rankings.get(i);
            if (ranking.size == versions.getFirst().size() && (nearest == null
                    || ranking.distance(inChannels, outChannels) < nearest.distance(inChannels, outChannels))) {
                nearest = ranking;
            }
        }
        for (int k = 0; nearest != null && k < nearest.kernels.size(); k++) {
            for (int i = 0; i < versions.size(); i++) {
                if (versions.get(i).getClass().getSimpleName().equals(nearest.kernels.get(k))) {
                    return i;
                }
            }
        }
        return versions.size() - 1;
    }

    /// {@return the times by which this process chooses: those that `fovea profile` kept for this machine, else those that
    /// come with Fovea for vectors of this width. Times of another machine are passed over, which a log line says}
    ///
    /// @param vectorBits width of this process's vectors
    static List<MachineProfile.Cost> costs(int vectorBits) {
        return MachineProfile.inUse().map(file -> costs(file, Machine.here(vectorBits))).orElseGet(() -> shipped(vectorBits));
    }

    /// {@return the times in a file, or those that come with Fovea if it cannot be used}
    ///
    /// @param file what `fovea profile` wrote
    /// @param here this machine
    static List<MachineProfile.Cost> costs(Path file, Machine here) {
        try {
            List<MachineProfile.Cost> kept = MachineProfile.read(file, here).costs();
            if (kept.stream().anyMatch(cost -> cost.operation().matches(CONVOLUTION))) {
                return kept;
            }
            passOver(file + " holds no times of convolutions");
        } catch (UnavailableException e) {
            passOver(e.what());
        } catch (NoSuchFileException e) {
            passOver(e.getFile() + ": no such file");
        } catch (IOException e) {
            passOver(e.getMessage());
        }
        return shipped(here.vectorBits());
    }

    private static void passOver(String reason) {
        System.getLogger(MeasuredChoice.class.getName()).log(System.Logger.Level.WARNING,
                "kernels are chosen by the times that come with Fovea: {0}; run fovea profile", reason);
    }

    /// {@return the times that come with Fovea, lines of `bits operation kernel in out height width nanos`}
    ///
    /// @param vectorBits width of the vectors
    static List<MachineProfile.Cost> shipped(int vectorBits) {
        List<MachineProfile.Cost> costs = new ArrayList<>();
        try (InputStream in = MeasuredChoice.class.getResourceAsStream("costs.tsv");
             BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] fields = line.split("\t");
                if (fields[0].equals(Integer.toString(vectorBits))) {
                    costs.add(new MachineProfile.Cost(fields[1], fields[2], Integer.parseInt(fields[3]),
                            Integer.parseInt(fields[4]), Integer.parseInt(fields[5]), Integer.parseInt(fields[6]),
                            Long.parseLong(fields[7])));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return costs;
    }
}
