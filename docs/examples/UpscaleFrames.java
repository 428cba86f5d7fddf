import io.github.fovea.Model;
import io.github.fovea.UpscaleSession;
import io.github.fovea.Upscaler;
import io.github.fovea.VideoFormat;
import io.github.fovea.VideoFrame;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// Raw 8-bit 4:2:0 video of a size from standard input to standard output, twice as large. Frames are used again and again:
/// the steady state allocates nothing.
public class UpscaleFrames {
    public static void main(String[] arguments) throws IOException {
        VideoFormat format = VideoFormat.yuv420(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
        try (Upscaler upscaler = Upscaler.open(Model.bundled("general-x2"))) {
            UpscaleSession session = upscaler.session(format);
            VideoFrame small = new VideoFrame(session.input());
            VideoFrame large = new VideoFrame(session.output());
            while (read(System.in, small)) {
                session.upscale(small, large);
                write(System.out, large);
            }
            System.out.flush();
        }
    }

    private static boolean read(InputStream in, VideoFrame frame) throws IOException {
        for (int plane = 0; plane < frame.format().planes(); plane++) {
            int width = frame.format().planeWidth(plane);
            byte[] bytes = in.readNBytes(width * frame.format().planeHeight(plane));
            if (bytes.length < width * frame.format().planeHeight(plane)) {
                return false;
            }
            frame.read(plane, bytes, 0, width);
        }
        return true;
    }

    private static void write(OutputStream out, VideoFrame frame) throws IOException {
        for (int plane = 0; plane < frame.format().planes(); plane++) {
            int width = frame.format().planeWidth(plane);
            byte[] bytes = new byte[width * frame.format().planeHeight(plane)];
            frame.write(plane, bytes, 0, width);
            out.write(bytes);
        }
    }
}
