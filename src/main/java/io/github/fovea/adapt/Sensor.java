package io.github.fovea.adapt;

/// Something that reports what a machine has to give.
@FunctionalInterface
public interface Sensor {
    /// {@return what the machine reports now; blocks for no longer than reading a few small files takes}
    Sensing sense();
}
