import io.github.fovea.Model;
import io.github.fovea.UpscaleSession;
import io.github.fovea.Upscaler;
import io.github.fovea.VideoFormat;
import io.github.fovea.VideoFrame;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// Raw 8-bit 4:2:0 video of a size (WIDTH HEIGHT SMALL LARGE), twice as large. Frames and buffer are used again and again: the
/// steady state allocates nothing.
public class UpscaleFrames {
    public static void main(String[] arguments) throws IOException {
        VideoFormat format = VideoFormat.yuv420(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
        try (InputStream in = new BufferedInputStream(Files.newInputStream(Path.of(arguments[2])));
                OutputStream out = new BufferedOutputStream(Files.newOutputStream(Path.of(arguments[3])));
                Upscaler upscaler = Upscaler.open(Model.bundled("general-x2"));
                UpscaleSession session = upscaler.session(format)) {
            VideoFrame small = new VideoFrame(session.input());
            VideoFrame large = new VideoFrame(session.output());
            byte[] plane = new byte[large.format().width() * large.format().height()];
            while (read(in, small, plane)) {
                session.upscale(small, large);
                write(out, large, plane);
            }
        }
    }

    private static boolean read(InputStream in, VideoFrame frame, byte[] buffer) throws IOException {
        for (int plane = 0; plane < frame.format().planes(); plane++) {
            int width = frame.format().planeWidth(plane);
            int bytes = width * frame.format().planeHeight(plane);
            if (in.readNBytes(buffer, 0, bytes) < bytes) {
                return false;
            }
            frame.read(plane, buffer, 0, width);
        }
        return true;
    }

    private static void write(OutputStream out, VideoFrame frame, byte[] buffer) throws IOException {
        for (int plane = 0; plane < frame.format().planes(); plane++) {
            int width = frame.format().planeWidth(plane);
            frame.write(plane, buffer, 0, width);
            out.write(buffer, 0, width * frame.format().planeHeight(plane));
        }
    }
}
