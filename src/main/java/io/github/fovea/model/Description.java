package io.github.fovea.model;

import io.github.fovea.error.MalformedFileException;
import io.github.fovea.graph.Graph;
import io.github.fovea.json.JsonText;
import io.github.fovea.json.JsonTree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What a model file says beside its tensors: the JSON text under the key `fovea`.
///
/// @param name         see [StoredModel]
/// @param network      see [StoredModel]
/// @param domain       see [StoredModel]
/// @param graph        see [StoredModel]
/// @param licence      see [StoredModel]
/// @param trainingData see [StoredModel]
/// @param attributions see [StoredModel]
/// @param figures      see [StoredModel]
/// @param createdBy    see [StoredModel]
record Description(String name, String network, Domain domain, Graph graph, String licence, String trainingData,
        List<String> attributions, Map<String, String> figures, String createdBy) {
    /// The version of the format that is written, and the newest that is read.
    static final int VERSION = 1;

    /// The one normalisation there is; named in the file so that a reader of another program need not guess.
    private static final String INPUT = "code / (2^bits - 1) - 0.5";

    static String write(StoredModel model) {
        return JsonText.object(json -> {
            json.writeNumberField("version", VERSION);
            json.writeStringField("name", model.name());
            json.writeStringField("network", model.network());
            json.writeStringField("domain", model.domain().name().toLowerCase(Locale.ROOT));
            json.writeStringField("input", INPUT);
            json.writeNumberField("scale", model.scale());
            json.writeNumberField("receptiveRadius", model.graph().receptiveRadius());
            json.writeStringField("licence", model.licence());
            json.writeStringField("trainingData", model.trainingData());
            json.writeArrayFieldStart("attributions");
            for (String attribution : model.attributions()) {
                json.writeString(attribution);
            }
            json.writeEndArray();
            json.writeObjectFieldStart("figures");
            for (Map.Entry<String, String> figure : model.figures().entrySet()) {
                json.writeStringField(figure.getKey(), figure.getValue());
            }
            json.writeEndObject();
            json.writeStringField("createdBy", model.createdBy());
            json.writeFieldName("graph");
            GraphJson.write(model.graph(), json);
        });
    }

    static Description read(String text, String where) throws MalformedFileException {
        String at = where + ": description";
        Map<String, Object> fields = ModelFile.JSON.object(text, at, -1);
        int version = JsonTree.integer(fields, "version", at);
        if (version != VERSION) {
            throw JsonTree.wrong(at, "version", fields.get("version"), VERSION + "; "
                    + (version > VERSION ? "use a newer version of Fovea" : "export the model again"));
        }
        String input = JsonTree.string(fields, "input", at);
        if (!input.equals(INPUT)) {
            throw JsonTree.wrong(at, "input", input, '"' + INPUT + '"');
        }
        Graph graph = GraphJson.read(JsonTree.list(fields, "graph", at), where);
        stated(fields, "scale", graph.scale(), at);
        List<String> attributions = new ArrayList<>();
        for (Object attribution : JsonTree.list(fields, "attributions", at)) {
            if (!(attribution instanceof String line)) {
                throw JsonTree.wrong(at, "an attribution", attribution, "a text");
            }
            attributions.add(line);
        }
        Map<String, String> figures = new LinkedHashMap<>();
        Map<?, ?> stored = JsonTree.map(fields.get("figures"), "figures", at);
        for (Object what : stored.keySet()) {
            figures.put((String) what, JsonTree.string(stored, (String) what, at));
        }
        return new Description(JsonTree.name(fields, "name", StoredModel.MAX_NAME, at),
                JsonTree.string(fields, "network", at), domain(fields, at), graph, JsonTree.string(fields, "licence", at),
                JsonTree.string(fields, "trainingData", at), attributions, figures,
                JsonTree.string(fields, "createdBy", at));
    }

    /// The scale follows from the graph and is stored for people; a file that contradicts itself is refused.
    private static void stated(Map<?, ?> fields, String field, int computed, String at) throws MalformedFileException {
        if (JsonTree.integer(fields, field, at) != computed) {
            throw JsonTree.wrong(at, field, fields.get(field), computed + ", which the graph has; export the model again");
        }
    }

    private static Domain domain(Map<?, ?> fields, String at) throws MalformedFileException {
        String label = JsonTree.string(fields, "domain", at);
        for (Domain domain : Domain.values()) {
            if (domain.name().toLowerCase(Locale.ROOT).equals(label)) {
                return domain;
            }
        }
        throw JsonTree.wrong(at, "domain", label, "luma or rgb");
    }
}
