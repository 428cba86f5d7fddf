package io.github.fovea.dim;

import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Random expressions, as the operations that build them, and their values by plain arithmetic.
sealed interface RandomDims {
    List<String> NAMES = List.of("h", "n", "w");

    record Number(long value) implements RandomDims {}

    record Name(String text) implements RandomDims {}

    record Call(String operation, RandomDims a, RandomDims b) implements RandomDims {}

    List<String> WITHOUT_EXTREMA = List.of("+", "+", "-", "*", "floor", "ceil", "mod");
    List<String> ALL = List.of("+", "+", "-", "*", "floor", "ceil", "mod", "min", "max");

    static RandomDims draw(RandomGenerator random, int depth) {
        return draw(random, depth, ALL);
    }

    static RandomDims draw(RandomGenerator random, int depth, List<String> operations) {
        if (depth == 0 || random.nextInt(6) == 0) {
            return random.nextBoolean() ? new Name(NAMES.get(random.nextInt(NAMES.size())))
                    : new Number(random.nextInt(-4, 9));
        }
        String operation = operations.get(random.nextInt(operations.size()));
        RandomDims a = draw(random, depth - 1, operations);
        RandomDims b = switch (operation) {
            case "floor", "ceil", "mod" -> switch (random.nextInt(4)) {
                case 0 -> new Name(NAMES.get(random.nextInt(NAMES.size())));
                case 1 -> new Call("*", new Number(random.nextInt(1, 4)), new Name("h"));
                default -> new Number(random.nextInt(1, 7));
            };
            default -> draw(random, depth - 1, operations);
        };
        return new Call(operation, a, b);
    }

    default Dim dim() {
        return switch (this) {
            case Number(long value) -> Dim.of(value);
            case Name(String text) -> Dim.symbol(text);
            case Call(String operation, var a, var b) -> switch (operation) {
                case "+" -> a.dim().plus(b.dim());
                case "-" -> a.dim().minus(b.dim());
                case "*" -> a.dim().times(b.dim());
                case "floor" -> a.dim().floorDiv(b.dim());
                case "ceil" -> a.dim().ceilDiv(b.dim());
                case "mod" -> a.dim().mod(b.dim());
                case "min" -> a.dim().min(b.dim());
                default -> a.dim().max(b.dim());
            };
        };
    }

    default long value(Map<String, Long> bindings) {
        return switch (this) {
            case Number(long value) -> value;
            case Name(String text) -> bindings.get(text);
            case Call(String operation, var a, var b) -> {
                long x = a.value(bindings);
                long y = b.value(bindings);
                yield switch (operation) {
                    case "+" -> x + y;
                    case "-" -> x - y;
                    case "*" -> x * y;
                    case "floor" -> Math.floorDiv(x, y);
                    case "ceil" -> Math.ceilDiv(x, y);
                    case "mod" -> Math.floorMod(x, y);
                    case "min" -> Math.min(x, y);
                    default -> Math.max(x, y);
                };
            }
        };
    }
}
