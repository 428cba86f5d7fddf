package io.github.fovea.onnx;

/// A node, or what it needs, has no counterpart among the engine's operators.
final class Unlowered extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean placed;

    /// Makes the exception.
    ///
    /// @param reason what has none, and why; the node is named by whoever knows it
    Unlowered(String reason) {
        this(reason, false);
    }

    private Unlowered(String reason, boolean placed) {
        super(reason, null, false, false);
        this.placed = placed;
    }

    /// {@return the exception with the node's name before the reason, unless it names a node already}
    ///
    /// @param node the node, for a message
    Unlowered at(String node) {
        return placed ? this : new Unlowered(node + " " + getMessage(), true);
    }

    /// {@return an exception whose reason names the node}
    ///
    /// @param reason what has no counterpart, and why
    static Unlowered placed(String reason) {
        return new Unlowered(reason, true);
    }
}
