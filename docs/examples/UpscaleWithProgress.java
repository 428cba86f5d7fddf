import io.github.fovea.Model;
import io.github.fovea.Upscaler;
import io.github.fovea.UpscalerOptions;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import javax.imageio.ImageIO;

/// Bounds the memory, says how far it is, and stops when told to.
public class UpscaleWithProgress {
    public static void main(String[] arguments) throws IOException {
        BufferedImage small = ImageIO.read(new File(arguments[0]));
        UpscalerOptions options = UpscalerOptions.defaults().withThreads(2).withMaxMemoryBytes(64L << 20);
        try (Upscaler upscaler = Upscaler.open(Model.bundled("general-x3"), options)) {
            upscaler.warmUp(); // otherwise the first picture meets a JIT that is still compiling
            long bytes = upscaler.peakBytes(small.getWidth(), small.getHeight());
            System.err.println("working memory: " + bytes + " bytes, known before anything runs");
            BufferedImage large = upscaler.upscale(small, share -> {
                System.err.printf("%.0f %%%n", 100 * share);
                return !Thread.currentThread().isInterrupted(); // false stops with a CancellationException
            });
            ImageIO.write(large, "png", new File(arguments[1]));
        }
    }
}
