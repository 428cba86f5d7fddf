import io.github.fovea.Model;
import io.github.fovea.Upscaler;
import io.github.fovea.UpscalerOptions;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.imageio.ImageIO;

/// A server's way: one upscaler, the server's own executor, any number of requests. Requests take turns on one set of
/// workspaces, so that memory does not grow with their number.
public class SharedBetweenThreads {
    public static void main(String[] arguments) throws Exception {
        try (ExecutorService executor = Executors.newFixedThreadPool(4);
                Upscaler upscaler = Upscaler.open(Model.bundled("general-x2"),
                        UpscalerOptions.defaults().withExecutor(executor))) {
            List<Future<Boolean>> requests = new ArrayList<>();
            for (String name : arguments) {
                requests.add(executor.submit(() ->
                        ImageIO.write(upscaler.upscale(ImageIO.read(new File(name))), "png", new File(name + ".x2.png"))));
            }
            for (Future<Boolean> request : requests) {
                request.get();
            }
        }
    }
}
