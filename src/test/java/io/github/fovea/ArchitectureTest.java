package io.github.fovea;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The house rules that a compiler does not know.
class ArchitectureTest {
    private static final String ROOT = "io.github.fovea";

    /// A package may import only packages of a smaller level; docs/architecture.md holds the same list.
    private static final Map<String, Integer> LEVELS = Map.ofEntries(
            Map.entry("dim", 0), Map.entry("error", 0), Map.entry("tensor", 0),
            Map.entry("arena", 1), Map.entry("frame", 1), Map.entry("graph", 1), Map.entry("json", 1),
            Map.entry("kernel", 2), Map.entry("network", 2), Map.entry("resample", 2),
            Map.entry("kernel.scalar", 3), Map.entry("kernel.vector", 3), Map.entry("plan", 3),
            Map.entry("backend", 4), Map.entry("media", 4), Map.entry("model", 4), Map.entry("patch", 4),
            Map.entry("quality", 4),
            Map.entry("flow", 5), Map.entry("route", 5),
            Map.entry("adapt", 6), Map.entry("onnx", 6),
            Map.entry("pipeline", 7),
            Map.entry("report", 8), Map.entry("train", 8),
            Map.entry("", 9),
            Map.entry("cli", 10));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    @Test
    void packagesImportOnlyLowerLevels() {
        TreeSet<String> breaches = new TreeSet<>();
        for (JavaClass from : CLASSES) {
            for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
                JavaClass to = dependency.getTargetClass().getBaseComponentType();
                if (to.getPackageName().startsWith(ROOT) && !to.getPackageName().equals(from.getPackageName())
                        && level(to) >= level(from)) {
                    breaches.add(name(from) + " (level " + level(from) + ") imports " + name(to) + " (level "
                            + level(to) + "): " + from.getSimpleName() + " -> " + to.getSimpleName());
                }
            }
        }
        assertEquals(new TreeSet<String>(), breaches);
    }

    @Test
    void onlyTheVectorKernelsNameTheIncubatorModule() {
        TreeSet<String> breaches = new TreeSet<>();
        for (JavaClass from : CLASSES) {
            if (!name(from).equals("kernel.vector")) {
                from.getDirectDependenciesFromSelf().stream()
                        .filter(d -> d.getTargetClass().getPackageName().startsWith("jdk.incubator"))
                        .forEach(d -> breaches.add(d.getDescription()));
            }
        }
        assertEquals(new TreeSet<String>(), breaches);
    }

    @Test
    void onlyTheCommandLinePrintsAndExits() {
        TreeSet<String> breaches = new TreeSet<>();
        for (JavaClass from : CLASSES) {
            if (!name(from).equals("cli")) {
                from.getFieldAccessesFromSelf().stream()
                        .filter(a -> a.getTargetOwner().getFullName().equals("java.lang.System"))
                        .forEach(a -> breaches.add(a.getDescription()));
                from.getMethodCallsFromSelf().stream()
                        .filter(c -> c.getTargetOwner().getFullName().equals("java.lang.System")
                                && c.getName().equals("exit"))
                        .forEach(c -> breaches.add(c.getDescription()));
            }
        }
        assertEquals(new TreeSet<String>(), breaches);
    }

    @Test
    void nothingUsesUnsafe() {
        TreeSet<String> breaches = new TreeSet<>();
        for (JavaClass from : CLASSES) {
            from.getDirectDependenciesFromSelf().stream()
                    .filter(d -> d.getTargetClass().getPackageName().startsWith("sun."))
                    .forEach(d -> breaches.add(d.getDescription()));
        }
        assertEquals(new TreeSet<String>(), breaches);
    }

    @Test
    void filesStaySmall() throws IOException {
        TreeSet<String> breaches = new TreeSet<>();
        for (Path folder : List.of(Path.of("src/main/java"), Path.of("src/test/java"), Path.of("src/jmh/java"))) {
            if (!Files.isDirectory(folder)) {
                continue;
            }
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                    long lines;
                    try (Stream<String> text = Files.lines(file)) {
                        lines = text.count();
                    }
                    boolean kernel = file.getParent().endsWith("kernel/vector") || file.getParent().endsWith("kernel/scalar");
                    if (lines > (kernel ? 300 : 500)) {
                        breaches.add(file + " has " + lines + " lines");
                    }
                }
            }
        }
        assertEquals(new TreeSet<String>(), breaches);
    }

    @Test
    void thePublicFaceStaysSmall() {
        long types = CLASSES.stream()
                .filter(c -> c.getPackageName().equals(ROOT) && c.isTopLevelClass())
                .filter(c -> c.getModifiers().contains(com.tngtech.archunit.core.domain.JavaModifier.PUBLIC))
                .count();
        assertTrue(types <= 20, "the root package has " + types + " public types, at most 20 wanted");
    }

    private static String name(JavaClass type) {
        String name = type.getPackageName();
        return name.equals(ROOT) ? "" : name.substring(ROOT.length() + 1);
    }

    private static int level(JavaClass type) {
        Integer level = LEVELS.get(name(type));
        if (level == null) {
            throw new AssertionError("package " + type.getPackageName() + " has no level; give it one here and in docs/architecture.md");
        }
        return level;
    }
}
