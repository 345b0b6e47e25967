package dev.leat.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What processes have used, as Linux counts it in {@code /proc}: a process with all that descend from it, those that have
 * ended included. CPU is counted in ticks of 10 ms.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html">proc_pid_stat(5)</a>
 */
final class Processes {

    private static final long MICROS_PER_TICK = 10_000;
    // places behind the command's name, which is in parentheses and may contain spaces
    private static final int PARENT = 1;
    private static final int USER_TIME = 11;
    private static final int SYSTEM_TIME = 12;
    private static final int ENDED_CHILDRENS_USER_TIME = 13;
    private static final int ENDED_CHILDRENS_SYSTEM_TIME = 14;

    private Processes() {}

    static long cpuMicros(long pid) {
        long ended = sum(pid, ENDED_CHILDRENS_USER_TIME, ENDED_CHILDRENS_SYSTEM_TIME);
        return (ended + livingTicks(pid)) * MICROS_PER_TICK;
    }

    private static long livingTicks(long pid) {
        return sum(pid, USER_TIME, SYSTEM_TIME)
                + descendants(pid).stream()
                        .mapToLong(child -> sum(child, USER_TIME, SYSTEM_TIME))
                        .sum();
    }

    /** The most memory that it ever had at once, and each of its living descendants had, added up. */
    static long peakResidentBytes(long pid) {
        return resident(pid, "VmHWM:");
    }

    static long residentBytes(long pid) {
        return resident(pid, "VmRSS:");
    }

    private static long resident(long pid, String key) {
        return ownResident(pid, key)
                + descendants(pid).stream()
                        .mapToLong(child -> ownResident(child, key))
                        .sum();
    }

    static long parent(long pid) {
        return sum(pid, PARENT);
    }

    private static List<Long> descendants(long pid) {
        return ProcessHandle.of(pid)
                .map(handle -> handle.descendants().map(ProcessHandle::pid).toList())
                .orElse(List.of());
    }

    private static long sum(long pid, int... places) {
        String stat = read(pid, "stat");
        if (stat.isEmpty()) {
            return 0;
        }
        String[] values = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Arrays.stream(places)
                .mapToLong(place -> Long.parseLong(values[place]))
                .sum();
    }

    private static long ownResident(long pid, String key) {
        return read(pid, "status")
                .lines()
                .filter(line -> line.startsWith(key))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .sum();
    }

    private static String read(long pid, String file) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), file));
        } catch (NoSuchFileException ended) {
            return "";
        } catch (IOException e) {
            if (e.getMessage().contains("No such process")) {
                return "";
            }
            throw new UncheckedIOException(e);
        }
    }
}
