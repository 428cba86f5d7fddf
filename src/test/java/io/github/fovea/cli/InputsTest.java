package io.github.fovea.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.error.OutputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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
        assertEquals(List.of(new Inputs.Job(input, output, Inputs.Kind.IMAGE)), Inputs.expand(List.of(input), output, false).jobs());
    }

    /// Containers of rare kinds have endings that nobody lists, and a GIF may be a picture or a film.
    @Test
    void theOutputsEndingMakesAVideoOfWhatMayBeOne() throws IOException {
        for (String name : List.of("film.wtv", "film", ".film.mp4", "film.gif")) {
            Path input = file("in/" + name);
            assertEquals(Inputs.Kind.VIDEO, Inputs.expand(List.of(input), folder.resolve("out.mkv"), false).jobs().getFirst().kind(), name);
        }
        assertEquals(Inputs.Kind.IMAGE, Inputs.expand(List.of(file("a.gif")), folder.resolve("out.png"), false).jobs().getFirst().kind());
        assertEquals(Inputs.Kind.IMAGE, Inputs.expand(List.of(file("a.png")), folder.resolve("out.mkv"), false).jobs().getFirst().kind());
    }

    @Test
    void oneFileGoesIntoAFolderThatExists() throws IOException {
        Path input = file("in.png");
        Path output = Files.createDirectory(folder.resolve("out"));
        assertEquals(output.resolve("in.png"), Inputs.expand(List.of(input), output, false).jobs().getFirst().output());
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
        List<Path> outputs = Inputs.expand(List.of(folder.resolve("tree")), output, false).jobs().stream().map(Inputs.Job::output).toList();
        assertEquals(List.of(output.resolve("a.png"), output.resolve("deep/anim.png"), output.resolve("deep/b.JPG"),
                output.resolve("deep/clip.mp4"), output.resolve("deep/old.film.mkv")), outputs);
    }

    /// Whoever enlarges a folder would think that they are done.
    @Test
    void picturesOfOtherKindsAreNamed() throws IOException {
        file("tree/a.png");
        Path webp = file("tree/b.webp");
        file("tree/.c.webp");
        assertEquals(Optional.of(webp + ": left out, because its kind is not read; convert to .png first"),
                Inputs.expand(List.of(folder.resolve("tree")), folder.resolve("out"), false).unreadNote());
        Path heic = file("tree/deep/d.HEIC");
        file("tree/e.avif");
        file("tree/f.jxl");
        String said = Inputs.expand(List.of(folder.resolve("tree")), folder.resolve("out"), false).unreadNote().orElseThrow();
        assertTrue(said.startsWith(webp + ", " + heic + ", ") && said.contains(" and 1 more: left out, because their kinds are not read"),
                said);
        assertEquals(1, CommandRun.run("upscale", folder.resolve("tree"), "-o", folder.resolve("out")).err().lines()
                .filter(line -> line.contains("left out")).count());
    }

    @Test
    void anOutputFolderInsideTheInputIsNotAnInput() throws IOException {
        file("tree/a.png");
        file("tree/big/a.png");
        List<Inputs.Job> jobs = Inputs.expand(List.of(folder.resolve("tree")), folder.resolve("tree/big"), false).jobs();
        assertEquals(1, jobs.size());
        assertEquals(folder.resolve("tree/a.png"), jobs.getFirst().input());
    }

    @Test
    void inputsForOneOutputAreLeftOutAndNamed() throws IOException {
        Path gif = file("tree/a.gif");
        Path png = file("tree/a.png");
        Path alone = file("tree/b.png");
        Inputs.Expansion found = Inputs.expand(List.of(folder.resolve("tree")), folder.resolve("out"), false);
        assertEquals(List.of(alone), found.jobs().stream().map(Inputs.Job::input).toList());
        assertEquals(2, found.problems().size());
        assertTrue(found.problems().getFirst().startsWith(gif + ": not done") && found.problems().getLast().startsWith(png + ": not done"),
                found.problems().toString());
    }

    @Test
    void oneInputGivenTwiceIsDoneOnce() throws IOException {
        Path a = file("a.png");
        Inputs.Expansion found = Inputs.expand(List.of(a, a), folder.resolve("out"), false);
        assertEquals(1, found.jobs().size());
        assertEquals(List.of(), found.problems());
    }

    @Test
    void linksBackIntoTheFolderAreNotFollowedForEver() throws IOException {
        Path a = file("tree/deep/a.png");
        Files.createSymbolicLink(folder.resolve("tree/deep/back"), folder.resolve("tree"));
        Inputs.Expansion found = Inputs.expand(List.of(folder.resolve("tree")), folder.resolve("out"), false);
        assertEquals(List.of(a), found.jobs().stream().map(Inputs.Job::input).toList());
        assertEquals(List.of(), found.problems());
    }

    @Test
    void oneOfSeveralInputsMayBeMissing() throws IOException {
        Path there = file("a.png");
        Inputs.Expansion found = Inputs.expand(List.of(there, folder.resolve("none.png")), folder.resolve("out"), false);
        assertEquals(1, found.jobs().size());
        assertEquals(List.of(folder.resolve("none.png") + ": no such file"), found.problems());
    }

    @Test
    void missingInputsAndFilesInPlaceOfFoldersAreNamed() throws IOException {
        Path there = file("a.png");
        assertThrows(NoSuchFileException.class,
                () -> Inputs.expand(List.of(folder.resolve("none.png")), folder.resolve("out.png"), false));
        Path other = file("b.png");
        Path plain = file("plain.txt");
        assertThrows(OutputException.class, () -> Inputs.expand(List.of(there, other), plain, false));
    }

    @Test
    void aSlashBehindItsNameMakesTheOutputAFolder() throws IOException {
        Path input = file("in.png");
        Path output = folder.resolve("new");
        assertEquals(output.resolve("in.png"), Inputs.expand(List.of(input), output, true).jobs().getFirst().output());
    }

    @Test
    void severalResultsGoToNoFilesName() throws IOException {
        List<Path> two = List.of(file("a.png"), file("b.png"));
        for (String name : List.of("big.png", "big.JPG", "big.mp4")) {
            Path output = folder.resolve(name);
            IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> Inputs.expand(two, output, false), name);
            assertTrue(refused.getMessage().contains(name + "/"), refused.getMessage());
            assertEquals(2, Inputs.expand(two, output, true).jobs().size());
        }
    }

    /// Every result would exist, which looks as if all were done.
    @Test
    void aFolderIsNotEnlargedIntoItself() throws IOException {
        file("tree/a.png");
        Path tree = folder.resolve("tree");
        OutputException refused = assertThrows(OutputException.class, () -> Inputs.expand(List.of(tree), tree.resolve("../tree"), false));
        assertTrue(refused.getMessage().contains("is the input itself"), refused.getMessage());
    }
}
