package io.github.fovea.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `bin/fovea` in a folder of its own, around a program that prints what reaches it.
class LauncherTest {
    private static final String MAIN = """
            package io.github.fovea.cli;
            public class Main {
                public static void main(String[] arguments) {
                    System.out.println(String.join("|", arguments) + "|"
                            + System.getProperty(System.getProperty("asked", "extra")));
                    System.exit(arguments.length == 0 ? 3 : 0);
                }
            }
            """;

    @TempDir
    private Path root;

    private Launcher launcher;

    @BeforeEach
    void install() throws IOException {
        launcher = new Launcher(root, MAIN);
    }

    private Launcher.Result start(Map<String, String> environment, String... arguments) throws Exception {
        return launcher.start(environment, arguments);
    }

    @Test
    void argumentsAndExitCodesPassUnchangedAndNothingElseIsOnStandardOutput() throws Exception {
        Map<String, String> plain = Map.of("FOVEA_ARCHIVE", "off", "FOVEA_JAVA_OPTS", "-Dextra=more");
        Launcher.Result result = start(plain, "upscale", "two words", "*", "");
        assertEquals(new Launcher.Result(0, "upscale|two words|*||more\n", result.err()), result);
        assertEquals(3, start(plain).code());
        assertFalse(Files.exists(root.resolve("target/fovea.jsa")), "made an archive that was not wanted");
    }

    @Test
    void namesOfFilesAreUnicodeWithoutALocale() throws Exception {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "elsewhere they do not depend on the locale");
        Launcher.Result result = start(Map.of("FOVEA_ARCHIVE", "off", "LC_ALL", "C", "FOVEA_JAVA_OPTS", "-Dasked=sun.jnu.encoding"), "x");
        assertEquals("x|UTF-8\n", result.out());
    }

    /// Names a locale that no machine has, as a session over the network brings along.
    @Test
    void namesOfFilesAreUnicodeWithALocaleThatIsNotInstalled() throws Exception {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "elsewhere they do not depend on the locale");
        Launcher.Result result = start(Map.of("FOVEA_ARCHIVE", "off", "LC_ALL", "xx_XX.UTF-8", "FOVEA_JAVA_OPTS",
                "-Dasked=sun.jnu.encoding"), "x");
        assertEquals("x|UTF-8\n", result.out());
    }

    /// Services often run without one.
    @Test
    void noHomeIsNeeded() throws Exception {
        assertEquals("x|null\n", start(Map.of("FOVEA_ARCHIVE", "off", "HOME", ""), "x").out());
        ProcessBuilder builder = new ProcessBuilder(root.resolve("bin/find-jdk").toString());
        builder.environment().remove("HOME");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.redirectErrorStream(true).start();
        assertEquals(Path.of(System.getProperty("java.home")).toString() + "\n",
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        assertEquals(0, process.waitFor());
    }

    /// The second start waits for the first one's build and finds the jar fresh. The old jar is not written over: programs may
    /// still run from it.
    @Test
    void oneStartBuildsWhileAnotherWaits() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/flock")), "no lock between starts here");
        Path tools = staleWithMaven("echo built >>" + root.resolve("builds") + "\ntest -e " + root.resolve("target/fovea.jar")
                + " && exit 1\nsleep 2");
        Map<String, String> environment = Map.of("FOVEA_ARCHIVE", "off", "PATH", tools + ":" + System.getenv("PATH"));
        ProcessBuilder other = new ProcessBuilder(root.resolve("bin/fovea").toString(), "other");
        other.environment().put("JAVA_HOME", System.getProperty("java.home"));
        other.environment().putAll(environment);
        Process beside = other.redirectErrorStream(true).start();
        Launcher.Result result = start(environment, "x");
        assertEquals("x|null\n", result.out());
        assertTrue(new String(beside.getInputStream().readAllBytes(), StandardCharsets.UTF_8).endsWith("other|null\n"));
        assertEquals(0, beside.waitFor());
        assertEquals("built\n", Files.readString(root.resolve("builds")), "one build for both");
    }

    /// A stream that is piped into the first start belongs to the program.
    @Test
    void buildLeavesStandardInputAlone() throws Exception {
        Path tools = staleWithMaven("cat >" + root.resolve("read"));
        ProcessBuilder builder = new ProcessBuilder(root.resolve("bin/fovea").toString(), "x");
        builder.environment().putAll(Map.of("FOVEA_ARCHIVE", "off", "PATH", tools + ":" + System.getenv("PATH"), "JAVA_HOME",
                System.getProperty("java.home")));
        Process process = builder.redirectInput(Files.writeString(root.resolve("stream"), "YUV4MPEG2").toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        assertTrue(process.waitFor(120, TimeUnit.SECONDS), "hangs");
        assertEquals(0, process.exitValue());
        assertEquals("", Files.readString(root.resolve("read")));
    }

    /// A checkout that one user has built is started by others, who only read it.
    @Test
    void whatIsMadeMayBeReadByAll() throws Exception {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"), "no permissions here");
        Path tools = staleWithMaven("true");
        Launcher.Result first = start(Map.of("PATH", tools + ":" + System.getenv("PATH")), "x");
        assertEquals("x|null\n", first.out());
        for (String name : List.of("fovea.built", "fovea.directives", "fovea.jsa", "fovea.jsa.java")) {
            assertTrue(Files.getPosixFilePermissions(root.resolve("target").resolve(name)).contains(PosixFilePermission.OTHERS_READ),
                    name + " of " + first.err());
        }
    }

    /// For the user root nothing is unreadable, so that this shows it for others only.
    @Test
    void aBuiltCheckoutRunsWhereItCanOnlyBeReadInPart() throws Exception {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"), "no permissions here");
        start(Map.of(), "first");
        Path target = root.resolve("target");
        for (String name : List.of("fovea.directives", "fovea.jsa", "fovea.jsa.java")) {
            Files.setPosixFilePermissions(target.resolve(name), PosixFilePermissions.fromString("---------"));
        }
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("r-xr-xr-x"));
        try {
            Launcher.Result result = start(Map.of(), "x");
            assertEquals(new Launcher.Result(0, "x|null\n", result.err()), result);
            Files.setLastModifiedTime(root.resolve("pom.xml"), FileTime.from(Instant.now().plusSeconds(60)));
            if (!Files.isWritable(target)) {
                Launcher.Result stale = start(Map.of(), "x");
                assertEquals(73, stale.code());
                assertTrue(stale.err().contains("let its owner start bin/fovea once"), stale.err());
            }
        } finally {
            Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    /// Java cannot tell whether standard error is a terminal.
    @Test
    void standardErrorInAFileIsNoTerminal() throws Exception {
        assertEquals("x|false\n", start(Map.of("FOVEA_JAVA_OPTS", "-Dasked=fovea.terminal"), "x").out());
    }

    /// The archive of classes: made once, used, made anew for a new jar, and no trouble when it is broken or made by two
    /// starts at once.
    @Test
    void archiveIsMadeUsedAndReplaced() throws Exception {
        Path archive = root.resolve("target/fovea.jsa");
        ProcessBuilder other = new ProcessBuilder(root.resolve("bin/fovea").toString(), "other");
        other.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process beside = other.redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        Launcher.Result first = start(Map.of(), "first");
        assertEquals("first|null\n", first.out());
        assertTrue(beside.waitFor(120, TimeUnit.SECONDS));
        assertEquals(0, beside.exitValue());
        assertTrue(Files.exists(archive), first.err());
        FileTime made = Files.getLastModifiedTime(archive);

        // Java fails here if it cannot use the archive.
        Launcher.Result shared = start(Map.of("FOVEA_JAVA_OPTS", "-Xshare:on"), "shared");
        assertEquals(new Launcher.Result(0, "shared|null\n", shared.err()), shared);
        assertEquals(made, Files.getLastModifiedTime(archive));

        Files.write(archive, new byte[5000]);
        Launcher.Result broken = start(Map.of(), "broken");
        assertEquals(new Launcher.Result(0, "broken|null\n", broken.err()), broken);

        launcher.jar();
        Files.setLastModifiedTime(root.resolve("target/fovea.jar"), FileTime.from(Instant.now().plusSeconds(2)));
        assertEquals("new|null\n", start(Map.of(), "new").out());
        assertTrue(Files.size(archive) > 5000, "an archive for a jar that is gone");
    }

    /// Makes the jar stale; returns a folder whose `mvn` runs some lines of shell script and puts the jar back.
    private Path staleWithMaven(String script) throws IOException {
        Path tools = Files.createDirectories(root.resolve("tools"));
        Path jar = Files.copy(root.resolve("target/fovea.jar"), root.resolve("built.jar"));
        Path maven = Files.writeString(tools.resolve("mvn"),
                "#!/bin/sh\n" + script + "\ncp " + jar + " " + root.resolve("target/fovea.jar") + "\n");
        assertTrue(maven.toFile().setExecutable(true));
        Files.delete(root.resolve("target/fovea.built"));
        return tools;
    }
}
