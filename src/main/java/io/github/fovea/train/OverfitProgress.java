package io.github.fovea.train;

/// Where overfitting stands.
///
/// @param step           steps done
/// @param share          share of the work done, 0 to 1
/// @param loss           mean loss since the last report
/// @param last           the latest point of the curve
/// @param bicubicPsnr    PSNR-Y in dB of bicubic enlargement on the same frames
/// @param cooling        whether held-out frames gain no more and training is coming to its end
/// @param stepsPerSecond speed since the last report
/// @param elapsedNanos   time spent, interruptions left out
/// @param remainingNanos estimate of the time left
public record OverfitProgress(
        long step, double share, double loss, CurvePoint last, double bicubicPsnr, boolean cooling,
        double stepsPerSecond, long elapsedNanos, long remainingNanos) {}
