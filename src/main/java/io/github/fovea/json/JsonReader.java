package io.github.fovea.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import io.github.fovea.error.MalformedFileException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads small JSON texts of untrusted files into trees, within limits; [JsonTree] takes the trees apart.
///
/// Objects become maps in the order of the text, arrays lists, strings strings, numbers [JsonTree.Number]s.
public final class JsonReader {
    /// What a text may hold.
    ///
    /// @param depth         deepest nesting of objects and arrays
    /// @param values        most values in one text
    /// @param nameLength    most characters of a field's name
    /// @param numberLength  most characters of a number
    /// @param stringLength  most characters of a string
    /// @param repeatedNames whether an object may hold a name twice; the last one counts
    public record Limits(
            int depth, int values, int nameLength, int numberLength, int stringLength, boolean repeatedNames) {}

    private final JsonFactory factory;
    private final Limits limits;
    private final String remedy;

    /// Makes a reader, of use to any number of threads.
    ///
    /// @param limits what a text may hold
    /// @param remedy what to do about a text that cannot be read
    public JsonReader(Limits limits, String remedy) {
        this.limits = limits;
        this.remedy = remedy;
        factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(limits.depth)
                        .maxNameLength(limits.nameLength).maxNumberLength(limits.numberLength)
                        .maxStringLength(limits.stringLength).build())
                .configure(StreamReadFeature.STRICT_DUPLICATE_DETECTION, !limits.repeatedNames)
                // Names of an untrusted file are not worth keeping for the life of the process.
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .build();
    }

    /// {@return the one object that a text holds}
    ///
    /// @param text   the text
    /// @param where  what to call the text in errors
    /// @param offset byte offset of the text in its file, or -1 where positions in the text say nothing
    /// @throws MalformedFileException if the text is anything else, or beyond the limits
    public Map<String, Object> object(String text, String where, long offset) throws MalformedFileException {
        return new Reading(text, where, offset).object();
    }

    /// One text under way.
    private final class Reading {
        private final String text;
        private final String where;
        private final long offset;
        private int values;

        Reading(String text, String where, long offset) {
            this.text = text;
            this.where = where;
            this.offset = offset;
        }

        Map<String, Object> object() throws MalformedFileException {
            try (JsonParser parser = factory.createParser(text)) {
                if (parser.nextToken() != JsonToken.START_OBJECT) {
                    throw new MalformedFileException(where, offset, "no JSON object begins here; " + remedy);
                }
                Map<String, Object> object = readObject(parser);
                if (parser.nextToken() != null) {
                    throw new MalformedFileException(where, at(parser), "more text follows the JSON object");
                }
                return object;
            } catch (JsonProcessingException e) {
                throw unreadable(e);
            } catch (MalformedFileException e) {
                throw e;
            } catch (IOException e) {
                throw new MalformedFileException(where, offset, "JSON cannot be read: " + e.getMessage());
            }
        }

        private long at(JsonParser parser) {
            return at(parser.currentTokenLocation());
        }

        private long at(JsonLocation place) {
            if (offset < 0 || place == null) {
                return offset;
            }
            int characters = Math.clamp(place.getCharOffset(), 0, text.length());
            return offset + text.substring(0, characters).getBytes(StandardCharsets.UTF_8).length;
        }

        /// The parser's own messages speak of its settings and of positions of its own, which tell a user nothing.
        private MalformedFileException unreadable(JsonProcessingException e) {
            JsonLocation place = e.getLocation();
            String line = place == null || offset >= 0 ? "" : " at line " + place.getLineNr() + ", column "
                    + place.getColumnNr();
            String what = switch (e) {
                case JsonEOFException _ -> "the text ends too early";
                case StreamConstraintsException _ -> "deeper than " + limits.depth
                        + " levels, or with a name, number or text longer than " + limits.nameLength + ", "
                        + limits.numberLength + " or " + limits.stringLength + " characters";
                default -> JsonTree.printable(e.getOriginalMessage().replaceFirst(" \\(code \\d+[^)]*\\)", "")
                        .replaceFirst("(?s): .*", ""));
            };
            return new MalformedFileException(where, at(place), "JSON cannot be read" + line + ": " + what + "; "
                    + remedy);
        }

        private Map<String, Object> readObject(JsonParser parser) throws IOException {
            Map<String, Object> object = new LinkedHashMap<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                object.put(name, readValue(parser));
            }
            return object;
        }

        private Object readValue(JsonParser parser) throws IOException {
            if (++values > limits.values) {
                throw new MalformedFileException(where, at(parser), "more than " + limits.values + " JSON values");
            }
            JsonToken token = parser.currentToken();
            if (token == null) {
                throw new MalformedFileException(where, offset, "JSON ends too early");
            }
            return switch (token) {
                case START_OBJECT -> readObject(parser);
                case START_ARRAY -> {
                    List<Object> list = new ArrayList<>();
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        list.add(readValue(parser));
                    }
                    yield list;
                }
                case VALUE_STRING -> parser.getText();
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new JsonTree.Number(parser.getText());
                case VALUE_TRUE -> Boolean.TRUE;
                case VALUE_FALSE -> Boolean.FALSE;
                // A map may hold null, and no accessor takes it.
                case VALUE_NULL -> null;
                case END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                    throw new MalformedFileException(where, at(parser), "JSON value wanted");
            };
        }
    }
}
