package io.github.fovea.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/// Entry point of the command line.
@Command(
        name = "fovea",
        description = "Upscales images and video with small convolutional networks, on the CPU, in pure Java.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all done",
            "1:some of several inputs could not be done (each is named)",
            "2:wrong options",
            "65:an input file is malformed",
            "66:an input file is missing or unreadable",
            "69:this machine lacks something (a program, memory); the message names the remedy",
            "70:a bug in Fovea",
            "73:the output cannot be created",
            "74:reading or writing failed (disk full, broken pipe)",
            "130:interrupted by Ctrl-C"
        })
public final class Main implements Runnable {
    /// What Linux and macOS say where nobody reads any more.
    private static final String BROKEN_PIPE = "Broken pipe";
    private static final String LOG_FORMAT = "java.util.logging.SimpleFormatter.format";
    /// The commands by name, in the order of the help text.
    private static final Map<String, Class<?>> COMMANDS = commands();

    @Spec
    private CommandSpec spec;

    private Main() {}

    private static Map<String, Class<?>> commands() {
        Map<String, Class<?>> commands = new LinkedHashMap<>();
        commands.put("upscale", UpscaleCommand.class);
        commands.put("demo", DemoCommand.class);
        commands.put("evaluate", EvaluateCommand.class);
        commands.put("score", ScoreCommand.class);
        commands.put("train", TrainCommand.class);
        commands.put("search", SearchCommand.class);
        commands.put("overfit", OverfitCommand.class);
        commands.put("run", RunCommand.class);
        commands.put("convert", ConvertCommand.class);
        commands.put("info", InfoCommand.class);
        commands.put("explain", ExplainCommand.class);
        commands.put("models", ModelsCommand.class);
        commands.put("doctor", DoctorCommand.class);
        commands.put("profile", ProfileCommand.class);
        commands.put("bench", BenchCommand.class);
        commands.put("help", HelpCommand.class);
        return commands;
    }

    /// Runs one command and ends the JVM with its exit code.
    ///
    /// @param arguments the command and its options
    public static void main(String[] arguments) {
        if (System.getProperty(LOG_FORMAT) == null) {
            // As every other message; Java's own form takes two lines.
            System.setProperty(LOG_FORMAT, "fovea: %5$s%6$s%n");
        }
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        // On a terminal the cursor stands behind a bar, or behind ^C.
        String line = (Boolean.getBoolean("fovea.terminal") ? System.lineSeparator() : "") + "fovea: interrupted";
        Thread interrupted = new Thread(() -> err.println(line), "fovea-interrupted");
        Runtime.getRuntime().addShutdownHook(interrupted);
        if (arguments.length > 0 && arguments[0].equals("upscale")) {
            Networks.warmUpEarly(List.of(arguments));
        }
        // Not System.out, which does not tell why it cannot be written.
        int code = execute(new FileOutputStream(FileDescriptor.out), err, arguments);
        try {
            Runtime.getRuntime().removeShutdownHook(interrupted);
        } catch (IllegalStateException e) {
            // Ctrl-C came first: the machine ends already, with its own exit code.
            return;
        }
        System.exit(code);
    }

    /// {@return the exit code of one command, which is another where its data cannot be written}
    ///
    /// @param data      takes data, as UTF-8
    /// @param err       takes messages and progress
    /// @param arguments the command and its options
    static int execute(OutputStream data, PrintWriter err, String... arguments) {
        IOException[] cause = new IOException[1];
        PrintWriter out = new PrintWriter(new OutputStreamWriter(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                try {
                    data.write(bytes, offset, length);
                } catch (IOException e) {
                    cause[0] = e;
                    throw e;
                }
            }
        }, StandardCharsets.UTF_8), true);
        int code = execute(out, err, arguments);
        if (out.checkError() && code == ExitCode.OK) {
            // Whoever has read enough, such as head, wants no word about it.
            if (cause[0] == null || !BROKEN_PIPE.equals(cause[0].getMessage())) {
                err.println("fovea: standard output cannot be written" + (cause[0] == null ? "" : ": "
                        + cause[0].getMessage()));
            }
            code = ExitCode.IO;
        }
        return code;
    }

    /// {@return the exit code of one command}
    ///
    /// @param out       takes data
    /// @param err       takes messages and progress
    /// @param arguments the command and its options
    static int execute(PrintWriter out, PrintWriter err, String... arguments) {
        CommandLine line = new CommandLine(new Main());
        // Reflection over all commands takes a tenth of a second: where the first word names one, that one will do.
        String first = arguments.length == 0 ? "help" : arguments[0];
        if (COMMANDS.containsKey(first) && !first.equals("help")) {
            line.addSubcommand(first, COMMANDS.get(first));
        } else {
            COMMANDS.forEach(line::addSubcommand);
        }
        line.setOut(out);
        line.setErr(err);
        line.getSubcommands().values().forEach(command -> command.getCommandSpec().versionProvider(new Version()));
        OptionConverters.register(line);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpAutoWidth(true);
        line.setParameterExceptionHandler(Main::wrongOptions);
        line.setExecutionExceptionHandler((problem, command, _) -> Failure.report(problem, command.getErr()));
        try {
            return line.execute(arguments);
        } catch (Error e) { // picocli hands on exceptions only; too little memory is the user's business too
            return Failure.report(e, err);
        }
    }

    /// One line that says what is wrong; the many options of a command would push it out of sight.
    private static int wrongOptions(ParameterException problem, String[] words) {
        CommandLine command = problem.getCommandLine();
        PrintWriter err = command.getErr();
        Optional<String> file = dashedFile(problem, words);
        if (file.isPresent()) {
            err.println("fovea: Unknown option: '" + file.get() + "'; for a file of that name write ./" + file.get()
                    + ", or put -- before it");
        } else {
            err.println("fovea: " + problem.getMessage());
            UnmatchedArgumentException.printSuggestions(problem, err);
        }
        err.println("fovea: `fovea help" + (command.getParent() == null ? "" : " " + command.getCommandName())
                + "` tells what there is");
        return ExitCode.USAGE;
    }

    /// A word that was taken for an option and may be meant as a file; where it leaves no file, only that would be missed.
    private static Optional<String> dashedFile(ParameterException problem, String[] words) {
        List<String> unknown = switch (problem) {
            case UnmatchedArgumentException unmatched -> unmatched.getUnmatched();
            case MissingParameterException missing when missing.getMissing().stream().anyMatch(ArgSpec::isPositional) ->
                Arrays.stream(words).takeWhile(word -> !word.equals("--")).filter(word -> missing.getCommandLine()
                        .getCommandSpec().findOption(word.split("=", 2)[0]) == null).toList();
            default -> List.of();
        };
        return unknown.stream().filter(word -> word.startsWith("-") && !word.matches("-[0-9.]*"))
                .filter(word -> !word.startsWith("--") && word.contains(".") || isFile(word)).findFirst();
    }

    private static boolean isFile(String name) {
        try {
            return Files.exists(Path.of(name));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
