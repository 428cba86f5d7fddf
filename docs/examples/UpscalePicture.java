import io.github.fovea.Model;
import io.github.fovea.Upscaler;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import javax.imageio.ImageIO;

/// Enlarges one picture by two.
public class UpscalePicture {
    public static void main(String[] arguments) throws IOException {
        try (Upscaler upscaler = Upscaler.open(Model.bundled("general-x2"))) {
            BufferedImage large = upscaler.upscale(ImageIO.read(new File(arguments[0])));
            ImageIO.write(large, "png", new File(arguments[1]));
        }
    }
}
