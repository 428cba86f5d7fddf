package io.github.fovea.dim;

import io.github.fovea.dim.Polynomial.Term;
import java.util.List;

/// Proofs that a polynomial is never negative, for symbols of at least 1. Sound, not complete.
///
/// Quotients and maxima are replaced by bounds until only symbols are left; written in how far each symbol exceeds 1,
/// the polynomial is then non-negative if all its factors are.
final class Bound {
    private static final int MAX_STEPS = 60;
    private static final int MAX_DEGREE = 8;

    private int steps;

    /// {@return whether 0 <= p < d is proven}
    boolean within(Polynomial p, Polynomial d) {
        if (d.isConstant() && p.terms().stream().allMatch(Bound::growsWithSymbols)) {
            return p.isConstant() && p.constantTerm() >= 0 && p.constantTerm() < d.constantTerm();
        }
        return nonNegative(p) && nonNegative(d.minus(p).minus(Polynomial.ONE));
    }

    private static boolean growsWithSymbols(Term term) {
        for (Monomial.Power power : term.monomial().powers()) {
            if (!(power.atom() instanceof Atom.Name)) {
                return false;
            }
        }
        return term.factor() > 0;
    }

    /// {@return whether p >= 0 is proven}
    boolean nonNegative(Polynomial p) {
        if (p.isConstant()) {
            return p.constantTerm() >= 0;
        }
        if (++steps > MAX_STEPS) {
            return false;
        }
        try {
            for (Term term : p.terms()) {
                for (Monomial.Power power : term.monomial().powers()) {
                    switch (power.atom()) {
                        case Atom.Name _ -> { }
                        case Atom.Floor floor -> {
                            return without(p, term, power, floor);
                        }
                        case Atom.Max0 max -> {
                            return without(p, term, power, max);
                        }
                    }
                }
            }
            return shifted(p);
        } catch (ArithmeticException e) {
            return false;
        }
    }

    private boolean shifted(Polynomial p) {
        if (p.leading().monomial().degree() > MAX_DEGREE) {
            return false;
        }
        Polynomial excess = p.map(name -> Polynomial.symbol(name).plus(Polynomial.ONE));
        return excess.terms().stream().allMatch(term -> term.factor() > 0);
    }

    /// The product of the other atoms of a term, if it is a bounded atom times symbols; null if not.
    private static Polynomial others(Term term, Monomial.Power power) {
        Monomial others = term.monomial().dividedBy(Monomial.of(power.atom()));
        boolean symbols = others.powers().stream().allMatch(o -> o.atom() instanceof Atom.Name);
        return symbols ? new Polynomial(List.of(new Term(others, term.factor()))) : null;
    }

    private boolean without(Polynomial p, Term term, Monomial.Power power, Atom.Floor floor) {
        Polynomial others = others(term, power);
        if (others == null) {
            return false;
        }
        Polynomial rest = p.without(term);
        Polynomial dividend = floor.dividend();
        if (!floor.divisor().isConstant()) {
            // 0 <= floor(x/d) <= x for x >= 0 and d >= 1
            return nonNegative(dividend)
                    && nonNegative(term.factor() > 0 ? rest : rest.plus(others.times(dividend)));
        }
        long d = floor.divisor().constantTerm();
        // x >= 0 follows from d*x >= 1-d for a whole number x
        Polynomial scaled = rest.times(d).plus(Polynomial.constant(d - 1));
        if (term.factor() < 0) {
            return nonNegative(scaled.plus(others.times(dividend)));
        }
        Polynomial least = dividend.minus(Polynomial.constant(d - 1));
        return nonNegative(scaled.plus(others.times(least))) || nonNegative(dividend) && nonNegative(rest);
    }

    private boolean without(Polynomial p, Term term, Monomial.Power power, Atom.Max0 max) {
        Polynomial others = others(term, power);
        if (others == null) {
            return false;
        }
        Polynomial rest = p.without(term);
        if (term.factor() > 0) {
            return nonNegative(rest)
                    || max.others().stream().anyMatch(other -> nonNegative(rest.plus(others.times(other))));
        }
        return nonNegative(rest)
                && max.others().stream().allMatch(other -> nonNegative(rest.plus(others.times(other))));
    }
}
