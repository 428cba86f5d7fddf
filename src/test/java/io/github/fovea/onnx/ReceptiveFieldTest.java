package io.github.fovea.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which pictures may be cut into parts.
class ReceptiveFieldTest {
    private static OptionalInt radius(OnnxWriter writer) throws IOException {
        return ReceptiveField.radius(OnnxFile.read(writer.model(), "test").graph(), "x", "y");
    }

    /// Where the place of an output pixel depends on the picture's size, or on which pixel of several a part begins with, a
    /// part is enlarged otherwise than the whole.
    @ParameterizedTest
    @CsvSource({"half_pixel,2,true", "pytorch_half_pixel,3,true", "asymmetric,2,true", "half_pixel_symmetric,4,true",
        "tf_half_pixel_for_nn,2,true", "align_corners,2,false", "tf_crop_and_resize,2,false", "half_pixel,1.5,false",
        "asymmetric,2.5,false"})
    void resizesThatAreLocal(String coordinates, float factor, boolean local) throws IOException {
        OnnxWriter writer = new OnnxWriter().opset(19).input("x", OnnxWriter.FLOAT, 1, 3, "h", "w").output("y", OnnxWriter.FLOAT)
                .constant("s", new float[] {1, 1, factor, factor}, 4).node("Resize", "y", "x", "", "s").string("mode", "linear")
                .string("coordinate_transformation_mode", coordinates);
        assertEquals(local ? OptionalInt.of(2) : OptionalInt.empty(), radius(writer));
    }

    @Test
    void oldResizesAreAsymmetric() throws IOException {
        for (String operator : new String[] {"Resize", "Upsample"}) {
            for (float factor : new float[] {2, 1.5f}) {
                OnnxWriter writer = new OnnxWriter().opset(10).input("x", OnnxWriter.FLOAT, 1, 3, "h", "w").output("y", OnnxWriter.FLOAT)
                        .constant("s", new float[] {1, 1, factor, factor}, 4).node(operator, "y", "x", "s").string("mode", "linear");
                assertEquals(factor == 2 ? OptionalInt.of(2) : OptionalInt.empty(), radius(writer), operator + " " + factor);
            }
        }
    }

    /// Factors of listed axes: not looked into.
    @Test
    void resizesOfListedAxes() throws IOException {
        OnnxWriter writer = new OnnxWriter().opset(18).input("x", OnnxWriter.FLOAT, 1, 3, "h", "w").output("y", OnnxWriter.FLOAT)
                .constant("s", new float[] {1, 1, 2, 2}, 4).node("Resize", "y", "x", "", "s").integers("axes", 2, 3, 0, 1);
        assertEquals(OptionalInt.empty(), radius(writer));
    }
}
