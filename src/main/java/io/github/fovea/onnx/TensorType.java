package io.github.fovea.onnx;

import io.github.fovea.flow.DataType;
import io.github.fovea.flow.ElementType;

/// How the elements of each [DataType] lie in a file.
enum TensorType {
    FLOAT(DataType.FLOAT, 4, 4),
    UINT8(DataType.UINT8, 1, 5),
    INT8(DataType.INT8, 1, 5),
    UINT16(DataType.UINT16, 2, 5),
    INT16(DataType.INT16, 2, 5),
    INT32(DataType.INT32, 4, 5),
    INT64(DataType.INT64, 8, 7),
    BOOL(DataType.BOOL, 1, 5),
    FLOAT16(DataType.FLOAT16, 2, 5),
    DOUBLE(DataType.DOUBLE, 8, 10),
    UINT32(DataType.UINT32, 4, 11),
    UINT64(DataType.UINT64, 8, 11),
    BFLOAT16(DataType.BFLOAT16, 2, 5);

    private final DataType type;
    private final int rawBytes;
    private final int typedField;

    TensorType(DataType type, int rawBytes, int typedField) {
        this.type = type;
        this.rawBytes = rawBytes;
        this.typedField = typedField;
    }

    /// {@return the type of a number in a file, or `null` if it is none of these}
    static TensorType of(long code) {
        DataType known = DataType.of(code);
        for (TensorType type : values()) {
            if (type.type == known) {
                return type;
            }
        }
        return null;
    }

    /// {@return what a type's number in a file is called, for a message}
    static String name(long code) {
        TensorType type = of(code);
        return type != null ? type.name() : switch (Math.clamp(code, 0, 99)) {
            case 0 -> "UNDEFINED";
            case 8 -> "STRING";
            case 14 -> "COMPLEX64";
            case 15 -> "COMPLEX128";
            case 17, 18, 19, 20 -> "an 8-bit float";
            case 21, 22, 23 -> "a 4-bit number";
            default -> Long.toString(code);
        };
    }

    /// {@return what the elements become}
    ElementType elements() {
        return type.elements();
    }

    /// {@return bytes of an element in `raw_data`}
    int rawBytes() {
        return rawBytes;
    }

    /// {@return the field of a tensor message that holds elements where `raw_data` does not}
    int typedField() {
        return typedField;
    }

    /// {@return bytes of an element in that field; 0 where integers vary in length}
    int typedBytes() {
        return switch (this) {
            case FLOAT -> 4;
            case DOUBLE -> 8;
            default -> 0;
        };
    }

    /// {@return the number that an element's bits mean, for types that become floats}
    ///
    /// @param bits the bits, in the low end
    float real(long bits) {
        return switch (this) {
            case FLOAT -> Float.intBitsToFloat((int) bits);
            case FLOAT16 -> Float.float16ToFloat((short) bits);
            case BFLOAT16 -> Float.intBitsToFloat((int) bits << 16);
            case DOUBLE -> (float) Double.longBitsToDouble(bits);
            default -> throw new IllegalStateException(this + " is no float");
        };
    }

    /// {@return the number that an element's bits mean, for types that become integers or truth values}
    ///
    /// @param bits the bits, in the low end
    long integer(long bits) {
        return switch (this) {
            case UINT8 -> bits & 0xFF;
            case INT8 -> (byte) bits;
            case UINT16 -> bits & 0xFFFF;
            case INT16 -> (short) bits;
            case INT32 -> (int) bits;
            case UINT32 -> bits & 0xFFFF_FFFFL;
            case INT64, UINT64 -> bits;
            case BOOL -> (bits & 0xFF) != 0 ? 1 : 0;
            default -> throw new IllegalStateException(this + " is no integer");
        };
    }
}
