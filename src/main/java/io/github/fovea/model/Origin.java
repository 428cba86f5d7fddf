package io.github.fovea.model;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Where the weights of a model come from and what they are for.
///
/// @param licence      SPDX identifier or a sentence; empty if unknown
/// @param trainingData what the weights were trained on; empty if unknown
/// @param attributions names to be credited, one line each
/// @param figures      measured quality by what was measured, like `Set5 Y-PSNR x2` -> `37.21`
/// @param createdBy    program and command that made the weights
/// @param base         SHA-256 of the weights that training began with ([ModelFile#checksum]), 64 hexadecimal digits;
///                     empty if it began with none
/// @param video        SHA-256 of the bytes of the LR video that the model was trained for, 64 hexadecimal digits;
///                     empty if it is for any video
public record Origin(String licence, String trainingData, List<String> attributions, Map<String, String> figures,
        String createdBy, String base, String video) {
    /// Copies list and map, and checks the hashes.
    ///
    /// @throws IllegalArgumentException if a hash is no SHA-256 in lower-case hexadecimal
    public Origin {
        Objects.requireNonNull(licence, "licence");
        Objects.requireNonNull(trainingData, "trainingData");
        Objects.requireNonNull(createdBy, "createdBy");
        attributions = List.copyOf(attributions);
        figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
        checkHash("base", base);
        checkHash("video", video);
    }

    /// Adds the fields `licence` to `createdBy` to an object; the hashes stand in some files only.
    void write(JsonGenerator json) throws IOException {
        json.writeStringField("licence", licence);
        json.writeStringField("trainingData", trainingData);
        json.writeArrayFieldStart("attributions");
        for (String attribution : attributions) {
            json.writeString(attribution);
        }
        json.writeEndArray();
        json.writeObjectFieldStart("figures");
        for (Map.Entry<String, String> figure : figures.entrySet()) {
            json.writeStringField(figure.getKey(), figure.getValue());
        }
        json.writeEndObject();
        json.writeStringField("createdBy", createdBy);
    }

    /// Adds the same to a summary for people.
    void write(StringBuilder text) {
        ModelSummary.line(text, "licence", stated(licence));
        ModelSummary.line(text, "trained on", stated(trainingData));
        for (String attribution : attributions) {
            ModelSummary.line(text, "credits", attribution);
        }
        ModelSummary.line(text, "created by", stated(createdBy));
        for (Map.Entry<String, String> figure : figures.entrySet()) {
            ModelSummary.line(text, "measured", figure.getKey() + ": " + figure.getValue());
        }
    }

    private static String stated(String text) {
        return text.isBlank() ? "not stated" : text;
    }

    private static void checkHash(String what, String hash) {
        if (!hash.isEmpty() && !hash.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException(what + " is no SHA-256, wanted 64 digits 0-9 a-f, or an empty text");
        }
    }
}
