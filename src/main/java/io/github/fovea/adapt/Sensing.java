package io.github.fovea.adapt;

/// What a machine reports at one moment. What it does not report is NaN.
///
/// @param cpus           processors that this process may use, container limits included
/// @param othersBusy     processors that other processes kept busy since the last look
/// @param ownBusy        processors that this process kept busy since the last look: the share really obtained
/// @param loadAverage    runnable tasks of the machine, mean over a minute
/// @param cpuPressure    share of the last 10 seconds in which some task waited for a processor, 0 to 1 (PSI)
/// @param throttled      share of the container's periods since the last look in which its limit stopped it, 0 to 1
/// @param heapFree       free share of the largest heap, 0 to 1
/// @param memoryFree     free share of the container's or the machine's memory, 0 to 1
/// @param memoryPressure share of the last 10 seconds in which some task waited for memory, 0 to 1 (PSI)
public record Sensing(double cpus, double othersBusy, double ownBusy, double loadAverage, double cpuPressure,
        double throttled, double heapFree, double memoryFree, double memoryPressure) {
    /// {@return how much longer a frame takes than on an idle machine if others stay as busy as they were: the tasks that
    /// want a processor over the processors, at least 1; 1 where nothing is known}
    public double contention() {
        double wanted = othersBusy + cpus;
        return wanted > cpus && cpus > 0 ? wanted / cpus : 1;
    }

    /// {@return the smaller free share of memory, heap or container; NaN where nothing is known}
    public double free() {
        return Double.isNaN(heapFree) ? memoryFree : Double.isNaN(memoryFree) ? heapFree : Math.min(heapFree, memoryFree);
    }
}
