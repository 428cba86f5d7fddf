package io.github.fovea;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The examples of the documentation compile against the public interface and do what they say.
class ExamplesTest {
    private static final Path EXAMPLES = Path.of("docs/examples");

    @TempDir
    private static Path folder;

    private static Path picture;

    @BeforeAll
    static void compileAll() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<Path> sources;
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            sources = files.filter(f -> f.toString().endsWith(".java")).toList();
        }
        assertFalse(sources.isEmpty());
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        try (var files = compiler.getStandardFileManager(problems, null, StandardCharsets.UTF_8)) {
            boolean fine = compiler.getTask(null, files, problems,
                    List.of("-d", folder.toString(), "--release", "25", "-Xlint:all,-path", "-cp", System.getProperty("java.class.path")),
                    null, files.getJavaFileObjectsFromPaths(sources)).call();
            List<String> found = new ArrayList<>();
            for (Diagnostic<? extends JavaFileObject> problem : problems.getDiagnostics()) {
                found.add(problem.toString());
            }
            assertTrue(fine, found.toString());
            assertEquals(List.of(), found);
        }
        BufferedImage image = new BufferedImage(24, 18, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < 18; y++) {
            for (int x = 0; x < 24; x++) {
                image.setRGB(x, y, 0x010203 * ((x * 7 + y * 5) % 80));
            }
        }
        picture = folder.resolve("small.png");
        ImageIO.write(image, "png", picture.toFile());
    }

    /// The examples in the comments of the public types compile; the one of [Upscaler] runs.
    @Test
    void examplesInComments() throws Exception {
        Path model = SampleClips.model(folder.resolve("clip.fovea"), false);
        Path video = SampleClips.video(folder.resolve("lr.y4m"));
        Path large = folder.resolve("hr.y4m");
        Path source = folder.resolve("comments");
        Files.createDirectories(source);
        int found = 0;
        try (Stream<Path> files = Files.list(Path.of("src/main/java/io/github/fovea"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).sorted().toList()) {
                Matcher block = Pattern.compile("/// ```java\n((?:/// .*\n)+?)/// ```").matcher(Files.readString(file));
                while (block.find()) {
                    String code = block.group(1).replaceAll("(?m)^/// ", "")
                            .replace("\"clip.fovea\"", literal(model)).replace("\"lr.mp4\"", literal(video))
                            .replace("\"hr.mp4\"", literal(large));
                    Files.writeString(source.resolve("Comment" + found + ".java"), "import io.github.fovea.*;\n"
                            + "import java.nio.file.Path;\npublic class Comment" + found
                            + " {\npublic static void main(String[] arguments) throws Exception {\n" + code + "}\n}\n");
                    compile(source.resolve("Comment" + found + ".java"));
                    if (file.endsWith("Upscaler.java")) {
                        run("Comment" + found);
                    }
                    found++;
                }
            }
        }
        assertTrue(found > 0);
        assertEquals(4 * Files.size(video), Files.size(large), 200);
    }

    private static String literal(Path file) {
        return '"' + file.toString().replace("\\", "\\\\") + '"';
    }

    private static void compile(Path source) {
        int code = ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", folder.toString(), "--release", "25", "-cp",
                System.getProperty("java.class.path"), source.toString());
        assertEquals(0, code, source.toString());
    }

    @Test
    void playOverfittedVideo() throws Exception {
        Path model = SampleClips.model(folder.resolve("played.fovea"), false);
        Path video = SampleClips.video(folder.resolve("played-lr.y4m"));
        run("PlayOverfittedVideo", model.toString(), video.toString(), folder.resolve("played-hr.y4m").toString(), "0.5");
        assertEquals(4 * Files.size(video), Files.size(folder.resolve("played-hr.y4m")), 200);
    }

    private static void run(String name, String... arguments) throws Exception {
        try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()}, ExamplesTest.class.getClassLoader())) {
            loader.loadClass(name).getMethod("main", String[].class).invoke(null, (Object) arguments);
        } catch (InvocationTargetException e) {
            throw new AssertionError(name + " failed", e.getCause());
        }
    }

    private static void assertSize(Path file, int width, int height) throws IOException {
        BufferedImage image = ImageIO.read(file.toFile());
        assertEquals(width, image.getWidth());
        assertEquals(height, image.getHeight());
    }

    @Test
    void upscalePicture() throws Exception {
        Path large = folder.resolve("upscalePicture.png");
        run("UpscalePicture", picture.toString(), large.toString());
        assertSize(large, 48, 36);
    }

    @Test
    void upscaleWithProgress() throws Exception {
        Path large = folder.resolve("upscaleWithProgress.png");
        run("UpscaleWithProgress", picture.toString(), large.toString());
        assertSize(large, 72, 54);
    }

    @Test
    void dropInOp() throws Exception {
        Path large = folder.resolve("dropInOp.png");
        run("DropInOp", picture.toString(), large.toString());
        assertSize(large, 48, 36);
    }

    @Test
    void upscaleFrames() throws Exception {
        Path small = Files.write(folder.resolve("small.yuv"), new byte[3 * 16 * 10 * 3 / 2]);
        Path large = folder.resolve("large.yuv");
        run("UpscaleFrames", "16", "10", small.toString(), large.toString());
        assertEquals(4 * Files.size(small), Files.size(large));
    }

    @Test
    void keepFrameRate() throws Exception {
        run("KeepFrameRate");
    }

    @Test
    void everyExampleIsRun() throws IOException {
        String tests = Files.readString(Path.of("src/test/java/io/github/fovea/ExamplesTest.java"));
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            List<String> missing = files.map(file -> file.getFileName().toString().replace(".java", ""))
                    .filter(name -> !tests.contains("run(\"" + name + '"')).toList();
            assertEquals(List.of(), missing);
        }
    }

    @Test
    void sharedBetweenThreads() throws Exception {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Path copy = folder.resolve("request" + i + ".png");
            Files.copy(picture, copy);
            names.add(copy.toString());
        }
        run("SharedBetweenThreads", names.toArray(String[]::new));
        byte[] first = Files.readAllBytes(Path.of(names.getFirst() + ".x2.png"));
        for (String name : names) {
            assertTrue(java.util.Arrays.equals(first, Files.readAllBytes(Path.of(name + ".x2.png"))), name);
            assertSize(new File(name + ".x2.png").toPath(), 48, 36);
        }
    }
}
