package io.github.fovea;

import io.github.fovea.graph.RandomParameters;
import io.github.fovea.model.Domain;
import io.github.fovea.model.DynamicModel;
import io.github.fovea.model.ModelFile;
import io.github.fovea.model.Origin;
import io.github.fovea.model.Routing;
import io.github.fovea.network.DynamicNetwork;
import io.github.fovea.route.RouteMap;
import io.github.fovea.route.RouteMapFile;
import io.github.fovea.route.VideoHash;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// A small video, a model of two paths, and route maps, as files.
final class SampleClips {
    static final int WIDTH = 64;
    static final int HEIGHT = 48;
    static final int FRAMES = 3;

    private SampleClips() {}

    static Path video(Path file) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(("YUV4MPEG2 W" + WIDTH + " H" + HEIGHT + " F25:1 Ip A1:1 C420jpeg\n")
                .getBytes(StandardCharsets.US_ASCII));
        byte[] frame = frame();
        for (int f = 0; f < FRAMES; f++) {
            bytes.writeBytes("FRAME\n".getBytes(StandardCharsets.US_ASCII));
            bytes.writeBytes(frame);
        }
        return Files.write(file, bytes.toByteArray());
    }

    /// Luma and both chroma planes of a frame, all of which are the same: noise that grows to the right.
    static byte[] frame() {
        SplittableRandom random = new SplittableRandom(21);
        byte[] frame = new byte[WIDTH * HEIGHT * 3 / 2];
        for (int i = 0; i < frame.length; i++) {
            frame[i] = (byte) random.nextInt(16, 17 + 200 * (i % WIDTH) / WIDTH);
        }
        return frame;
    }

    static DynamicModel model(boolean byMap) {
        DynamicNetwork network = DynamicNetwork.named("collapsed-f2-n1+collapsed-f4-n1", 2, 1);
        Map<String, float[]> parameters = RandomParameters.of(network.parameters(), new SplittableRandom(22), 0.1);
        Routing.ByScore byScore = new Routing.ByScore(4, 4, "laplacian", List.of(100.0, 180.0), List.of(1.0, 1.2));
        return new DynamicModel("clip", network.name(), Domain.LUMA, network.paths(), parameters,
                byMap ? new Routing.ByMap(byScore) : byScore, new Origin("MIT", "a clip", List.of(), Map.of(), "a test", "", ""));
    }

    static Path model(Path file, boolean byMap) throws IOException {
        ModelFile.write(model(byMap), file);
        return file;
    }

    /// Frame f of the map sends every cell to a path.
    static Path routes(Path file, Path video, int... paths) throws IOException {
        List<byte[]> frames = Arrays.stream(paths).mapToObj(path -> {
            byte[] cells = new byte[16];
            Arrays.fill(cells, (byte) path);
            return cells;
        }).toList();
        RouteMapFile.write(new RouteMap(WIDTH, HEIGHT, 4, 4, 2, VideoHash.of(video), frames), file);
        return file;
    }
}
