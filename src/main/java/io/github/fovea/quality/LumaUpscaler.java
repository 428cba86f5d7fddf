package io.github.fovea.quality;

/// What the published protocol measures: something that enlarges a plane of luma.
@FunctionalInterface
public interface LumaUpscaler {
    /// Enlarges a plane. Values are code values, 0 to `maximum`, of studio range (black 16, white 235 at 8 bit); they
    /// are not integers, because the protocol keeps its LR picture in float.
    ///
    /// @param lr      `[1][height][width]`, row after row without gaps
    /// @param width   samples in an LR row
    /// @param height  LR rows
    /// @param maximum the largest code value, 255 for 8 bit
    /// @param sr      receives `[1][scale * height][scale * width]`, row after row without gaps
    void upscale(float[] lr, int width, int height, int maximum, float[] sr);
}
