package io.github.fovea.backend;

import io.github.fovea.error.MalformedFileException;
import io.github.fovea.error.UnavailableException;
import io.github.fovea.json.JsonReader;
import io.github.fovea.json.JsonText;
import io.github.fovea.json.JsonTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// Measured times of operations on one machine, and the JSON file that keeps them:
///
/// ```
/// {"format": "fovea-profile", "version": 2,
///  "machine": {"processor": "...", "vectorBits": 512, "java": "25.0.3+9", "kernels": "3f2a9c71d04e"},
///  "costs": [{"operation": "conv3x3", "kernel": "WinogradConv", "in": 16, "out": 16, "height": 64, "width": 64,
///             "nanos": 123456}]}
/// ```
///
/// Operations are names: whoever measures something new adds costs of a name of its own. Fields that a reader does not
/// know are passed over.
///
/// @param machine where the times were measured
/// @param costs   the times
public record MachineProfile(Machine machine, List<Cost> costs) {
    /// Names the file of measured times, or `none` for those that come with Fovea.
    static final String PROPERTY = "fovea.profile";

    private static final String FORMAT = "fovea-profile";
    private static final int VERSION = 2;
    private static final int MAX_FILE_BYTES = 8 << 20;
    private static final int MAX_NAME = 200;
    private static final JsonReader.Limits LIMITS = new JsonReader.Limits(6, 400_000, 64, 32, 400, false);

    /// The time of one operation on one shape.
    ///
    /// @param operation name of the operation: `conv1x1`, `conv3x3`, `conv5x5`, or another
    /// @param kernel    what computed it
    /// @param in        channels in, at least 1
    /// @param out       channels out, at least 1
    /// @param height    rows, at least 1
    /// @param width     pixels in a row, at least 1
    /// @param nanos     time of one call in a fast moment, at least 1
    public record Cost(String operation, String kernel, int in, int out, int height, int width, long nanos) {
        /// Checks the fields.
        public Cost {
            if (operation.isBlank() || kernel.isBlank() || in < 1 || out < 1 || height < 1 || width < 1 || nanos < 1) {
                throw new IllegalArgumentException("cost of \"" + operation + "\" by \"" + kernel + "\", " + in
                        + " to " + out
                        + " channels, " + height + "x" + width + ": " + nanos
                        + " ns; wanted names and numbers of at least 1");
            }
        }
    }

    /// Copies the list.
    public MachineProfile {
        costs = List.copyOf(costs);
    }

    /// {@return the file of this user's profile, in the system's folder for caches}
    ///
    /// @param environment the environment's variables
    /// @param home        the user's home folder
    /// @param system      name of the operating system, as `os.name` has it
    public static Path file(Map<String, String> environment, Path home, String system) {
        String name = system.toLowerCase(Locale.ROOT);
        Path cache;
        if (environment.getOrDefault("XDG_CACHE_HOME", "").startsWith("/")) {
            cache = Path.of(environment.get("XDG_CACHE_HOME"));
        } else if (name.startsWith("windows") && !environment.getOrDefault("LOCALAPPDATA", "").isBlank()) {
            cache = Path.of(environment.get("LOCALAPPDATA"));
        } else {
            cache = name.startsWith("mac") ? home.resolve("Library").resolve("Caches") : home.resolve(".cache");
        }
        return cache.resolve("fovea").resolve("profile.json");
    }

    /// {@return the file of this user's profile}
    public static Path file() {
        return file(System.getenv(), Path.of(System.getProperty("user.home")), System.getProperty("os.name"));
    }

    /// {@return the file of the profile that this process goes by: the one that `-Dfovea.profile` names, else
    /// [#file()]; empty where that says `none`, or no such file is there}
    public static Optional<Path> inUse() {
        return inUse(System.getProperty(PROPERTY), file());
    }

    /// {@return the file of the profile to go by}
    ///
    /// @param named what `-Dfovea.profile` says, or `null`
    /// @param usual the file where it says nothing
    static Optional<Path> inUse(String named, Path usual) {
        if (named == null) {
            return Files.exists(usual) ? Optional.of(usual) : Optional.empty();
        }
        return named.equals("none") ? Optional.empty() : Optional.of(Path.of(named));
    }

    /// {@return the profile in a file}
    ///
    /// @param file the file
    /// @param here the machine it must have been measured on
    /// @throws IOException            if it cannot be read or is no profile
    /// @throws UnavailableException   if it was measured on another machine
    public static MachineProfile read(Path file, Machine here) throws IOException {
        String where = file.toString();
        if (Files.size(file) > MAX_FILE_BYTES) {
            throw new MalformedFileException(where, -1, "a profile of " + Files.size(file) + " bytes, wanted at most "
                    + MAX_FILE_BYTES + "; run fovea profile again");
        }
        Map<String, Object> root = new JsonReader(LIMITS, "run fovea profile again")
                .object(new String(Files.readAllBytes(file), StandardCharsets.UTF_8), where, -1);
        if (!FORMAT.equals(root.get("format"))) {
            throw JsonTree.wrong(where, "format", root.get("format"), FORMAT);
        }
        if (JsonTree.integer(root, "version", where) != VERSION) {
            throw JsonTree.wrong(where, "version", root.get("version"), VERSION + "; run fovea profile again");
        }
        Map<?, ?> on = JsonTree.map(root.get("machine"), "machine", where);
        Machine machine = new Machine(JsonTree.string(on, "processor", where), JsonTree.integer(on, "vectorBits",
                where), JsonTree.string(on, "java", where), JsonTree.string(on, "kernels", where));
        if (!machine.equals(here)) {
            throw new UnavailableException(where + " was measured on " + JsonTree.printable(machine.toString())
                    + ", this is " + here, "run fovea profile");
        }
        List<Cost> costs = new ArrayList<>();
        for (Object each : JsonTree.list(root, "costs", where)) {
            Map<?, ?> cost = JsonTree.map(each, "costs", where);
            try {
                costs.add(new Cost(JsonTree.name(cost, "operation", MAX_NAME, where), JsonTree.name(cost, "kernel",
                        MAX_NAME, where), JsonTree.integer(cost, "in", where), JsonTree.integer(cost, "out", where),
                        JsonTree.integer(cost, "height", where), JsonTree.integer(cost, "width", where),
                        JsonTree.whole(cost.get("nanos"), "nanos", where)));
            } catch (IllegalArgumentException e) {
                throw new MalformedFileException(where, -1, e.getMessage());
            }
        }
        return new MachineProfile(machine, costs);
    }

    /// {@return the text of the file}
    public byte[] json() {
        return JsonText.utf8(json -> {
            json.writeStringField("format", FORMAT);
            json.writeNumberField("version", VERSION);
            json.writeObjectFieldStart("machine");
            json.writeStringField("processor", machine.processor());
            json.writeNumberField("vectorBits", machine.vectorBits());
            json.writeStringField("java", machine.java());
            json.writeStringField("kernels", machine.kernels());
            json.writeEndObject();
            json.writeArrayFieldStart("costs");
            for (Cost cost : costs) {
                json.writeStartObject();
                json.writeStringField("operation", cost.operation());
                json.writeStringField("kernel", cost.kernel());
                json.writeNumberField("in", cost.in());
                json.writeNumberField("out", cost.out());
                json.writeNumberField("height", cost.height());
                json.writeNumberField("width", cost.width());
                json.writeNumberField("nanos", cost.nanos());
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    /// {@return the predicted time of an operation in nanoseconds: that of the measured shape whose width is nearest,
    /// times the ratio of pixels, by the fastest kernel; empty where the operation was not measured for these channels}
    ///
    /// @param operation name of the operation
    /// @param in        channels in
    /// @param out       channels out
    /// @param height    rows
    /// @param width     pixels in a row
    public OptionalDouble nanos(String operation, int in, int out, int height, int width) {
        return costs.stream().filter(cost -> cost.operation.equals(operation) && cost.in == in && cost.out == out)
                .map(Cost::kernel).distinct().mapToDouble(kernel -> nanos(operation, kernel, in, out, height,
                width).orElseThrow())
                .min();
    }

    /// {@return the predicted time of an operation by a kernel, as [#nanos(String, int, int, int, int)] says}
    ///
    /// @param operation name of the operation
    /// @param kernel    what computes it
    /// @param in        channels in
    /// @param out       channels out
    /// @param height    rows
    /// @param width     pixels in a row
    public OptionalDouble nanos(String operation, String kernel, int in, int out, int height, int width) {
        return costs.stream()
                .filter(cost -> cost.operation.equals(operation) && cost.kernel.equals(kernel) && cost.in == in
                && cost.out == out)
                .min(Comparator.comparingDouble(cost -> distance(cost, width))).stream()
                .mapToDouble(cost -> cost.nanos * ((double) height * width / ((double) cost.height * cost.width)))
                .findFirst();
    }

    private static double distance(Cost cost, int width) {
        return Math.abs(Math.log((double) cost.width / width));
    }
}
