package io.github.fovea.dim;

import io.github.fovea.dim.Polynomial.Term;
import java.util.List;

/// Rounded quotients in canonical form. All rules hold for every whole dividend and every positive whole divisor.
final class Quotient {
    private Quotient() {}

    /// {@return floor(p/d)}
    static Polynomial floor(Polynomial p, Polynomial d) {
        if (d.isZero()) {
            throw new ArithmeticException("division by 0");
        }
        if (d.isConstant() && d.constantTerm() < 0) {
            return floor(p.negated(), d.negated());
        }
        if (p.isConstant() && d.isConstant()) {
            return Polynomial.constant(Math.floorDiv(p.constantTerm(), d.constantTerm()));
        }
        Polynomial[] reduced = withoutCommonFactors(p, d);
        Polynomial joined = joined(reduced[0], reduced[1]);
        if (joined != null) {
            return joined;
        }
        Polynomial rest = reduced[0];
        Polynomial whole = Polynomial.ZERO;
        Polynomial divisor = reduced[1];
        Term lead = divisor.leading();
        Polynomial left = rest;
        rest = Polynomial.ZERO;
        while (!left.isZero()) {
            Term term = left.leading();
            Monomial monomial = term.monomial().dividedBy(lead.monomial());
            long factor = monomial == null ? 0 : Math.floorDiv(term.factor(), lead.factor());
            if (factor != 0) {
                Polynomial part = new Polynomial(List.of(new Term(monomial, factor)));
                whole = whole.plus(part);
                left = left.minus(part.times(divisor));
                if (left.isZero() || !left.leading().monomial().equals(term.monomial())) {
                    continue;
                }
            }
            Term stays = left.leading();
            rest = rest.plus(new Polynomial(List.of(stays)));
            left = left.without(stays);
        }
        return rest.isZero() ? whole : whole.plus(proper(rest, divisor));
    }

    /// floor(rest/d) where nothing whole can be split off.
    private static Polynomial proper(Polynomial rest, Polynomial d) {
        Polynomial[] reduced = withoutCommonFactors(rest, d);
        Polynomial p = reduced[0];
        Polynomial divisor = reduced[1];
        if (divisor.equals(Polynomial.ONE)) {
            return p;
        }
        if (p.isZero() || new Bound().within(p, divisor)) {
            return Polynomial.ZERO;
        }
        Polynomial joined = joined(p, divisor);
        if (joined != null) {
            return joined;
        }
        if (turns(p, divisor)) {
            // floor(p/d) = -floor((d-1-p)/d)
            Polynomial turned = divisor.minus(Polynomial.ONE).minus(p);
            return divisor.isConstant() ? split(turned, divisor).negated() : floor(turned, divisor).negated();
        }
        return Polynomial.of(new Atom.Floor(p, divisor));
    }

    /// floor(p/d) for a turned dividend: whole parts are split off, and what stays is not turned again.
    private static Polynomial split(Polynomial p, Polynomial d) {
        Polynomial whole = p.floorOfFactors(d.constantTerm());
        Polynomial rest = p.minus(whole.times(d));
        Polynomial joined = joined(rest, d);
        return whole.plus(joined != null ? joined : Polynomial.of(new Atom.Floor(rest, d)));
    }

    /// Whether -ceil(-p/d) is the form to keep. For a constant divisor all factors lie in [0, d), and turning makes d-a
    /// of a factor a: the smaller ones win. Else the leading factor is to be positive (and is left alone where a
    /// divisor like 9 - H would turn it back).
    private static boolean turns(Polynomial p, Polynomial d) {
        if (!d.isConstant()) {
            return p.leading().factor() < 0 && d.leading().factor() > 0;
        }
        long divisor = d.constantTerm();
        for (Term term : p.terms()) {
            if (term.monomial().degree() > 0 && term.factor() != divisor - term.factor()) {
                return term.factor() > divisor - term.factor();
            }
        }
        return p.constantTerm() > divisor - 1 - p.constantTerm();
    }

    /// floor((x + floor(a/b))/d) = floor((x*b + a)/(b*d)), and likewise with -floor(a/b) = floor((b-1-a)/b); null if
    /// not exactly one quotient stands alone with the factor 1 or -1.
    private static Polynomial joined(Polynomial p, Polynomial d) {
        Term inner = null;
        for (Term term : p.terms()) {
            if (Math.abs(term.factor()) == 1 && term.monomial().degree() == 1
                    && term.monomial().powers().getFirst().atom() instanceof Atom.Floor) {
                if (inner != null) {
                    return null;
                }
                inner = term;
            }
        }
        if (inner == null || d.equals(Polynomial.ONE)) {
            return null;
        }
        Atom.Floor floor = (Atom.Floor) inner.monomial().powers().getFirst().atom();
        Polynomial a = inner.factor() == 1 ? floor.dividend()
                : floor.divisor().minus(Polynomial.ONE).minus(floor.dividend());
        return floor(p.without(inner).times(floor.divisor()).plus(a), floor.divisor().times(d));
    }

    private static boolean positive(Polynomial p) {
        return new Bound().nonNegative(p.minus(Polynomial.ONE));
    }

    /// floor((g*x + k)/(g*d)) = floor((x + floor(k/g))/d) for a number g and a constant term k, and
    /// floor((m*x)/(m*d)) = floor(x/d) for a product m of atoms that makes no positive divisor negative.
    private static Polynomial[] withoutCommonFactors(Polynomial p, Polynomial d) {
        Monomial common = d.leading().monomial();
        for (Term term : d.terms()) {
            common = common.common(term.monomial());
        }
        for (Term term : p.terms()) {
            common = common.common(term.monomial());
        }
        if (!common.powers().isEmpty() && !positive(d.dividedBy(common))) {
            for (Monomial.Power power : common.powers()) {
                if (!positive(Polynomial.of(power.atom()))) {
                    common = common.dividedBy(new Monomial(List.of(power)));
                }
            }
        }
        Polynomial q = p.dividedBy(common);
        Polynomial e = d.dividedBy(common);
        long content = q.content(e.content(0, true), false);
        return content == 1 ? new Polynomial[] {q, e}
                : new Polynomial[] {q.floorOfFactors(content), e.floorOfFactors(content)};
    }
}
