package io.github.fovea.frame;

import java.util.ArrayList;
import java.util.List;

/// A picture: a format and its planes.
///
/// @param format what the planes are
/// @param planes the planes, of the sizes that the format's layout gives
public record Frame(FrameFormat format, List<Plane> planes) {
    /// Checks that the planes fit the format.
    public Frame {
        planes = List.copyOf(planes);
        if (planes.size() != format.layout().planes()) {
            throw new IllegalArgumentException(format.layout() + " has " + format.layout().planes() + " planes, got "
                    + planes.size());
        }
        for (int i = 0; i < planes.size(); i++) {
            Plane plane = planes.get(i);
            int width = planeWidth(format, i);
            int height = planeHeight(format, i);
            if (plane.width() != width || plane.height() != height || plane.bitDepth() != format.bitDepth()) {
                throw new IllegalArgumentException("plane " + i + " is " + plane.width() + "x" + plane.height() + " of "
                        + plane.bitDepth() + " bit, wanted " + width + "x" + height + " of " + format.bitDepth()
                        + " bit");
            }
        }
    }

    /// {@return a frame of zeros}
    ///
    /// @param format its format
    public static Frame allocate(FrameFormat format) {
        List<Plane> planes = new ArrayList<>();
        for (int i = 0; i < format.layout().planes(); i++) {
            planes.add(new Plane(planeWidth(format, i), planeHeight(format, i), format.bitDepth()));
        }
        return new Frame(format, planes);
    }

    private static int planeWidth(FrameFormat format, int plane) {
        return format.layout().planeWidth(plane, format.width());
    }

    private static int planeHeight(FrameFormat format, int plane) {
        return format.layout().planeHeight(plane, format.height());
    }

    /// {@return plane `i`}
    ///
    /// @param i index, in the order of the layout
    public Plane plane(int i) {
        return planes.get(i);
    }
}
