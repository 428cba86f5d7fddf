package io.github.fovea.train;

/// Linear least squares by normal equations: the weights `w` of every output that make the sum of `(w * row -
/// wanted)^2` over all rows least.
final class NormalEquations {
    private final int columns;
    private final double[][] products;
    private final double[][] right;

    /// Begins without rows.
    ///
    /// @param columns numbers in a row
    /// @param outputs numbers wanted for every row
    NormalEquations(int columns, int outputs) {
        this.columns = columns;
        products = new double[columns][columns];
        right = new double[outputs][columns];
    }

    /// Adds a row.
    ///
    /// @param row    its numbers; what stands behind the columns does not count
    /// @param wanted what is wanted of it
    void add(double[] row, double[] wanted) {
        for (int i = 0; i < columns; i++) {
            double[] to = products[i];
            double value = row[i];
            for (int j = 0; j <= i; j++) {
                to[j] += value * row[j];
            }
        }
        for (int o = 0; o < right.length; o++) {
            double value = wanted[o];
            for (int i = 0; i < columns; i++) {
                right[o][i] += value * row[i];
            }
        }
    }

    /// Solves by Cholesky decomposition.
    ///
    /// @param ridge added to the diagonal, as a share of its mean, above 0: rows that depend on each other do no harm
    /// @return for every output the weights of the columns
    double[][] solve(double ridge) {
        double mean = 0;
        for (int i = 0; i < columns; i++) {
            mean += products[i][i] / columns;
        }
        double[][] root = new double[columns][columns];
        for (int i = 0; i < columns; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = products[i][j] + (i == j ? ridge * mean + Double.MIN_NORMAL : 0);
                for (int k = 0; k < j; k++) {
                    sum -= root[i][k] * root[j][k];
                }
                root[i][j] = i == j ? Math.sqrt(Math.max(sum, Double.MIN_NORMAL)) : sum / root[j][j];
            }
        }
        double[][] solved = new double[right.length][columns];
        for (int o = 0; o < right.length; o++) {
            double[] x = solved[o];
            for (int i = 0; i < columns; i++) {
                double sum = right[o][i];
                for (int k = 0; k < i; k++) {
                    sum -= root[i][k] * x[k];
                }
                x[i] = sum / root[i][i];
            }
            for (int i = columns - 1; i >= 0; i--) {
                double sum = x[i];
                for (int k = i + 1; k < columns; k++) {
                    sum -= root[k][i] * x[k];
                }
                x[i] = sum / root[i][i];
            }
        }
        return solved;
    }
}
