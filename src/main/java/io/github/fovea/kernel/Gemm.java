package io.github.fovea.kernel;

/// Product of matrices, `C = A B` or `C += A B`, with `A` of `m x k`, `B` of `k x n` and `C` of `m x n` floats inside
/// arrays. Rows of `B` and `C` are contiguous; `A` may be read transposed by its strides.
public interface Gemm {
    /// {@return the number of floats of scratch memory that [#run] needs}
    default int scratchElements() {
        return 0;
    }

    /// Computes `c[i][j] = (add ? c[i][j] : 0) + sum over p of a[i][p] * b[p][j]`. Allocates nothing.
    ///
    /// @param a       array of the left factor; not that of `c`, or elsewhere in it
    /// @param aFrom   index of `a[0][0]`
    /// @param aRow    distance from `a[i][p]` to `a[i + 1][p]`
    /// @param aColumn distance from `a[i][p]` to `a[i][p + 1]`
    /// @param b       array of the right factor; not that of `c`, or elsewhere in it
    /// @param bFrom   index of `b[0][0]`
    /// @param bRow    distance from `b[p][j]` to `b[p + 1][j]`
    /// @param c       array of the product
    /// @param cFrom   index of `c[0][0]`
    /// @param cRow    distance from `c[i][j]` to `c[i + 1][j]`
    /// @param m       rows of the product
    /// @param n       columns of the product
    /// @param k       length of the sums; with 0 they are empty
    /// @param add     whether the product is added to what `c` holds
    /// @param scratch holds [#scratchElements] floats of any content; `null` where none are needed
    void run(float[] a, int aFrom, int aRow, int aColumn, float[] b, int bFrom, int bRow, float[] c, int cFrom,
            int cRow, int m, int n, int k, boolean add, float[] scratch);
}
