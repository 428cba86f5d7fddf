package io.github.fovea.model;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.fovea.error.MalformedFileException;
import io.github.fovea.json.JsonTree;
import io.github.fovea.network.MetaGraph;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The part of a description that tells of a meta-graph and its points: object `meta`.
///
/// @param meta    the meta-graph
/// @param points  its operating points
/// @param measure what their quality was measured on
/// @param bicubic the quality of bicubic on that
/// @param texture points by texture class, where the file has them
record MetaJson(MetaGraph meta, List<MetaPoint> points, String measure, double bicubic,
        Optional<TexturePoints> texture) {
    static void write(MetaModel model, JsonGenerator json) throws IOException {
        MetaGraph meta = model.meta();
        json.writeStartObject();
        json.writeNumberField("channels", meta.channels());
        json.writeStringField("measure", model.measure());
        json.writeNumberField("bicubic", model.bicubic());
        json.writeArrayFieldStart("points");
        for (int i = 0; i < model.points().size(); i++) {
            MetaPoint point = model.points().get(i);
            json.writeStartObject();
            json.writeStringField("name", point.name());
            json.writeNumberField("psnr", point.psnr());
            json.writeArrayFieldStart("choices");
            for (int choice : point.choices()) {
                json.writeNumber(choice);
            }
            json.writeEndArray();
            // For people; readers compute what follows.
            json.writeNumberField("macsPerPixel", meta.subGraph(point.vector()).macsPerPixel());
            json.writeNumberField("parameterBytes", 4 * meta.subGraph(point.vector()).parameterElements());
            json.writeNumberField("changedNodesToNext", i + 1 < model.points().size() ? model.changedNodes(i) : 0);
            json.writeEndObject();
        }
        json.writeEndArray();
        if (model.texture().isPresent()) {
            json.writeFieldName("texture");
            TextureJson.write(model, model.texture().get(), json);
        }
        json.writeEndObject();
    }

    /// {@return the shapes of the tensors that a file holds: those that the points use must be there, others may be}
    ///
    /// @param present what the file names
    Map<String, int[]> shapes(Set<String> present) {
        Map<String, int[]> shapes = meta.parameters();
        Map<String, int[]> used = MetaModel.shapes(meta, points);
        shapes.keySet().removeIf(name -> !used.containsKey(name) && !present.contains(name));
        return shapes;
    }

    static MetaJson read(Object element, String network, int scale, String where) throws MalformedFileException {
        String at = where + ": meta";
        Map<?, ?> fields = JsonTree.map(element, "meta", at);
        List<?> list = JsonTree.list(fields, "points", at);
        if (list.size() > MetaModel.MAX_POINTS) {
            throw new MalformedFileException(at, -1, list.size() + " points, wanted at most " + MetaModel.MAX_POINTS);
        }
        List<MetaPoint> points = new ArrayList<>();
        try {
            MetaGraph meta = MetaGraph.named(network, scale, JsonTree.integer(fields, "channels", at));
            for (Object point : list) {
                String of = at + ": point " + points.size();
                Map<?, ?> object = JsonTree.map(point, "it", of);
                List<Integer> choices = new ArrayList<>();
                for (Object choice : JsonTree.list(object, "choices", of)) {
                    long value = JsonTree.whole(choice, "a choice", of);
                    choices.add(Math.clamp(value, -1, 1000));
                }
                points.add(new MetaPoint(JsonTree.name(object, "name", StoredModel.MAX_NAME, of), choices,
                        decimal(object, "psnr", of)));
            }
            double bicubic = decimal(fields, "bicubic", at);
            MetaModel.checkPoints(meta, points, bicubic);
            Optional<TexturePoints> texture = fields.get("texture") == null ? Optional.empty()
                    : Optional.of(TextureJson.read(fields.get("texture"), at));
            if (texture.isPresent()) {
                texture.get().check(MetaModel.macsPerPixel(meta, points));
            }
            return new MetaJson(meta, points, JsonTree.string(fields, "measure", at), bicubic, texture);
        } catch (IllegalArgumentException e) {
            throw new MalformedFileException(at, -1, e.getMessage() + "; search the points again");
        }
    }

    /// The shortest decimal of the float: what stood in the file, up to seven digits.
    static double decimal(Map<?, ?> object, String field, String where) throws MalformedFileException {
        return Double.parseDouble(Float.toString(JsonTree.real(object, field, where)));
    }
}
