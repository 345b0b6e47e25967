package dev.leat.stack;

import java.io.BufferedInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * Unpacks the archives on the class path that hold servers, once each: a directory appears under its name when it is
 * complete, so that a build that was interrupted, or two at the same time, never leave half a server behind. What it
 * unpacks is readable by every user.
 */
final class Archives {
    private Archives() {}

    /** The directory that holds the unpacked {@code .tar.gz} whose file name starts with {@code artifact}. */
    static Path tarGz(String artifact, Path parent) throws IOException {
        Path archive = onClassPath(artifact);
        Path directory = parent.resolve(artifact);
        if (!Files.isDirectory(directory)) {
            try (InputStream in = new GZIPInputStream(new BufferedInputStream(Files.newInputStream(archive)))) {
                unpack(in, directory);
            }
        }
        return directory;
    }

    /** The directory that holds the unpacked {@code .txz} inside the jar whose file name starts with {@code artifact}. */
    static Path txzInJar(String artifact, Path parent) throws IOException {
        Path archive = onClassPath(artifact);
        Path directory = parent.resolve(archive.getFileName().toString().replace(".jar", ""));
        if (!Files.isDirectory(directory)) {
            try (var jar = new JarFile(archive.toFile())) {
                var entry = jar.stream()
                        .filter(file -> file.getName().endsWith(".txz"))
                        .findFirst()
                        .orElseThrow(() -> new IOException("no .txz in " + archive));
                unpack(new XZCompressorInputStream(new BufferedInputStream(jar.getInputStream(entry))), directory);
            }
        }
        return directory;
    }

    private static Path onClassPath(String artifact) throws IOException {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(path -> path.getFileName().toString().startsWith(artifact))
                .findFirst()
                .orElseThrow(() -> new IOException(artifact + " is not on the servers' class path"));
    }

    private static void unpack(InputStream archive, Path directory) throws IOException {
        Files.createDirectories(directory.getParent());
        Path partial = Files.createTempDirectory(directory.getParent(), directory.getFileName() + ".partial");
        try (var tar = new TarArchiveInputStream(archive)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path path = partial.resolve(entry.getName()).normalize();
                if (!path.startsWith(partial)) {
                    throw new IOException("an archive entry points outside: " + entry.getName());
                }
                unpack(entry, tar, path);
            }
        }
        try (var paths = Files.walk(partial)) {
            for (Path path : paths.filter(Files::isDirectory).toList()) {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
        try {
            Files.move(partial, directory, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            delete(partial);
            if (!Files.isDirectory(directory)) {
                throw e;
            }
        }
    }

    private static void unpack(TarArchiveEntry entry, InputStream content, Path path) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(path);
            return;
        }
        Files.createDirectories(path.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else {
            Files.copy(content, path);
            Files.setPosixFilePermissions(path, permissions(entry.getMode()));
        }
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        var permissions = EnumSet.of(
                PosixFilePermission.OWNER_READ,
                PosixFilePermission.OWNER_WRITE,
                PosixFilePermission.GROUP_READ,
                PosixFilePermission.OTHERS_READ);
        if ((mode & 0100) != 0) {
            permissions.add(PosixFilePermission.OWNER_EXECUTE);
            permissions.add(PosixFilePermission.GROUP_EXECUTE);
            permissions.add(PosixFilePermission.OTHERS_EXECUTE);
        }
        return permissions;
    }

    /** Removes a directory and all in it; what is already gone is no error. */
    static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (var paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
