package io.github.fovea.model;

/// What kind of picture a network takes and gives.
public enum Domain {
    /// One plane of luma, in the code values that the picture has (studio range for video).
    LUMA(1),
    /// Red, green, blue, full range.
    RGB(3);

    private final int channels;

    Domain(int channels) {
        this.channels = channels;
    }

    /// {@return the channels of the network's input and output}
    public int channels() {
        return channels;
    }
}
