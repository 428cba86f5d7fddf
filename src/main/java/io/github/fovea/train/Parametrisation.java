package io.github.fovea.train;

/// How the weights of a convolution are held while they are trained. Whatever is trained folds into plain weights, so
/// the exported network is the same for all.
public enum Parametrisation {
    /// The weights themselves.
    PLAIN(4e-3),
    /// Weight normalisation (Salimans and Kingma 2016): `w[o] = g[o] * v[o] / |v[o]|` per output channel.
    WEIGHT_NORM(4e-3),
    /// Linear block (Bhardwaj et al. 2022, SESR): a convolution to [#EXPANDED] channels, a 1x1 convolution back, and,
    /// where both sides have the same channels, an identity, all collapsed into one convolution before it is run:
    /// `w[o][i][k] = sum over p of b[o][p] * a[p][i][k] + identity`. Convolutions of 1x1, and those with more outputs than
    /// that, stay plain.
    LINEAR_BLOCK(2e-3);

    /// Channels inside a linear block.
    public static final int EXPANDED = 64;

    private final double learningRate;

    Parametrisation(double learningRate) {
        this.learningRate = learningRate;
    }

    /// {@return the highest learning rate with which small networks did best on photographs (models/README.md)}
    public double learningRate() {
        return learningRate;
    }
}
