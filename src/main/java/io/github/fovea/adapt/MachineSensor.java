package io.github.fovea.adapt;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Reads what a Linux kernel and the JVM report: load average, processor times, pressure stall information, the limits of
/// the cgroup (version 2), heap and memory. What a system lacks is NaN. The busy processors are those since the look before.
///
/// For one thread at a time. A look reads about ten small files; a few per second cost nothing that could be measured.
public final class MachineSensor implements Sensor {
    /// What the JVM knows about itself.
    public interface Process {
        /// {@return processors that the JVM may use}
        int processors();

        /// {@return nanoseconds of processor time used so far}
        long cpuNanos();

        /// {@return free share of the largest heap, 0 to 1}
        double heapFree();

        /// {@return free share of the machine's or container's memory as the JVM sees it, 0 to 1}
        double memoryFree();
    }

    private final KernelFiles files;
    private final Process process;
    private final LongSupplier clock;
    private final String folder;
    private long lastNanos;
    private long lastOwn;
    private double lastBusy = Double.NaN;
    private double lastAll = Double.NaN;
    private double lastPeriods = Double.NaN;
    private double lastThrottled = Double.NaN;

    /// Makes a sensor of given sources.
    ///
    /// @param files   the kernel's files
    /// @param process the JVM
    /// @param clock   gives nanoseconds
    public MachineSensor(KernelFiles files, Process process, LongSupplier clock) {
        this.files = Objects.requireNonNull(files, "files");
        this.process = Objects.requireNonNull(process, "process");
        this.clock = Objects.requireNonNull(clock, "clock");
        folder = KernelText.cgroupFolder(files.read("/proc/self/cgroup")).orElse("/sys/fs/cgroup");
        lastNanos = clock.getAsLong();
        lastOwn = process.cpuNanos();
    }

    /// {@return a sensor of this machine}
    public static MachineSensor ofMachine() {
        return new MachineSensor(KernelFiles.ofMachine(), new Jvm(), System::nanoTime);
    }

    @Override
    public Sensing sense() {
        long nanos = clock.getAsLong();
        long own = process.cpuNanos();
        double wall = Math.max(1, nanos - lastNanos);
        double ownBusy = Math.max(0, own - lastOwn) / wall;
        Optional<String> stat = files.read("/proc/stat");
        double busy = KernelText.busyTicks(stat);
        double all = KernelText.allTicks(stat);
        double machineCpus = all > lastAll ? (busy - lastBusy) / (all - lastAll) * machineProcessors(stat) : Double.NaN;
        Optional<String> cpuStat = cgroup("cpu.stat");
        double periods = KernelText.field(cpuStat, "nr_periods");
        double throttled = KernelText.field(cpuStat, "nr_throttled");
        double stopped = periods > lastPeriods ? (throttled - lastThrottled) / (periods - lastPeriods) : Double.NaN;
        lastNanos = nanos;
        lastOwn = own;
        lastBusy = busy;
        lastAll = all;
        lastPeriods = periods;
        lastThrottled = throttled;
        double quota = KernelText.quotaCpus(cgroup("cpu.max"));
        double cpus = Double.isNaN(quota) ? process.processors() : Math.min(quota, process.processors());
        return new Sensing(cpus, Math.max(0, machineCpus - ownBusy), ownBusy,
                KernelText.word(files.read("/proc/loadavg"), 0),
                KernelText.pressure(cgroup("cpu.pressure").or(() -> files.read("/proc/pressure/cpu"))), stopped,
                process.heapFree(), memoryFree(),
                KernelText.pressure(cgroup("memory.pressure").or(() -> files.read("/proc/pressure/memory"))));
    }

    private Optional<String> cgroup(String name) {
        return files.read(folder + "/" + name);
    }

    private double memoryFree() {
        double most = KernelText.word(cgroup("memory.max"), 0);
        double used = KernelText.word(cgroup("memory.current"), 0);
        // Pages of files that nobody uses count as used, but go at once when memory is wanted.
        double cache = KernelText.field(cgroup("memory.stat"), "inactive_file");
        if (most > 0 && most < KernelText.UNLIMITED && used >= 0) {
            return Math.clamp((most - used + (cache >= 0 ? cache : 0)) / most, 0, 1);
        }
        Optional<String> info = files.read("/proc/meminfo");
        double total = KernelText.field(info, "MemTotal:");
        double available = KernelText.field(info, "MemAvailable:");
        return total > 0 && available >= 0 ? available / total : process.memoryFree();
    }

    private double machineProcessors(Optional<String> stat) {
        long lines = stat.orElse("").lines().filter(line -> line.matches("cpu\\d+ .*")).count();
        return lines > 0 ? lines : process.processors();
    }

    /// This JVM.
    private static final class Jvm implements Process {
        private final OperatingSystemMXBean system =
                ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean bean ? bean : null;

        @Override
        public int processors() {
            return Runtime.getRuntime().availableProcessors();
        }

        @Override
        public long cpuNanos() {
            return system == null ? 0 : system.getProcessCpuTime();
        }

        @Override
        public double heapFree() {
            // What was left after the latest collection: garbage not yet collected is no shortage.
            long used = 0;
            for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
                if (pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null) {
                    used += pool.getCollectionUsage().getUsed();
                }
            }
            return Math.clamp(1 - (double) used / Runtime.getRuntime().maxMemory(), 0, 1);
        }

        @Override
        public double memoryFree() {
            return system == null || system.getTotalMemorySize() <= 0 ? Double.NaN
                    : (double) system.getFreeMemorySize() / system.getTotalMemorySize();
        }
    }
}
