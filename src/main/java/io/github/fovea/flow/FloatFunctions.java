package io.github.fovea.flow;

import java.util.Map;

/// Element-wise functions of floats. Every loop is plain enough for the JIT compiler to vectorise, which is why `erf` and
/// `tanh` are ratios of polynomials and `sigmoid` is a `tanh`: all within 3e-7 of the function itself.
final class FloatFunctions {
    /// Functions of two operands by ONNX operator.
    static final Map<String, RowFunction> BINARY = Map.ofEntries(
            Map.entry("Add", (a, b, out, n) -> {
                for (int k = 0; k < n; k++) {
                    out[k] = a[k] + b[k];
                }
            }),
            Map.entry("Sub", (a, b, out, n) -> {
                for (int k = 0; k < n; k++) {
                    out[k] = a[k] - b[k];
                }
            }),
            Map.entry("Mul", (a, b, out, n) -> {
                for (int k = 0; k < n; k++) {
                    out[k] = a[k] * b[k];
                }
            }),
            Map.entry("Div", (a, b, out, n) -> {
                for (int k = 0; k < n; k++) {
                    out[k] = a[k] / b[k];
                }
            }),
            Map.entry("Min", (a, b, out, n) -> {
                for (int k = 0; k < n; k++) {
                    out[k] = Math.min(a[k], b[k]);
                }
            }),
            Map.entry("Max", (a, b, out, n) -> {
                for (int k = 0; k < n; k++) {
                    out[k] = Math.max(a[k], b[k]);
                }
            }),
            Map.entry("Pow", (a, b, out, n) -> {
                for (int k = 0; k < n; k++) {
                    float exponent = b[k];
                    // Exports of norms and of GELU raise to 2 and 3, which need no logarithm.
                    out[k] = exponent == 2f ? a[k] * a[k]
                            : exponent == 3f ? a[k] * a[k] * a[k] : (float) Math.pow(a[k], exponent);
                }
            }),
            Map.entry("Mod", (a, b, out, n) -> {
                for (int k = 0; k < n; k++) {
                    out[k] = a[k] % b[k];
                }
            }),
            Map.entry("PRelu", (a, b, out, n) -> {
                for (int k = 0; k < n; k++) {
                    float x = a[k];
                    out[k] = x < 0f ? x * b[k] : x;
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
                default -> throw new IllegalArgumentException("approximate is "
                        + attributes.text("approximate", "") + ", wanted none or tanh");
            };
            case "Exp" -> (a, _, out, n) -> exp(a, out, n);
            case "Log" -> each(Math::log);
            case "Sin" -> each(Math::sin);
            case "Cos" -> each(Math::cos);
            case "Softplus" -> each(x -> x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x)));
            case "Round" -> each(Math::rint);
            case "Floor" -> each(Math::floor);
            case "Ceil" -> each(Math::ceil);
            case "Sign" -> each(Math::signum);
            case "Softsign" -> each(x -> x / (1 + Math.abs(x)));
            case "Reciprocal" -> (a, _, out, n) -> {
                for (int k = 0; k < n; k++) {
                    out[k] = 1f / a[k];
                }
            };
            case "Abs" -> (a, _, out, n) -> {
                for (int k = 0; k < n; k++) {
                    out[k] = Math.abs(a[k]);
                }
            };
            case "Neg" -> (a, _, out, n) -> {
                for (int k = 0; k < n; k++) {
                    out[k] = -a[k];
                }
            };
            case "Sqrt" -> (a, _, out, n) -> {
                for (int k = 0; k < n; k++) {
                    out[k] = (float) Math.sqrt(a[k]);
                }
            };
            default -> null;
        };
    }

    /// {@return `clip(x, low, high)`, as opsets before 11 have it}
    static RowFunction clip(float low, float high) {
        return (a, _, out, n) -> {
            for (int k = 0; k < n; k++) {
                out[k] = Math.min(Math.max(a[k], low), high);
            }
        };
    }

    private interface Function {
        double of(double x);
    }

    private static RowFunction each(Function function) {
        return (a, _, out, n) -> {
            for (int k = 0; k < n; k++) {
                out[k] = (float) function.of(a[k]);
            }
        };
    }

    private static RowFunction leakyRelu(float alpha) {
        return (a, _, out, n) -> {
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
        return (a, _, out, n) -> {
            for (int k = 0; k < n; k++) {
                out[k] = Math.max(0f, Math.min(1f, alpha * a[k] + beta));
            }
        };
    }

    private static void relu(float[] a, float[] b, float[] out, int n) {
        for (int k = 0; k < n; k++) {
            out[k] = Math.max(a[k], 0f);
        }
    }

    private static void hardSwish(float[] a, float[] b, float[] out, int n) {
        for (int k = 0; k < n; k++) {
            float x = a[k];
            out[k] = x * Math.max(0f, Math.min(1f, x * (1f / 6) + 0.5f));
        }
    }

    /// Rational approximation of the hyperbolic tangent, as Eigen and ONNX Runtime have it. Not by fused multiply-adds: where a
    /// network multiplies by `sigmoid(x) - 0.5` again and again (SPAN), other roundings here end in other pictures.
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

    private static void tanh(float[] a, float[] b, float[] out, int n) {
        for (int k = 0; k < n; k++) {
            out[k] = tanh(a[k]);
        }
    }

    /// Computes `out[i] = e^a[i]`, rounded once: the power of a 1024th of the exponent from its series, in double, squared ten
    /// times: a softmax over 64 elements takes two thirds of the time that it took with [Math#exp]. Beyond -104 and 89 floats
    /// are zero and infinite.
    static void exp(float[] a, float[] out, int n) {
        for (int k = 0; k < n; k++) {
            double x = Math.max(-104.0, Math.min(89.0, a[k])) * 0x1p-10;
            double y = 1 + x * (1 + x * (1 / 2.0 + x * (1 / 6.0 + x * (1 / 24.0 + x * (1 / 120.0 + x * (1 / 720.0 + x / 5040))))));
            double y2 = y * y;
            double y4 = y2 * y2;
            double y8 = y4 * y4;
            double y16 = y8 * y8;
            double y32 = y16 * y16;
            double y64 = y32 * y32;
            double y128 = y64 * y64;
            double y256 = y128 * y128;
            double y512 = y256 * y256;
            out[k] = (float) (y512 * y512);
        }
    }

    private static void sigmoid(float[] a, float[] b, float[] out, int n) {
        for (int k = 0; k < n; k++) {
            out[k] = 0.5f * tanh(0.5f * a[k]) + 0.5f;
        }
    }

    private static void erf(float[] a, float[] b, float[] out, int n) {
        for (int k = 0; k < n; k++) {
            out[k] = erf(a[k]);
        }
    }

    private static void gelu(float[] a, float[] b, float[] out, int n) {
        for (int k = 0; k < n; k++) {
            float x = a[k];
            out[k] = 0.5f * x * (1f + erf(x * 0.70710678f));
        }
    }

    private static void tanhGelu(float[] a, float[] b, float[] out, int n) {
        for (int k = 0; k < n; k++) {
            float x = a[k];
            out[k] = 0.5f * x * (1f + tanh(0.79788456f * (x + 0.044715f * x * x * x)));
        }
    }
}
