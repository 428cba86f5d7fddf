package io.github.fovea.adapt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Texts as kernels write them.
class MachineSensorTest {
    private static final String PRESSURE = """
            some avg10=12.50 avg60=3.00 avg300=1.00 total=123456
            full avg10=1.00 avg60=0.00 avg300=0.00 total=0
            """;

    private final Map<String, String> files = new HashMap<>();
    private long now;
    private long cpu;

    private MachineSensor sensor() {
        return new MachineSensor(path -> Optional.ofNullable(files.get(path)), new MachineSensor.Process() {
            @Override
            public int processors() {
                return 4;
            }

            @Override
            public long cpuNanos() {
                return cpu;
            }

            @Override
            public double heapFree() {
                return 0.75;
            }

            @Override
            public double memoryFree() {
                return 0.5;
            }
        }, () -> now);
    }

    private static String stat(long user, long system, long idle) {
        return "cpu  " + user + " 0 " + system + " " + idle + " 0 0 0 0 0 0\ncpu0 1 2 3 4 5 6 7 8 9 0\ncpu1 1 2 3 4 5 6 7 8 9 0\n"
                + "intr 12 0 0\n";
    }

    @Test
    void absentFilesAreTolerated() {
        MachineSensor sensor = sensor();
        now = 250_000_000;
        Sensing sensing = sensor.sense();
        assertEquals(4, sensing.cpus());
        assertEquals(1, sensing.contention());
        assertEquals(0.5, sensing.free());
        assertTrue(Double.isNaN(sensing.loadAverage()) && Double.isNaN(sensing.cpuPressure())
                && Double.isNaN(sensing.throttled()) && Double.isNaN(sensing.memoryPressure()));
    }

    @Test
    void othersAreWhatTheMachineDidWithoutUs() {
        files.put("/proc/stat", stat(100, 50, 850));
        files.put("/proc/loadavg", "1.25 0.80 0.40 3/345 6789\n");
        files.put("/proc/pressure/cpu", PRESSURE);
        MachineSensor sensor = sensor();
        sensor.sense();
        now = 1_000_000_000;
        cpu = 600_000_000;
        // Two processors in a second: 200 ticks, 160 of them busy.
        files.put("/proc/stat", stat(240, 70, 890));
        Sensing sensing = sensor.sense();
        assertEquals(0.6, sensing.ownBusy(), 1e-9);
        assertEquals(1.0, sensing.othersBusy(), 1e-9);
        assertEquals(1.25, sensing.loadAverage());
        assertEquals(0.125, sensing.cpuPressure(), 1e-9);
        // Four threads of ours and one of others want the two processors of this text.
        assertEquals(2.5, sensing.contention(), 1e-9);
    }

    @Test
    void limitsOfTheContainerCount() {
        files.put("/proc/self/cgroup", "0::/system.slice/fovea\n");
        String folder = "/sys/fs/cgroup/system.slice/fovea/";
        files.put(folder + "cpu.max", "150000 100000\n");
        files.put(folder + "cpu.stat", "usage_usec 5\nnr_periods 100\nnr_throttled 10\nthrottled_usec 9\n");
        files.put(folder + "memory.max", "1000000\n");
        files.put(folder + "memory.current", "900000\n");
        files.put(folder + "memory.stat", "anon 500000\ninactive_file 300000\n");
        files.put(folder + "memory.pressure", PRESSURE);
        MachineSensor sensor = sensor();
        sensor.sense();
        files.put(folder + "cpu.stat", "usage_usec 5\nnr_periods 110\nnr_throttled 15\nthrottled_usec 9\n");
        now = 1;
        Sensing sensing = sensor.sense();
        assertEquals(1.5, sensing.cpus());
        assertEquals(0.5, sensing.throttled(), 1e-9);
        assertEquals(0.4, sensing.memoryFree(), 1e-9);
        assertEquals(0.125, sensing.memoryPressure(), 1e-9);
    }

    @Test
    void noLimitAndGarbageMeanUnknown() {
        files.put("/proc/self/cgroup", "12:cpu:/a\n0::/../../b\n");
        files.put("/sys/fs/cgroup/cpu.max", "max 100000\n");
        files.put("/sys/fs/cgroup/memory.max", "max\n");
        files.put("/sys/fs/cgroup/cpu.stat", "nr_periods many\n");
        files.put("/proc/stat", "cpu one two\n");
        files.put("/proc/loadavg", "");
        files.put("/proc/pressure/memory", "some avg10= total\n");
        files.put("/proc/meminfo", "MemTotal:        2000 kB\nMemFree:  100 kB\nMemAvailable:   1500 kB\n");
        MachineSensor sensor = sensor();
        now = 5;
        Sensing sensing = sensor.sense();
        assertEquals(4, sensing.cpus());
        assertEquals(0.75, sensing.memoryFree());
        assertTrue(Double.isNaN(sensing.loadAverage()) && Double.isNaN(sensing.memoryPressure())
                && Double.isNaN(sensing.throttled()));
        assertEquals(1, sensing.contention());
    }

    @Test
    void thisMachineReportsWithinItsRanges() {
        Sensing sensing = MachineSensor.ofMachine().sense();
        assertTrue(sensing.cpus() > 0 && sensing.ownBusy() >= 0);
        assertTrue(sensing.heapFree() >= 0 && sensing.heapFree() <= 1);
        assertTrue(!(sensing.memoryFree() < 0 || sensing.memoryFree() > 1));
        assertTrue(sensing.contention() >= 1);
    }

    /// `/proc/stat` of a large machine was cut within its 270th processor.
    @Test
    void filesOfLargeMachinesAreReadAsAWhole(@TempDir Path folder) throws IOException {
        StringBuilder stat = new StringBuilder("cpu 1 2 3 4 5 6 7 8 9 0\n");
        for (int i = 0; i < 1024; i++) {
            stat.append("cpu").append(i).append(" 123456789 1234 12345678 1234567890 12345 0 123456 0 0 0\n");
        }
        Path file = Files.writeString(folder.resolve("stat"), stat);
        assertEquals(stat.toString(), KernelFiles.ofMachine().read(file.toString()).orElseThrow());
    }

    @Test
    void limitsOfVersionOneCount() {
        files.put("/proc/self/cgroup", "4:memory:/docker/ab\n2:cpu,cpuacct:/docker/ab\n1:name=systemd:/x\n0::/\n");
        String cpu = "/sys/fs/cgroup/cpu/docker/ab/";
        files.put(cpu + "cpu.cfs_quota_us", "50000\n");
        files.put(cpu + "cpu.cfs_period_us", "100000\n");
        files.put(cpu + "cpu.stat", "nr_periods 8\nnr_throttled 0\nthrottled_time 0\n");
        String memory = "/sys/fs/cgroup/memory/docker/ab/";
        files.put(memory + "memory.limit_in_bytes", "1000000\n");
        files.put(memory + "memory.usage_in_bytes", "960000\n");
        files.put(memory + "memory.stat", "inactive_file 1\ntotal_inactive_file 10000\n");
        files.put("/proc/meminfo", "MemTotal: 2000 kB\nMemAvailable: 1500 kB\n");
        MachineSensor sensor = sensor();
        files.put(cpu + "cpu.stat", "nr_periods 12\nnr_throttled 4\nthrottled_time 7\n");
        Sensing sensing = sensor.sense();
        assertEquals(0.5, sensing.cpus());
        assertEquals(1, sensing.throttled());
        assertEquals(0.05, sensing.memoryFree(), 1e-9);
        assertEquals(2, sensing.contention(), 1e-9);
    }

    @Test
    void versionOneWithoutLimits() {
        files.put("/proc/self/cgroup", "4:memory:/process/ab\n1:cpu:/\n0::/\n");
        files.put("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n");
        files.put("/sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
        files.put("/sys/fs/cgroup/memory/process/ab/memory.limit_in_bytes", "9223372036854771712\n");
        files.put("/sys/fs/cgroup/memory/process/ab/memory.usage_in_bytes", "960000\n");
        files.put("/proc/meminfo", "MemTotal: 2000 kB\nMemAvailable: 1500 kB\n");
        Sensing sensing = sensor().sense();
        assertEquals(4, sensing.cpus());
        assertEquals(0.75, sensing.memoryFree());
    }

    @Test
    void limitsOfGroupsAroundOursCount() {
        files.put("/proc/self/cgroup", "0::/limited/scope\n");
        files.put("/sys/fs/cgroup/limited/scope/cpu.max", "max 100000\n");
        files.put("/sys/fs/cgroup/limited/cpu.max", "120000 100000\n");
        files.put("/sys/fs/cgroup/limited/scope/memory.max", "max\n");
        files.put("/sys/fs/cgroup/limited/memory.max", "1000\n");
        files.put("/sys/fs/cgroup/limited/memory.current", "930\n");
        Sensing sensing = sensor().sense();
        assertEquals(1.2, sensing.cpus());
        assertEquals(0.07, sensing.memoryFree(), 1e-9);
    }

    @Test
    void containersThatSeeTheirGroupAsRoot() {
        files.put("/proc/self/cgroup", "0::/docker/0123abc\n");
        files.put("/sys/fs/cgroup/memory.max", "1000\n");
        files.put("/sys/fs/cgroup/memory.current", "900\n");
        files.put("/sys/fs/cgroup/cpu.max", "50000 100000\n");
        Sensing sensing = sensor().sense();
        assertEquals(0.5, sensing.cpus());
        assertEquals(0.1, sensing.memoryFree(), 1e-9);
    }

    @Test
    void aFullMachineIsShortWhateverTheLimitLeaves() {
        files.put("/sys/fs/cgroup/memory.max", "1000\n");
        files.put("/sys/fs/cgroup/memory.current", "100\n");
        files.put("/proc/meminfo", "MemTotal: 2000 kB\nMemAvailable: 100 kB\n");
        assertEquals(0.05, sensor().sense().memoryFree(), 1e-9);
    }

    @Test
    void otherSignsServeWhereNobodySaysWhoIsBusy() {
        assertEquals(1.25, new Sensing(4, 4, Double.NaN, 1, 9, 0.2, Double.NaN, 1, 1, 0).contention(), 1e-9);
        assertEquals(2.25, new Sensing(4, 4, Double.NaN, 1, 9, Double.NaN, Double.NaN, 1, 1, 0).contention(), 1e-9);
        assertEquals(1, new Sensing(4, 4, Double.NaN, 1, 0.5, Double.NaN, Double.NaN, 1, 1, 0).contention(), 1e-9);
        // Two of sixteen processors are ours to use, and there are enough for all.
        assertEquals(1, new Sensing(16, 2, 12, 1, 14, 0, 0, 1, 1, 0).contention(), 1e-9);
    }
}
