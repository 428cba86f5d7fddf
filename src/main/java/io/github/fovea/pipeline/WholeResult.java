package io.github.fovea.pipeline;

import io.github.fovea.error.UnavailableException;
import io.github.fovea.tensor.TensorView;
import java.util.Locale;

/// The whole of what a network makes, which lies in memory where it is resampled to another size behind the network.
final class WholeResult {
    private WholeResult() {
    }

    /// {@return its planes}
    ///
    /// @param planes how many
    /// @param width  columns of the small picture
    /// @param height rows of the small picture
    /// @param scale  the network's factor
    /// @throws UnavailableException if it is larger than an array, or than the memory that Java may use
    static float[][] allocate(int planes, int width, int height, int scale) {
        long elements = (long) width * scale * height * scale;
        long heapBytes = Runtime.getRuntime().maxMemory();
        boolean tooLong = elements > TensorView.MAX_ELEMENTS;
        if (tooLong || elements * planes * Float.BYTES > heapBytes - heapBytes / 8) {
            String what = String.format(Locale.ROOT, "%,dx%,d pixels enlarged by the model to %,dx%,d lie in memory before "
                    + "they are resampled to the size asked for: %,d pixels in %,d MB, ", width, height,
                    (long) width * scale, (long) height * scale, elements, elements * planes * Float.BYTES >> 20);
            throw new UnavailableException(what + (tooLong ? String.format(Locale.ROOT, "wanted at most %,d pixels",
                    TensorView.MAX_ELEMENTS) : String.format(Locale.ROOT, "Java may use %,d MB", heapBytes >> 20)),
                    "ask for --scale " + scale + ", which needs no resampling, or for --model bicubic"
                    + (tooLong ? "" : ", or give it more memory (java -Xmx...)"));
        }
        return new float[planes][(int) elements];
    }
}
