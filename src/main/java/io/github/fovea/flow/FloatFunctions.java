package io.github.fovea.flow;

import io.github.fovea.kernel.Exponentials;
import java.util.Map;

/// Element-wise functions of floats. Every loop is plain enough for the JIT compiler to vectorise; exponentials and
/// their relatives, which would not be, are kernels of the table.
final class FloatFunctions {
    /// Functions of two operands by ONNX operator.
    static final Map<String, RowFunction> BINARY = Map.ofEntries(
            Map.entry("Add", (a, b, out, n, _) -> {
                for (int k = 0; k < n; k++) {
                    out[k] = a[k] + b[k];
                }
            }),
            Map.entry("Sub", (a, b, out, n, _) -> {
                for (int k = 0; k < n; k++) {
                    out[k] = a[k] - b[k];
                }
            }),
            Map.entry("Mul", (a, b, out, n, _) -> {
                for (int k = 0; k < n; k++) {
                    out[k] = a[k] * b[k];
                }
            }),
            Map.entry("Div", (a, b, out, n, _) -> {
                for (int k = 0; k < n; k++) {
                    out[k] = a[k] / b[k];
                }
            }),
            Map.entry("Min", (a, b, out, n, _) -> {
                for (int k = 0; k < n; k++) {
                    out[k] = Math.min(a[k], b[k]);
                }
            }),
            Map.entry("Max", (a, b, out, n, _) -> {
                for (int k = 0; k < n; k++) {
                    out[k] = Math.max(a[k], b[k]);
                }
            }),
            Map.entry("Pow", (a, b, out, n, _) -> {
                for (int k = 0; k < n; k++) {
                    float exponent = b[k];
                    // Exports of norms and of GELU raise to 2 and 3, which need no logarithm.
                    out[k] = exponent == 2f ? a[k] * a[k]
                            : exponent == 3f ? a[k] * a[k] * a[k] : (float) Math.pow(a[k], exponent);
                }
            }),
            Map.entry("Mod", (a, b, out, n, _) -> {
                for (int k = 0; k < n; k++) {
                    out[k] = a[k] % b[k];
                }
            }),
            Map.entry("PRelu", (a, b, out, n, _) -> {
                for (int k = 0; k < n; k++) {
                    float x = a[k];
                    out[k] = x < 0f ? x * b[k] : x;
                }
            }));

    static final PlacedFunction SIGMOID = Exponentials::sigmoid;
    /// A number times its sigmoid.
    static final PlacedFunction SILU = Exponentials::silu;
    private static final PlacedFunction TANH = Exponentials::tanh;
    private static final PlacedFunction ERF = Exponentials::erf;
    private static final PlacedFunction EXP = Exponentials::exp;

    private FloatFunctions() {}

    /// {@return a node's function of one operand, or `null` where the operator has none}
    static RowFunction unary(FlowNode node) {
        Attributes attributes = new Attributes(node);
        return switch (node.operator()) {
            case "Relu" -> FloatFunctions::relu;
            case "LeakyRelu" -> leakyRelu(attributes.real("alpha", 0.01f));
            case "Elu" -> elu(attributes.real("alpha", 1f), 1f);
            case "Selu" -> elu(attributes.real("alpha", 1.67326319f), attributes.real("gamma", 1.05070102f));
            case "Sigmoid" -> SIGMOID;
            case "HardSigmoid" -> hardSigmoid(attributes.real("alpha", 0.2f), attributes.real("beta", 0.5f));
            case "HardSwish" -> FloatFunctions::hardSwish;
            case "Tanh" -> TANH;
            case "Erf" -> ERF;
            case "Gelu" -> switch (attributes.text("approximate", "none")) {
                case "none" -> FloatFunctions::gelu;
                case "tanh" -> FloatFunctions::tanhGelu;
                default -> throw new IllegalArgumentException("approximate is "
                        + attributes.text("approximate", "") + ", wanted none or tanh");
            };
            case "Exp" -> EXP;
            case "Log" -> each(Math::log);
            case "Sin" -> each(Math::sin);
            case "Cos" -> each(Math::cos);
            case "Softplus" -> each(x -> x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x)));
            case "Round" -> each(Math::rint);
            case "Floor" -> each(Math::floor);
            case "Ceil" -> each(Math::ceil);
            case "Sign" -> each(Math::signum);
            case "Softsign" -> each(x -> x / (1 + Math.abs(x)));
            case "Reciprocal" -> (a, _, out, n, _) -> {
                for (int k = 0; k < n; k++) {
                    out[k] = 1f / a[k];
                }
            };
            case "Abs" -> (a, _, out, n, _) -> {
                for (int k = 0; k < n; k++) {
                    out[k] = Math.abs(a[k]);
                }
            };
            case "Neg" -> (a, _, out, n, _) -> {
                for (int k = 0; k < n; k++) {
                    out[k] = -a[k];
                }
            };
            case "Sqrt" -> (a, _, out, n, _) -> {
                for (int k = 0; k < n; k++) {
                    out[k] = (float) Math.sqrt(a[k]);
                }
            };
            default -> null;
        };
    }

    /// {@return `clip(x, low, high)`, as opsets before 11 have it}
    static RowFunction clip(float low, float high) {
        return (a, _, out, n, _) -> {
            for (int k = 0; k < n; k++) {
                out[k] = Math.min(Math.max(a[k], low), high);
            }
        };
    }

    private interface Function {
        double of(double x);
    }

    private static RowFunction each(Function function) {
        return (a, _, out, n, _) -> {
            for (int k = 0; k < n; k++) {
                out[k] = (float) function.of(a[k]);
            }
        };
    }

    private static RowFunction leakyRelu(float alpha) {
        return (a, _, out, n, _) -> {
            for (int k = 0; k < n; k++) {
                float x = a[k];
                out[k] = x < 0f ? alpha * x : x;
            }
        };
    }

    private static RowFunction elu(float alpha, float gamma) {
        return each(x -> x < 0 ? gamma * alpha * Math.expm1(x) : gamma * x);
    }

    private static RowFunction hardSigmoid(float alpha, float beta) {
        return (a, _, out, n, _) -> {
            for (int k = 0; k < n; k++) {
                out[k] = Math.max(0f, Math.min(1f, alpha * a[k] + beta));
            }
        };
    }

    private static void relu(float[] a, float[] b, float[] out, int n, Exponentials exponentials) {
        for (int k = 0; k < n; k++) {
            out[k] = Math.max(a[k], 0f);
        }
    }

    private static void hardSwish(float[] a, float[] b, float[] out, int n, Exponentials exponentials) {
        for (int k = 0; k < n; k++) {
            float x = a[k];
            out[k] = x * Math.max(0f, Math.min(1f, x * (1f / 6) + 0.5f));
        }
    }

    private static void gelu(float[] a, float[] b, float[] out, int n, Exponentials exponentials) {
        for (int k = 0; k < n; k++) {
            out[k] = a[k] * 0.70710678f;
        }
        exponentials.erf(out, 0, out, 0, n);
        gate(a, out, n);
    }

    private static void tanhGelu(float[] a, float[] b, float[] out, int n, Exponentials exponentials) {
        for (int k = 0; k < n; k++) {
            float x = a[k];
            out[k] = 0.79788456f * (x + 0.044715f * x * x * x);
        }
        exponentials.tanh(out, 0, out, 0, n);
        gate(a, out, n);
    }

    private static void gate(float[] a, float[] out, int n) {
        for (int k = 0; k < n; k++) {
            out[k] = 0.5f * a[k] * (1f + out[k]);
        }
    }
}
