package io.github.fovea.flow;

import java.util.List;

/// A value that the caller of a graph gives.
///
/// @param name its name
/// @param type what its elements are
/// @param dims its extents, outermost first: a decimal number, the name of a symbol (equal names mean equal extents),
///             or empty for one that the file leaves open; `null` if even the number of extents is open
public record FlowInput(String name, ElementType type, List<String> dims) {
    /// Copies the list.
    public FlowInput {
        dims = dims == null ? null : List.copyOf(dims);
    }
}
