package dev.leat.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class OrphanTest {
    /** A parent to kill: starts a stack and prints the pids that must not outlive it. */
    static final class Parent {
        public static void main(String[] arguments) throws Exception {
            var stack = LocalStack.start(Durability.FAST);
            System.out.println(stack.pids());
            // held until killed
            Thread.currentThread().join();
        }
    }

    @Test
    void a_killed_parent_takes_its_servers_with_it() throws Exception {
        // Given
        Process parent = parent();
        List<ProcessHandle> servers = processes(parent);
        assertThat(servers).hasSize(4).allMatch(ProcessHandle::isAlive);

        // When
        parent.destroyForcibly();

        // Then
        await().atMost(Deadline.GENEROUS).until(() -> servers.stream().noneMatch(ProcessHandle::isAlive));
    }

    @Test
    void servers_end_even_when_their_supervisor_is_killed() throws Exception {
        // Given
        Process parent = parent();
        List<ProcessHandle> servers = processes(parent);

        // When
        servers.getFirst().destroyForcibly();

        // Then
        await().atMost(Deadline.GENEROUS).until(() -> servers.stream().noneMatch(ProcessHandle::isAlive));
        parent.destroyForcibly();
    }

    private static Process parent() throws Exception {
        return new ProcessBuilder(Server.java(), "-cp", System.getProperty("java.class.path"), Parent.class.getName())
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
