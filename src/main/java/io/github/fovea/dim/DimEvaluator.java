package io.github.fovea.dim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Many expressions made ready to be evaluated together, for one set of symbols after another and without allocation.
/// Common parts are computed once. For use by one thread at a time.
public final class DimEvaluator {
    private enum Code { ADD, MULTIPLY, FLOOR_DIV, MAX }

    private final int symbols;
    private final int[] results;
    /// Symbols, then numbers and what instructions compute, each a register of its own.
    private final long[] registers;
    private final Code[] codes;
    private final int[] left;
    private final int[] right;
    private final int[] into;

    /// Compiles expressions.
    ///
    /// @param symbols names, in the order in which values will be given
    /// @param dims    the expressions
    /// @throws IllegalArgumentException if an expression has a symbol that is not named
    public DimEvaluator(List<String> symbols, List<Dim> dims) {
        this.symbols = symbols.size();
        Compiler compiler = new Compiler(symbols);
        results = dims.stream().mapToInt(dim -> compiler.register(Polynomial.of(dim))).toArray();
        registers = compiler.initial.stream().mapToLong(Long::longValue).toArray();
        codes = compiler.instructions.stream().map(Instruction::code).toArray(Code[]::new);
        left = compiler.instructions.stream().mapToInt(Instruction::left).toArray();
        right = compiler.instructions.stream().mapToInt(Instruction::right).toArray();
        into = compiler.instructions.stream().mapToInt(compiler.registers::get).toArray();
    }

    private DimEvaluator(DimEvaluator from) {
        symbols = from.symbols;
        results = from.results;
        registers = from.registers.clone();
        codes = from.codes;
        left = from.left;
        right = from.right;
        into = from.into;
    }

    /// {@return an evaluator of the same expressions for another thread}
    public DimEvaluator copy() {
        return new DimEvaluator(this);
    }

    private record Instruction(Code code, int left, int right) {}

    private static final class Compiler {
        final List<Long> initial = new ArrayList<>();
        final List<Instruction> instructions = new ArrayList<>();
        final Map<Instruction, Integer> registers = new HashMap<>();
        private final Map<String, Integer> names = new HashMap<>();
        private final Map<Long, Integer> numbers = new HashMap<>();

        Compiler(List<String> symbols) {
            for (String symbol : symbols) {
                names.put(symbol, next(0));
            }
        }

        private int next(long value) {
            initial.add(value);
            return initial.size() - 1;
        }

        private int number(long value) {
            return numbers.computeIfAbsent(value, this::next);
        }

        private int emit(Code code, int left, int right) {
            Instruction instruction = new Instruction(code, left, right);
            return registers.computeIfAbsent(instruction, i -> {
                instructions.add(i);
                return next(0);
            });
        }

        int register(Polynomial p) {
            int sum = -1;
            for (Polynomial.Term term : p.terms()) {
                int product = term.factor() == 1 && term.monomial().degree() > 0 ? -1 : number(term.factor());
                for (Monomial.Power power : term.monomial().powers()) {
                    int atom = register(power.atom());
                    for (int i = 0; i < power.exponent(); i++) {
                        product = product < 0 ? atom : emit(Code.MULTIPLY, product, atom);
                    }
                }
                sum = sum < 0 ? product : emit(Code.ADD, sum, product);
            }
            return sum < 0 ? number(0) : sum;
        }

        private int register(Atom atom) {
            return switch (atom) {
                case Atom.Name(String text) -> {
                    Integer register = names.get(text);
                    if (register == null) {
                        throw new IllegalArgumentException("symbol " + text + " is not among " + names.keySet());
                    }
                    yield register;
                }
                case Atom.Floor(var p, var d) -> emit(Code.FLOOR_DIV, register(p), register(d));
                case Atom.Max0(var others) -> {
                    int max = number(0);
                    for (Polynomial other : others) {
                        max = emit(Code.MAX, max, register(other));
                    }
                    yield max;
                }
            };
        }
    }

    /// {@return how many expressions there are}
    public int size() {
        return results.length;
    }

    /// Evaluates all expressions. Allocates nothing.
    ///
    /// @param values one value of at least 1 per symbol
    /// @param into   receives the value of each expression, at its index
    /// @throws IllegalArgumentException if a symbol's value is below 1 or their number is wrong
    /// @throws ArithmeticException      if a number overflows 64 bits or a divisor is not positive
    public void evaluate(long[] values, long[] into) {
        if (values.length != symbols) {
            throw new IllegalArgumentException(values.length + " values for " + symbols + " symbols");
        }
        for (int i = 0; i < symbols; i++) {
            if (values[i] < 1) {
                throw new IllegalArgumentException("symbol " + i + " is " + values[i] + ", wanted at least 1: "
                        + Arrays.toString(values));
            }
            registers[i] = values[i];
        }
        for (int i = 0; i < codes.length; i++) {
            long a = registers[left[i]];
            long b = registers[right[i]];
            registers[this.into[i]] = switch (codes[i]) {
                case ADD -> Math.addExact(a, b);
                case MULTIPLY -> Math.multiplyExact(a, b);
                case FLOOR_DIV -> {
                    if (b <= 0) {
                        throw new ArithmeticException("division by " + b + ", wanted a positive divisor");
                    }
                    yield Math.floorDiv(a, b);
                }
                case MAX -> Math.max(a, b);
            };
        }
        for (int i = 0; i < results.length; i++) {
            into[i] = registers[results[i]];
        }
    }
}
