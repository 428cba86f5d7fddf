package io.github.fovea.pipeline;

import io.github.fovea.model.DynamicModel;
import io.github.fovea.model.ModelFile;
import io.github.fovea.model.Routing;
import io.github.fovea.route.RouteMap;
import io.github.fovea.route.RouteMapFile;
import io.github.fovea.route.VideoHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/// Finds the route map that a video is to be played with.
public final class RouteMaps {
    private RouteMaps() {}

    /// {@return the map of a video: the one asked for, else the one beside the model where the model wants one and it
    /// belongs to the video; `null` where there is none, and paths are decided from each frame}
    ///
    /// @param model     the model
    /// @param modelFile the model's file, or `null` where it has none
    /// @param routes    the map's file, or `null` to look beside the model
    /// @param video     the LR video
    /// @param notes     hears what a user should know
    /// @throws IllegalArgumentException if the map asked for belongs to another video
    /// @throws IOException              if the map or the video cannot be read
    public static RouteMap find(DynamicModel model, Path modelFile, Path routes, Path video, Consumer<String> notes)
            throws IOException {
        Path beside = beside(model, modelFile);
        if (routes == null && beside == null && model.origin().video().isEmpty()) {
            return null;
        }
        String hash = VideoHash.of(video);
        if (!model.origin().video().isEmpty() && !model.origin().video().equals(hash)) {
            notes.accept("model " + model.name() + " was made for another video");
        }
        if (routes != null) {
            RouteMap map = RouteMapFile.read(routes);
            if (!map.video().equals(hash)) {
                throw new IllegalArgumentException("route map " + routes + " belongs to another video (SHA-256 "
                        + map.video().substring(0, 12) + "..., " + video.getFileName() + " has " + hash.substring(0, 12)
                        + "...); give the map of this video, or leave it out");
            }
            return map;
        }
        if (beside == null) {
            return null;
        }
        RouteMap map = RouteMapFile.read(beside);
        boolean fits = map.video().equals(hash);
        notes.accept((fits ? "takes the route map " : "not its own: route map ") + beside);
        return fits ? map : null;
    }

    /// {@return the file of the map that a video's frames are routed by, if it belongs to the video}
    ///
    /// @param model     the model
    /// @param modelFile the model's file, or `null` where it has none
    /// @param routes    the map's file, or `null` to look beside the model
    public static Optional<Path> file(DynamicModel model, Path modelFile, Path routes) {
        return Optional.ofNullable(routes != null ? routes : beside(model, modelFile));
    }

    /// The map that `fovea overfit` writes beside `MODEL.fovea`, if the model has one and it is there.
    private static Path beside(DynamicModel model, Path modelFile) {
        if (!(model.routing() instanceof Routing.ByMap) || modelFile == null) {
            return null;
        }
        Path map = modelFile.resolveSibling(ModelFile.stem(modelFile) + ".routes");
        return Files.exists(map) ? map : null;
    }
}
