package io.github.fovea.model;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/// The models that come with Fovea, found on the class path.
public final class Models {
    /// Folders of a class path cannot be listed, so the names are. In order of scale, the better one first.
    private static final List<String> SHIPPED = List.of("general-x2", "general-x2-medium", "general-x2-fast",
            "general-x3", "general-x3-medium", "general-x3-fast", "general-x4", "general-x4-medium", "general-x4-fast",
            "adaptive-x2", "adaptive-x3", "adaptive-x4");

    private Models() {}

    /// {@return the names of the bundled models, by scale}
    public static List<String> names() {
        return SHIPPED.stream().filter(name -> Models.class.getResource(path(name)) != null).toList();
    }

    /// {@return a bundled model}
    ///
    /// @param name one of [#names()]
    /// @throws IllegalArgumentException if no such model is bundled, naming those that are
    /// @throws IOException              if it cannot be read
    public static StoredModel open(String name) throws IOException {
        try (InputStream in = stream(name)) {
            return ModelFile.read(in, "bundled model " + name);
        }
    }

    /// {@return a bundled meta-graph; empty where the model is of another kind}
    ///
    /// @param name one of [#names()]
    /// @throws IllegalArgumentException if no such model is bundled, naming those that are
    /// @throws IOException              if it cannot be read
    public static Optional<MetaModel> openMeta(String name) throws IOException {
        try (InputStream in = stream(name)) {
            return ModelFile.readMeta(in, "bundled model " + name);
        }
    }

    private static InputStream stream(String name) {
        // The name must be one of the list before it becomes part of a path.
        InputStream in = SHIPPED.contains(name) ? Models.class.getResourceAsStream(path(name)) : null;
        if (in == null) {
            throw new IllegalArgumentException("no bundled model is called " + name + "; there are "
                    + (names().isEmpty() ? "none in this build" : String.join(", ", names()))
                    + "; for a file give its path");
        }
        return in;
    }

    private static String path(String name) {
        return "/io/github/fovea/models/" + name + ".fovea";
    }
}
