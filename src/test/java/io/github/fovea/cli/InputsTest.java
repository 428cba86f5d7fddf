package io.github.fovea.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputsTest {
    @TempDir
    private Path folder;

    private Path file(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.createFile(file);
    }

    @Test
    void namesTellWhatFilesAre() {
        assertEquals(Inputs.Kind.IMAGE, Inputs.kind(Path.of("a/B.JPEG")));
        assertEquals(Inputs.Kind.VIDEO, Inputs.kind(Path.of("clip.y4m")));
        assertEquals(Inputs.Kind.VIDEO, Inputs.kind(Path.of("clip.MKV")));
        assertEquals(Inputs.Kind.OTHER, Inputs.kind(Path.of("README")));
        assertEquals(Inputs.Kind.OTHER, Inputs.kind(Path.of(".png")));
    }

    @Test
    void oneFileBecomesTheOutputItself() throws IOException {
        Path input = file("in.png");
        Path output = folder.resolve("out.png");
        assertEquals(List.of(new Inputs.Job(input, output, Inputs.Kind.IMAGE)), Inputs.expand(List.of(input), output));
    }

    @Test
    void oneFileGoesIntoAFolderThatExists() throws IOException {
        Path input = file("in.png");
        Path output = Files.createDirectory(folder.resolve("out"));
        assertEquals(output.resolve("in.png"), Inputs.expand(List.of(input), output).getFirst().output());
    }

    @Test
    void foldersKeepTheirTreeAndLeaveJunkOut() throws IOException {
        file("tree/a.png");
        file("tree/deep/b.JPG");
        file("tree/deep/clip.mp4");
        file("tree/deep/anim.gif");
        file("tree/deep/old.film.avi");
        file("tree/.hidden.png");
        file("tree/.cache/c.png");
        file("tree/Thumbs.db");
        file("tree/notes.txt");
        Path output = folder.resolve("big");
        List<Path> outputs = Inputs.expand(List.of(folder.resolve("tree")), output).stream().map(Inputs.Job::output).toList();
        assertEquals(List.of(output.resolve("a.png"), output.resolve("deep/anim.png"), output.resolve("deep/b.JPG"),
                output.resolve("deep/clip.mp4"), output.resolve("deep/old.film.mkv")), outputs);
    }

    @Test
    void anOutputFolderInsideTheInputIsNotAnInput() throws IOException {
        file("tree/a.png");
        file("tree/big/a.png");
        List<Inputs.Job> jobs = Inputs.expand(List.of(folder.resolve("tree")), folder.resolve("tree/big"));
        assertEquals(1, jobs.size());
        assertEquals(folder.resolve("tree/a.png"), jobs.getFirst().input());
    }

    @Test
    void twoInputsForOneOutputAreRefused() throws IOException {
        Path a = file("a/x.png");
        Path b = file("b/x.png");
        IllegalArgumentException thrown = assertThrows(IllegalArgumentException.class,
                () -> Inputs.expand(List.of(a, b), folder.resolve("out")));
        assertTrue(thrown.getMessage().contains("x.png"), thrown.getMessage());
    }

    @Test
    void missingInputsAndFilesInPlaceOfFoldersAreNamed() throws IOException {
        Path there = file("a.png");
        assertThrows(NoSuchFileException.class,
                () -> Inputs.expand(List.of(folder.resolve("none.png")), folder.resolve("out.png")));
        Path other = file("b.png");
        Path plain = file("plain.txt");
        assertThrows(OutputException.class, () -> Inputs.expand(List.of(there, other), plain));
    }
}
