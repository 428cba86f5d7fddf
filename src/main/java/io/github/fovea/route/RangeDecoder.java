package io.github.fovea.route;

/// Reads what [RangeEncoder] wrote.
final class RangeDecoder {
    private final byte[] bytes;
    private int at = 1;
    private int range = -1;
    private int code;

    /// @param bytes all bytes, at least 5; the first is not looked at: it takes the encoder's carries, of which there
    ///              are none before the second, and is 0
    RangeDecoder(byte[] bytes) {
        this.bytes = bytes;
        for (int i = 0; i < 4; i++) {
            code = code << 8 | next();
        }
    }

    private int next() {
        int value = at < bytes.length ? bytes[at] & 0xFF : 0;
        at++;
        return value;
    }

    /// {@return the next answer}
    ///
    /// @param probability of a yes, in 1/4096
    boolean answer(int probability) {
        int bound = (range >>> 12) * probability;
        boolean yes = Integer.compareUnsigned(code, bound) < 0;
        if (yes) {
            range = bound;
        } else {
            code -= bound;
            range -= bound;
        }
        while (range >>> 24 == 0) {
            range <<= 8;
            code = code << 8 | next();
        }
        return yes;
    }

    /// {@return whether exactly all bytes were used}
    boolean complete() {
        return at == bytes.length;
    }

    /// {@return whether more was read than there is}
    boolean beyond() {
        return at > bytes.length;
    }
}
