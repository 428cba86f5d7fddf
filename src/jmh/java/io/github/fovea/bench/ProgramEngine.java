package io.github.fovea.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// An engine in a program of its own, so that any native engine can be measured beside ours. The program is started as
///
/// ```
/// COMMAND MODEL.onnx IN.f32 OUT.f32 CHANNELS HEIGHT WIDTH THREADS
/// ```
///
/// It reads the network (input `x`, result `y`) and the picture (little-endian floats, planar), runs it once and writes
/// `OUT.f32`. Then it answers each line on its standard input, a time in seconds, by frames for so long and a line on its standard
/// output: the median of their times in nanoseconds. It ends where its input ends, and waits for a line without spinning.
final class ProgramEngine implements Rival {
    private final Path folder;
    private final Process process;
    private final PrintWriter asks;
    private final BufferedReader answers;

    ProgramEngine(String command, EngineCase what) throws IOException {
        folder = Files.createTempDirectory("fovea-bench");
        Path model = Files.write(folder.resolve("model.onnx"), OnnxBytes.of(what.graph(), what.parameters()));
        ByteBuffer picture = ByteBuffer.allocate(Float.BYTES * what.picture().length).order(ByteOrder.LITTLE_ENDIAN);
        picture.asFloatBuffer().put(what.picture());
        Path in = Files.write(folder.resolve("in.f32"), picture.array());
        List<String> words = new ArrayList<>(Arrays.asList(command.split(" ")));
        words.addAll(List.of(model.toString(), in.toString(), out().toString()));
        Stream.of(what.graph().inputChannels(), what.height(), what.width(), what.threads()).map(String::valueOf)
                .forEach(words::add);
        process = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        asks = new PrintWriter(process.outputWriter(StandardCharsets.US_ASCII), true);
        answers = process.inputReader(StandardCharsets.US_ASCII);
    }

    private Path out() {
        return folder.resolve("out.f32");
    }

    @Override
    public double nanos(double seconds) throws IOException {
        asks.println(seconds);
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("the other engine's program ended and did not tell its time");
        }
        return Double.parseDouble(answer);
    }

    @Override
    public FloatBuffer result() throws IOException {
        return ByteBuffer.wrap(Files.readAllBytes(out())).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    }

    @Override
    public void close() throws IOException {
        asks.close();
        process.destroy();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
