package io.github.fovea.train;

import java.util.List;

/// A point of the training curve.
///
/// @param step   steps done
/// @param nanos  time spent, interruptions left out
/// @param loss   mean loss since the point before; NaN at the start
/// @param psnr   PSNR-Y in dB of every path on held-out frames, of the averaged weights; on trained frames where the
///               clip is too short to hold one out
public record CurvePoint(long step, long nanos, double loss, List<Double> psnr) {
    /// Copies the list.
    public CurvePoint {
        psnr = List.copyOf(psnr);
    }

    /// {@return the mean over the paths}
    public double meanPsnr() {
        return psnr.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
    }
}
