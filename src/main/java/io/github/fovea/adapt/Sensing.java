package io.github.fovea.adapt;

/// What a machine reports at one moment. What it does not report is NaN.
///
/// @param processors     processors of the machine
/// @param cpus           processors that this process may use, container limits included
/// @param othersBusy     processors that other processes kept busy since the last look
/// @param ownBusy        processors that this process kept busy since the last look: the share really obtained
/// @param loadAverage    runnable tasks of the machine, mean over a minute
/// @param cpuPressure    share of the last 10 seconds in which some task waited for a processor, 0 to 1 (PSI)
/// @param throttled      share of the container's periods since the last look in which its limit stopped it, 0 to 1
/// @param heapFree       free share of the largest heap, 0 to 1
/// @param memoryFree     free share of the container's or the machine's memory, 0 to 1
/// @param memoryPressure share of the last 10 seconds in which some task waited for memory, 0 to 1 (PSI)
public record Sensing(double processors, double cpus, double othersBusy, double ownBusy, double loadAverage,
        double cpuPressure, double throttled, double heapFree, double memoryFree, double memoryPressure) {
    private static final double MOST_PRESSURE = 0.9;

    /// {@return how much longer a frame takes than on an idle machine if things stay as they are, at least 1; 1 where
    /// nothing is known}: what wants a processor over the processors, or, where it is not known who is busy, as tasks
    /// waited (PSI) or queued (load average); and longer where a limit stops the process, for about half of each period
    /// in which it does.
    public double contention() {
        double shared = !Double.isNaN(othersBusy) ? (othersBusy + cpus) / processors
                : !Double.isNaN(cpuPressure) ? 1 / (1 - Math.clamp(cpuPressure, 0, MOST_PRESSURE))
                : loadAverage / processors;
        double stopped = throttled > 0 ? 1 / (1 - Math.min(1, throttled) / 2) : 1;
        return (shared > 1 ? shared : 1) * stopped;
    }

    /// {@return the smaller free share of memory, heap or container; NaN where nothing is known}
    public double free() {
        return Double.isNaN(heapFree) ? memoryFree : Double.isNaN(memoryFree) ? heapFree
                : Math.min(heapFree, memoryFree);
    }
}
