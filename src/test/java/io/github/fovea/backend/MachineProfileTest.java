package io.github.fovea.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.error.MalformedFileException;
import io.github.fovea.error.UnavailableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineProfileTest {
    private static final Machine MACHINE = new Machine("Some CPU \"X\" @ 2.0GHz", 512, "25.0.3+9", "3f2a");

    @TempDir
    private Path folder;

    private static MachineProfile profile() {
        return new MachineProfile(MACHINE, List.of(
                new MachineProfile.Cost("conv3x3", "Fast", 16, 16, 32, 480, 300_000),
                new MachineProfile.Cost("conv3x3", "Fast", 16, 16, 48, 54, 60_000),
                new MachineProfile.Cost("conv3x3", "Slow", 16, 16, 48, 54, 90_000),
                new MachineProfile.Cost("frame general-x2", "vector", 1, 1, 64, 64, 5_000_000)));
    }

    @Test
    void filesKeepEverything() throws IOException {
        Path file = Files.write(folder.resolve("p.json"), profile().json());
        assertEquals(profile(), MachineProfile.read(file, MACHINE));
    }

    @Test
    void thePropertyNamesTheFileInUse() throws IOException {
        Path usual = folder.resolve("usual.json");
        assertEquals(Optional.empty(), MachineProfile.inUse(null, usual));
        Files.write(usual, profile().json());
        assertEquals(Optional.of(usual), MachineProfile.inUse(null, usual));
        assertEquals(Optional.of(folder.resolve("other.json")), MachineProfile.inUse(folder.resolve("other.json").toString(), usual));
        assertEquals(Optional.empty(), MachineProfile.inUse("none", usual));
    }

    @Test
    void predictionsScaleTheNearestShape() {
        assertEquals(OptionalDouble.of(60_000), profile().nanos("conv3x3", 16, 16, 48, 54));
        assertEquals(OptionalDouble.of(120_000), profile().nanos("conv3x3", 16, 16, 96, 54));
        assertEquals(OptionalDouble.of(600_000), profile().nanos("conv3x3", 16, 16, 64, 480));
        assertEquals(OptionalDouble.empty(), profile().nanos("conv3x3", 16, 32, 64, 480));
        assertEquals(OptionalDouble.empty(), profile().nanos("conv5x5", 16, 16, 64, 480));
    }

    @Test
    void anotherMachinesProfileIsRefusedWithASentence() throws IOException {
        Path file = Files.write(folder.resolve("p.json"), profile().json());
        for (Machine other : List.of(new Machine("Other", 512, "25.0.3+9", "3f2a"),
                new Machine(MACHINE.processor(), 256, "25.0.3+9", "3f2a"), new Machine(MACHINE.processor(), 512, "26+1", "3f2a"),
                new Machine(MACHINE.processor(), 512, "25.0.3+9", "77d0"))) {
            UnavailableException refused = assertThrows(UnavailableException.class, () -> MachineProfile.read(file, other));
            assertTrue((refused.what() + refused.remedy()).contains("fovea profile")
                    && refused.what().contains(other.toString()), refused.what());
        }
    }

    /// What names them changes with a kernel's source and with nothing else.
    @Test
    void thisMachineNamesItsKernels(@TempDir Path made) throws Exception {
        assertTrue(Machine.here(256).kernels().matches("[0-9a-f]{12}"), Machine.here(256).toString());
        Path sources = Files.createDirectory(made.resolve("sources"));
        List<String> classes = new ArrayList<>();
        for (String kernel : List.of("a = 1\n", "a = 1\r\n", "a = 2\n")) {
            Files.writeString(sources.resolve("A.java"), kernel);
            Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1", "src/build/DigestKernels.java", made.toString(), sources.toString()).inheritIO().start();
            assertEquals(0, process.waitFor());
            classes.add(Files.readString(made.resolve("io/github/fovea/backend/KernelSources.java")));
        }
        assertEquals(classes.get(0), classes.get(1));
        assertNotEquals(classes.get(0), classes.get(2));
    }

    @Test
    void malformedFilesAreRefused() throws IOException {
        String good = new String(profile().json(), StandardCharsets.UTF_8);
        for (String bad : List.of("", "[]", "{", good.substring(0, good.length() / 2), good.replace("fovea-profile", "other"),
                good.replace("\"version\":2", "\"version\":1"),
                good.replace("\"kernels\"", "\"kernel\""), good.replace("\"nanos\":60000", "\"nanos\":0"),
                good.replace("\"nanos\":60000", "\"nanos\":-5"), good.replace("\"in\":16", "\"in\":\"16\""),
                good.replace("\"costs\"", "\"prices\""), good.replace("\"machine\"", "\"host\""))) {
            Path file = Files.writeString(folder.resolve("bad.json"), bad);
            assertThrows(MalformedFileException.class, () -> MachineProfile.read(file, MACHINE), bad);
        }
        Path more = Files.writeString(folder.resolve("more.json"), good.replace("\"costs\"", "\"later\":{\"a\":[1]},\"costs\""));
        assertEquals(profile(), MachineProfile.read(more, MACHINE));
    }

    @Test
    void theFileLiesWhereTheSystemKeepsCaches() {
        Path home = Path.of("/home/me");
        assertEquals(Path.of("/home/me/.cache/fovea/profile.json"), MachineProfile.file(Map.of(), home, "Linux"));
        assertEquals(Path.of("/c/fovea/profile.json"), MachineProfile.file(Map.of("XDG_CACHE_HOME", "/c"), home, "Linux"));
        assertEquals(Path.of("/home/me/.cache/fovea/profile.json"),
                MachineProfile.file(Map.of("XDG_CACHE_HOME", "relative"), home, "Linux"));
        assertEquals(Path.of("/home/me/Library/Caches/fovea/profile.json"), MachineProfile.file(Map.of(), home, "Mac OS X"));
        assertEquals(Path.of("/l/fovea/profile.json"), MachineProfile.file(Map.of("LOCALAPPDATA", "/l"), home, "Windows 11"));
    }

    @Test
    void everyConvolutionIsMeasured() {
        List<MachineProfile.Cost> told = new ArrayList<>();
        Profiler profiler = new Profiler(KernelTables.scalar(), 1, new int[][] {{2, 7}, {3, 5}});
        List<MachineProfile.Cost> costs = profiler.run(told::add);
        assertEquals(profiler.measurements(), costs.size());
        assertEquals(costs, told);
        assertEquals(costs.size(), costs.stream()
                .map(c -> c.operation() + " " + c.in() + " " + c.out() + " " + c.width()).distinct().count());
        assertTrue(costs.stream().allMatch(c -> c.nanos() >= 1));
    }
}
