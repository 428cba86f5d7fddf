import io.github.fovea.Model;
import io.github.fovea.SessionOptions;
import io.github.fovea.SessionStatistics;
import io.github.fovea.UpscaleSession;
import io.github.fovea.Upscaler;
import io.github.fovea.VideoFormat;
import io.github.fovea.VideoFrame;
import java.util.concurrent.CompletableFuture;

/// A player's way: frames come when they come, and the session takes the best operating point that this machine manages 24 times a
/// second. A frame that finds the queue full is dropped and counted. Any bundled model works, `Model.load` takes files, and
/// `Model.ladder` makes operating points of several models.
public class KeepFrameRate {
    public static void main(String[] arguments) {
        try (Upscaler upscaler = Upscaler.open(Model.bundled("adaptive-x2"));
                UpscaleSession session = upscaler.session(VideoFormat.yuv420(96, 54), SessionOptions.ofFrameRate(24))) {
            System.err.println("operating points: " + session.points());
            for (int i = 0; i < 8; i++) {
                CompletableFuture<VideoFrame> large =
                        session.submit(new VideoFrame(session.input()), new VideoFrame(session.output()));
                large.exceptionally(_ -> null).join(); // a player would show it when its time has come
            }
            SessionStatistics statistics = session.statistics();
            System.err.printf("%d frames, %d late, %d dropped, now at %s%n", statistics.frames(), statistics.late(),
                    statistics.dropped(), statistics.point());
        }
    }
}
