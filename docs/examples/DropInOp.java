import io.github.fovea.Model;
import io.github.fovea.UpscaleOp;
import io.github.fovea.Upscaler;
import java.awt.image.BufferedImage;
import java.awt.image.BufferedImageOp;
import java.io.File;
import java.io.IOException;
import javax.imageio.ImageIO;

/// Where a `BufferedImageOp` is taken, an upscaler fits.
public class DropInOp {
    public static void main(String[] arguments) throws IOException {
        try (Upscaler upscaler = Upscaler.open(Model.bundled("general-x2-fast"))) {
            BufferedImageOp op = new UpscaleOp(upscaler);
            BufferedImage large = op.filter(ImageIO.read(new File(arguments[0])), null);
            ImageIO.write(large, "png", new File(arguments[1]));
        }
    }
}
