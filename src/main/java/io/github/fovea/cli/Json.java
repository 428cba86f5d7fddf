package io.github.fovea.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/// Writes one JSON object to a string.
final class Json {
    private static final JsonFactory FACTORY = new JsonFactory();

    /// Writes the fields of an object.
    @FunctionalInterface
    interface Fields {
        /// Writes the fields.
        ///
        /// @param json stands inside the object
        /// @throws IOException never, the target is memory
        void write(JsonGenerator json) throws IOException;
    }

    private Json() {}

    /// {@return one JSON object as text}
    ///
    /// @param fields writes what is in it
    static String object(Fields fields) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /// {@return the text with what JSON strings must escape escaped}
    ///
    /// @param text any text
    static String escape(String text) {
        return new String(JsonStringEncoder.getInstance().quoteAsString(text));
    }

    /// Writes a number; JSON has no infinity, which the PSNR of equal pictures is, so that becomes `null`.
    ///
    /// @param json  stands inside an object
    /// @param name  name of the field
    /// @param value the number
    /// @throws IOException never, the target is memory
    static void number(JsonGenerator json, String name, double value) throws IOException {
        json.writeFieldName(name);
        if (Double.isFinite(value)) {
            json.writeNumber(value);
        } else {
            json.writeNull();
        }
    }
}
