package io.github.fovea.model;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.fovea.error.MalformedFileException;
import io.github.fovea.json.JsonTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// [TexturePoints] as object `texture` of a description, and back.
final class TextureJson {
    private TextureJson() {}

    static void write(MetaModel model, TexturePoints texture, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeNumberField("columns", texture.columns());
        json.writeNumberField("rows", texture.rows());
        json.writeStringField("score", texture.score());
        RoutingJson.numbers("thresholds", texture.thresholds(), json);
        RoutingJson.numbers("shares", texture.shares(), json);
        json.writeArrayFieldStart("points");
        long[] macs = model.macsPerPixel();
        for (int i = 0; i < texture.points().size(); i++) {
            TexturePoint point = texture.points().get(i);
            json.writeStartObject();
            json.writeStringField("name", point.name());
            json.writeNumberField("psnr", point.psnr());
            json.writeArrayFieldStart("paths");
            for (int path : point.paths()) {
                json.writeNumber(path);
            }
            json.writeEndArray();
            // For people; readers compute what follows.
            json.writeNumberField("macsPerPixel", Math.round(point.macsPerPixel(macs, texture.shares())));
            json.writeNumberField("parameterBytes", model.parameterBytes(point));
            json.writeNumberField("changedNodesToNext", i + 1 < texture.points().size() ? model.changedNodes(point,
                    texture.points().get(i + 1)) : 0);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    static TexturePoints read(Object element, String where) throws MalformedFileException {
        String at = where + ": texture";
        Map<?, ?> fields = JsonTree.map(element, "texture", where);
        List<?> list = JsonTree.list(fields, "points", at);
        if (list.size() > MetaModel.MAX_POINTS) {
            throw new MalformedFileException(at, -1, list.size() + " points, wanted at most " + MetaModel.MAX_POINTS);
        }
        List<TexturePoint> points = new ArrayList<>();
        try {
            for (Object each : list) {
                String of = at + ": point " + points.size();
                Map<?, ?> point = JsonTree.map(each, "it", of);
                List<Integer> paths = new ArrayList<>();
                for (Object path : JsonTree.list(point, "paths", of)) {
                    paths.add((int) Math.min(MetaModel.MAX_POINTS + 1, JsonTree.whole(path, "a path", of)));
                }
                points.add(new TexturePoint(JsonTree.name(point, "name", StoredModel.MAX_NAME, of), paths,
                        MetaJson.decimal(point, "psnr", of)));
            }
            return new TexturePoints(JsonTree.integer(fields, "columns", at), JsonTree.integer(fields, "rows", at),
                    JsonTree.name(fields, "score", StoredModel.MAX_NAME, at), RoutingJson.numbers(fields, "thresholds",
                    at), RoutingJson.numbers(fields, "shares", at), points);
        } catch (IllegalArgumentException e) {
            throw new MalformedFileException(at, -1, e.getMessage() + "; search the points again");
        }
    }
}
