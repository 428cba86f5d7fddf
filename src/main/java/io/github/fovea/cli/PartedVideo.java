package io.github.fovea.cli;

import io.github.fovea.media.EncodeOptions;
import io.github.fovea.media.FrameSource;
import io.github.fovea.media.PartedSink;
import io.github.fovea.media.VideoFiles;
import io.github.fovea.media.VideoFormat;
import io.github.fovea.onnx.OnnxModels;
import io.github.fovea.route.VideoHash;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/// The option of `fovea upscale` for videos that take long.
final class PartedVideo {
    @Option(names = "--resume",
            description = "Keeps finished parts of a video in OUTPUT.parts until all of it is there, and goes on behind "
                    + "those that are: after Ctrl-C, an error, a power cut.")
    private boolean resume;

    /// {@return whether videos are made in parts}
    boolean asked() {
        return resume;
    }

    /// Says how to go on where an earlier command has left parts and this one would begin anew.
    void remind(Path output, String name, PrintWriter err) {
        Path parts = VideoFiles.partsFolder(output);
        if (!resume && VideoFiles.isPartsFolder(parts)) {
            err.println("fovea: " + name + ": begins anew; --resume would go on with the parts in " + parts);
        }
    }

    /// Begins a video, or goes on with it.
    ///
    /// @param job     the file and where its result goes
    /// @param format  format of the result
    /// @param source  the small video; read over as far as it is done
    /// @param options encoder, quality, overwriting
    /// @param how     what else decides the result: lines `what: which`
    /// @param name    what to call the video
    /// @param err     takes messages
    /// @throws IOException if the parts are those of another job, or files cannot be read or written
    PartedSink begin(Inputs.Job job, VideoFormat format, FrameSource source, EncodeOptions options, List<String> how,
            String name, PrintWriter err) throws IOException {
        List<String> lines = new ArrayList<>(List.of("fovea: " + new Version().getVersion()[0],
                "video: SHA-256 " + VideoHash.of(job.input()),
                "result: " + format,
                "encoder: " + options.encoder() + " crf " + options.quality() + " preset " + options.preset()));
        lines.addAll(how);
        PartedSink sink = VideoFiles.createInParts(job.output(), format, source, options, lines);
        try {
            err.println("fovea: " + name + (sink.found() == 0
                    ? ": finished parts stay in " + sink.folder() + " until the whole is there"
                    : ": goes on behind the " + sink.found() + " frames in " + sink.folder()));
            sink.skipFound(source);
            return sink;
        } catch (IOException | RuntimeException e) {
            sink.close();
            throw e;
        }
    }

    /// {@return what a model is called in the description of a job: a file by its content, and the range that its
    /// samples are said to have}
    ///
    /// @param networks the networks of the command
    /// @throws IOException if the file cannot be read
    static String model(Networks networks) throws IOException {
        String model = networks.model();
        return "model: " + (model == null ? "by the factor"
                : Files.isRegularFile(Path.of(model)) ? "SHA-256 " + VideoHash.of(Path.of(model)) : model)
                + (networks.maximum() == OnnxModels.INFERRED ? "" : " range " + networks.maximum());
    }
}
