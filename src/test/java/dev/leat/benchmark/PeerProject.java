package dev.leat.benchmark;

import dev.leat.stack.TiedTool;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A project under {@code src/test/peers}: built when a benchmark asks for it, by the Maven that runs us, and run on a JDK
 * 17, which is the newest that all of them run on ({@code -Dleat.benchmark.peers.java=/path/to/java}, by default the one on
 * the PATH). Its jars are on no class path of ours.
 */
record PeerProject(String name) {

    private static final String JAVA = System.getProperty("leat.benchmark.peers.java", "java");
    private static final List<String> MEMORY = List.of("-Xmx2g", "-Duser.timezone=UTC");

    /** Everything that it left at its last build. */
    Path target() {
        return Path.of("target", "peers", name).toAbsolutePath();
    }

    PeerProject build() {
        Path log = Options.RESULTS.resolve(name + "-build.log");
        try (TiedTool maven = TiedTool.start(
                List.of(
                        Path.of("mvnw").toAbsolutePath().toString(),
                        "-B",
                        "-ntp",
                        "-q",
                        // some of their poms name repositories that aren't there any more
                        "-itr",
                        "-f",
                        Path.of("src/test/peers", name, "pom.xml").toString(),
                        "compile",
                        "dependency:build-classpath",
                        "-Dmdep.outputFile=" + target().resolve("classpath")),
                log)) {
            if (maven.status() != 0) {
                throw new IllegalStateException("cannot build the peer " + name
                        + "; leave it out of -Dleat.benchmark.peers, or see " + log + ":\n" + maven.log());
            }
        }
        return this;
    }

    /** @param jvmOptions what its own scripts would give */
    Started start(Path log, List<String> jvmOptions, String mainClass, String... arguments) {
        List<String> command = new ArrayList<>(List.of(JAVA));
        command.addAll(MEMORY);
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", classPath(), mainClass));
        command.addAll(List.of(arguments));
        return Started.of(TiedTool.start(command, log));
    }

    private String classPath() {
        try {
            return target().resolve("classes")
                    + File.pathSeparator
                    + Files.readString(target().resolve("classpath")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
