package io.github.fovea.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// The options of a benchmark program. What it does not know, or cannot read, ends the program with exit code 2 and a sentence
/// before anything is measured; `--help` lists them.
final class BenchOptions {
    private final CommandSpec spec = CommandSpec.create();
    private CommandLine.ParseResult result;
    private List<String> tables = List.of();

    /// Begins with `--help` and `--tsv`.
    ///
    /// @param name what `bin/bench` calls the program
    /// @param what what it measures, in a sentence
    BenchOptions(String name, String what) {
        spec.name("bin/bench " + name);
        spec.usageMessage().description(what).width(120).sortOptions(false);
        spec.addOption(OptionSpec.builder("-h", "--help").usageHelp(true).description("Print this and measure nothing.").build());
        flag("--tsv", "Tab-separated lines with a header.");
    }

    /// Adds an option without a value.
    BenchOptions flag(String name, String description) {
        spec.addOption(OptionSpec.builder(name).description(description).build());
        return this;
    }

    /// Adds an option with a value.
    ///
    /// @param otherwise what it is where it is not given; `null` for none
    BenchOptions value(String name, String label, String otherwise, String description) {
        String text = otherwise == null || otherwise.isEmpty() ? description : description + " (default: " + otherwise + ")";
        spec.addOption(OptionSpec.builder(name).type(String.class).paramLabel(label).defaultValue(otherwise)
                .description(text.replace("%", "%%")).build());
        return this;
    }

    /// Adds an option that names one of the program's tables, all of them where it is not given.
    ///
    /// @param tables the names that are taken
    BenchOptions only(String... tables) {
        this.tables = List.of(tables);
        return value("--only", "TABLE", "", "One table: " + String.join(", ", tables) + ".");
    }

    /// Adds the number of threads, all processors where it is not given.
    BenchOptions threads() {
        return value("--threads", "N", String.valueOf(Runtime.getRuntime().availableProcessors()), "Threads.");
    }

    /// Adds arguments without a name.
    BenchOptions rest(String label, String description) {
        spec.addPositional(PositionalParamSpec.builder().type(String[].class).arity("0..*").paramLabel(label)
                .description(description).build());
        return this;
    }

    /// Reads what was given.
    BenchOptions parse(String[] arguments) {
        CommandLine line = new CommandLine(spec);
        try {
            result = line.parseArgs(arguments);
        } catch (CommandLine.ParameterException e) {
            throw refuse(e.getMessage());
        }
        if (result.isUsageHelpRequested()) {
            line.usage(System.out);
            System.exit(0);
        }
        if (!tables.isEmpty() && given("--only") && !tables.contains(text("--only"))) {
            throw refuse("--only " + text("--only") + ": wanted one of " + String.join(", ", tables));
        }
        return this;
    }

    /// {@return the folder of the test data}
    static String data() {
        return System.getProperty("fovea.data", "../shared/data");
    }

    boolean tsv() {
        return given("--tsv");
    }

    /// {@return whether a table is to be measured}
    boolean measures(String table) {
        return !given("--only") || text("--only").equals(table);
    }

    boolean given(String name) {
        return result.hasMatchedOption(name);
    }

    /// {@return a value, or its default; `null` where there is neither}
    String text(String name) {
        return spec.findOption(name).getValue();
    }

    Path path(String name) {
        return text(name) == null ? null : Path.of(text(name));
    }

    double number(String name) {
        try {
            return Double.parseDouble(text(name));
        } catch (NumberFormatException e) {
            throw refuse(name + " " + text(name) + ": wanted a number");
        }
    }

    long whole(String name) {
        try {
            return Long.parseLong(text(name));
        } catch (NumberFormatException e) {
            throw refuse(name + " " + text(name) + ": wanted a whole number");
        }
    }

    int threadCount() {
        return Math.toIntExact(whole("--threads"));
    }

    /// {@return the parts of a value between commas}
    List<String> list(String name) {
        return Arrays.stream(text(name).split(",")).filter(part -> !part.isEmpty()).toList();
    }

    /// {@return arguments without a name}
    List<String> rest() {
        return result.hasMatchedPositional(0) ? List.of(result.matchedPositionalValue(0, new String[0])) : List.of();
    }

    /// Ends the program.
    RuntimeException refuse(String sentence) {
        System.err.println("bench: " + sentence + "; " + spec.name() + " --help lists the options");
        System.exit(2);
        return new IllegalStateException();
    }
}
