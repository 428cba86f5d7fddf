package io.github.fovea.kernel;

import static org.junit.jupiter.api.Assertions.fail;

import io.github.fovea.backend.KernelTables;
import io.github.fovea.tensor.Layout;
import io.github.fovea.tensor.TensorView;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// First form of the contract test; replaced by the suite.
class ConvContractTest {
    @Test
    void vectorEqualsDoubleDefinition() {
        KernelTable table = KernelTables.vector();
        SplittableRandom random = new SplittableRandom(1);
        int[] channels = {1, 3, 4, 9, 12, 16, 17, 32};
        int[][] shapes = {{1, 1}, {3, 2}, {1, 17}, {5, 15}, {4, 16}, {3, 33}};
        for (int size : new int[] {1, 3, 5}) {
            for (int cin : channels) {
                for (int cout : channels) {
                    for (int[] s : shapes) {
                        for (Layout layout : Layout.values()) {
                            check(table.conv(size), cin, cout, s[0], s[1], layout, random);
                        }
                    }
                }
            }
        }
    }

    private static void check(Conv conv, int cin, int cout, int h, int w, Layout layout, SplittableRandom random) {
        int size = conv.size();
        TensorView in = TensorView.allocate(layout, cin, h, w, size / 2);
        TensorView out = TensorView.allocate(Layout.BLOCKED16, cout, h, w, 1);
        for (int c = 0; c < cin; c++) {
            for (int y = 0; y < h; y++) {
                for (int x = 0; x < w; x++) {
                    in.set(c, y, x, (float) random.nextDouble(-1, 1));
                }
            }
        }
        float[] weights = new float[cin * cout * size * size];
        float[] bias = new float[(cout + 15) / 16 * 16];
        float[] slopes = new float[bias.length];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) random.nextDouble(-1, 1);
        }
        for (int i = 0; i < cout; i++) {
            bias[i] = (float) random.nextDouble(-1, 1);
            slopes[i] = (float) random.nextDouble(-1, 1);
        }
        float[] packed = new float[conv.packedElements(cin, cout)];
        conv.pack(weights, 0, cin, cout, packed);
        conv.run(in, packed, bias, slopes, out, 0, h);
        int r = size / 2;
        for (int o = 0; o < cout; o++) {
            for (int y = 0; y < h; y++) {
                for (int x = 0; x < w; x++) {
                    double sum = bias[o];
                    double absolute = Math.abs(sum);
                    for (int i = 0; i < cin; i++) {
                        for (int ky = 0; ky < size; ky++) {
                            for (int kx = 0; kx < size; kx++) {
                                int yy = y + ky - r;
                                int xx = x + kx - r;
                                if (yy >= 0 && yy < h && xx >= 0 && xx < w) {
                                    double p = (double) weights[((o * cin + i) * size + ky) * size + kx]
                                            * in.get(i, yy, xx);
                                    sum += p;
                                    absolute += Math.abs(p);
                                }
                            }
                        }
                    }
                    double want = sum < 0 ? sum * slopes[o] : sum;
                    if (!(Math.abs(out.get(o, y, x) - want) <= 1e-5 * absolute)) {
                        fail(size + " " + cin + "->" + cout + " " + h + "x" + w + " " + layout + " at " + o + "," + y + ","
                                + x + ": " + out.get(o, y, x) + " want " + want);
                    }
                }
            }
        }
    }
}
