package io.github.fovea.dim;

import java.util.List;

/// What polynomials are made of besides numbers.
sealed interface Atom extends Comparable<Atom> {
    /// A symbol.
    ///
    /// @param text its name
    record Name(String text) implements Atom {}

    /// `floor(dividend/divisor)`, reduced by [Quotient].
    ///
    /// @param dividend number divided
    /// @param divisor  positive where evaluated
    record Floor(Polynomial dividend, Polynomial divisor) implements Atom {}

    /// `max(0, others...)`, reduced by [Largest].
    ///
    /// @param others in ascending order, with positive leading factors
    record Max0(List<Polynomial> others) implements Atom {}

    /// {@return the depth of nesting}
    default int depth() {
        return switch (this) {
            case Name _ -> 0;
            case Floor(var p, var d) -> 1 + Math.max(p.depth(), d.depth());
            case Max0(var others) -> 1 + others.stream().mapToInt(Polynomial::depth).max().orElse(0);
        };
    }

    private int kind() {
        return switch (this) {
            case Name _ -> 0;
            case Floor _ -> 1;
            case Max0 _ -> 2;
        };
    }

    @Override
    default int compareTo(Atom other) {
        if (this instanceof Name(String a) && other instanceof Name(String b)) {
            return a.compareTo(b);
        }
        if (this instanceof Floor(var p, var d) && other instanceof Floor(var q, var e)) {
            int byDivisor = d.compareTo(e);
            return byDivisor != 0 ? byDivisor : p.compareTo(q);
        }
        if (this instanceof Max0(var a) && other instanceof Max0(var b)) {
            for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
                int order = a.get(i).compareTo(b.get(i));
                if (order != 0) {
                    return order;
                }
            }
            return Integer.compare(a.size(), b.size());
        }
        return Integer.compare(kind(), other.kind());
    }
}
