package io.github.fovea.adapt;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Reads what a Linux kernel and the JVM report: load average, processor times, pressure stall information, the limits
/// of the control groups (version 2 or 1), heap and memory. What a system lacks is NaN. The busy processors are those
/// since the look before.
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
    private final ControlGroups groups;
    private long lastNanos;
    private long lastOwn;
    private double lastBusy = Double.NaN;
    private double lastAll = Double.NaN;

    /// Makes a sensor of given sources.
    ///
    /// @param files   the kernel's files
    /// @param process the JVM
    /// @param clock   gives nanoseconds
    public MachineSensor(KernelFiles files, Process process, LongSupplier clock) {
        this.files = Objects.requireNonNull(files, "files");
        this.process = Objects.requireNonNull(process, "process");
        this.clock = Objects.requireNonNull(clock, "clock");
        groups = new ControlGroups(files);
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
        double processors = machineProcessors(stat);
        double machineBusy = all > lastAll ? (busy - lastBusy) / (all - lastAll) * processors : Double.NaN;
        lastNanos = nanos;
        lastOwn = own;
        lastBusy = busy;
        lastAll = all;
        return new Sensing(processors, Math.min(groups.quotaCpus(), process.processors()),
                Math.max(0, machineBusy - ownBusy), ownBusy, KernelText.word(files.read("/proc/loadavg"), 0),
                groups.pressure("cpu"), groups.throttled(), process.heapFree(), memoryFree(),
                groups.pressure("memory"));
    }

    /// {@return the smaller free share, the groups' or the machine's: a machine that is full helps no group with room
    /// left}
    private double memoryFree() {
        double group = groups.memoryFree();
        Optional<String> info = files.read("/proc/meminfo");
        double total = KernelText.field(info, "MemTotal:");
        double available = KernelText.field(info, "MemAvailable:");
        double machine = total > 0 && available >= 0 ? Math.min(1, available / total) : Double.NaN;
        return group <= machine || Double.isNaN(machine) && !Double.isNaN(group) ? group
                : Double.isNaN(machine) ? process.memoryFree() : machine;
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
