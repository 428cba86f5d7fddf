package io.github.fovea.flow;

/// What the elements of a tensor are while a graph runs. Files know more types; narrower ones widen when they are read.
public enum ElementType {
    /// 32-bit floating point. Half, bfloat16 and double precision are read as this and computed as this: constants and
    /// inputs of these types hold what a float holds, and only a `Cast` to half or bfloat16 rounds to it.
    FLOAT,
    /// 64-bit integer; every signed and unsigned integer type is read as this.
    LONG,
    /// Truth value, kept as 0 or 1.
    BOOLEAN
}
