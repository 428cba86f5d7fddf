package io.github.fovea.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLengthTest {
    @TempDir
    private Path folder;

    private String file(String name, int bytes) throws IOException {
        return Files.write(folder.resolve(name), new byte[bytes]).toString();
    }

    @Test
    void smallPicturesAreAQuickRun() throws IOException {
        assertEquals(RunLength.QUICK, RunLength.of(List.of(file("a.png", 512 << 10)), null));
        assertEquals(RunLength.QUICK, RunLength.of(List.of(file("b.png", 100_000), file("c.jpg", 200_000), file("d.jpg", 200_000)), "out/"));
    }

    @Test
    void largerPicturesAreAShortRun() throws IOException {
        assertEquals(RunLength.SHORT, RunLength.of(List.of(file("a.png", (512 << 10) + 1)), null));
        assertEquals(RunLength.SHORT, RunLength.of(List.of(file("b.png", 300_000), file("c.png", 300_000)), null));
    }

    @Test
    void manyPicturesFoldersAndVideosAreALongRun() throws IOException {
        String picture = file("a.png", 10);
        assertEquals(RunLength.LONG, RunLength.of(Collections.nCopies(4, picture), null));
        assertEquals(RunLength.LONG, RunLength.of(List.of(folder.toString()), null));
        assertEquals(RunLength.LONG, RunLength.of(List.of("-"), null));
        assertEquals(RunLength.LONG, RunLength.of(List.of(picture, file("a.mp4", 10)), null));
        assertEquals(RunLength.LONG, RunLength.of(List.of(file("a.y4m", 10)), null));
    }

    @Test
    void aFileThatBecomesAVideoIsALongRun() throws IOException {
        assertEquals(RunLength.LONG, RunLength.of(List.of(file("a.gif", 10)), "b.mp4"));
        assertEquals(RunLength.QUICK, RunLength.of(List.of(file("a.gif", 10)), "b.png"));
    }

    @Test
    void aDeepNetworkIsNoQuickRun() {
        assertEquals(RunLength.QUICK, RunLength.QUICK.through(30_000));
        assertEquals(RunLength.SHORT, RunLength.QUICK.through(30_001));
        assertEquals(RunLength.LONG, RunLength.LONG.through(30_001));
    }

    @Test
    void whatIsMissingIsFoundOutLater() {
        assertEquals(RunLength.QUICK, RunLength.of(List.of(folder.resolve("missing.png").toString()), null));
    }
}
