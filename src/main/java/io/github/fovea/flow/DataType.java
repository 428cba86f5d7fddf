package io.github.fovea.flow;

/// The element types of ONNX that can be computed with here, and their numbers in files and in `Cast`: those of
/// `TensorProto.DataType`.
public enum DataType {
    /// 32-bit floating point.
    FLOAT(1, ElementType.FLOAT),
    /// Unsigned 8-bit integer.
    UINT8(2, ElementType.LONG),
    /// 8-bit integer.
    INT8(3, ElementType.LONG),
    /// Unsigned 16-bit integer.
    UINT16(4, ElementType.LONG),
    /// 16-bit integer.
    INT16(5, ElementType.LONG),
    /// 32-bit integer.
    INT32(6, ElementType.LONG),
    /// 64-bit integer.
    INT64(7, ElementType.LONG),
    /// Truth value.
    BOOL(9, ElementType.BOOLEAN),
    /// 16-bit floating point of IEEE 754.
    FLOAT16(10, ElementType.FLOAT),
    /// 64-bit floating point.
    DOUBLE(11, ElementType.FLOAT),
    /// Unsigned 32-bit integer.
    UINT32(12, ElementType.LONG),
    /// Unsigned 64-bit integer.
    UINT64(13, ElementType.LONG),
    /// The upper half of a 32-bit floating point number.
    BFLOAT16(16, ElementType.FLOAT);

    private final int code;
    private final ElementType elements;

    DataType(int code, ElementType elements) {
        this.code = code;
        this.elements = elements;
    }

    /// {@return the type of a number in a file, or `null` if it is none of these}
    ///
    /// @param code the number
    public static DataType of(long code) {
        for (DataType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        return null;
    }

    /// {@return what the elements become}
    public ElementType elements() {
        return elements;
    }
}
