package io.github.fovea.route;

import java.io.ByteArrayOutputStream;

/// A binary range coder with carry propagation (Martin 1979; the form of LZMA's).
final class RangeEncoder {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private long low;
    private int range = -1;
    private int cache;
    private long pending = 1;

    /// Codes an answer.
    ///
    /// @param probability of a yes, in 1/4096, 1 to 4095
    /// @param yes         the answer
    void code(int probability, boolean yes) {
        int bound = (range >>> 12) * probability;
        if (yes) {
            range = bound;
        } else {
            low += bound & 0xFFFFFFFFL;
            range -= bound;
        }
        while (range >>> 24 == 0) {
            range <<= 8;
            shift();
        }
    }

    private void shift() {
        if (low < 0xFF000000L || low > 0xFFFFFFFFL) {
            int carry = (int) (low >>> 32);
            int next = cache;
            for (; pending > 0; pending--) {
                out.write(next + carry);
                next = 0xFF;
            }
            cache = (int) (low >>> 24) & 0xFF;
        }
        pending++;
        low = low << 8 & 0xFFFFFFFFL;
    }

    /// {@return all bytes; nothing may be coded after}
    byte[] finish() {
        for (int i = 0; i < 5; i++) {
            shift();
        }
        return out.toByteArray();
    }
}
