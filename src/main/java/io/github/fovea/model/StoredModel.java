package io.github.fovea.model;

import io.github.fovea.graph.Graph;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// All that a `.fovea` file holds: a network, its weights, and where they come from. The scale is that of the graph.
///
/// The network's input is `code value / (2^bits - 1) - 0.5` and its output is read back as
/// `(value + 0.5) * (2^bits - 1)`, rounded and clipped, for luma and RGB alike: see [#CENTRE].
///
/// @param name         name of the model, like `general-x2`; 1 to 200 characters
/// @param network      name of the network's shape, like `compact-f16-n6`
/// @param domain       luma or RGB
/// @param graph        the network; input and output have the domain's channels
/// @param parameters   the weights by name, each in the shape that [Graph#parameters()] gives, row-major; exactly those
///                     that the graph names, all finite. The map is copied into the graph's order and cannot be
///                     changed; the arrays are not copied and must not be changed
/// @param licence      SPDX identifier or a sentence; empty if unknown
/// @param trainingData what the weights were trained on; empty if unknown
/// @param attributions names to be credited, one line each
/// @param figures      measured quality by what was measured, like `Set5 Y-PSNR x2` -> `37.21`
/// @param createdBy    program and command that made the weights
public record StoredModel(String name, String network, Domain domain, Graph graph, Map<String, float[]> parameters,
        String licence, String trainingData, List<String> attributions, Map<String, String> figures, String createdBy) {
    /// What is taken off samples in 0..1 before the network and added after it.
    public static final float CENTRE = 0.5f;

    /// Longest name of a model or a parameter, in characters.
    public static final int MAX_NAME = 200;

    /// Checks everything that the parameters' descriptions promise.
    ///
    /// @throws IllegalArgumentException naming the parameter or field that is wrong
    public StoredModel {
        checkName("model", name);
        Objects.requireNonNull(network, "network");
        Objects.requireNonNull(domain, "domain");
        Objects.requireNonNull(graph, "graph");
        Objects.requireNonNull(licence, "licence");
        Objects.requireNonNull(trainingData, "trainingData");
        Objects.requireNonNull(createdBy, "createdBy");
        attributions = List.copyOf(attributions);
        figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
        checkChannels(graph, domain);
        parameters = checkedParameters(graph.parameters(), parameters);
    }

    static void checkChannels(Graph graph, Domain domain) {
        if (graph.inputChannels() != domain.channels() || graph.outputChannels() != domain.channels()) {
            throw new IllegalArgumentException("network takes " + graph.inputChannels() + " channels and gives "
                    + graph.outputChannels() + ", domain " + domain + " wants " + domain.channels() + " of both");
        }
    }

    /// {@return parameters in the order of the shapes that are wanted, each checked}
    static Map<String, float[]> checkedParameters(Map<String, int[]> shapes, Map<String, float[]> parameters) {
        Map<String, float[]> ordered = new LinkedHashMap<>();
        shapes.forEach((parameter, _) -> ordered.put(parameter, null));
        for (Map.Entry<String, float[]> given : parameters.entrySet()) {
            if (!ordered.containsKey(given.getKey())) {
                throw new IllegalArgumentException("parameter " + given.getKey()
                        + " is none of the network's; leave it out");
            }
            ordered.put(given.getKey(), given.getValue());
        }
        for (Map.Entry<String, float[]> entry : ordered.entrySet()) {
            checkParameterName(entry.getKey());
            check(entry.getKey(), shapes.get(entry.getKey()), entry.getValue());
        }
        return Collections.unmodifiableMap(ordered);
    }

    /// Checks the name of a parameter.
    ///
    /// @throws IllegalArgumentException if it is blank, too long or taken by the format
    static void checkParameterName(String name) {
        checkName("parameter", name);
        if (Tensors.reserved(name)) {
            throw new IllegalArgumentException("a parameter is called " + name
                    + ", a name that model files use themselves; rename it");
        }
    }

    /// Checks a name that goes into a file.
    ///
    /// @param what what bears it
    /// @param name the name
    /// @throws IllegalArgumentException if it is blank or too long
    public static void checkName(String what, String name) {
        if (name.isBlank() || name.length() > MAX_NAME) {
            throw new IllegalArgumentException("the name of a " + what + " has " + name.length()
                    + " characters, wanted 1 to " + MAX_NAME + ", not all of them blank");
        }
    }

    private static void check(String name, int[] shape, float[] values) {
        if (values == null) {
            throw new IllegalArgumentException("parameter " + name + " is missing");
        }
        long wanted = 1;
        for (int extent : shape) {
            wanted *= extent;
        }
        if (values.length != wanted) {
            throw new IllegalArgumentException("parameter " + name + " holds " + values.length + " floats, "
                    + Arrays.toString(shape) + " needs " + wanted);
        }
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new IllegalArgumentException("parameter " + name + " holds " + values[i] + " at index " + i
                        + ", wanted finite numbers; the training went wrong");
            }
        }
    }

    /// {@return where the weights come from, for models of all kinds}
    Origin origin() {
        return new Origin(licence, trainingData, attributions, figures, createdBy, "", "");
    }

    /// {@return the factor between input and output}
    public int scale() {
        return graph.scale();
    }

    /// {@return this model with other figures}
    ///
    /// @param newFigures measured quality by what was measured
    public StoredModel withFigures(Map<String, String> newFigures) {
        return new StoredModel(name, network, domain, graph, parameters, licence, trainingData, attributions,
                newFigures, createdBy);
    }
}
