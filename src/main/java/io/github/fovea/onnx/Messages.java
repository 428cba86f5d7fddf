package io.github.fovea.onnx;

import io.github.fovea.error.MalformedFileException;
import io.github.fovea.flow.Attribute;
import io.github.fovea.flow.Constant;
import io.github.fovea.flow.FlowInput;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The messages of an ONNX file (onnx.proto3) but tensors. Field numbers are the format's.
final class Messages {
    /// Most graphs inside one another.
    static final int MAX_NESTING = 8;
    /// Most nodes of all graphs of a file.
    static final int MAX_NODES = 100_000;
    /// Most names of values, attributes and operator sets of a file.
    static final int MAX_NAMES = 2_000_000;
    /// Most elements of all attributes of a file; longer lists are tensors.
    static final int MAX_ATTRIBUTE_ELEMENTS = 1 << 20;

    private int nodes;
    private int names;
    private int elements;

    /// What a file holds beside its tensors and nodes.
    ///
    /// @param graph     the graph
    /// @param functions functions of the file's own
    /// @param opset     version of the default operator set; 0 where the file names none
    /// @param producer  program that wrote the file
    record RawModel(RawGraph graph, Map<FunctionCalls.Key, FunctionCalls.Function> functions, long opset,
            String producer) {}

    /// {@return the model of a file}
    RawModel model(ProtoReader reader) throws MalformedFileException {
        RawGraph graph = null;
        Map<FunctionCalls.Key, FunctionCalls.Function> functions = new LinkedHashMap<>();
        long opset = 0;
        String producer = "";
        while (reader.next()) {
            switch (reader.field()) {
                case 2 -> producer = reader.text("the producer's name", TensorMessage.MAX_NAME_BYTES);
                case 7 -> {
                    if (graph != null) {
                        throw reader.malformed(reader.offset(), "a second graph; wanted one");
                    }
                    graph = graph(reader.inside(reader.bytes("the graph")), 1);
                }
                case 8 -> opset = opset(reader, opset);
                case 25 -> {
                    FunctionCalls.Function function = function(reader.inside(reader.bytes("a function")));
                    if (functions.put(function.key(), function) != null) {
                        throw reader.malformed(reader.offset(), "function "
                                + ProtoReader.quoted(function.key().operator()) + " twice; wanted one");
                    }
                }
                default -> reader.skip();
            }
        }
        if (graph == null) {
            throw reader.malformed(reader.offset(), "no graph in it; this is no ONNX file, or a damaged one");
        }
        return new RawModel(graph, functions, opset, producer);
    }

    /// The version that an operator set states if it is the default one, else the version known before.
    private long opset(ProtoReader reader, long known) throws MalformedFileException {
        ProtoReader set = reader.inside(reader.bytes("an operator set"));
        String domain = "";
        long version = 0;
        while (set.next()) {
            switch (set.field()) {
                case 1 -> domain = name(set, "the domain of an operator set");
                case 2 -> version = set.integer("the version of an operator set");
                default -> set.skip();
            }
        }
        return isDefault(domain) ? version : known;
    }

    private FunctionCalls.Function function(ProtoReader reader) throws MalformedFileException {
        String name = "";
        String domain = "";
        String overload = "";
        long opset = 0;
        List<String> inputs = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        List<RawGraph.Node> body = new ArrayList<>();
        Map<String, Attribute> defaults = new LinkedHashMap<>();
        Map<String, RawGraph> graphs = new LinkedHashMap<>();
        while (reader.next()) {
            switch (reader.field()) {
                case 1 -> name = name(reader, "the name of a function");
                case 4 -> inputs.add(name(reader, "the name of a value"));
                case 5 -> outputs.add(name(reader, "the name of a value"));
                case 7 -> body.add(node(reader.inside(reader.bytes("a node")), 1));
                case 9 -> opset = opset(reader, opset);
                case 10 -> domain = name(reader, "the domain of a function");
                case 11 -> attribute(reader.inside(reader.bytes("an attribute")), 1, defaults, graphs,
                        new LinkedHashMap<>());
                case 13 -> overload = name(reader, "the overload of a function");
                default -> reader.skip();
            }
        }
        if (!overload.isEmpty() || !graphs.isEmpty()) {
            throw reader.malformed(reader.range().begin(), "function " + ProtoReader.quoted(name) + " has "
                    + (overload.isEmpty() ? "a graph as an attribute" : "several forms")
                    + ", which Fovea does not read; export the model without functions");
        }
        return new FunctionCalls.Function(new FunctionCalls.Key(isDefault(domain) ? "" : domain, name), inputs, outputs,
                defaults, body, opset);
    }

    /// {@return whether a domain is that of ONNX's own operators}
    static boolean isDefault(String domain) {
        return domain.isEmpty() || domain.equals("ai.onnx");
    }

    private String name(ProtoReader reader, String what) throws MalformedFileException {
        if (++names > MAX_NAMES) {
            throw reader.malformed(reader.offset(), "more than " + MAX_NAMES + " names");
        }
        return reader.text(what, TensorMessage.MAX_NAME_BYTES);
    }

    private RawGraph graph(ProtoReader reader, int depth) throws MalformedFileException {
        if (depth > MAX_NESTING) {
            throw reader.malformed(reader.offset(), "graphs inside one another, more than " + MAX_NESTING + " deep");
        }
        String name = "";
        List<TensorMessage> constants = new ArrayList<>();
        List<FlowInput> inputs = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        List<RawGraph.Node> graphNodes = new ArrayList<>();
        while (reader.next()) {
            switch (reader.field()) {
                case 1 -> graphNodes.add(node(reader.inside(reader.bytes("a node")), depth));
                case 2 -> name = name(reader, "the name of a graph");
                case 5 -> {
                    if (++names > MAX_NAMES) {
                        throw reader.malformed(reader.offset(), "more than " + MAX_NAMES + " names");
                    }
                    constants.add(TensorMessage.read(reader.inside(reader.bytes("an initialiser"))));
                }
                case 11 -> inputs.add(value(reader.inside(reader.bytes("an input"))));
                case 12 -> outputs.add(value(reader.inside(reader.bytes("an output"))).name());
                case 15 -> throw reader.malformed(reader.offset(),
                        "a sparse initialiser, which Fovea does not read; make it dense and export the model again");
                default -> reader.skip();
            }
        }
        return new RawGraph(name, constants, inputs, outputs, graphNodes, reader.range().begin());
    }

    private RawGraph.Node node(ProtoReader reader, int depth) throws MalformedFileException {
        if (++nodes > MAX_NODES) {
            throw reader.malformed(reader.offset(), "more than " + MAX_NODES + " nodes");
        }
        List<String> inputs = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        String name = "";
        String operator = "";
        String domain = "";
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        Map<String, RawGraph> graphs = new LinkedHashMap<>();
        Map<String, String> references = new LinkedHashMap<>();
        while (reader.next()) {
            switch (reader.field()) {
                case 1 -> inputs.add(name(reader, "the name of a value"));
                case 2 -> outputs.add(name(reader, "the name of a value"));
                case 3 -> name = name(reader, "the name of a node");
                case 4 -> operator = name(reader, "an operator");
                case 5 -> attribute(reader.inside(reader.bytes("an attribute")), depth, attributes, graphs,
                        references);
                case 7 -> domain = name(reader, "the domain of an operator");
                default -> reader.skip();
            }
        }
        if (operator.isEmpty()) {
            throw reader.malformed(reader.range().begin(),
                    "a node without operator; the file is damaged, export it again");
        }
        return new RawGraph.Node(name, operator, isDefault(domain) ? "" : domain, inputs, outputs, attributes, graphs,
                references, reader.range().begin());
    }

    private void attribute(ProtoReader reader, int depth, Map<String, Attribute> attributes, Map<String,
            RawGraph> graphs, Map<String, String> references) throws MalformedFileException {
        String name = "";
        String reference = "";
        long type = 0;
        Attribute single = null;
        RawGraph graph = null;
        List<Float> reals = new ArrayList<>();
        List<Long> ints = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        boolean other = false;
        while (reader.next()) {
            switch (reader.field()) {
                case 1 -> name = name(reader, "the name of an attribute");
                case 2 -> single = new Attribute.Real(reader.real("a float"));
                case 3 -> single = new Attribute.Int(reader.integer("an integer"));
                case 4 -> {
                    elements(reader);
                    single = new Attribute.Text(reader.text("a text", TensorMessage.MAX_NAME_BYTES));
                }
                case 5 -> single = new Attribute.Tensor(TensorMessage.read(reader.inside(reader.bytes("a tensor")))
                        .value());
                case 6 -> graph = graph(reader.inside(reader.bytes("a graph")), depth + 1);
                case 7 -> reader.repeated(4, "floats", bits -> {
                    elements(reader);
                    reals.add(Float.intBitsToFloat((int) bits));
                });
                case 8 -> reader.repeated(0, "integers", bits -> {
                    elements(reader);
                    ints.add(bits);
                });
                case 9 -> {
                    elements(reader);
                    texts.add(reader.text("a text", TensorMessage.MAX_NAME_BYTES));
                }
                case 20 -> type = reader.integer("the type of an attribute");
                case 21 -> reference = name(reader, "the name of a function's attribute");
                case 10, 11, 14, 15, 22, 23 -> {
                    other = true;
                    reader.skip();
                }
                default -> reader.skip();
            }
        }
        int at = reader.range().begin();
        if (attributes.containsKey(name) || graphs.containsKey(name) || references.containsKey(name)) {
            throw reader.malformed(at, "attribute " + ProtoReader.quoted(name) + " twice at one node");
        }
        if (!reference.isEmpty()) {
            references.put(name, reference);
            return;
        }
        if (graph != null) {
            graphs.put(name, graph);
            return;
        }
        // A value of zero, or an empty list, may be left out of the file; then only the type tells which it is.
        Attribute value = switch (Math.clamp(type, 0, 99)) {
            case 0 -> single != null ? single : !reals.isEmpty() ? new Attribute.Reals(reals)
                    : !texts.isEmpty() ? new Attribute.Texts(texts) : new Attribute.Ints(ints);
            case 1 -> single instanceof Attribute.Real ? single : single == null ? new Attribute.Real(0) : null;
            case 2 -> single instanceof Attribute.Int ? single : single == null ? new Attribute.Int(0) : null;
            case 3 -> single instanceof Attribute.Text ? single : single == null ? new Attribute.Text("") : null;
            case 4 -> single instanceof Attribute.Tensor ? single : null;
            case 6 -> new Attribute.Reals(List.copyOf(reals));
            case 7 -> new Attribute.Ints(List.copyOf(ints));
            case 8 -> new Attribute.Texts(List.copyOf(texts));
            default -> null;
        };
        if (value == null || other && type == 0) {
            throw reader.malformed(at, "attribute " + ProtoReader.quoted(name) + " is of type " + type
                    + " or holds another than it says; wanted floats, integers, texts, one tensor or one graph");
        }
        attributes.put(name, value);
    }

    private void elements(ProtoReader reader) throws MalformedFileException {
        if (++elements > MAX_ATTRIBUTE_ELEMENTS) {
            throw reader.malformed(reader.offset(), "attributes of more than " + MAX_ATTRIBUTE_ELEMENTS + " elements");
        }
    }

    /// An input or output. An output's type and shape are read over: they are proven, not believed.
    private FlowInput value(ProtoReader reader) throws MalformedFileException {
        String name = "";
        ProtoReader.Range type = null;
        while (reader.next()) {
            switch (reader.field()) {
                case 1 -> name = name(reader, "the name of a value");
                case 2 -> type = reader.bytes("the type of a value");
                default -> reader.skip();
            }
        }
        long code = 0;
        List<String> dims = null;
        if (type != null) {
            ProtoReader types = reader.inside(type);
            while (types.next()) {
                if (types.field() != 1) {
                    types.skip();
                    continue;
                }
                ProtoReader tensor = types.inside(types.bytes("the type of a tensor"));
                while (tensor.next()) {
                    switch (tensor.field()) {
                        case 1 -> code = tensor.integer("the type of a tensor's elements");
                        case 2 -> dims = dims(tensor.inside(tensor.bytes("the shape of a value")));
                        default -> tensor.skip();
                    }
                }
            }
        }
        TensorType elementType = TensorType.of(code);
        // An initialiser may be listed as an input without type; what is wanted of true inputs is checked by the
        // assembly.
        return new FlowInput(name, elementType == null ? null : elementType.elements(), dims);
    }

    private List<String> dims(ProtoReader reader) throws MalformedFileException {
        List<String> dims = new ArrayList<>();
        while (reader.next()) {
            if (reader.field() != 1) {
                reader.skip();
                continue;
            }
            if (dims.size() == Constant.MAX_RANK) {
                throw reader.malformed(reader.offset(), "a value of more than " + Constant.MAX_RANK + " extents");
            }
            ProtoReader dim = reader.inside(reader.bytes("an extent"));
            String extent = "";
            while (dim.next()) {
                switch (dim.field()) {
                    case 1 -> {
                        long number = dim.integer("an extent");
                        // Zero and less stand for "open" in the files of some exporters.
                        extent = number > 0 ? Long.toString(number) : "";
                    }
                    case 2 -> {
                        String symbol = name(dim, "the name of an extent");
                        extent = symbol.chars().allMatch(c -> c >= '0' && c <= '9') && !symbol.isEmpty() ? "$" + symbol
                                : symbol;
                    }
                    default -> dim.skip();
                }
            }
            dims.add(extent);
        }
        return dims;
    }
}
