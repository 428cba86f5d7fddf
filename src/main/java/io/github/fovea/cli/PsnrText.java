package io.github.fovea.cli;

import io.github.fovea.quality.PsnrMeans;
import java.util.Locale;

/// PSNR as it is printed. Frames that come back exactly, such as black ones, have no error to take a logarithm of.
final class PsnrText {
    private PsnrText() {}

    /// {@return a PSNR without its unit, `exact` for infinite, `-` where there is none}
    ///
    /// @param psnr   in dB
    /// @param digits behind the point
    static String number(double psnr, int digits) {
        return Double.isFinite(psnr) ? String.format(Locale.ROOT, "%." + digits + "f", psnr) : psnr > 0 ? "exact" : "-";
    }

    /// {@return a PSNR with its unit, `exact` for infinite, `-` where there is none}
    ///
    /// @param psnr   in dB
    /// @param digits behind the point
    static String of(double psnr, int digits) {
        return number(psnr, digits) + (Double.isFinite(psnr) ? " dB" : "");
    }

    /// {@return the mean of frames' PSNRs; one frame that comes back exactly makes it infinite, and not the others exact}
    ///
    /// @param psnr   the frames
    /// @param digits behind the point
    static String mean(PsnrMeans psnr, int digits) {
        return Double.isFinite(psnr.meanOfPsnrs()) || !Double.isFinite(psnr.psnrOfMeanError())
                ? of(psnr.meanOfPsnrs(), digits) : "infinite";
    }
}
