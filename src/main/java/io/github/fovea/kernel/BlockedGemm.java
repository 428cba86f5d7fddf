package io.github.fovea.kernel;

/// Product of matrices `C = bias + A B` into blocks of 16 rows, in which the rows of `B` may lie anywhere in an array:
/// [IndirectGemm] for results in blocks of channels. A row of `A` is an output channel, a column of `B` a pixel; a
/// table names the place of every tap of every input channel.
///
/// Source: Dukhan 2019, "The Indirect Convolution Algorithm" (arXiv 1907.02129), with the register tile of Georganas et
/// al. 2018, "Anatomy of high-performance deep learning convolutions on SIMD architectures" (arXiv 1808.05567).
///
/// Kernels are stateless. The left factor is brought into the kernel's own order once by [#pack].
public interface BlockedGemm {
    /// Rows of a block of the product.
    int BLOCK = 16;

    /// {@return how many columns of the product are computed together where there are as many}
    int columns();

    /// {@return the number of floats of a packed left factor}
    ///
    /// @param m rows of the product
    /// @param k length of the sums
    int packedElements(int m, int k);

    /// Brings a left factor into order.
    ///
    /// @param a      the factor `[m][k]`
    /// @param m      its rows
    /// @param k      its columns
    /// @param packed receives [#packedElements] floats, from its first on
    void pack(float[] a, int m, int k, float[] packed);

    /// Computes `c[i / 16][j][i % 16] = bias[i] + sum over p of a[i][p] * b[bFrom + places[p] + j * step]` for whole
    /// blocks: rows from `m` on are their bias. Allocates nothing.
    ///
    /// @param packed the left factor as [#pack] left it
    /// @param bias   a number for each row, those up to a multiple of 16 included
    /// @param b      array of the right factor's rows; not that of `c`, or elsewhere in it
    /// @param bFrom  index to which places are added
    /// @param places place of each row of the right factor, `k` of them
    /// @param step   distance of neighbours in a row of the right factor: 1 or 2, or 16 or 32 for pixels in blocks
    /// @param c      array of the product
    /// @param cFrom  index of `c[0][0][0]`
    /// @param cBlock distance from a block to the next
    /// @param m      rows of the product
    /// @param n      columns of the product
    /// @param k      length of the sums; at least 1
    void run(float[] packed, float[] bias, float[] b, int bFrom, int[] places, int step, float[] c, int cFrom,
            int cBlock, int m, int n, int k);
}
