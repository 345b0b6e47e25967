package dev.leat.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How to run a command as somebody other than root, and a directory that this somebody reaches: the one we want, or one
 * in the temp folder where a parent of it is closed to others (a home directory, mostly). If we aren't root, the command
 * runs as us.
 *
 * <p>The ways are those that replace themselves by the command, so that a signal reaches it; which of them works depends
 * on the system and is tried out.
 */
final class Unprivileged {
    private record Way(String owner, List<String> prefix) {}

    private static final List<Way> WAYS_FROM_ROOT = List.of(
            new Way("postgres", List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--")),
            new Way("nobody", List.of("setpriv", "--reuid=nobody", "--regid=65534", "--clear-groups", "--")),
            new Way("postgres", List.of("chroot", "--userspec=postgres:postgres", "/")),
            new Way("nobody", List.of("chroot", "--userspec=nobody:65534", "/")),
            // a user namespace without a mapping: the system sees root as before, Postgres sees nobody
            new Way("root", List.of("unshare", "-U", "--")));
    private static final Way AS_US = new Way(null, List.of());

    private final Way way;
    private final Path place;

    private Unprivileged(Way way, Path place) {
        this.way = way;
        this.place = place;
    }

    static Unprivileged whoReaches(Path wanted, String name) throws IOException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return new Unprivileged(AS_US, wanted);
        }
        for (Way way : WAYS_FROM_ROOT) {
            if (reaches(way, wanted)) {
                return new Unprivileged(way, wanted);
            }
        }
        Path elsewhere = Files.createTempDirectory("leat-" + name);
        Files.setPosixFilePermissions(elsewhere, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (Way way : WAYS_FROM_ROOT) {
            if (reaches(way, elsewhere)) {
                return new Unprivileged(way, elsewhere);
            }
        }
        Archives.delete(elsewhere);
        throw new ServerFailedException(
                name + " refuses to run as root, and there is no way to another user here: tried"
                        + " setpriv and chroot to postgres and nobody, and unshare -U; run the build as another user");
    }

    private static boolean reaches(Way way, Path directory) throws IOException {
        var test = new ArrayList<>(way.prefix());
        test.addAll(List.of("test", "-x", directory.toString()));
        try {
            var process = new ProcessBuilder(test)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException noSuchCommand) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** A directory that the user may traverse and read. */
    Path place() {
        return place;
    }

    /** Makes the directory the user's own, and nobody else's. */
    void own(Path directory) throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        if (way.owner() != null) {
            var principal = directory.getFileSystem().getUserPrincipalLookupService();
            Files.setOwner(directory, principal.lookupPrincipalByName(way.owner()));
        }
    }

    List<String> command(List<String> command) {
        var all = new ArrayList<>(way.prefix());
        all.addAll(command);
        return all;
    }
}
