package io.github.fovea.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/// Writes one JSON object to memory.
public final class JsonText {
    private static final JsonFactory FACTORY = new JsonFactory();

    /// Writes the fields of an object.
    @FunctionalInterface
    public interface Fields {
        /// Writes the fields.
        ///
        /// @param json stands inside the object
        /// @throws IOException if the generator does; the target is memory
        void write(JsonGenerator json) throws IOException;
    }

    private JsonText() {}

    /// {@return one JSON object as text}
    ///
    /// @param fields writes what is in it
    public static String object(Fields fields) {
        StringWriter text = new StringWriter();
        try {
            write(FACTORY.createGenerator(text), fields);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /// {@return one JSON object in UTF-8, with what lies beyond the Basic Multilingual Plane escaped}
    ///
    /// @param fields writes what is in it
    public static byte[] utf8(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            write(FACTORY.createGenerator(bytes), fields);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(JsonGenerator generator, Fields fields) throws IOException {
        try (generator) {
            generator.writeStartObject();
            fields.write(generator);
            generator.writeEndObject();
        }
    }

    /// {@return the text with what JSON strings must escape escaped}
    ///
    /// @param text any text
    public static String escape(String text) {
        return new String(JsonStringEncoder.getInstance().quoteAsString(text));
    }

    /// Writes a number; JSON has no infinity, which the PSNR of equal pictures is, so that becomes `null`.
    ///
    /// @param json  stands inside an object
    /// @param name  name of the field
    /// @param value the number
    /// @throws IOException if the generator does; the target is memory
    public static void number(JsonGenerator json, String name, double value) throws IOException {
        json.writeFieldName(name);
        if (Double.isFinite(value)) {
            json.writeNumber(value);
        } else {
            json.writeNull();
        }
    }
}
