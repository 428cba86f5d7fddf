package io.github.fovea.onnx;

import com.google.protobuf.CodedInputStream;
import io.github.fovea.error.MalformedFileException;
import io.github.fovea.json.JsonTree;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Reads the fields of one protobuf message that lies in an array, and knows the byte offset in the file at every
/// moment.
///
/// Text is decoded here and not by protobuf-java, whose decoder calls `sun.misc.Unsafe`, of which newer JVMs warn.
final class ProtoReader {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED32 = 5;

    private final byte[] bytes;
    private final Range range;
    private final String where;
    private final CodedInputStream in;
    private int tag;

    /// A part of the file.
    ///
    /// @param begin offset of its first byte
    /// @param end   offset after its last byte
    record Range(int begin, int end) {
        int length() {
            return end - begin;
        }
    }

    /// Starts before the first field of a message.
    ///
    /// @param bytes the whole file
    /// @param range where the message lies
    /// @param where what to call the file in errors
    ProtoReader(byte[] bytes, Range range, String where) {
        this.bytes = bytes;
        this.range = range;
        this.where = where;
        in = CodedInputStream.newInstance(bytes, range.begin(), range.length());
    }

    /// {@return a reader of a message inside this one}
    ProtoReader inside(Range message) {
        return new ProtoReader(bytes, message, where);
    }

    /// {@return the byte offset in the file of what comes next}
    int offset() {
        return range.begin() + in.getTotalBytesRead();
    }

    /// {@return where this message lies}
    Range range() {
        return range;
    }

    /// {@return the error that something is wrong at a place}
    MalformedFileException malformed(int at, String what) {
        return new MalformedFileException(where, at, what);
    }

    private MalformedFileException broken(int at, IOException cause) {
        MalformedFileException e = malformed(at, "this is no ONNX file, or a damaged one: " + cause.getMessage());
        e.initCause(cause);
        return e;
    }

    /// Goes to the next field, whose value must then be read or skipped.
    ///
    /// @return whether there is one
    boolean next() throws MalformedFileException {
        int at = offset();
        try {
            tag = in.readTag();
            return tag != 0;
        } catch (IOException e) {
            throw broken(at, e);
        }
    }

    /// {@return the number of the field}
    int field() {
        return tag >>> 3;
    }

    /// Passes over the field's value.
    void skip() throws MalformedFileException {
        int at = offset();
        try {
            in.skipField(tag);
        } catch (IOException e) {
            throw broken(at, e);
        }
    }

    private void want(int wireType, String what) throws MalformedFileException {
        if ((tag & 7) != wireType) {
            throw malformed(offset(), "field " + field() + " is of wire type " + (tag & 7) + ", wanted " + wireType
                    + " for " + what + "; this is no ONNX file, or a damaged one");
        }
    }

    /// {@return the integer of the field}
    ///
    /// @param what what it is, for errors
    long integer(String what) throws MalformedFileException {
        want(VARINT, what);
        return varint();
    }

    private long varint() throws MalformedFileException {
        int at = offset();
        try {
            return in.readRawVarint64();
        } catch (IOException e) {
            throw broken(at, e);
        }
    }

    /// {@return the 32-bit float of the field}
    ///
    /// @param what what it is, for errors
    float real(String what) throws MalformedFileException {
        want(FIXED32, what);
        int at = offset();
        try {
            return Float.intBitsToFloat(in.readRawLittleEndian32());
        } catch (IOException e) {
            throw broken(at, e);
        }
    }

    /// {@return where the field's bytes lie, which are passed over}
    ///
    /// @param what what they are, for errors
    Range bytes(String what) throws MalformedFileException {
        want(LENGTH_DELIMITED, what);
        int at = offset();
        long length = varint();
        int begin = offset();
        if (length < 0 || length > range.end() - begin) {
            throw malformed(at, what + " of " + Long.toUnsignedString(length) + " bytes, " + (range.end() - begin)
                    + " are left; the file is truncated or damaged, copy it again");
        }
        try {
            in.skipRawBytes((int) length);
        } catch (IOException e) {
            throw broken(at, e);
        }
        return new Range(begin, begin + (int) length);
    }

    /// {@return the text of the field}
    ///
    /// @param what     what it is, for errors
    /// @param maxBytes longest that is read
    String text(String what, int maxBytes) throws MalformedFileException {
        Range text = bytes(what);
        if (text.length() > maxBytes) {
            throw malformed(text.begin(), what + " of " + text.length() + " bytes, wanted at most " + maxBytes);
        }
        if (text.length() == 0) {
            return "";
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, text.begin(), text.length()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed(text.begin(), what + " is not UTF-8; this is no ONNX file, or a damaged one");
        }
    }

    /// Takes the elements of a repeated number, one by one.
    interface Elements {
        /// Takes one.
        ///
        /// @param bits the integer, or the bits of a float of 4 or 8 bytes
        void take(long bits) throws MalformedFileException;
    }

    /// Reads the field as one or more (packed) numbers of a repeated field.
    ///
    /// @param elementBytes 0 for integers of varying length, 4 or 8 for floats
    /// @param what         what they are, for errors
    /// @param elements     takes them
    void repeated(int elementBytes, String what, Elements elements) throws MalformedFileException {
        int single = elementBytes == 0 ? VARINT : elementBytes == 4 ? FIXED32 : FIXED64;
        if ((tag & 7) != LENGTH_DELIMITED) {
            want(single, what);
            elements.take(element(elementBytes));
            return;
        }
        Range packed = bytes(what);
        if (elementBytes != 0 && packed.length() % elementBytes != 0) {
            throw malformed(packed.begin(), what + ": " + packed.length() + " bytes are no whole number of elements of "
                    + elementBytes + " bytes");
        }
        ProtoReader inner = inside(packed);
        while (inner.offset() < packed.end()) {
            elements.take(inner.element(elementBytes));
        }
    }

    private long element(int elementBytes) throws MalformedFileException {
        int at = offset();
        try {
            return switch (elementBytes) {
                case 0 -> in.readRawVarint64();
                case 4 -> in.readRawLittleEndian32();
                default -> in.readRawLittleEndian64();
            };
        } catch (IOException e) {
            throw broken(at, e);
        }
    }

    /// {@return how many numbers the field holds, which are passed over}
    ///
    /// @param elementBytes 0 for integers of varying length, 4 or 8 for floats
    /// @param what         what they are, for errors
    int count(int elementBytes, String what) throws MalformedFileException {
        if ((tag & 7) != LENGTH_DELIMITED) {
            skip();
            return 1;
        }
        Range packed = bytes(what);
        if (elementBytes != 0) {
            return packed.length() / elementBytes;
        }
        int count = 0;
        for (int i = packed.begin(); i < packed.end(); i++) {
            count += bytes[i] >= 0 ? 1 : 0; // the last byte of an integer has its top bit clear
        }
        return count;
    }

    /// {@return a little-endian view of bytes}
    ByteBuffer buffer(Range of) {
        return ByteBuffer.wrap(bytes, of.begin(), of.length()).order(ByteOrder.LITTLE_ENDIAN);
    }

    /// {@return a name for a message, in quotes}
    static String quoted(String name) {
        return '"' + JsonTree.printable(name) + '"';
    }
}
