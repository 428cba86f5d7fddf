package io.github.fovea.adapt;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The control groups that bound this process: its own and those around it, whose limits hold as well, of version 2 or
/// 1 or, on hybrid systems, some of each. Sources: the kernel's documentation, `admin-guide/cgroup-v2.rst` and
/// `cgroup-v1`.
///
/// A container often sees its own group as the root of the tree while `/proc/self/cgroup` names the path outside: so
/// folders that are not there are passed over, and the root is looked at too.
final class ControlGroups {
    private static final String ROOT = "/sys/fs/cgroup";
    /// Version 1 writes this, rounded down to a page, where there is no limit.
    private static final double UNLIMITED = 0x1p62;

    private final KernelFiles files;
    /// Folders of groups of either version that bound processors, the innermost first.
    private final List<String> newerCpu;
    private final List<String> olderCpu;
    private final List<String> newerMemory;
    private final List<String> olderMemory;
    private final String innermost;
    private final double[] lastPeriods;
    private final double[] lastThrottled;

    /// Finds the groups; later reads see limits that have changed since.
    ControlGroups(KernelFiles files) {
        this.files = files;
        Optional<String> self = files.read("/proc/self/cgroup");
        List<String> newer = folders(ROOT, KernelText.groupPath(self, ""));
        innermost = newer.getFirst();
        newerCpu = holding(newer, "cpu.max");
        newerMemory = holding(newer, "memory.max");
        olderCpu = holding(folders(ROOT + "/cpu", KernelText.groupPath(self, "cpu")), "cpu.cfs_quota_us");
        olderMemory = holding(folders(ROOT + "/memory", KernelText.groupPath(self, "memory")), "memory.limit_in_bytes");
        int groups = newerCpu.size() + olderCpu.size();
        lastPeriods = new double[groups];
        lastThrottled = new double[groups];
        throttled();
    }

    /// {@return a folder and those around it, up to and including the root}
    private static List<String> folders(String root, String path) {
        List<String> folders = new ArrayList<>();
        for (String rest = path; rest.length() > 1; rest = rest.substring(0, Math.max(0, rest.lastIndexOf('/')))) {
            folders.add(root + rest);
        }
        folders.add(root);
        return folders;
    }

    private List<String> holding(List<String> folders, String name) {
        return folders.stream().filter(folder -> files.read(folder + "/" + name).isPresent()).toList();
    }

    private double number(String folder, String name) {
        return KernelText.word(files.read(folder + "/" + name), 0);
    }

    /// {@return processors that the groups allow; infinity without limit}
    double quotaCpus() {
        double least = KernelText.UNLIMITED;
        for (String folder : newerCpu) {
            least = lesser(least, KernelText.quotaCpus(files.read(folder + "/cpu.max")));
        }
        for (String folder : olderCpu) {
            double quota = number(folder, "cpu.cfs_quota_us");
            if (quota > 0) {
                least = lesser(least, quota / number(folder, "cpu.cfs_period_us"));
            }
        }
        return least;
    }

    private static double lesser(double least, double other) {
        return other < least ? other : least;
    }

    /// {@return the share of periods since the last call in which a limit stopped the process; NaN where it is not
    /// known}
    double throttled() {
        double most = Double.NaN;
        for (int i = 0; i < lastPeriods.length; i++) {
            String folder = i < newerCpu.size() ? newerCpu.get(i) : olderCpu.get(i - newerCpu.size());
            Optional<String> stat = files.read(folder + "/cpu.stat");
            double periods = KernelText.field(stat, "nr_periods");
            double throttled = KernelText.field(stat, "nr_throttled");
            if (periods > lastPeriods[i]) {
                double share = (throttled - lastThrottled[i]) / (periods - lastPeriods[i]);
                most = most >= share ? most : share;
            }
            lastPeriods[i] = periods;
            lastThrottled[i] = throttled;
        }
        return most;
    }

    /// {@return the free share of the memory of the group that has least; NaN without limit}
    double memoryFree() {
        double least = Double.NaN;
        for (String folder : newerMemory) {
            least = scarcer(least, folder, "memory.max", "memory.current", "inactive_file");
        }
        for (String folder : olderMemory) {
            least = scarcer(least, folder, "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file");
        }
        return least;
    }

    private double scarcer(double least, String folder, String limit, String usage, String cache) {
        double most = number(folder, limit);
        double used = number(folder, usage);
        if (!(most > 0 && most < UNLIMITED && used >= 0)) {
            return least;
        }
        // Pages of files that nobody uses count as used, but go at once when memory is wanted.
        double idle = KernelText.field(files.read(folder + "/memory.stat"), cache);
        double free = Math.clamp((most - used + (idle >= 0 ? idle : 0)) / most, 0, 1);
        return free > least ? least : free;
    }

    /// {@return the share of the last 10 seconds in which a task of the group, or of the machine where groups do not
    /// tell, waited for something (PSI); NaN where it is not known}
    ///
    /// @param what `cpu` or `memory`
    double pressure(String what) {
        return KernelText.pressure(files.read(innermost + "/" + what + ".pressure").or(() ->
                files.read("/proc/pressure/" + what)));
    }
}
