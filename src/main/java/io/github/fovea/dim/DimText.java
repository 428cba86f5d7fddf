package io.github.fovea.dim;

import io.github.fovea.dim.Polynomial.Term;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Expressions for readers: `2*H+1`, `ceil((H+1)/4)`, `H mod 4`, `min(H,64)`. Remainders, minima and quotients rounded
/// up are recognised where that makes the text shorter. Every term may be one, and what is left of each sum is looked at
/// again, so that texts are kept, and after some number of them sums are written as they are.
final class DimText {
    private static final int MOST_TEXTS = 1000;

    private final Map<Polynomial, String> known = new HashMap<>();

    private DimText() {}

    static String of(Polynomial p) {
        return new DimText().text(p);
    }

    private String text(Polynomial p) {
        String text = known.get(p);
        if (text == null) {
            // Known while it is looked for: what is reached from it again does not look for it again.
            known.put(p, sum(p));
            text = known.size() > MOST_TEXTS ? known.get(p) : shortest(p);
            known.put(p, text);
        }
        return text;
    }

    private String shortest(Polynomial p) {
        String shortest = sum(p);
        for (Term term : p.terms()) {
            for (String candidate : candidates(p, term)) {
                shortest = candidate.length() < shortest.length() ? candidate : shortest;
            }
        }
        return shortest;
    }

    private List<String> candidates(Polynomial p, Term term) {
        List<String> candidates = new ArrayList<>();
        if (term.monomial().powers().isEmpty()) {
            return candidates;
        }
        Monomial.Power power = term.monomial().powers().getLast();
        if (power.exponent() > 1) {
            return candidates;
        }
        Monomial others = term.monomial().dividedBy(Monomial.of(power.atom()));
        Polynomial rest = p.without(term);
        switch (power.atom()) {
            case Atom.Name _ -> { }
            case Atom.Floor(var dividend, var divisor) -> {
                if (!divisor.isConstant()) {
                    return candidates;
                }
                long d = divisor.constantTerm();
                if (term.factor() % d == 0) {
                    // factor * floor(x/d) = (-factor/d) * (x mod d) + (factor/d) * x
                    long times = -term.factor() / d;
                    Polynomial left = rest.minus(dividend.times(new Term(others, times)));
                    candidates.add(joined(times, others, operand(dividend) + " mod " + d, left, true));
                }
                // floor(x/d) = whole - ceil(rest/d) where -x = rest - whole*d with factors in [0, d)
                Polynomial turned = dividend.negated();
                Polynomial whole = turned.minus(Polynomial.constant(turned.constantTerm())).floorOfFactors(d);
                String text = "ceil(" + operand(turned.minus(whole.times(d))) + "/" + d + ")";
                candidates.add(joined(-term.factor(), others, text,
                        rest.minus(whole.times(new Term(others, term.factor()))), false));
            }
            case Atom.Max0(var differences) -> {
                if (Math.abs(term.factor()) == 1 && others.equals(Monomial.ONE)) {
                    List<Polynomial> operands = new ArrayList<>(List.of(rest));
                    differences.forEach(o -> operands.add(rest.plus(o.times(term.factor()))));
                    candidates.add((term.factor() > 0 ? "max(" : "min(")
                            + operands.stream().map(this::text).collect(Collectors.joining(",")) + ")");
                }
            }
        }
        return candidates;
    }

    private String joined(long factor, Monomial others, String text, Polynomial rest, boolean brackets) {
        StringBuilder product = new StringBuilder(factor < 0 ? "-" : "");
        if (Math.abs(factor) != 1) {
            product.append(Math.abs(factor)).append('*');
        }
        if (!others.equals(Monomial.ONE)) {
            product.append(monomial(others)).append('*');
        }
        boolean alone = product.isEmpty() && rest.isZero();
        product.append(brackets && !alone ? "(" + text + ")" : text);
        if (rest.isZero()) {
            return product.toString();
        }
        String first = text(rest);
        return product.charAt(0) == '-' ? first + product : first + "+" + product;
    }

    private String sum(Polynomial p) {
        if (p.isZero()) {
            return "0";
        }
        StringBuilder text = new StringBuilder();
        // a positive term first, where there is one
        List<Term> terms = new ArrayList<>(p.terms());
        if (terms.getFirst().factor() < 0) {
            terms.stream().filter(t -> t.factor() > 0).findFirst().ifPresent(t -> {
                terms.remove(t);
                terms.addFirst(t);
            });
        }
        for (Term term : terms) {
            if (term.factor() < 0) {
                text.append('-');
            } else if (!text.isEmpty()) {
                text.append('+');
            }
            String factor = Long.toString(term.factor()).replace("-", "");
            if (term.monomial().equals(Monomial.ONE)) {
                text.append(factor);
            } else {
                text.append(factor.equals("1") ? "" : factor + "*").append(monomial(term.monomial()));
            }
        }
        return text.toString();
    }

    private String monomial(Monomial monomial) {
        List<String> factors = new ArrayList<>();
        for (Monomial.Power power : monomial.powers()) {
            for (int i = 0; i < power.exponent(); i++) {
                factors.add(switch (power.atom()) {
                    case Atom.Name(String text) -> text;
                    case Atom.Floor(var p, var d) -> quotient(p, d);
                    case Atom.Max0(var others) -> others.stream().map(this::text)
                            .collect(Collectors.joining(",", "max(0,", ")"));
                });
            }
        }
        return String.join("*", factors);
    }

    private String quotient(Polynomial p, Polynomial d) {
        Polynomial up = p.minus(d).plus(Polynomial.ONE);
        String divisor = d.terms().size() == 1 && d.leading().factor() > 1 && !d.isConstant() ? "(" + text(d) + ")"
                : operand(d);
        String floor = "floor(" + operand(p) + "/" + divisor + ")";
        String ceil = "ceil(" + operand(up) + "/" + divisor + ")";
        return up.constantTerm() >= 0 && ceil.length() < floor.length() ? ceil : floor;
    }

    private String operand(Polynomial p) {
        String text = text(p);
        boolean single = text.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '_');
        boolean product = p.terms().size() == 1 && p.leading().factor() > 0 && !text.contains("mod")
                && p.leading().monomial().degree() == 1;
        return single || product ? text : "(" + text + ")";
    }
}
