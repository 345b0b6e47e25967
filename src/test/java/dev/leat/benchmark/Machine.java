package dev.leat.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;

/** Where figures come from; without it they mean nothing. */
final class Machine {

    private Machine() {}

    static String description() throws IOException {
        return "%s, %d cores of %s, %d GB, shared by broker, Postgres and contender; Java %s"
                .formatted(
                        LocalDate.now(),
                        Runtime.getRuntime().availableProcessors(),
                        field("/proc/cpuinfo", "model name"),
                        Math.round(Long.parseLong(
                                        field("/proc/meminfo", "MemTotal").replaceAll("\\D", ""))
                                / 1e6),
                        Runtime.version());
    }

    private static String field(String file, String name) throws IOException {
        return Files.readAllLines(Path.of(file)).stream()
                .filter(line -> line.startsWith(name))
                .findFirst()
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .orElse("0");
    }
}
