package io.github.fovea.route;

import java.util.Arrays;

/// Adaptive probabilities of a cell's path given those of the cell to its left, above it, and in its place one frame
/// before.
///
/// A path is coded as a chain of yes-or-no questions, "is it the one of the frame before?", then "is it 0?", "1?"...
/// without the one ruled out. Each question in each of the 216 contexts learns: fast at first, then with a rate of
/// 1/64.
final class CellModel {
    /// A neighbour that lies outside the frame or before the first frame.
    static final int NONE = 5;
    /// Probabilities are 12-bit; at most this certain, so that no symbol is free and a file bounds what it unpacks to.
    static final int LEAST = 24;

    private static final int VALUES = 6;
    private static final int QUESTIONS = 6;

    private final short[] probability = new short[VALUES * VALUES * VALUES * QUESTIONS];
    private final byte[] seen = new byte[probability.length];

    CellModel() {
        Arrays.fill(probability, (short) (1 << 14));
    }

    /// {@return the index of the first question in a context}
    static int context(int left, int above, int before) {
        return ((left * VALUES + above) * VALUES + before) * QUESTIONS;
    }

    /// {@return the probability of a yes, in 1/4096}
    int yes(int question) {
        return Math.clamp(probability[question] >> 3, LEAST, 4096 - LEAST);
    }

    /// Learns an answer.
    void learn(int question, boolean yes) {
        int n = Math.min(63, seen[question] + 1);
        seen[question] = (byte) n;
        int p = probability[question];
        probability[question] = (short) (p + ((yes ? 32767 : 0) - p) / (n + 1));
    }
}
