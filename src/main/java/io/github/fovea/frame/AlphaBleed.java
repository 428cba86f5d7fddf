package io.github.fovea.frame;

import java.util.Arrays;

/// Gives transparent pixels near visible ones the colour of their neighbours, so that filters which mix neighbouring
/// colours do not pull the invisible colour of transparent pixels (often black) into visible edges.
///
/// Works outwards one ring a round: a pixel of the next ring gets the mean colour of those of its 8 neighbours that are
/// visible or were filled in an earlier round. After `radius` rounds it stops, so what a pixel gets depends only on
/// pixels at most `radius` away, and a region with a halo of `radius` gives the same result as the whole frame. Pixels
/// with any alpha above 0 are never changed, and alpha never is.
public final class AlphaBleed {
    /// Wide enough for the receptive radius of the bundled networks and for every resampling filter.
    public static final int DEFAULT_RADIUS = 16;

    private AlphaBleed() {
    }

    /// Fills the colour of transparent pixels, in place. Frames without alpha stay as they are.
    ///
    /// @param frame  the frame to change
    /// @param radius how many pixels from a visible one to fill, 0 or more
    public static void bleed(Frame frame, int radius) {
        if (radius < 0) {
            throw new IllegalArgumentException("radius " + radius + ", wanted 0 or more");
        }
        if (!frame.format().layout().hasAlpha() || radius == 0) {
            return;
        }
        int width = frame.format().width();
        int height = frame.format().height();
        int colors = frame.format().layout().planes() - 1;
        short[] alpha = frame.plane(colors).samples();
        // 0: to fill; 1: has a colour; 2: in the ring of this round.
        byte[] state = new byte[alpha.length];
        for (int i = 0; i < alpha.length; i++) {
            state[i] = (byte) (alpha[i] != 0 ? 1 : 0);
        }
        Ring ring = new Ring();
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int i = y * width + x;
                if (state[i] == 0 && touchesColor(state, width, height, x, y)) {
                    ring.add(i);
                }
            }
        }
        for (int round = 0; round < radius && ring.size > 0; round++) {
            for (int k = 0; k < ring.size; k++) {
                int i = ring.pixels[k];
                fill(frame, colors, state, i % width, i / width);
            }
            for (int k = 0; k < ring.size; k++) {
                state[ring.pixels[k]] = 1;
            }
            Ring next = new Ring();
            for (int k = 0; k < ring.size; k++) {
                int x0 = ring.pixels[k] % width;
                int y0 = ring.pixels[k] / width;
                for (int y = Math.max(0, y0 - 1); y <= Math.min(height - 1, y0 + 1); y++) {
                    for (int x = Math.max(0, x0 - 1); x <= Math.min(width - 1, x0 + 1); x++) {
                        int i = y * width + x;
                        if (state[i] == 0) {
                            state[i] = 2;
                            next.add(i);
                        }
                    }
                }
            }
            ring = next;
        }
    }

    private static boolean touchesColor(byte[] state, int width, int height, int x0, int y0) {
        for (int y = Math.max(0, y0 - 1); y <= Math.min(height - 1, y0 + 1); y++) {
            for (int x = Math.max(0, x0 - 1); x <= Math.min(width - 1, x0 + 1); x++) {
                if (state[y * width + x] == 1) {
                    return true;
                }
            }
        }
        return false;
    }

    private static void fill(Frame frame, int colors, byte[] state, int x0, int y0) {
        int width = frame.format().width();
        int height = frame.format().height();
        for (int color = 0; color < colors; color++) {
            short[] samples = frame.plane(color).samples();
            int sum = 0;
            int count = 0;
            for (int y = Math.max(0, y0 - 1); y <= Math.min(height - 1, y0 + 1); y++) {
                for (int x = Math.max(0, x0 - 1); x <= Math.min(width - 1, x0 + 1); x++) {
                    if (state[y * width + x] == 1) {
                        sum += samples[y * width + x] & 0xFFFF;
                        count++;
                    }
                }
            }
            samples[y0 * width + x0] = (short) ((sum + count / 2) / count);
        }
    }

    private static final class Ring {
        private int[] pixels = new int[256];
        private int size;

        void add(int pixel) {
            if (size == pixels.length) {
                pixels = Arrays.copyOf(pixels, size + (size >> 1));
            }
            pixels[size++] = pixel;
        }
    }
}
