package io.github.fovea.dim;

import java.util.ArrayList;
import java.util.List;

/// A product of atoms. The order is by degree, then by the earlier atom's higher power; it is kept by multiplication,
/// which division of polynomials rests on.
///
/// @param powers atoms in ascending order
record Monomial(List<Power> powers) implements Comparable<Monomial> {
    /// The empty product.
    static final Monomial ONE = new Monomial(List.of());
    private static final int MAX_DEGREE = 32;

    /// An atom to a power.
    ///
    /// @param atom     the atom
    /// @param exponent at least 1
    record Power(Atom atom, int exponent) {}

    static Monomial of(Atom atom) {
        return new Monomial(List.of(new Power(atom, 1)));
    }

    int degree() {
        int degree = 0;
        for (Power power : powers) {
            degree += power.exponent;
        }
        return degree;
    }

    Monomial times(Monomial other) {
        List<Power> product = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < powers.size() || j < other.powers.size()) {
            int order = i == powers.size() ? 1 : j == other.powers.size() ? -1
                    : powers.get(i).atom.compareTo(other.powers.get(j).atom);
            if (order < 0) {
                product.add(powers.get(i++));
            } else if (order > 0) {
                product.add(other.powers.get(j++));
            } else {
                product.add(new Power(powers.get(i).atom, powers.get(i++).exponent + other.powers.get(j++).exponent));
            }
        }
        Monomial result = new Monomial(List.copyOf(product));
        if (result.degree() > MAX_DEGREE) {
            throw new ArithmeticException("a product of more than " + MAX_DEGREE + " symbols");
        }
        return result;
    }

    private int exponent(Atom atom) {
        for (Power power : powers) {
            if (power.atom.equals(atom)) {
                return power.exponent;
            }
        }
        return 0;
    }

    /// {@return this without the factors of a divisor, or null if it has not all of them}
    Monomial dividedBy(Monomial divisor) {
        int matched = 0;
        List<Power> quotient = new ArrayList<>();
        for (Power power : powers) {
            int less = divisor.exponent(power.atom);
            if (less > power.exponent) {
                return null;
            }
            matched += less == 0 ? 0 : 1;
            if (less < power.exponent) {
                quotient.add(new Power(power.atom, power.exponent - less));
            }
        }
        return matched == divisor.powers.size() ? new Monomial(List.copyOf(quotient)) : null;
    }

    /// {@return the product of the atoms that both have}
    Monomial common(Monomial other) {
        List<Power> both = new ArrayList<>();
        for (Power power : powers) {
            int exponent = Math.min(power.exponent, other.exponent(power.atom));
            if (exponent > 0) {
                both.add(new Power(power.atom, exponent));
            }
        }
        return new Monomial(List.copyOf(both));
    }

    @Override
    public int compareTo(Monomial other) {
        int byDegree = Integer.compare(degree(), other.degree());
        if (byDegree != 0) {
            return byDegree;
        }
        for (int i = 0; i < Math.min(powers.size(), other.powers.size()); i++) {
            int byAtom = other.powers.get(i).atom.compareTo(powers.get(i).atom);
            if (byAtom != 0) {
                return byAtom;
            }
            int byExponent = Integer.compare(powers.get(i).exponent, other.powers.get(i).exponent);
            if (byExponent != 0) {
                return byExponent;
            }
        }
        return 0;
    }
}
