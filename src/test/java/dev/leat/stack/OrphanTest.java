package dev.leat.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class OrphanTest {
    /** A parent to kill: starts those servers of a stack and prints the pids that must not outlive it. */
    static final class Parent {
        public static void main(String[] servers) throws Exception {
            var stack = LocalStack.start(Durability.FAST, List.of(servers));
            System.out.println(stack.pids());
            // held until killed
            Thread.currentThread().join();
        }
    }

    @Test
    void a_killed_parent_takes_its_servers_with_it() throws Exception {
        // Given
        Process parent = parent("kafka", "postgres", "registry");
        List<ProcessHandle> servers = processes(parent);
        assertThat(servers).hasSize(4).allMatch(ProcessHandle::isAlive);

        // When
        parent.destroyForcibly();

        // Then
        await().atMost(Deadline.GENEROUS).until(() -> servers.stream().noneMatch(ProcessHandle::isAlive));
    }

    @Test
    void servers_end_even_when_their_supervisor_is_killed() throws Exception {
        // Given one of each kind: a JVM, and a server that has processes of its own
        Process parent = parent("kafka", "postgres");
        List<ProcessHandle> servers = processes(parent);
        assertThat(servers).hasSize(3).allMatch(ProcessHandle::isAlive);

        // When
        servers.getFirst().destroyForcibly();

        // Then
        await().atMost(Deadline.GENEROUS).until(() -> servers.stream().noneMatch(ProcessHandle::isAlive));
        parent.destroyForcibly();
    }

    private static Process parent(String... servers) throws Exception {
        var command = new ArrayList<>(List.of(
                Server.java(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Parent.class.getName()));
        command.addAll(List.of(servers));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static List<ProcessHandle> processes(Process parent) throws Exception {
        String pids = parent.inputReader().readLine();
        return Arrays.stream(pids.replaceAll("[\\[\\] ]", "").split(","))
                .map(pid -> ProcessHandle.of(Long.parseLong(pid)).orElseThrow())
                .toList();
    }
}
