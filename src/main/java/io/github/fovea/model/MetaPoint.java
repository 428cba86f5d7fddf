package io.github.fovea.model;

import java.util.List;
import java.util.Objects;

/// An operating point of a [MetaModel]: a sub-graph and how good it was measured to be.
///
/// @param name    name of the point, 1 to 200 characters
/// @param choices the choice vector, see [io.github.fovea.network.MetaGraph]
/// @param psnr    measured quality in dB, on the measure that [MetaModel#measure] names
public record MetaPoint(String name, List<Integer> choices, double psnr) {
    /// Copies the list and checks that the quality is a number.
    public MetaPoint {
        Objects.requireNonNull(name, "name");
        choices = List.copyOf(choices);
        if (!Double.isFinite(psnr)) {
            throw new IllegalArgumentException("operating point " + name + " has a quality of " + psnr + ", wanted dB");
        }
    }

    /// {@return the choice vector}
    public int[] vector() {
        return choices.stream().mapToInt(Integer::intValue).toArray();
    }
}
