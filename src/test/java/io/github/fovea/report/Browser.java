package io.github.fovea.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// A real browser without a window, for looking at pages.
final class Browser {
    private static final int SECONDS = 120;

    private Browser() {}

    /// {@return the program, or `null` where there is none}
    static Path find() {
        for (String name : List.of("chromium", "chromium-browser")) {
            for (String part : System.getenv().getOrDefault("PATH", "").split(Pattern.quote(File.pathSeparator))) {
                Path file = Path.of(part.isEmpty() ? "." : part, name);
                if (Files.isExecutable(file)) {
                    return file;
                }
            }
        }
        return null;
    }

    /// Opens a page.
    ///
    /// @param browser the program
    /// @param folder  where it may write
    /// @param height  height of the window in pixels
    /// @param task    what to do, as an option of the program
    /// @param page    the page
    /// @return what the program printed
    static String run(Path browser, Path folder, int height, String task, Path page) throws IOException, InterruptedException {
        Path profile = Files.createDirectories(folder.resolve("profile" + height));
        Path out = folder.resolve("out" + height);
        List<String> command = new ArrayList<>(List.of(browser.toString(), "--headless", "--no-sandbox", "--disable-gpu",
                "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
                "--force-color-profile=srgb", "--user-data-dir=" + profile, "--window-size=1100," + height, task,
                page.toUri().toString()));
        Process process = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            assertTrue(process.waitFor(SECONDS, TimeUnit.SECONDS), "the browser did not end");
            assertEquals(0, process.exitValue());
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return Files.readString(out, StandardCharsets.UTF_8);
    }
}
