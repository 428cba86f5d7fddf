package io.github.fovea.backend;

import io.github.fovea.error.MalformedFileException;
import io.github.fovea.error.UnavailableException;
import io.github.fovea.kernel.Conv;
import io.github.fovea.kernel.ConvVersions;
import io.github.fovea.plan.Plan;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Chooses versions of convolutions by a table of measured times, and by nothing else: a run's own times never decide.
///
/// For channels that were measured it takes the version whose time is nowhere far from the best: the smallest largest
/// ratio over the measured shapes, from rows of a frame to a patch. A version that reads further is taken only where it
/// gains a tenth: the wider halo of parts of a picture was not measured. Other channels go with the nearest that were
/// measured. In short runs the gain must be a fifth.
///
/// Every process builds one before its first kernel runs, so it is made of plain loops: streams and patterns would take
/// longer to link than the table takes to read.
final class MeasuredChoice implements ConvVersions.Choice {
    /// What channels of another layout are away.
    private static final double OTHER_LAYOUT = 100;
    /// What a version takes at most of the time of one that reads less far.
    private static final double GAIN = 0.9;
    /// The same in a short run: versions that read further are also more code to compile.
    private static final double SHORT_RUN_GAIN = 0.8;

    /// What was measured for some channels.
    private record Measured(int size, int in, int out, List<MachineProfile.Cost> costs) {
        double distance(int inChannels, int outChannels) {
            return apart(in, inChannels) + apart(out, outChannels);
        }

        private static double apart(int a, int b) {
            return Math.abs(Math.log((double) a / b))
                    + ((a <= Plan.MAX_PLANAR_CHANNELS) == (b <= Plan.MAX_PLANAR_CHANNELS) ? 0 : OTHER_LAYOUT);
        }

        /// The largest ratio of a kernel's time to the best of the same shape; infinite where it was not measured.
        /// Loops by index: an iterator would be allocated.
        double worst(String kernel) {
            double worst = 0;
            for (int i = 0; i < costs.size(); i++) {
                MachineProfile.Cost cost = costs.get(i);
                if (cost.kernel().equals(kernel)) {
                    worst = Math.max(worst, (double) cost.nanos() / best(cost.height(), cost.width()));
                }
            }
            return worst == 0 ? Double.POSITIVE_INFINITY : worst;
        }

        private long best(int height, int width) {
            long best = Long.MAX_VALUE;
            for (int i = 0; i < costs.size(); i++) {
                MachineProfile.Cost cost = costs.get(i);
                if (cost.height() == height && cost.width() == width) {
                    best = Math.min(best, cost.nanos());
                }
            }
            return best;
        }
    }

    private final List<Measured> measured;
    private final double gain;

    /// Takes up measured times.
    ///
    /// @param costs the times; those of other operations than convolutions are passed over
    MeasuredChoice(List<MachineProfile.Cost> costs) {
        this(new ArrayList<>(), GAIN);
        for (MachineProfile.Cost cost : costs) {
            int size = size(cost);
            if (size > 0) {
                of(size, cost.in(), cost.out()).costs.add(cost);
            }
        }
    }

    private MeasuredChoice(List<Measured> measured, double gain) {
        this.measured = measured;
        this.gain = gain;
    }

    /// {@return the choice by the same times in a short run}
    MeasuredChoice forShortRuns() {
        return new MeasuredChoice(measured, SHORT_RUN_GAIN);
    }

    /// The size of the convolution that was measured; 0 for another operation.
    private static int size(MachineProfile.Cost cost) {
        return switch (cost.operation()) {
            case "conv1x1" -> 1;
            case "conv3x3" -> 3;
            case "conv5x5" -> 5;
            default -> 0;
        };
    }

    private Measured of(int size, int in, int out) {
        for (Measured known : measured) {
            if (known.size == size && known.in == in && known.out == out) {
                return known;
            }
        }
        Measured made = new Measured(size, in, out, new ArrayList<>());
        measured.add(made);
        return made;
    }

    @Override
    public int choose(List<Conv> versions, int inChannels, int outChannels) {
        Measured nearest = null;
        for (int i = 0; i < measured.size(); i++) {
            Measured candidate = measured.get(i);
            if (candidate.size == versions.getFirst().size() && (nearest == null
                    || candidate.distance(inChannels, outChannels) < nearest.distance(inChannels, outChannels))) {
                nearest = candidate;
            }
        }
        int best = versions.size() - 1;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; nearest != null && i < versions.size(); i++) {
            double worst = nearest.worst(versions.get(i).getClass().getSimpleName());
            if (worst < gain * least) {
                best = i;
                least = worst;
            }
        }
        return best;
    }

    /// {@return the times by which this process chooses: those that `fovea profile` kept for this machine, else those
    /// that come with Fovea for vectors of this width. Times of another machine are passed over, which a log line says}
    ///
    /// @param vectorBits width of this process's vectors
    static List<MachineProfile.Cost> costs(int vectorBits) {
        Optional<Path> file = MachineProfile.inUse();
        return file.isPresent() ? costs(file.get(), Machine.here(vectorBits)) : shipped(vectorBits);
    }

    /// {@return the times in a file, or those that come with Fovea if it cannot be used}
    ///
    /// @param file what `fovea profile` wrote
    /// @param here this machine
    static List<MachineProfile.Cost> costs(Path file, Machine here) {
        try {
            List<MachineProfile.Cost> kept = MachineProfile.read(file, here).costs();
            for (MachineProfile.Cost cost : kept) {
                if (size(cost) > 0) {
                    return kept;
                }
            }
            passOver(file + " holds no times of convolutions; run fovea profile");
        } catch (UnavailableException e) {
            passOver(e.what() + "; run fovea profile");
        } catch (NoSuchFileException e) {
            passOver(e.getFile() + ": no such file; run fovea profile");
        } catch (MalformedFileException e) {
            passOver(e.getMessage()); // says what to do
        } catch (IOException e) {
            passOver(file + ": cannot be read: " + e.getMessage() + "; run fovea profile");
        }
        return shipped(here.vectorBits());
    }

    private static void passOver(String reason) {
        System.getLogger(MeasuredChoice.class.getName()).log(System.Logger.Level.WARNING,
                "kernels are chosen by the times that come with Fovea: {0}", reason);
    }

    /// {@return the times that come with Fovea, lines of `bits operation kernel in out height width nanos`}
    ///
    /// @param vectorBits width of the vectors
    static List<MachineProfile.Cost> shipped(int vectorBits) {
        List<MachineProfile.Cost> costs = new ArrayList<>();
        String wanted = vectorBits + "\t";
        try (InputStream in = MeasuredChoice.class.getResourceAsStream("costs.tsv");
             BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(wanted)) {
                    String[] fields = line.split("\t");
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
