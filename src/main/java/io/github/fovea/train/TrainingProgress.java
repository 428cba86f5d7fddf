package io.github.fovea.train;

/// Where training stands.
///
/// @param step           steps done
/// @param share          share of the work done, 0 to 1
/// @param loss           mean loss since the last report
/// @param heldOutPsnr    PSNR in dB on pictures held out, of the averaged weights, when it was last measured; NaN
///                       before
/// @param baselinePsnr   the same for the network's skip alone, that is bicubic; NaN where the network has none
/// @param stepsPerSecond speed since the last report
/// @param elapsedNanos   time spent training, interruptions left out
/// @param remainingNanos estimate of the time left
public record TrainingProgress(
        long step, double share, double loss, double heldOutPsnr, double baselinePsnr, double stepsPerSecond,
        long elapsedNanos, long remainingNanos) {}
