package io.github.fovea.route;

import java.util.Arrays;

/// Which of a frame's (or a video's) patches are cut in four.
public sealed interface SplitRule {
    /// {@return whether each patch is split}
    ///
    /// @param scores difficulty of each patch
    /// @param macs   multiply-adds that splitting each patch adds, at least 0; only a budget looks at them
    boolean[] split(double[] scores, long[] macs);

    /// All patches that reach a score. Dy-DCA: 40 dB, that is -40 with [ReferencePsnr].
    ///
    /// @param threshold the score
    record Fixed(double threshold) implements SplitRule {
        @Override
        public boolean[] split(double[] scores, long[] macs) {
            boolean[] split = new boolean[scores.length];
            for (int i = 0; i < split.length; i++) {
                split[i] = scores[i] >= threshold;
            }
            return split;
        }
    }

    /// The hardest share of the patches.
    ///
    /// @param share 0 to 1; rounded to whole patches
    record Quantile(double share) implements SplitRule {
        /// Checks the range.
        public Quantile {
            if (!(share >= 0 && share <= 1)) {
                throw new IllegalArgumentException("share " + share + " of the patches, wanted 0 to 1");
            }
        }

        @Override
        public boolean[] split(double[] scores, long[] macs) {
            return hardest(scores, null, Math.round(share * scores.length));
        }
    }

    /// The hardest patches that a budget pays for: in the order of their scores until the next is too dear.
    ///
    /// @param macs multiply-adds that splitting may add
    record Budget(long macs) implements SplitRule {
        /// Checks the range.
        public Budget {
            if (macs < 0) {
                throw new IllegalArgumentException("budget of " + macs + " MACs, wanted at least 0");
            }
        }

        @Override
        public boolean[] split(double[] scores, long[] cost) {
            return hardest(scores, cost, macs);
        }
    }

    /// Takes patches from the hardest on while their costs (1 each for `null`) fit; the earlier of two equal ones
    /// first.
    private static boolean[] hardest(double[] scores, long[] costs, long budget) {
        Integer[] order = new Integer[scores.length];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        Arrays.sort(order, (a, b) -> Double.compare(scores[b], scores[a]));
        boolean[] split = new boolean[scores.length];
        long left = budget;
        for (int i : order) {
            left -= costs == null ? 1 : costs[i];
            if (left < 0) {
                break;
            }
            split[i] = true;
        }
        return split;
    }
}
