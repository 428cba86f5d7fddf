package io.github.fovea.dim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class DimTest {
    private static final Dim H = Dim.symbol("H");
    private static final Dim W = Dim.symbol("W");
    private static final Dim ONE = Dim.of(1);

    private static Map<String, Long> draw(RandomGenerator random) {
        Map<String, Long> bindings = new HashMap<>();
        RandomDims.NAMES.forEach(name -> bindings.put(name, random.nextLong(1, 30)));
        return bindings;
    }

    @Test
    void canonicalFormsHaveTheValuesOfPlainArithmetic() {
        SplittableRandom random = new SplittableRandom(1);
        int small = 0;
        for (int i = 0; i < 3000; i++) {
            RandomDims expression = RandomDims.draw(random, 1 + i % 4);
            Dim dim;
            try {
                dim = expression.dim();
            } catch (ArithmeticException e) {
                continue;
            }
            small++;
            for (int k = 0; k < 6; k++) {
                Map<String, Long> bindings = draw(random);
                assertEquals(expression.value(bindings), dim.evaluate(bindings),
                        () -> expression + " became " + dim + " at " + bindings);
            }
        }
        assertTrue(small > 2950, small + " of 3000 expressions stayed within the limits");
    }

    /// Whatever a divisor is made of: wherever it is positive, or a number and not 0, the quotient is that of plain arithmetic.
    @Test
    void divisorsMayBeAnyExpression() {
        SplittableRandom random = new SplittableRandom(7);
        int checked = 0;
        for (int i = 0; i < 6000; i++) {
            RandomDims a = RandomDims.draw(random, 2);
            RandomDims b = RandomDims.draw(random, 2);
            RandomDims c = RandomDims.draw(random, 1 + i % 2);
            RandomDims divisor = switch (random.nextInt(4)) {
                case 0 -> b;
                case 1 -> new RandomDims.Number(random.nextInt(-7, 0));
                default -> new RandomDims.Call("*", b, c);
            };
            // Common factors may be cancelled, those of a negative divisor too.
            RandomDims dividend = random.nextBoolean() ? a : new RandomDims.Call("*", a, random.nextBoolean() ? b : c);
            RandomDims quotient = new RandomDims.Call(List.of("floor", "ceil", "mod").get(random.nextInt(3)), dividend, divisor);
            Dim dim;
            boolean number;
            try {
                number = divisor.dim().isConstant();
                dim = quotient.dim();
            } catch (ArithmeticException e) {
                continue;
            }
            for (int k = 0; k < 6; k++) {
                Map<String, Long> bindings = draw(random);
                long by = divisor.value(bindings);
                if (by > 0 || number) {
                    checked++;
                    assertEquals(quotient.value(bindings), assertDoesNotThrow(() -> dim.evaluate(bindings), () -> quotient + " became "
                            + dim + " at " + bindings), () -> quotient + " became " + dim + " at " + bindings);
                }
            }
        }
        assertTrue(checked > 10_000, checked + " values");
    }

    @Test
    void ringLawsHoldForCanonicalForms() {
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 600; i++) {
            Dim a = RandomDims.draw(random, 2).dim();
            Dim b = RandomDims.draw(random, 2).dim();
            Dim c = RandomDims.draw(random, 2).dim();
            assertEquals(a.plus(b), b.plus(a));
            assertEquals(a.plus(b).plus(c), a.plus(b.plus(c)));
            assertEquals(a, a.plus(b).minus(b));
            assertEquals(a.times(b), b.times(a));
            assertEquals(a.times(b).times(c), a.times(b.times(c)));
            assertEquals(a.times(b.plus(c)), a.times(b).plus(a.times(c)));
            assertEquals(Dim.of(0), a.minus(a));
            assertEquals(a.max(b), b.max(a));
            assertEquals(a.min(b), b.min(a));
            assertEquals(a, a.mod(6).plus(a.floorDiv(6).times(6)));
            assertEquals(a.floorDiv(5).plus(b), a.plus(b.times(5)).floorDiv(5), () -> a + " and " + b);
        }
    }

    @Test
    void minimumAndMaximumMakeTheSum() {
        SplittableRandom random = new SplittableRandom(6);
        for (int i = 0; i < 300; i++) {
            Dim a = RandomDims.draw(random, 2, RandomDims.WITHOUT_EXTREMA).dim();
            Dim b = RandomDims.draw(random, 2, RandomDims.WITHOUT_EXTREMA).dim();
            assertEquals(a.plus(b), a.min(b).plus(a.max(b)), () -> "min + max of " + a + " and " + b);
        }
    }

    @Test
    void knownIdentities() {
        assertEquals(H.times(2), H.plus(H));
        assertEquals(H, H.times(4).floorDiv(4));
        assertEquals(H.times(2), H.times(2).times(4).times(W).floorDiv(W.times(4)));
        assertEquals(Dim.of(0), H.times(4).mod(4));
        assertEquals(H, H.ceilDiv(1));
        assertEquals(H.floorDiv(4), H.floorDiv(2).floorDiv(2));
        assertEquals(H.ceilDiv(4), H.ceilDiv(2).ceilDiv(2));
        assertEquals(H.ceilDiv(24), H.ceilDiv(3).ceilDiv(2).ceilDiv(4));
        assertEquals(H, H.floorDiv(2).plus(H.ceilDiv(2)));
        assertEquals(H.plus(1).floorDiv(2), H.ceilDiv(2));
        assertEquals(H.plus(2).floorDiv(2), H.floorDiv(2).plus(1));
        assertEquals(H.floorDiv(2), H.times(3).floorDiv(6));
        assertEquals(H.floorDiv(W), H.times(W).times(2).floorDiv(W.times(W).times(2)));
        assertEquals(H.plus(W), H.times(H).minus(W.times(W)).floorDiv(H.minus(W)));
        assertEquals(H.ceilDiv(4).times(4), H.plus(Dim.of(0).minus(H).mod(4)));
        assertEquals(H.ceilDiv(4).times(4), H.plus(Dim.of(4).minus(H.mod(4)).mod(4)));
        assertEquals(H.mod(4), H.mod(8).mod(4));
        assertEquals(Dim.of(0), H.mod(4).floorDiv(4));
        assertEquals(H, H.floorDiv(-2).plus(H.ceilDiv(2)).plus(H));
        assertEquals(H.plus(2).floorDiv(2).plus(1), H.plus(2).plus(2).floorDiv(2));
    }

    @Test
    void minimaAndMaxima() {
        assertEquals(H, H.max(ONE));
        assertEquals(H, H.max(Dim.of(0)));
        assertEquals(ONE, H.min(ONE));
        assertEquals(H.max(W).plus(3), H.plus(3).max(W.plus(3)));
        assertEquals(H.max(W).times(4), H.times(4).max(W.times(4)));
        assertEquals(H.max(W).max(Dim.of(9)), H.max(W.max(Dim.of(9))));
        assertEquals(H.max(W), H.max(W).max(H));
        assertEquals(H.min(W), H.min(W).min(H));
        assertEquals(H.floorDiv(2), H.floorDiv(2).max(Dim.of(0)));
        assertEquals(H.ceilDiv(2), H.ceilDiv(2).max(ONE));
        assertEquals(H, H.max(H.floorDiv(3)));
        assertEquals(H.mod(5), H.mod(5).min(Dim.of(4)));
    }

    @Test
    void unequalFormsAreNotProvenEqual() {
        assertNotEquals(H.floorDiv(2), H.ceilDiv(2));
        assertNotEquals(H.floorDiv(2).times(2), H);
        assertNotEquals(H, W);
        assertFalse(H.floorDiv(2).isAtLeast(ONE));
        assertFalse(H.isAtLeast(W));
        assertFalse(H.minus(W).max(Dim.of(0)).isAtLeast(H.minus(2)));
    }

    @Test
    void proofsOfOrderHoldForEveryValue() {
        SplittableRandom random = new SplittableRandom(3);
        int proven = 0;
        for (int i = 0; i < 3000; i++) {
            Dim a = RandomDims.draw(random, 2).dim();
            Dim b = RandomDims.draw(random, 2).dim();
            if (a.isAtLeast(b)) {
                proven++;
                for (int k = 0; k < 12; k++) {
                    Map<String, Long> bindings = draw(random);
                    assertTrue(a.evaluate(bindings) >= b.evaluate(bindings),
                            () -> a + " is not at least " + b + " at " + bindings);
                }
            }
        }
        assertTrue(proven > 300, proven + " proofs");
    }

    @Test
    void readableTexts() {
        assertEquals("2*H", H.plus(H).toString());
        assertEquals("2*H+1", H.times(2).plus(1).toString());
        assertEquals("ceil(H/2)", H.ceilDiv(2).toString());
        assertEquals("floor(H/2)", H.floorDiv(2).toString());
        assertEquals("floor(H/4)+1", H.plus(1).ceilDiv(4).toString());
        assertEquals("floor((H+1)/4)", H.plus(1).floorDiv(4).toString());
        assertEquals("floor(H/(2*W))", H.floorDiv(W.times(2)).toString());
        assertEquals("H mod 4", H.mod(4).toString());
        assertEquals("4*ceil(H/4)", H.ceilDiv(4).times(4).toString());
        assertEquals("min(H,64)", H.min(Dim.of(64)).toString());
        assertEquals("max(W,H)", H.max(W).toString());
        assertEquals("H*W+2*H+2*W+4", H.plus(2).times(W.plus(2)).toString());
        assertEquals("H-1", H.minus(1).toString());
        assertEquals("floor(H/W)", H.floorDiv(W).toString());
        assertEquals("0", H.minus(H).toString());
    }

    /// What is left of a sum without one of its terms is a sum again: tried one by one, that would be more texts than there is
    /// time for.
    @Test
    void textOfManyQuotients() {
        Dim dim = H;
        Dim sum = W;
        for (int k = 2; k < 14; k++) {
            dim = dim.plus(k).floorDiv(k);
            sum = sum.plus(dim).plus(H.times(k).plus(W).floorDiv(2 * k + 1));
        }
        assertTrue(sum.toString().startsWith("W+"), sum.toString());
    }

    @Test
    void compiledExpressionsGiveTheSameValues() {
        SplittableRandom random = new SplittableRandom(4);
        List<Dim> dims = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            dims.add(RandomDims.draw(random, 3).dim());
        }
        DimEvaluator evaluator = new DimEvaluator(RandomDims.NAMES, dims);
        long[] values = new long[3];
        long[] got = new long[dims.size()];
        for (int k = 0; k < 20; k++) {
            Map<String, Long> bindings = draw(random);
            for (int i = 0; i < 3; i++) {
                values[i] = bindings.get(RandomDims.NAMES.get(i));
            }
            evaluator.evaluate(values, got);
            assertArrayEquals(dims.stream().mapToLong(dim -> dim.evaluate(bindings)).toArray(), got);
        }
    }

    @Test
    void substitutionAgreesWithBuildingTheExpressionAnew() {
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 500; i++) {
            RandomDims expression = RandomDims.draw(random, 3);
            Dim dim = expression.dim();
            Map<String, Long> bindings = draw(random);
            Map<String, Dim> numbers = new HashMap<>();
            bindings.forEach((name, value) -> numbers.put(name, Dim.of(value)));
            assertEquals(Dim.of(expression.value(bindings)), dim.substitute(numbers), () -> dim + " at " + bindings);
        }
        assertEquals(H.times(2), H.floorDiv(W).substitute(Map.of("H", W.times(H).times(2))));
        assertEquals(List.of("H", "W"), List.copyOf(H.times(W).floorDiv(3).symbols()));
    }

    @Test
    void errors() {
        assertThrows(ArithmeticException.class, () -> H.floorDiv(0));
        assertThrows(ArithmeticException.class, () -> H.times(Long.MAX_VALUE).times(2));
        assertThrows(ArithmeticException.class, () -> Dim.of(Long.MAX_VALUE).plus(1));
        assertThrows(ArithmeticException.class, () -> H.times(W).evaluate(Map.of("H", 1L << 40, "W", 1L << 40)));
        assertThrows(ArithmeticException.class,
                () -> H.floorDiv(W.minus(3)).evaluate(Map.of("H", 4L, "W", 3L)));
        assertThrows(IllegalArgumentException.class, () -> H.evaluate(Map.of()));
        assertThrows(IllegalArgumentException.class, () -> H.evaluate(Map.of("H", 0L)));
        assertThrows(IllegalArgumentException.class, () -> new DimEvaluator(List.of("H"), List.of(W)));
        assertThrows(IllegalArgumentException.class, () -> new DimEvaluator(List.of("H"), List.of(H))
                .evaluate(new long[] {0}, new long[1]));
        Dim[] power = {H.plus(W)};
        assertThrows(ArithmeticException.class, () -> {
            for (int i = 0; i < 10; i++) {
                power[0] = power[0].times(power[0]);
            }
        });
        Dim[] deep = {H};
        assertThrows(ArithmeticException.class, () -> {
            for (int i = 0; i < 100; i++) {
                deep[0] = deep[0].floorDiv(3).times(2).plus(W.floorDiv(5));
            }
        });
    }

    @Test
    void knowledgeSinks() {
        Known[] all = {Known.UNDEFINED, Known.of(3), Known.of(4), Known.of(H), Known.of(H.plus(H)), Known.VARYING};
        for (Known a : all) {
            assertEquals(a, a.meet(a));
            assertEquals(a, a.meet(Known.UNDEFINED));
            assertEquals(Known.VARYING, a.meet(Known.VARYING));
            for (Known b : all) {
                assertEquals(a.meet(b), b.meet(a));
                for (Known c : all) {
                    assertEquals(a.meet(b).meet(c), a.meet(b.meet(c)));
                }
            }
        }
        assertEquals(Known.VARYING, Known.of(H).meet(Known.of(W)));
        assertEquals(Known.of(H.times(2)), Known.of(H).with(Known.of(H), Dim::plus));
        assertEquals(Known.UNDEFINED, Known.of(H).with(Known.UNDEFINED, Dim::plus));
        assertEquals(Known.VARYING, Known.VARYING.with(Known.UNDEFINED, Dim::plus));
        assertEquals(Known.VARYING, Known.of(H).with(Known.of(0), Dim::floorDiv));
    }
}
