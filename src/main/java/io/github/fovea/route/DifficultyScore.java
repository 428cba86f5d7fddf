package io.github.fovea.route;

import io.github.fovea.frame.Plane;
import io.github.fovea.patch.Region;
import java.util.List;

/// How difficult a part of a frame is to enlarge: the larger, the harder.
///
/// A player's scores look at LR luma alone and are found by name; the publisher's [ReferencePsnr] also knows the truth.
/// Scores of the named kinds are in codes of 8 bit whatever the depth of the samples. Implementations are immutable,
/// allocate nothing, and serve several threads at once.
public interface DifficultyScore {
    /// {@return the name that stands in model files}
    String name();

    /// {@return the score of a part of a frame}
    ///
    /// @param luma   LR luma of the whole frame
    /// @param region the part, in LR pixels
    double score(Plane luma, Region region);

    /// {@return the names that [#named] knows: those that need the LR frame only}
    static List<String> names() {
        return List.of("laplacian", "gradient", "dct");
    }

    /// {@return a score of a player}
    ///
    /// @param name one of [#names()]
    /// @throws IllegalArgumentException if it is not known; says which are
    static DifficultyScore named(String name) {
        return switch (name) {
            case "laplacian" -> new LaplacianScore();
            case "gradient" -> new GradientScore();
            case "dct" -> new DctScore();
            default -> throw new IllegalArgumentException("no difficulty score is called \"" + name
                    + "\"; a player knows " + String.join(", ", names()) + (name.equals(ReferencePsnr.NAME)
                    ? ", since psnr wants the large frame; give the route map"
                    : "; a newer version of Fovea may know it"));
        };
    }
}
