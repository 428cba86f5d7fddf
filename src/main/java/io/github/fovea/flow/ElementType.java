package io.github.fovea.flow;

/// What the elements of a tensor are while a graph runs. Files know more types; narrower ones widen when they are read.
public enum ElementType {
    /// 32-bit floating point; half, bfloat16 and double precision are read as this.
    FLOAT,
    /// 64-bit integer; every signed and unsigned integer type is read as this.
    LONG,
    /// Truth value, kept as 0 or 1.
    BOOLEAN
}
