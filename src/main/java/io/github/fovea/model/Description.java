package io.github.fovea.model;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.fovea.error.MalformedFileException;
import io.github.fovea.json.JsonText;
import io.github.fovea.json.JsonTree;
import io.github.fovea.network.DynamicNetwork;
import io.github.fovea.network.NetworkPath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What a model file says beside its tensors: the JSON text under the key `fovea`. Version 1 describes a [StoredModel],
/// its network under `graph`; version 2 a [DynamicModel], with `paths`, `routing` and hashes instead; version 3 a
/// [MetaModel], with `meta` instead; version 4 what version 2 does, and `segments`.
///
/// @param version version of the format: 1 to 4
/// @param name    see [DynamicModel]
/// @param network see [DynamicModel]
/// @param domain  see [DynamicModel]
/// @param paths   see [DynamicModel]
/// @param routing see [DynamicModel]
/// @param origin  see [DynamicModel]
/// @param meta    the meta-graph of version 3, whose best point is the only path; else `null`
/// @param segments the segments of version 4; else `null`
record Description(int version, String name, String network, Domain domain, List<NetworkPath> paths, Routing routing,
        Origin origin, MetaJson meta, SegmentTensors segments) {
    /// The version that a model of one path is written in.
    static final int VERSION = 1;
    /// The version that a model with paths is written in.
    static final int PATHS_VERSION = 2;
    /// The version that a meta-graph is written in.
    static final int META_VERSION = 3;
    /// The version that a model is written in whose weights change along the video, and the newest that is read.
    static final int SEGMENTS_VERSION = 4;

    /// The one normalisation there is; named in the file so that a reader of another program need not guess.
    private static final String INPUT = "code / (2^bits - 1) - 0.5";

    static String write(StoredModel model) {
        return JsonText.object(json -> {
            begin(json, VERSION, DynamicModel.of(model));
            json.writeFieldName("graph");
            GraphJson.write(model.graph(), json);
        });
    }

    static String write(DynamicModel model) {
        return JsonText.object(json -> {
            boolean segments = model.segments().count() > 0;
            begin(json, segments ? SEGMENTS_VERSION : PATHS_VERSION, model);
            if (segments) {
                json.writeFieldName("segments");
                SegmentTensors.write(model.segments(), json);
            }
            json.writeStringField("base", model.origin().base());
            json.writeStringField("video", model.origin().video());
            json.writeFieldName("routing");
            RoutingJson.write(model.routing(), json);
            json.writeArrayFieldStart("paths");
            for (NetworkPath path : model.paths()) {
                json.writeStartObject();
                json.writeStringField("name", path.name());
                json.writeStringField("network", path.network());
                json.writeNumberField("receptiveRadius", path.graph().receptiveRadius());
                json.writeFieldName("graph");
                GraphJson.write(path.graph(), json);
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    static String write(MetaModel model) {
        return JsonText.object(json -> {
            DynamicModel best = DynamicModel.of(model.standAlone(model.points().getLast()));
            begin(json, META_VERSION, new DynamicModel(best.name(), best.network(), best.domain(), best.paths(),
                    best.parameters(), best.routing(), model.origin()));
            json.writeFieldName("meta");
            MetaJson.write(model, json);
        });
    }

    private static void begin(JsonGenerator json, int version, DynamicModel model) throws IOException {
        json.writeNumberField("version", version);
        json.writeStringField("name", model.name());
        json.writeStringField("network", model.network());
        json.writeStringField("domain", model.domain().name().toLowerCase(Locale.ROOT));
        json.writeStringField("input", INPUT);
        json.writeNumberField("scale", model.scale());
        if (version == VERSION) {
            json.writeNumberField("receptiveRadius", model.paths().getFirst().graph().receptiveRadius());
        }
        model.origin().write(json);
    }

    static Description read(String text, String where) throws MalformedFileException {
        String at = where + ": description";
        Map<String, Object> fields = ModelFile.JSON.object(text, at, -1);
        int version = JsonTree.integer(fields, "version", at);
        if (version < VERSION || version > SEGMENTS_VERSION) {
            throw JsonTree.wrong(at, "version", fields.get("version"), VERSION + " to " + SEGMENTS_VERSION + "; "
                    + (version > SEGMENTS_VERSION ? "use a newer version of Fovea" : "export the model again"));
        }
        String input = JsonTree.string(fields, "input", at);
        if (!input.equals(INPUT)) {
            throw JsonTree.wrong(at, "input", input, '"' + INPUT + '"');
        }
        String name = JsonTree.name(fields, "name", StoredModel.MAX_NAME, at);
        String network = JsonTree.string(fields, "network", at);
        Domain domain = domain(fields, at);
        boolean several = version == PATHS_VERSION || version == SEGMENTS_VERSION;
        MetaJson meta = version == META_VERSION
                ? MetaJson.read(fields.get("meta"), network, JsonTree.integer(fields, "scale", at), where) : null;
        if (meta != null && meta.meta().channels() != domain.channels()) {
            throw JsonTree.wrong(at, "channels", meta.meta().channels(), domain.channels() + ", which " + domain
                    + " has");
        }
        List<NetworkPath> paths = several ? paths(fields, domain, where)
                : meta != null ? List.of(new NetworkPath("path1", network,
                        meta.meta().subGraph(meta.points().getLast().vector())))
                : List.of(new NetworkPath("path1", network, GraphJson.read(JsonTree.list(fields, "graph", at), where)));
        stated(fields, "scale", paths.getFirst().graph().scale(), at);
        Routing routing = several ? RoutingJson.read(fields.get("routing"), where) : Routing.onePath();
        try {
            routing.check(paths.size());
            paths.forEach(path -> path.graph().parameters().keySet().forEach(StoredModel::checkParameterName));
            return new Description(version, name, network, domain, paths, routing, origin(fields, several, at), meta,
                    version == SEGMENTS_VERSION ? SegmentTensors.read(fields.get("segments"), where) : null);
        } catch (IllegalArgumentException e) {
            throw new MalformedFileException(at, -1, e.getMessage() + "; export the model again");
        }
    }

    private static List<NetworkPath> paths(Map<?, ?> fields, Domain domain, String where)
            throws MalformedFileException {
        List<?> list = JsonTree.list(fields, "paths", where + ": description");
        if (list.isEmpty() || list.size() > DynamicNetwork.MAX_PATHS) {
            throw new MalformedFileException(where, -1, list.size() + " paths, wanted 1 to " + DynamicNetwork.MAX_PATHS
                    + "; a newer version of Fovea may read the file");
        }
        List<NetworkPath> paths = new ArrayList<>();
        for (Object element : list) {
            String at = where + ": path " + (paths.size() + 1);
            Map<?, ?> path = JsonTree.map(element, "it", at);
            paths.add(new NetworkPath(JsonTree.name(path, "name", StoredModel.MAX_NAME, at),
                    JsonTree.string(path, "network", at), GraphJson.read(JsonTree.list(path, "graph", at), at)));
        }
        try {
            DynamicModel.checkPaths(paths, domain);
            DynamicNetwork.parameters(paths);
        } catch (IllegalArgumentException e) {
            throw new MalformedFileException(where, -1, e.getMessage() + "; export the model again");
        }
        return paths;
    }

    private static Origin origin(Map<?, ?> fields, boolean hashes, String at) throws MalformedFileException {
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
        return new Origin(JsonTree.string(fields, "licence", at), JsonTree.string(fields, "trainingData", at),
                attributions, figures, JsonTree.string(fields, "createdBy", at), hashes ? JsonTree.string(fields,
                "base", at) : "", hashes ? JsonTree.string(fields, "video", at) : "");
    }

    /// The scale follows from the graph and is stored for people; a file that contradicts itself is refused.
    private static void stated(Map<?, ?> fields, String field, int computed, String at) throws MalformedFileException {
        if (JsonTree.integer(fields, field, at) != computed) {
            throw JsonTree.wrong(at, field, fields.get(field), computed
                    + ", which the graph has; export the model again");
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
