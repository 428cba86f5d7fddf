package io.github.fovea.dim;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.ToLongFunction;

/// A whole number that may depend on symbols, such as an extent `2*H` of a tensor. Immutable and in canonical form:
/// equal objects have equal values whatever the symbols stand for (`2*h` equals `h + h`, `(4*h)/4` equals `h`). The
/// converse is not promised: unequal objects may still have equal values everywhere.
///
/// The canonical form is a polynomial with whole factors over symbols and two kinds of opaque terms, rounded quotients
/// `floor(p/d)` and maxima `max(0, p, ...)`. All else is written with them: `ceil(p/d) = floor((p+d-1)/d)`,
/// `p mod d = p - d*floor(p/d)`, `min(p, q) = -max(-p, -q)`. Quotients are reduced: whole parts and common factors are
/// split off, quotients of quotients become one, and of `floor(p/d)` and `-ceil(-p/d)` one form is kept.
///
/// Every symbol stands for a number of at least 1. Divisors must be positive wherever an expression is evaluated; a
/// form may have lost a divisor that cancelled.
///
/// Every operation throws [ArithmeticException] if a factor overflows 64 bits or the form grows beyond some hundred
/// terms; whoever propagates extents takes it for "not a constant".
///
/// Source of the idea: rank and dimension propagation of SoD2 (Niu et al., ASPLOS 2024).
public sealed interface Dim {
    /// A number that is known.
    ///
    /// @param value the number
    record Constant(long value) implements Dim {
        @Override
        public String toString() {
            return Long.toString(value);
        }
    }

    /// A number that is not known yet, at least 1.
    ///
    /// @param name its name, not empty
    record Symbol(String name) implements Dim {
        /// Checks the name.
        public Symbol {
            if (name.isEmpty()) {
                throw new IllegalArgumentException("a symbol without a name");
            }
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /// Everything else.
    final class Expression implements Dim {
        final Polynomial polynomial;
        private final int hash;

        Expression(Polynomial polynomial) {
            this.polynomial = polynomial;
            hash = polynomial.hashCode();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Expression e && hash == e.hash && polynomial.equals(e.polynomial);
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public String toString() {
            return DimText.of(polynomial);
        }
    }

    /// {@return a known number}
    ///
    /// @param value the number
    static Dim of(long value) {
        return new Constant(value);
    }

    /// {@return a symbol; symbols of equal names are equal}
    ///
    /// @param name its name, not empty
    static Dim symbol(String name) {
        return new Symbol(name);
    }

    /// {@return the product of some extents, 1 for none}
    ///
    /// @param dims the factors
    static Dim product(List<Dim> dims) {
        Dim product = of(1);
        for (Dim dim : dims) {
            product = product.times(dim);
        }
        return product;
    }

    /// {@return the sum}
    ///
    /// @param other what is added
    default Dim plus(Dim other) {
        return Polynomial.of(this).plus(Polynomial.of(other)).dim();
    }

    /// {@return the sum with a number}
    ///
    /// @param other what is added
    default Dim plus(long other) {
        return plus(of(other));
    }

    /// {@return the difference}
    ///
    /// @param other what is subtracted
    default Dim minus(Dim other) {
        return Polynomial.of(this).minus(Polynomial.of(other)).dim();
    }

    /// {@return the difference to a number}
    ///
    /// @param other what is subtracted
    default Dim minus(long other) {
        return minus(of(other));
    }

    /// {@return the product}
    ///
    /// @param other the other factor
    default Dim times(Dim other) {
        return Polynomial.of(this).times(Polynomial.of(other)).dim();
    }

    /// {@return the product with a number}
    ///
    /// @param other the other factor
    default Dim times(long other) {
        return times(of(other));
    }

    /// {@return the quotient, rounded towards minus infinity}
    ///
    /// @param divisor the divisor; a constant may be negative, an expression must be positive where it is evaluated
    /// @throws ArithmeticException if the divisor is the constant 0
    default Dim floorDiv(Dim divisor) {
        return Quotient.floor(Polynomial.of(this), Polynomial.of(divisor)).dim();
    }

    /// {@return the quotient by a number, rounded towards minus infinity}
    ///
    /// @param divisor the divisor, not 0
    default Dim floorDiv(long divisor) {
        return floorDiv(of(divisor));
    }

    /// {@return the quotient, rounded towards plus infinity}
    ///
    /// @param divisor the divisor; a constant may be negative, an expression must be positive where it is evaluated
    /// @throws ArithmeticException if the divisor is the constant 0
    default Dim ceilDiv(Dim divisor) {
        return of(0).minus(of(0).minus(this).floorDiv(divisor));
    }

    /// {@return the quotient by a number, rounded towards plus infinity}
    ///
    /// @param divisor the divisor, not 0
    default Dim ceilDiv(long divisor) {
        return ceilDiv(of(divisor));
    }

    /// {@return the remainder of [#floorDiv], with the divisor's sign}
    ///
    /// @param divisor the divisor; a constant may be negative, an expression must be positive where it is evaluated
    /// @throws ArithmeticException if the divisor is the constant 0
    default Dim mod(Dim divisor) {
        return minus(divisor.times(floorDiv(divisor)));
    }

    /// {@return the remainder of [#floorDiv] by a number}
    ///
    /// @param divisor the divisor, not 0
    default Dim mod(long divisor) {
        return mod(of(divisor));
    }

    /// {@return the larger of two}
    ///
    /// @param other the other
    default Dim max(Dim other) {
        return Largest.of(List.of(Polynomial.of(this), Polynomial.of(other))).dim();
    }

    /// {@return the smaller of two}
    ///
    /// @param other the other
    default Dim min(Dim other) {
        Polynomial a = Polynomial.of(this).negated();
        return Largest.of(List.of(a, Polynomial.of(other).negated())).negated().dim();
    }

    /// {@return whether this is proven to be at least as large as another, whatever the symbols stand for; false says
    /// nothing}
    ///
    /// @param other the other
    default boolean isAtLeast(Dim other) {
        try {
            return new Bound().nonNegative(Polynomial.of(this).minus(Polynomial.of(other)));
        } catch (ArithmeticException e) {
            return false;
        }
    }

    /// {@return whether this is a known number}
    default boolean isConstant() {
        return this instanceof Constant;
    }

    /// {@return the names that it depends on, in alphabetical order}
    default SortedSet<String> symbols() {
        SortedSet<String> names = new TreeSet<>();
        Polynomial.of(this).collectSymbols(names);
        return Collections.unmodifiableSortedSet(names);
    }

    /// {@return this expression with other expressions in the place of symbols}
    ///
    /// @param replacements name -> what takes its place; other symbols stay
    default Dim substitute(Map<String, Dim> replacements) {
        return Polynomial.of(this).map(name -> {
            Dim to = replacements.get(name);
            return to == null ? Polynomial.symbol(name) : Polynomial.of(to);
        }).dim();
    }

    /// {@return the value for given symbols}
    ///
    /// @param bindings name -> value, at least 1
    /// @throws IllegalArgumentException if a symbol has no value or one below 1
    /// @throws ArithmeticException      if a number overflows 64 bits or a divisor is not positive
    default long evaluate(Map<String, Long> bindings) {
        ToLongFunction<String> values = name -> {
            Long value = bindings.get(name);
            if (value == null || value < 1) {
                throw new IllegalArgumentException("symbol " + name + " is "
                        + Objects.requireNonNullElse(value, "unknown") + ", wanted a number of at least 1");
            }
            return value;
        };
        return Polynomial.of(this).evaluate(values);
    }
}
