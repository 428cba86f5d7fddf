package io.github.fovea.flow;

import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// The operators that run here, named as in ONNX, as its operator sets 10 to 23 define them: those are what package
/// `onnx` reads, and what the tests compare with ONNX Runtime. A node carries the version of its file, where versions
/// differ.
public final class Operators {
    private static final SortedMap<String, Operator> TABLE = new TreeMap<>();

    static {
        Elementwise.register(TABLE);
        Shaping.register(TABLE);
        Moving.register(TABLE);
        Spatial.register(TABLE);
        Convolutions.register(TABLE);
        Pools.register(TABLE);
        Reductions.register(TABLE);
        Norms.register(TABLE);
        Products.register(TABLE);
        // A graph's analysis and its executable know the branches; the table knows the class only.
        TABLE.put("If", new Operator(OperatorClass.EDO, new int[] {0}, _ -> {}, _ -> {}, _ -> null));
    }

    private Operators() {}

    /// {@return whether an operator of the default domain runs here}
    ///
    /// @param operator its name, like `Conv`
    public static boolean supported(String operator) {
        return TABLE.containsKey(operator);
    }

    /// {@return the names of all operators that run here}
    public static SortedSet<String> names() {
        return Collections.unmodifiableSortedSet(new TreeSet<>(TABLE.keySet()));
    }

    /// {@return the class of an operator whose operands are not known}
    ///
    /// @param operator its name
    /// @throws IllegalArgumentException if it does not run here
    public static OperatorClass operatorClass(String operator) {
        return of(operator).operatorClass();
    }

    static Operator of(String operator) {
        Operator found = TABLE.get(operator);
        if (found == null) {
            throw new IllegalArgumentException("operator " + operator + " is not supported");
        }
        return found;
    }
}
