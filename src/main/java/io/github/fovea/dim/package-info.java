/// Level 0: symbolic whole numbers for the extents of tensors. Sums, products, rounded quotients, remainders, minima
/// and maxima of symbols go in; canonical [io.github.fovea.dim.Dim] forms come out, whose equality proves that two
/// extents are equal for every size of the input, and which are evaluated for a size without allocation.
package io.github.fovea.dim;
