package io.github.fovea.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.fovea.error.OutputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicOutputTest {
    @TempDir
    Path folder;

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void whatCannotBeWrittenIsNamed(@TempDir Path folder) throws IOException {
        Path target = folder.resolve("a.txt");
        IOException full = assertThrows(IOException.class,
                () -> AtomicOutput.write(target, false, _ -> { throw new IOException("No space left on device"); }));
        assertEquals(target + ": cannot be written: No space left on device", full.getMessage());
        AtomicOutput.write(target, false, file -> Files.writeString(file, "whole"));
        assertEquals("whole", Files.readString(target));
        assertEquals("folder " + folder.resolve("no") + " does not exist; create it first", assertThrows(OutputException.class,
                () -> AtomicOutput.check(folder.resolve("no/b.txt"), false)).getReason());
    }

    /// A name was cut within a character, which is no path.
    @Test
    void longNamesAreCutBetweenCharacters() {
        String clef = Character.toString(0x1D11E);
        assertEquals("a".repeat(39), AtomicOutput.start("a".repeat(39) + clef));
        assertEquals("a".repeat(38) + clef, AtomicOutput.start("a".repeat(38) + clef + clef));
        assertEquals("a" + clef, AtomicOutput.start("a" + clef));
        assertEquals("a".repeat(40), AtomicOutput.start("a".repeat(41)));
    }

    @Test
    void theFileAppearsOnlyWithCommit() throws IOException {
        Path target = folder.resolve("a.tar.mp4");
        try (AtomicOutput output = AtomicOutput.open(target, false)) {
            assertTrue(output.temporary().toString().endsWith(".mp4"), "ffmpeg goes by the ending");
            Files.writeString(output.temporary(), "half");
            assertTrue(Files.notExists(target));
        }
        assertEquals(List.of(), names());
        try (AtomicOutput output = AtomicOutput.open(target, false)) {
            Files.writeString(output.temporary(), "whole");
            output.commit();
            assertThrows(IllegalStateException.class, output::commit);
        }
        assertEquals(List.of("a.tar.mp4"), names());
        assertEquals("whole", Files.readString(target));
    }

    @Test
    void aFileThatAppearsMeanwhileIsNotReplaced() throws IOException {
        Path target = folder.resolve("b.png");
        try (AtomicOutput output = AtomicOutput.open(target, false)) {
            Files.writeString(target, "somebody else's");
            assertThrows(FileAlreadyExistsException.class, output::commit);
        }
        assertEquals("somebody else's", Files.readString(target));
        assertEquals(List.of("b.png"), names());
        assertThrows(OutputException.class, () -> AtomicOutput.open(folder, true));
    }

    @Test
    void linksStayAndTheFilesTheyLeadToAreReplaced(@TempDir Path elsewhere) throws IOException {
        Path file = Files.writeString(elsewhere.resolve("real.txt"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("link.txt"), file);
        assertThrows(FileAlreadyExistsException.class, () -> AtomicOutput.open(link, false));
        AtomicOutput.write(link, true, temporary -> Files.writeString(temporary, "new"));
        assertTrue(Files.isSymbolicLink(link), "the link was replaced");
        assertEquals("new", Files.readString(file));

        Path nowhere = Files.createSymbolicLink(folder.resolve("nowhere.txt"), elsewhere.resolve("gone.txt"));
        for (boolean overwrite : new boolean[] {false, true}) {
            assertTrue(assertThrows(OutputException.class, () -> AtomicOutput.open(nowhere, overwrite)).getReason()
                    .contains("does not exist; remove the link"));
        }
        assertTrue(Files.isSymbolicLink(nowhere));
        assertEquals(List.of("link.txt", "nowhere.txt"), names());
    }

    @Test
    void pipesAndDevicesAreNeverReplaced() throws Exception {
        Path pipe = folder.resolve("pipe.txt");
        Process made;
        try {
            made = new ProcessBuilder("mkfifo", pipe.toString()).inheritIO().start();
        } catch (IOException e) {
            assumeTrue(false, "there is no mkfifo here: " + e.getMessage());
            return;
        }
        assertEquals(0, made.waitFor());
        assertEquals("is a device or a pipe; name a file",
                assertThrows(OutputException.class, () -> AtomicOutput.open(pipe, true)).getReason());
        assertEquals(List.of("pipe.txt"), names());
    }

    /// A process of its own that is stopped while its output is half written.
    @Test
    void nothingIsLeftWhenTheMachineIsStopped() throws Exception {
        Process process = new ProcessBuilder(ProcessHandle.current().info().command().orElse("java"), "-cp",
                System.getProperty("java.class.path"), Holder.class.getName(), folder.resolve("c.png").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            assertEquals("ready", reader.readLine());
            assertEquals(1, names().size());
            process.destroy();
            process.waitFor();
            assertEquals(List.of(), names());
        } finally {
            process.destroyForcibly();
        }
    }

    /// Opens an output and waits.
    static final class Holder {
        private Holder() {
        }

        public static void main(String[] arguments) throws Exception {
            AtomicOutput output = AtomicOutput.open(Path.of(arguments[0]), false);
            Files.writeString(output.temporary(), "half");
            System.out.println("ready");
            System.in.read();
        }
    }
}
