package io.github.fovea;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// What happened to a session's frames: none is late, rescued or dropped without being counted here.
///
/// @param frames          frames done
/// @param late            of these, later than the deadline
/// @param rescued         of these, enlarged by plain bicubic because nothing else would have come in time
/// @param starved         frames enlarged by plain bicubic because memory was short
/// @param dropped         frames refused because the queue was full or the session was closed; not among `frames`
/// @param switches        changes of the operating point
/// @param framesByPoint   frames by name of the operating point they ran at, the cheapest first
/// @param point           name of the operating point that the session stands at
/// @param meanPsnr        mean expected quality in dB; NaN without an adaptive session or frames
/// @param medianTime      half of the latest thousand frames took no longer from arrival to end; zero in a session that
///                        keeps no frame rate, which measures nothing
/// @param highTime        99 % of them took no longer; zero likewise
/// @param framesPerSecond from the first frame's arrival to the last one's end; NaN in a session that keeps no frame
///                        rate
public record SessionStatistics(long frames, long late, long rescued, long starved, long dropped, long switches,
        Map<String, Long> framesByPoint, String point, double meanPsnr, Duration medianTime, Duration highTime,
        double framesPerSecond) {
    /// Copies the map.
    public SessionStatistics {
        framesByPoint = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(framesByPoint));
    }
}
