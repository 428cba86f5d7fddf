package io.github.fovea;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.onnx.OnnxWriter;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where models come from.
class ModelTest {
    @TempDir
    private Path folder;

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = Model.class.getResourceAsStream("/io/github/fovea/models/" + name + ".fovea")) {
            return in.readAllBytes();
        }
    }

    /// A nearest enlargement by 2, of luma.
    private static byte[] nearest() {
        return new OnnxWriter().input("x", OnnxWriter.FLOAT, 1, 1, "h", "w").output("y", OnnxWriter.FLOAT)
                .constant("up", new float[] {1, 1, 2, 2}, 4).node("Resize", "y", "x", "", "up").string("mode", "nearest")
                .string("coordinate_transformation_mode", "asymmetric").string("nearest_mode", "floor").model();
    }

    private static BufferedImage upscale(Model model) {
        BufferedImage small = new BufferedImage(9, 7, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < 9 * 7; i++) {
            small.getRaster().setSample(i % 9, i / 9, 0, i * 31 % 256);
        }
        try (Upscaler upscaler = Upscaler.open(model)) {
            return upscaler.upscale(small);
        }
    }

    private static int[] samples(BufferedImage picture) {
        return picture.getRaster().getSamples(0, 0, picture.getWidth(), picture.getHeight(), 0, (int[]) null);
    }

    @Test
    void aStreamHoldsWhatAFileHolds() throws IOException {
        Model network = Model.read(new ByteArrayInputStream(resource("general-x2-fast")), "resource");
        assertEquals("general-x2-fast", network.name());
        assertTrue(Arrays.equals(samples(upscale(Model.bundled("general-x2-fast"))), samples(upscale(network))));
        assertEquals(48_744, Model.read(new ByteArrayInputStream(resource("adaptive-x2")), "resource").parameters(),
                "with all its operating points");
        Path file = SampleClips.model(folder.resolve("clip.fovea"), false);
        try (InputStream in = Files.newInputStream(file)) {
            assertEquals(Model.load(file).paths(), Model.read(in, "clip").paths());
        }
    }

    @Test
    void aStreamMayHoldOnnx() throws IOException {
        Model onnx = Model.read(new ByteArrayInputStream(nearest()), "twice.onnx", 255);
        assertEquals("twice", onnx.name());
        assertEquals(2, onnx.scale());
        Model inferred = Model.read(new ByteArrayInputStream(nearest()), "models/twice.onnx", 1);
        assertEquals("twice", inferred.name());
        assertTrue(Arrays.equals(samples(upscale(onnx)), samples(upscale(inferred))));
        String unknown = assertThrows(IllegalArgumentException.class,
                () -> Model.read(new ByteArrayInputStream(nearest()), "twice.onnx")).getMessage();
        assertTrue(unknown.startsWith("twice.onnx: cannot tell"), unknown);
    }

    @Test
    void aDamagedStreamIsNamed() throws IOException {
        byte[] whole = resource("general-x2-fast");
        String cut = assertThrows(IOException.class,
                () -> Model.read(new ByteArrayInputStream(whole, 0, whole.length - 1), "my model")).getMessage();
        assertTrue(cut.startsWith("my model") && cut.contains("truncated"), cut);
        String longer = assertThrows(IOException.class,
                () -> Model.read(new ByteArrayInputStream(Arrays.copyOf(whole, whole.length + 1)), "my model")).getMessage();
        assertTrue(longer.contains("more follows"), longer);
        String onnx = assertThrows(IOException.class,
                () -> Model.read(new ByteArrayInputStream(nearest(), 0, 40), "my.onnx")).getMessage();
        assertTrue(onnx.startsWith("my.onnx"), onnx);
    }

    @Test
    void aFolderIsNamed() {
        FileSystemException folderRead = assertThrows(FileSystemException.class, () -> Model.load(folder));
        assertEquals(folder + ": is a folder, wanted a model file", folderRead.getMessage());
    }

    /// A program that has not put protobuf-java beside Fovea hears so by an exception of the public package: code on the
    /// module path cannot even name those of other packages.
    @Test
    void withoutProtobufOnnxFilesAreRefusedByAPublicException() throws Exception {
        Path file = Files.write(folder.resolve("net.onnx"), nearest());
        URL[] jars = Arrays.stream(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
                .filter(entry -> !entry.contains("protobuf")).map(ModelTest::url).toArray(URL[]::new);
        try (URLClassLoader loader = new URLClassLoader(jars, ClassLoader.getPlatformClassLoader())) {
            Class<?> model = loader.loadClass(Model.class.getName());
            Class<?> wanted = loader.loadClass(UpscaleException.class.getName());
            Throwable thrown = assertThrows(InvocationTargetException.class,
                    () -> model.getMethod("load", Path.class).invoke(null, file)).getCause();
            assertSame(wanted, thrown.getClass(), thrown.toString());
            assertTrue(thrown.getMessage().contains("com.google.protobuf:protobuf-java"), thrown.getMessage());
        }
    }

    private static URL url(String entry) {
        try {
            return Path.of(entry).toUri().toURL();
        } catch (java.net.MalformedURLException e) {
            throw new AssertionError(e);
        }
    }
}
