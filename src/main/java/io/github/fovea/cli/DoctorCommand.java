package io.github.fovea.cli;

import io.github.fovea.backend.Backends;
import io.github.fovea.backend.Lookup;
import io.github.fovea.error.UnavailableException;
import io.github.fovea.json.JsonText;
import io.github.fovea.media.FfmpegTools;
import io.github.fovea.model.Models;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Says what runs here and why not the rest.
@Command(name = "doctor", description = "Says what runs on this machine, and why the rest does not.",
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
    /// One thing that was looked at.
    ///
    /// @param what   what it is
    /// @param fine   whether it works
    /// @param found  what was found
    /// @param remedy what to do where it does not work, else empty
    private record Finding(String what, boolean fine, String found, String remedy) {}

    @Option(names = "--json", description = "Prints one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        List<Finding> findings = findings();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonText.object(o -> {
                o.writeArrayFieldStart("findings");
                for (Finding finding : findings) {
                    o.writeStartObject();
                    o.writeStringField("what", finding.what());
                    o.writeBooleanField("works", finding.fine());
                    o.writeStringField("found", finding.found());
                    if (!finding.remedy().isEmpty()) {
                        o.writeStringField("remedy", finding.remedy());
                    }
                    o.writeEndObject();
                }
                o.writeEndArray();
            }));
        } else {
            for (Finding finding : findings) {
                out.printf(Locale.ROOT, "%-4s %-21s %s%n", finding.fine() ? "ok" : "-", finding.what(),
                        finding.found());
                if (!finding.remedy().isEmpty()) {
                    out.printf(Locale.ROOT, "%-26s -> %s%n", "", finding.remedy());
                }
            }
        }
        return ExitCode.OK;
    }

    private static List<Finding> findings() throws IOException {
        List<Finding> findings = new ArrayList<>();
        Runtime.Version version = Runtime.version();
        boolean pinnedObjectsSafe = version.compareTo(Runtime.Version.parse("25.0.3")) >= 0;
        findings.add(new Finding("Java", pinnedObjectsSafe, version + ", " + System.getProperty("java.vm.name"),
                pinnedObjectsSafe ? "" : "use 25.0.3 or later: earlier ones corrupt pinned objects under G1 "
                + "(JDK-8377811)"));
        findings.add(new Finding("processors", true, Runtime.getRuntime().availableProcessors() + " on "
                + System.getProperty("os.arch"), ""));
        findings.add(new Finding("largest heap", true, Runtime.getRuntime().maxMemory() / (1 << 20) + " MiB", ""));
        boolean first = true;
        for (String name : Backends.NAMES) {
            switch (Backends.find(name)) {
                case Lookup.Available(var backend) -> {
                    findings.add(new Finding("backend " + backend.name(), true,
                            "runs" + (first ? " (chosen by --backend auto)" : ""), ""));
                    first = false;
                }
                case Lookup.Missing(var missing, var reason, var remedy) ->
                    findings.add(new Finding("backend " + missing, false, reason, remedy));
            }
        }
        findings.add(ffmpeg());
        for (String name : Models.names()) {
            ModelsCommand.Row row = ModelsCommand.Row.of(name);
            findings.add(new Finding("model", true, name + ", " + row.parameters() + " parameters, "
                    + row.model().licence(), ""));
        }
        return findings;
    }

    private static Finding ffmpeg() {
        try {
            FfmpegTools tools = FfmpegTools.find();
            return new Finding("ffmpeg", true, tools.version() + ", " + tools.ffmpeg(), "");
        } catch (UnavailableException e) {
            return new Finding("ffmpeg", false, e.what() + " (.y4m works without it)", e.remedy());
        }
    }
}
