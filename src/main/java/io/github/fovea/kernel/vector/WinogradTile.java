package io.github.fovea.kernel.vector;

/// One register tile of the products of [WinogradConv]: some tiles of a strip by some vectors of output channels, at some of the
/// points.
interface WinogradTile {
    /// Points of a tile, six down the columns by six along the rows.
    int POINTS = 36;

    /// {@return neighbouring tiles that are computed together; divides the strip}
    int tiles();

    /// {@return vectors of output channels that are computed together}
    int vectors();

    /// {@return input channels, which are the floats from a point's inputs to the next one's}
    int channels();

    /// {@return floats from a point's products to the next one's} Where they are as many as [#channels], products may take the place of
    /// the inputs that they are made of.
    int products();

    /// {@return points that are computed together, at most; divides [#POINTS]}
    int points();

    /// Makes `m[tile][point][output] = v[tile][point][channel] u[point][channel][output]`, summed over the input channels.
    ///
    /// @param scratch holds transformed inputs, `[tile][36 points][channel]`, and receives products, `[tile][36 points][vectors][lanes]`,
    ///                points [#products] apart
    /// @param v       index of the first input
    /// @param m       index of the first product; may be `v` where [#products] are as many as [#channels]
    /// @param u       transformed weights `[point][channel][vectors][lanes]`
    /// @param uFrom   index of the first
    /// @param points  how many points, at most as many as the tile computes together
    void run(float[] scratch, int v, int m, float[] u, int uFrom, int points);

    /// Adds the same sums to the products that are there.
    ///
    /// @param scratch as in [#run]
    /// @param v       index of the first input
    /// @param m       index of the first product; not `v`
    /// @param u       transformed weights `[point][channel][vectors][lanes]`
    /// @param uFrom   index of the first
    /// @param points  how many points, at most as many as the tile computes together
    void add(float[] scratch, int v, int m, float[] u, int uFrom, int points);
}
