package io.github.fovea.cli;

/// What the command line returns to the shell; the numbers above 2 are those of BSD's `sysexits.h`.
final class ExitCode {
    /// All done.
    static final int OK = 0;
    /// A test the command makes has failed, or some of many inputs could not be done.
    static final int PARTIAL = 1;
    /// Wrong options.
    static final int USAGE = 2;
    /// An input file is malformed.
    static final int DATA = 65;
    /// An input file is missing or unreadable.
    static final int NO_INPUT = 66;
    /// This machine lacks something: a program, a module, memory.
    static final int UNAVAILABLE = 69;
    /// A bug.
    static final int SOFTWARE = 70;
    /// The output cannot be created.
    static final int CANNOT_CREATE = 73;
    /// Reading or writing failed: a full disk, a broken pipe.
    static final int IO = 74;
    /// Interrupted by Ctrl-C.
    static final int INTERRUPTED = 130;

    private ExitCode() {}
}
