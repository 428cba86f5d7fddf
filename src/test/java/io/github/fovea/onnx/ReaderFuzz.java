package io.github.fovea.onnx;

import io.github.fovea.error.MalformedFileException;
import io.github.fovea.model.ModelFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;

/// Feeds bytes of a fuzzer to the readers of untrusted model files. The first byte chooses: even for ONNX, odd for `.fovea`.
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
                Lowering.of(OnnxFile.read(file, "fuzz").graph());
            } else {
                ModelFile.read(new ByteArrayInputStream(file), "fuzz");
            }
        } catch (MalformedFileException e) {
            // What a reader of damaged files is for.
        } catch (IOException e) {
            throw new AssertionError("an array cannot fail to be read", e);
        }
    }
}
