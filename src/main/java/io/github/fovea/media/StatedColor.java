package io.github.fovea.media;

import io.github.fovea.frame.ColorDescription;
import io.github.fovea.frame.ColorDescription.Matrix;
import io.github.fovea.frame.FrameFormat;
import java.nio.file.Path;

/// What an encoded video says of its colours.
///
/// A video that does not state its matrix is played by the one that its height suggests ([ColorDescription#resolved]).
/// A result of another height would be played by another matrix, with other colours, so it states what its source was
/// taken for.
final class StatedColor {
    private static final System.Logger LOG = System.getLogger(StatedColor.class.getName());

    private StatedColor() {
    }

    /// {@return the colour description that a file states: the format's own, with the source's matrix where that is not
    /// stated and the two heights suggest different ones, which is logged}
    ///
    /// @param target the file to make
    /// @param format the format of its frames
    /// @param source what it is made from, or null
    static ColorDescription of(Path target, FrameFormat format, FrameSource source) {
        ColorDescription color = format.color();
        if (source == null || !format.layout().isYCbCr() || color.matrix() != Matrix.UNSPECIFIED
                || source instanceof VideoSource video && !video.probe().video().colorSpace().isEmpty()) {
            return color;
        }
        FrameFormat from = source.format().frame();
        Matrix matrix = from.color().resolved(from.height()).matrix();
        if (matrix == color.resolved(format.height()).matrix()) {
            return color;
        }
        LOG.log(System.Logger.Level.INFO, "{0}: the source does not state its colour matrix; {1} is assumed by its "
                + "height of {2} and stated, because players would assume another by the height of {3}", target, matrix,
                Integer.toString(from.height()), Integer.toString(format.height()));
        return new ColorDescription(matrix, color.range(), color.transfer(), color.primaries(), color.siting());
    }
}
