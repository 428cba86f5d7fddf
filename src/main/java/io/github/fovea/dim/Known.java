package io.github.fovea.dim;

import java.util.function.BinaryOperator;

/// What propagation knows of one whole number: nothing yet, a proven form, or that it is no constant. The order is
/// [Undefined] > [Proven] > [Varying]; knowledge only ever sinks, so that propagation ends.
public sealed interface Known {
    /// Nothing has been found out yet; the top of the lattice.
    Known UNDEFINED = new Undefined();
    /// The number depends on data or on control flow; the bottom of the lattice.
    Known VARYING = new Varying();

    /// Nothing has been found out yet.
    record Undefined() implements Known {
        @Override
        public String toString() {
            return "undefined";
        }
    }

    /// The number has this form, whatever the data.
    ///
    /// @param dim constant, symbol or expression
    record Proven(Dim dim) implements Known {
        @Override
        public String toString() {
            return dim.toString();
        }
    }

    /// Not a constant: only a run can tell.
    record Varying() implements Known {
        @Override
        public String toString() {
            return "?";
        }
    }

    /// {@return the knowledge that a number has a form}
    ///
    /// @param dim the form
    static Known of(Dim dim) {
        return new Proven(dim);
    }

    /// {@return the knowledge that a number has a value}
    ///
    /// @param value the value
    static Known of(long value) {
        return new Proven(Dim.of(value));
    }

    /// {@return what is known of a number that two control-flow paths give, or that two rules speak of: the greatest
    /// lower bound; two different forms give [Varying]}
    ///
    /// @param other the other knowledge
    default Known meet(Known other) {
        return switch (this) {
            case Undefined _ -> other;
            case Varying _ -> this;
            case Proven(Dim dim) -> switch (other) {
                case Undefined _ -> this;
                case Varying _ -> other;
                case Proven(Dim with) -> dim.equals(with) ? this : VARYING;
            };
        };
    }

    /// {@return what is known of the result of an operation: [Varying] if an operand varies, else [Undefined] if one is
    /// undefined, else the operation's result, or [Varying] where it throws [ArithmeticException]}
    ///
    /// @param other     the second operand
    /// @param operation for instance `Dim::plus`
    default Known with(Known other, BinaryOperator<Dim> operation) {
        if (this instanceof Varying || other instanceof Varying) {
            return VARYING;
        }
        if (this instanceof Proven(Dim a) && other instanceof Proven(Dim b)) {
            try {
                return of(operation.apply(a, b));
            } catch (ArithmeticException e) {
                return VARYING;
            }
        }
        return UNDEFINED;
    }

    /// {@return the form, or null where there is none}
    default Dim dimOrNull() {
        return this instanceof Proven(Dim dim) ? dim : null;
    }
}
