package io.github.fovea.flow;

/// Takes what a convolution has computed, while it is in the cache, and makes the step's result of it.
interface RowSink {
    /// Takes a run of the convolution's product.
    ///
    /// @param from    array of the product
    /// @param at      index of the run's first element there
    /// @param element number of that element in the result, as it is stored
    /// @param count   how many
    void take(float[] from, int at, int element, int count);
}
