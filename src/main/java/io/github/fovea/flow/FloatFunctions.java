package io.github.fovea.flow;

import java.util.Map;

/// Element-wise functions of floats. Every loop is plain enough for the JIT compiler to vectorise, which is why `erf` and
/// `tanh` are ratios of polynomials and `sigmoid` is a `tanh`: all within 3e-7 of the function itself.
final class FloatFunctions {
    /// Functions of two operands by ONNX operator.
    static final Map<String, RowFunction> BINARY = Map.ofEntries(
            Map.entry("Add", (a, i, b, j, out, o, n) -> {
                for (int k = 0; k < n; k++) {
                    out[o + k] = a[i + k] + b[j + k];
                }
            }),
            Map.entry("Sub", (a, i, b, j, out, o, n) -> {
                for (int k = 0; k < n; k++) {
                    out[o + k] = a[i + k] - b[j + k];
                }
            }),
            Map.entry("Mul", (a, i, b, j, out, o, n) -> {
                for (int k = 0; k < n; k++) {
                    out[o + k] = a[i + k] * b[j + k];
                }
            }),
            Map.entry("Div", (a, i, b, j, out, o, n) -> {
                for (int k = 0; k < n; k++) {
                    out[o + k] = a[i + k] / b[j + k];
                }
            }),
            Map.entry("Min", (a, i, b, j, out, o, n) -> {
                for (int k = 0; k < n; k++) {
                    out[o + k] = Math.min(a[i + k], b[j + k]);
                }
            }),
            Map.entry("Max", (a, i, b, j, out, o, n) -> {
                for (int k = 0; k < n; k++) {
                    out[o + k] = Math.max(a[i + k], b[j + k]);
                }
            }),
            Map.entry("Pow", (a, i, b, j, out, o, n) -> {
                for (int k = 0; k < n; k++) {
                    float exponent = b[j + k];
                    // Exports of norms and of GELU raise to 2 and 3, which need no logarithm.
                    out[o + k] = exponent == 2f ? a[i + k] * a[i + k]
                            : exponent == 3f ? a[i + k] * a[i + k] * a[i + k] : (float) Math.pow(a[i + k], exponent);
                }
            }),
            Map.entry("Mod", (a, i, b, j, out, o, n) -> {
                for (int k = 0; k < n; k++) {
                    out[o + k] = a[i + k] % b[j + k];
                }
            }),
            Map.entry("PRelu", (a, i, b, j, out, o, n) -> {
                for (int k = 0; k < n; k++) {
                    float x = a[i + k];
                    out[o + k] = x < 0f ? x * b[j + k] : x;
                }
            }));

    private FloatFunctions() {}

    /// {@return a node's function of one operand, or `null` where the operator has none}
    static RowFunction unary(FlowNode node) {
        Attributes attributes = new Attributes(node);
        return switch (node.operator()) {
            case "Relu" -> FloatFunctions::relu;
            case "LeakyRelu" -> leakyRelu(attributes.real("alpha", 0.01f));
            case "Elu" -> elu(attributes.real("alpha", 1f), 1f);
            case "Selu" -> elu(attributes.real("alpha", 1.67326319f), attributes.real("gamma", 1.05070102f));
            case "Sigmoid" -> FloatFunctions::sigmoid;
            case "HardSigmoid" -> hardSigmoid(attributes.real("alpha", 0.2f), attributes.real("beta", 0.5f));
            case "HardSwish" -> FloatFunctions::hardSwish;
            case "Tanh" -> FloatFunctions::tanh;
            case "Erf" -> FloatFunctions::erf;
            case "Gelu" -> switch (attributes.text("approximate", "none")) {
                case "none" -> FloatFunctions::gelu;
                case "tanh" -> FloatFunctions::tanhGelu;
                default -> throw new IllegalArgumentException("Gelu \"" + node.name() + "\": approximate is "
                        + attributes.text("approximate", "") + ", wanted none or tanh");
            };
            case "Exp" -> each(Math::exp);
            case "Log" -> each(Math::log);
            case "Sin" -> each(Math::sin);
            case "Cos" -> each(Math::cos);
            case "Softplus" -> each(x -> x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x)));
            case "Round" -> each(Math::rint);
            case "Floor" -> each(Math::floor);
            case "Ceil" -> each(Math::ceil);
            case "Sign" -> each(Math::signum);
            case "Softsign" -> each(x -> x / (1 + Math.abs(x)));
            case "Reciprocal" -> (a, i, _, _, out, o, n) -> {
                for (int k = 0; k < n; k++) {
                    out[o + k] = 1f / a[i + k];
                }
            };
            case "Abs" -> (a, i, _, _, out, o, n) -> {
                for (int k = 0; k < n; k++) {
                    out[o + k] = Math.abs(a[i + k]);
                }
            };
            case "Neg" -> (a, i, _, _, out, o, n) -> {
                for (int k = 0; k < n; k++) {
                    out[o + k] = -a[i + k];
                }
            };
            case "Sqrt" -> (a, i, _, _, out, o, n) -> {
                for (int k = 0; k < n; k++) {
                    out[o + k] = (float) Math.sqrt(a[i + k]);
                }
            };
            default -> null;
        };
    }

    /// {@return `clip(x, low, high)`, as opsets before 11 have it}
    static RowFunction clip(float low, float high) {
        return (a, i, _, _, out, o, n) -> {
            for (int k = 0; k < n; k++) {
                out[o + k] = Math.min(Math.max(a[i + k], low), high);
            }
        };
    }

    private interface Function {
        double of(double x);
    }

    private static RowFunction each(Function function) {
        return (a, i, _, _, out, o, n) -> {
            for (int k = 0; k < n; k++) {
                out[o + k] = (float) function.of(a[i + k]);
            }
        };
    }

    private static RowFunction leakyRelu(float alpha) {
        return (a, i, _, _, out, o, n) -> {
            for (int k = 0; k < n; k++) {
                float x = a[i + k];
                out[o + k] = x < 0f ? alpha * x : x;
            }
        };
    }

    private static RowFunction elu(float alpha, float gamma) {
        return each(x -> x < 0 ? gamma * alpha * Math.expm1(x) : gamma * x);
    }

    private static RowFunction hardSigmoid(float alpha, float beta) {
        return (a, i, _, _, out, o, n) -> {
            for (int k = 0; k < n; k++) {
                out[o + k] = Math.max(0f, Math.min(1f, alpha * a[i + k] + beta));
            }
        };
    }

    private static void relu(float[] a, int i, float[] b, int j, float[] out, int o, int n) {
        for (int k = 0; k < n; k++) {
            out[o + k] = Math.max(a[i + k], 0f);
        }
    }

    private static void hardSwish(float[] a, int i, float[] b, int j, float[] out, int o, int n) {
        for (int k = 0; k < n; k++) {
            float x = a[i + k];
            out[o + k] = x * Math.max(0f, Math.min(1f, x * (1f / 6) + 0.5f));
        }
    }

    /// Rational approximation of the hyperbolic tangent, as Eigen and ONNX Runtime have it.
    private static float tanh(float value) {
        float x = Math.max(-7.90531110763549805f, Math.min(7.90531110763549805f, value));
        float square = x * x;
        float p = -2.76076847742355e-16f;
        p = p * square + 2.00018790482477e-13f;
        p = p * square - 8.60467152213735e-11f;
        p = p * square + 5.12229709037114e-08f;
        p = p * square + 1.48572235717979e-05f;
        p = p * square + 6.37261928875436e-04f;
        p = p * square + 4.89352455891786e-03f;
        float q = 1.19825839466702e-06f;
        q = q * square + 1.18534705686654e-04f;
        q = q * square + 2.26843463243900e-03f;
        q = q * square + 4.89352518554385e-03f;
        return x * p / q;
    }

    /// Rational approximation of the error function, as Eigen and TensorFlow have it.
    private static float erf(float value) {
        float x = Math.max(-4f, Math.min(4f, value));
        float square = x * x;
        float p = -2.72614225801306e-10f;
        p = p * square + 2.77068142495902e-08f;
        p = p * square - 2.10102402082508e-06f;
        p = p * square - 5.69250639462346e-05f;
        p = p * square - 7.34990630326855e-04f;
        p = p * square - 2.95459980854025e-03f;
        p = p * square - 1.60960333262415e-02f;
        float q = -1.45660718464996e-05f;
        q = q * square - 2.13374055278905e-04f;
        q = q * square - 1.68282697438203e-03f;
        q = q * square - 7.37332916720468e-03f;
        q = q * square - 1.42647390514189e-02f;
        return x * p / q;
    }

    private static void tanh(float[] a, int i, float[] b, int j, float[] out, int o, int n) {
        for (int k = 0; k < n; k++) {
            out[o + k] = tanh(a[i + k]);
        }
    }

    private static void sigmoid(float[] a, int i, float[] b, int j, float[] out, int o, int n) {
        for (int k = 0; k < n; k++) {
            out[o + k] = 0.5f * tanh(0.5f * a[i + k]) + 0.5f;
        }
    }

    private static void erf(float[] a, int i, float[] b, int j, float[] out, int o, int n) {
        for (int k = 0; k < n; k++) {
            out[o + k] = erf(a[i + k]);
        }
    }

    private static void gelu(float[] a, int i, float[] b, int j, float[] out, int o, int n) {
        for (int k = 0; k < n; k++) {
            float x = a[i + k];
            out[o + k] = 0.5f * x * (1f + erf(x * 0.70710678f));
        }
    }

    private static void tanhGelu(float[] a, int i, float[] b, int j, float[] out, int o, int n) {
        for (int k = 0; k < n; k++) {
            float x = a[i + k];
            out[o + k] = 0.5f * x * (1f + tanh(0.79788456f * (x + 0.044715f * x * x * x)));
        }
    }
}
