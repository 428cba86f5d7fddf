package io.github.fovea.cli;

import io.github.fovea.backend.Backend;
import io.github.fovea.backend.Backends;
import io.github.fovea.backend.KernelTables;
import io.github.fovea.backend.Machine;
import io.github.fovea.backend.MachineProfile;
import io.github.fovea.backend.Profiler;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.media.AtomicOutput;
import io.github.fovea.network.MetaGraph;
import io.github.fovea.pipeline.NodeTimes;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Measures this machine.
@Command(name = "profile", mixinStandardHelpOptions = true,
        description = "Measures convolutions and the parts of meta-graphs on this machine and keeps the times for "
                + "later runs.")
final class ProfileCommand implements Callable<Integer> {
    /// The widths that meta-graphs are built of.
    private static final String META = "meta-f16-f32-n1";
    private static final int BAND_ROWS = 64;
    private static final int BAND_COLUMNS = 480;

    @Option(names = {"-o", "--output"}, paramLabel = "FILE.json",
            description = "The file to write, an older one is replaced; with --show, to print (default: what "
                    + "-Dfovea.profile names, else profile.json in the user's cache folder).")
    private Path output;

    @Option(names = "--seconds", paramLabel = "S", defaultValue = "12",
            description = "Time for all measurements together, 0.01 to 600 (default: ${DEFAULT-VALUE}).")
    private double seconds;

    @Option(names = "--show", description = "Measures nothing; prints the times that were kept.")
    private boolean show;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (!(seconds >= 0.01 && seconds <= 600)) {
            throw new IllegalArgumentException("--seconds " + seconds + ", wanted 0.01 to 600");
        }
        PrintWriter out = spec.commandLine().getOut();
        Machine here = Machine.here();
        if (show) {
            MachineProfile profile = MachineProfile.read(shown(), here);
            out.println(profile.machine());
            head(out);
            profile.costs().forEach(cost -> line(out, cost));
            return ExitCode.OK;
        }
        Path file = output != null ? output : MachineProfile.inUse().orElse(MachineProfile.file());
        if (output == null) {
            AtomicOutput.createFolder(file.toAbsolutePath().getParent());
        }
        // Found out now, not after all is measured.
        AtomicOutput.check(file, true);
        out.println(here);
        head(out);
        Backend backend = Backends.automatic();
        KernelTable kernels = backend.name().equals("scalar") ? KernelTables.scalar() : KernelTables.vector();
        Profiler profiler = new Profiler(kernels, Math.round(seconds * 1e9));
        List<MachineProfile.Cost> costs = new ArrayList<>(profiler.run(cost -> line(out, cost)));
        for (MachineProfile.Cost part : NodeTimes.measure(MetaGraph.named(META, 2, 1), backend, BAND_ROWS,
                BAND_COLUMNS)) {
            costs.add(part);
            line(out, part);
        }
        AtomicOutput.write(file, true, temporary -> Files.write(temporary, new MachineProfile(here, costs).json()));
        spec.commandLine().getErr().println("fovea: kept in " + file);
        return ExitCode.OK;
    }

    /// The file that `--show` prints.
    private Path shown() throws NoSuchFileException {
        if (output != null) {
            return output;
        }
        return MachineProfile.inUse().orElseThrow(() -> new NoSuchFileException("profile", null,
                "no times of this machine are in use; run fovea profile to measure them (and leave "
                + "-Dfovea.profile=none out)"));
    }

    private static void head(PrintWriter out) {
        out.printf(Locale.ROOT, "%-10s %-16s %4s %4s %9s %12s %12s%n", "operation", "kernel", "in", "out", "shape",
                "microseconds", "GMAC/s");
    }

    private static void line(PrintWriter out, MachineProfile.Cost cost) {
        String rate = "";
        if (cost.operation().matches("conv\\dx\\d")) {
            int size = cost.operation().charAt(4) - '0';
            double macs = (double) size * size * cost.in() * cost.out() * cost.height() * cost.width();
            rate = String.format(Locale.ROOT, "%.1f", macs / cost.nanos());
        }
        out.printf(Locale.ROOT, "%-10s %-16s %4d %4d %9s %12.1f %12s%n", cost.operation(), cost.kernel(), cost.in(),
                cost.out(), cost.height() + "x" + cost.width(), cost.nanos() / 1e3, rate);
        out.flush();
    }
}
