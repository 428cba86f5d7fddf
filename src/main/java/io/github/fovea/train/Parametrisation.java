package io.github.fovea.train;

/// How the weights of a convolution are held while they are trained. Whatever is trained folds into plain weights, so
/// the exported network is the same for all.
public enum Parametrisation {
    /// The weights themselves.
    PLAIN,
    /// Weight normalisation (Salimans and Kingma 2016): `w[o] = g[o] * v[o] / |v[o]|` per output channel.
    WEIGHT_NORM,
    /// Linear block (Bhardwaj et al. 2022, SESR): a convolution to [#EXPANDED] channels, a 1x1 convolution back, and,
    /// where both sides have the same channels, an identity, all collapsed into one convolution before it is run:
    /// `w[o][i][k] = sum over p of b[o][p] * a[p][i][k] + identity`.
    LINEAR_BLOCK;

    /// Channels inside a linear block.
    public static final int EXPANDED = 64;
}
