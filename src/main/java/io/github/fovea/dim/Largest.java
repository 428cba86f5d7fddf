package io.github.fovea.dim;

import java.util.ArrayList;
import java.util.List;

/// Maxima in canonical form: the lowest operand in the order of polynomials, plus a `max(0, ...)` of the differences.
final class Largest {
    private Largest() {}

    /// {@return the largest of at least one polynomial}
    static Polynomial of(List<Polynomial> operands) {
        List<Polynomial> flat = new ArrayList<>();
        for (Polynomial operand : operands) {
            flatten(operand, flat);
        }
        List<Polynomial> all = flat.stream().sorted().distinct().toList();
        List<Polynomial> kept = new ArrayList<>(all);
        for (Polynomial low : all) {
            if (kept.stream().anyMatch(high -> high != low && new Bound().nonNegative(high.minus(low)))) {
                kept.remove(low);
            }
        }
        Polynomial base = kept.removeFirst();
        if (kept.isEmpty()) {
            return base;
        }
        List<Polynomial> others = new ArrayList<>();
        long content = 0;
        for (Polynomial operand : kept) {
            Polynomial other = operand.minus(base);
            others.add(other);
            content = other.content(content, true);
        }
        long factor = content;
        List<Polynomial> reduced = others.stream().map(other -> other.floorOfFactors(factor)).toList();
        return base.plus(Polynomial.of(new Atom.Max0(reduced)).times(factor));
    }

    /// x + max(0, a, ...) = max(x, x + a, ...), where x has no maximum.
    private static void flatten(Polynomial operand, List<Polynomial> to) {
        Polynomial.Term inner = null;
        boolean several = false;
        for (Polynomial.Term term : operand.terms()) {
            for (Monomial.Power power : term.monomial().powers()) {
                if (power.atom() instanceof Atom.Max0) {
                    several |= inner != null || term.factor() < 0 || term.monomial().degree() > 1;
                    inner = term;
                }
            }
        }
        if (inner == null || several) {
            to.add(operand);
            return;
        }
        Polynomial rest = operand.without(inner);
        to.add(rest);
        for (Polynomial other : ((Atom.Max0) inner.monomial().powers().getFirst().atom()).others()) {
            to.add(rest.plus(other.times(inner.factor())));
        }
    }
}
