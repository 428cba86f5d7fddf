package io.github.fovea.onnx;

import io.github.fovea.backend.KernelTables;
import io.github.fovea.error.MalformedFileException;
import io.github.fovea.flow.FlowGraph;
import io.github.fovea.flow.FlowPlan;
import io.github.fovea.model.ModelFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// Feeds bytes of a fuzzer to the readers of untrusted model files and to what makes graphs ready to run. The first byte chooses: even for ONNX, odd for `.fovea`.
/// Whatever the bytes are, the reader reads them or refuses them with a [MalformedFileException]; anything else is a finding.
///
/// `bin/fuzz` runs it under Jazzer, which looks for bytes that reach new code; [ReaderFuzzTest] runs it over many mutations
/// of good files in every build. No dependency on Jazzer is needed: the method's name and type are its convention.
public final class ReaderFuzz {
    private ReaderFuzz() {}

    /// Reads one input.
    ///
    /// @param bytes which reader, and the file
    public static void fuzzerTestOneInput(byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        byte[] file = Arrays.copyOfRange(bytes, 1, bytes.length);
        try {
            if (bytes[0] % 2 == 0) {
                compile(OnnxFile.read(file, "fuzz").graph());
            } else {
                ModelFile.read(new ByteArrayInputStream(file), "fuzz");
            }
        } catch (MalformedFileException e) {
            // What a reader of damaged files is for.
        } catch (IOException e) {
            throw new AssertionError("an array cannot fail to be read", e);
        }
    }

    /// What `Model.load` and `fovea run` do with a graph: the planned engine where it is one of its networks, else the general
    /// plan, with its extents and memory for a small picture, and a trial as a network of pictures. Refusals of graphs that make
    /// no sense are [IllegalArgumentException]s, which name the node.
    private static void compile(FlowGraph graph) throws MalformedFileException {
        if (Lowering.of(graph) instanceof Lowering.General(String reason)) {
            try {
                FlowPlan plan = FlowPlan.of(graph);
                plan.compile(KernelTables.scalar());
                Map<String, Long> extents = new HashMap<>();
                plan.symbols().forEach(symbol -> extents.put(symbol, 8L));
                plan.places(extents);
                plan.macs(extents);
            } catch (IllegalArgumentException e) {
                // The graph is refused.
            }
            GeneralNetwork.of(graph, Path.of("fuzz.onnx"), reason, 1, KernelTables.scalar());
        }
    }
}
