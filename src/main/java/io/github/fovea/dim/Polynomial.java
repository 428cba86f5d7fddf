package io.github.fovea.dim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/// A sum of products with whole factors. Immutable; the order of two polynomials is the sign of the leading factor of
/// their difference, so that adding the same to both keeps it.
///
/// @param terms in descending order, factors not 0
record Polynomial(List<Term> terms) implements Comparable<Polynomial> {
    static final Polynomial ZERO = new Polynomial(List.of());
    static final Polynomial ONE = constant(1);
    private static final int MAX_TERMS = 200;
    private static final int MAX_DEPTH = 24;

    /// A product and its factor.
    ///
    /// @param monomial the product
    /// @param factor   not 0
    record Term(Monomial monomial, long factor) {}

    static Polynomial constant(long value) {
        return value == 0 ? ZERO : new Polynomial(List.of(new Term(Monomial.ONE, value)));
    }

    static Polynomial symbol(String name) {
        return of(new Atom.Name(name));
    }

    static Polynomial of(Atom atom) {
        if (atom.depth() > MAX_DEPTH) {
            throw new ArithmeticException("an expression nested more than " + MAX_DEPTH + " deep");
        }
        return new Polynomial(List.of(new Term(Monomial.of(atom), 1)));
    }

    static Polynomial of(Dim dim) {
        return switch (dim) {
            case Dim.Constant(long value) -> constant(value);
            case Dim.Symbol(String name) -> symbol(name);
            case Dim.Expression expression -> expression.polynomial;
        };
    }

    private static Polynomial of(TreeMap<Monomial, Long> sum) {
        if (sum.size() > MAX_TERMS) {
            throw new ArithmeticException("an expression of more than " + MAX_TERMS + " terms");
        }
        List<Term> terms = new ArrayList<>(sum.size());
        for (Map.Entry<Monomial, Long> entry : sum.descendingMap().entrySet()) {
            if (entry.getValue() != 0) {
                terms.add(new Term(entry.getKey(), entry.getValue()));
            }
        }
        return new Polynomial(Collections.unmodifiableList(terms));
    }

    /// {@return the public face of this polynomial}
    Dim dim() {
        if (isConstant()) {
            return new Dim.Constant(constantTerm());
        }
        if (terms.size() == 1 && terms.getFirst().factor == 1 && terms.getFirst().monomial.degree() == 1
                && terms.getFirst().monomial.powers().getFirst().atom() instanceof Atom.Name(String name)) {
            return new Dim.Symbol(name);
        }
        return new Dim.Expression(this);
    }

    boolean isZero() {
        return terms.isEmpty();
    }

    boolean isConstant() {
        return terms.isEmpty() || terms.getFirst().monomial.degree() == 0;
    }

    Term leading() {
        return terms.getFirst();
    }

    long constantTerm() {
        return terms.isEmpty() || terms.getLast().monomial.degree() > 0 ? 0 : terms.getLast().factor;
    }

    int depth() {
        int depth = 0;
        for (Term term : terms) {
            for (Monomial.Power power : term.monomial.powers()) {
                depth = Math.max(depth, power.atom().depth());
            }
        }
        return depth;
    }

    private TreeMap<Monomial, Long> sum() {
        TreeMap<Monomial, Long> sum = new TreeMap<>();
        for (Term term : terms) {
            sum.put(term.monomial, term.factor);
        }
        return sum;
    }

    Polynomial plus(Polynomial other) {
        TreeMap<Monomial, Long> sum = sum();
        for (Term term : other.terms) {
            sum.merge(term.monomial, term.factor, Math::addExact);
        }
        return of(sum);
    }

    Polynomial negated() {
        return times(-1);
    }

    Polynomial minus(Polynomial other) {
        return plus(other.negated());
    }

    Polynomial times(long factor) {
        return times(constant(factor));
    }

    Polynomial times(Term term) {
        return times(new Polynomial(List.of(term)));
    }

    Polynomial times(Polynomial other) {
        if ((long) terms.size() * other.terms.size() > (long) MAX_TERMS * 10) {
            throw new ArithmeticException("a product of " + (long) terms.size() * other.terms.size() + " terms");
        }
        TreeMap<Monomial, Long> sum = new TreeMap<>();
        for (Term a : terms) {
            for (Term b : other.terms) {
                sum.merge(a.monomial.times(b.monomial), Math.multiplyExact(a.factor, b.factor), Math::addExact);
            }
        }
        return of(sum);
    }

    Polynomial without(Term term) {
        List<Term> rest = new ArrayList<>(terms);
        rest.remove(term);
        return new Polynomial(Collections.unmodifiableList(rest));
    }

    /// {@return the greatest common divisor of some factors and a number}
    ///
    /// @param with           the number
    /// @param constantsCount whether the constant term takes part
    long content(long with, boolean constantsCount) {
        long content = with;
        for (Term term : terms) {
            if (constantsCount || term.monomial.degree() > 0) {
                content = gcd(content, term.factor);
            }
        }
        return content;
    }

    private static long gcd(long a, long b) {
        while (b != 0) {
            long rest = a % b;
            a = b;
            b = rest;
        }
        return Math.absExact(a);
    }

    /// {@return this with every factor divided by a number and rounded down}
    Polynomial floorOfFactors(long divisor) {
        TreeMap<Monomial, Long> sum = new TreeMap<>();
        for (Term term : terms) {
            sum.put(term.monomial, Math.floorDiv(term.factor, divisor));
        }
        return of(sum);
    }

    /// {@return this divided by a product of atoms that every term has}
    Polynomial dividedBy(Monomial divisor) {
        TreeMap<Monomial, Long> sum = new TreeMap<>();
        for (Term term : terms) {
            sum.put(term.monomial.dividedBy(divisor), term.factor);
        }
        return of(sum);
    }

    long evaluate(ToLongFunction<String> values) {
        long sum = 0;
        for (Term term : terms) {
            long product = term.factor;
            for (Monomial.Power power : term.monomial.powers()) {
                long value = value(power.atom(), values);
                for (int i = 0; i < power.exponent(); i++) {
                    product = Math.multiplyExact(product, value);
                }
            }
            sum = Math.addExact(sum, product);
        }
        return sum;
    }

    private static long value(Atom atom, ToLongFunction<String> values) {
        return switch (atom) {
            case Atom.Name(String text) -> values.applyAsLong(text);
            case Atom.Floor(var p, var d) -> {
                long divisor = d.evaluate(values);
                if (divisor <= 0) {
                    throw new ArithmeticException("division by " + divisor + ", wanted a positive divisor");
                }
                yield Math.floorDiv(p.evaluate(values), divisor);
            }
            case Atom.Max0(var others) -> {
                long max = 0;
                for (Polynomial other : others) {
                    max = Math.max(max, other.evaluate(values));
                }
                yield max;
            }
        };
    }

    /// {@return this with other polynomials in the place of symbols}
    Polynomial map(Function<String, Polynomial> symbols) {
        Polynomial sum = ZERO;
        for (Term term : terms) {
            Polynomial product = constant(term.factor);
            for (Monomial.Power power : term.monomial.powers()) {
                Polynomial value = switch (power.atom()) {
                    case Atom.Name(String text) -> symbols.apply(text);
                    case Atom.Floor(var p, var d) -> Quotient.floor(p.map(symbols), d.map(symbols));
                    case Atom.Max0(var others) -> {
                        List<Polynomial> all = new ArrayList<>(List.of(ZERO));
                        others.forEach(other -> all.add(other.map(symbols)));
                        yield Largest.of(all);
                    }
                };
                for (int i = 0; i < power.exponent(); i++) {
                    product = product.times(value);
                }
            }
            sum = sum.plus(product);
        }
        return sum;
    }

    void collectSymbols(SortedSet<String> names) {
        for (Term term : terms) {
            for (Monomial.Power power : term.monomial.powers()) {
                switch (power.atom()) {
                    case Atom.Name(String text) -> names.add(text);
                    case Atom.Floor(var p, var d) -> {
                        p.collectSymbols(names);
                        d.collectSymbols(names);
                    }
                    case Atom.Max0(var others) -> others.forEach(other -> other.collectSymbols(names));
                }
            }
        }
    }

    @Override
    public int compareTo(Polynomial other) {
        int i = 0;
        int j = 0;
        while (i < terms.size() || j < other.terms.size()) {
            int order = i == terms.size() ? -1 : j == other.terms.size() ? 1
                    : terms.get(i).monomial.compareTo(other.terms.get(j).monomial);
            if (order > 0) {
                return Long.signum(terms.get(i).factor);
            }
            if (order < 0) {
                return -Long.signum(other.terms.get(j).factor);
            }
            int byFactor = Long.compare(terms.get(i++).factor, other.terms.get(j++).factor);
            if (byFactor != 0) {
                return byFactor;
            }
        }
        return 0;
    }
}
