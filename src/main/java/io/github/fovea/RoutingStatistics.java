package io.github.fovea;

import io.github.fovea.pipeline.RouteStatistics;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/// What frames took that went by parts, see [RoutingOptions].
///
/// @param frames       frames done
/// @param pixels       small pixels by the path chosen for them, path 0 (bicubic) first; those kept from earlier frames
///                     too
/// @param macs         multiply-adds by path that those pixels take, each computed once
/// @param computedMacs multiply-adds done: with what surrounds each part, without what was kept
/// @param cells        cells of all frames
/// @param keptCells    of these, kept from an earlier frame because nothing they depend on had changed
/// @param haloFactor   how many times the multiply-adds of the parts were done because parts see their surroundings; 1
///                     for no surplus
/// @param time         time of all frames
/// @param routingTime  of that, for scores, choice of paths, cutting, assembling and blending
/// @param shortest     time of the fastest frame
/// @param longest      time of the slowest frame
public record RoutingStatistics(long frames, List<Long> pixels, List<Long> macs, long computedMacs, long cells,
        long keptCells, double haloFactor, Duration time, Duration routingTime, Duration shortest, Duration longest) {
    /// Copies the lists.
    public RoutingStatistics {
        pixels = List.copyOf(pixels);
        macs = List.copyOf(macs);
    }

    /// {@return the share of the pixels for which a path was chosen, 0 to 1}
    ///
    /// @param path 0 (bicubic) to the number of paths
    public double pixelShare(int path) {
        long all = pixels.stream().mapToLong(Long::longValue).sum();
        return all == 0 ? 0 : (double) pixels.get(path) / all;
    }

    static RoutingStatistics of(RouteStatistics statistics) {
        return new RoutingStatistics(statistics.frames(), Arrays.stream(statistics.pixels()).boxed().toList(),
                Arrays.stream(statistics.macs()).boxed().toList(), statistics.computedMacs(), statistics.cells(),
                statistics.keptCells(), statistics.haloFactor(), Duration.ofNanos(statistics.nanos()),
                Duration.ofNanos(statistics.routingNanos()), Duration.ofNanos(statistics.shortestNanos()),
                Duration.ofNanos(statistics.longestNanos()));
    }
}
