import io.github.fovea.Model;
import io.github.fovea.RoutingOptions;
import io.github.fovea.RoutingStatistics;
import io.github.fovea.Upscaler;
import java.io.IOException;
import java.nio.file.Path;

/// Plays what `fovea overfit` has made: MODEL.fovea, the small video, the large video, and perhaps the quality, 0 to 1.
public class PlayOverfittedVideo {
    public static void main(String[] arguments) throws IOException {
        RoutingOptions options = RoutingOptions.defaults();
        if (arguments.length > 3) {
            options = options.withQuality(Double.parseDouble(arguments[3]));
        }
        try (Upscaler upscaler = Upscaler.open(Model.load(Path.of(arguments[0])))) {
            RoutingStatistics statistics = upscaler.upscaleVideo(Path.of(arguments[1]), Path.of(arguments[2]), options, share -> {
                System.out.printf("%3.0f %%%n", 100 * share);
                return true;
            });
            for (int path = 0; path < statistics.pixels().size(); path++) {
                System.out.printf("path %d: %.1f %% of the pixels%n", path, 100 * statistics.pixelShare(path));
            }
        }
    }
}
