package io.github.fovea.kernel;

/// Product of matrices `C = bias + A B` in which the rows of `B` may lie anywhere in an array, and may overlap: a table
/// names their places. A convolution is one: every tap of its window sees the same planes from another place, so
/// nothing needs to be laid out as columns.
///
/// Source: Dukhan 2019, "The Indirect Convolution Algorithm" (arXiv 1907.02129), here with planes in place of pixels.
///
/// Kernels are stateless. The left factor is brought into the kernel's own order once by [#pack].
public interface IndirectGemm {
    /// {@return how many rows of the product are computed together}
    int rows();

    /// {@return the number of rows of a packed left factor of `m` rows, and of its bias: the next multiple of [#rows]}
    ///
    /// @param m rows of the product
    default int packedRows(int m) {
        return (m + rows() - 1) / rows() * rows();
    }

    /// {@return the number of floats of scratch memory that [#run] needs}
    default int scratchElements() {
        return 0;
    }

    /// Brings a left factor into order, `[m / rows][k][rows]`, with zeros for rows behind the last.
    ///
    /// @param a      the factor `[m][k]`
    /// @param aFrom  index of its first element
    /// @param m      its rows
    /// @param k      its columns
    /// @param packed receives [#packedRows] times `k` floats
    /// @param to     index of the first
    default void pack(float[] a, int aFrom, int m, int k, float[] packed, int to) {
        int rows = rows();
        for (int i = 0; i < packedRows(m); i++) {
            for (int p = 0; p < k; p++) {
                packed[to + (i / rows * k + p) * rows + i % rows] = i < m ? a[aFrom + i * k + p] : 0f;
            }
        }
    }

    /// Computes `c[i][j] = bias[i] + sum over p of a[i][p] * b[bFrom + places[p] + j * step]`. Allocates nothing.
    ///
    /// @param packed     the left factor as [#pack] left it
    /// @param packedFrom index of its first element
    /// @param bias       a number for each of [#packedRows]
    /// @param biasFrom   index of the first
    /// @param b          array of the right factor's rows; not that of `c`, or elsewhere in it
    /// @param bFrom      index to which places are added
    /// @param places     place of each row of the right factor, `k` of them; each has `n * step` floats
    /// @param step       distance of neighbours in a row of the right factor
    /// @param c          array of the product
    /// @param cFrom      index of `c[0][0]`
    /// @param cRow       distance from `c[i][j]` to `c[i + 1][j]`
    /// @param m          rows of the product
    /// @param n          columns of the product
    /// @param k          length of the sums; at least 1
    /// @param scratch    holds [#scratchElements] floats of any content; `null` where none are needed
    void run(float[] packed, int packedFrom, float[] bias, int biasFrom, float[] b, int bFrom, int[] places, int step,
            float[] c, int cFrom, int cRow, int m, int n, int k, float[] scratch);
}
