package dev.leat.lake.store;

import dev.leat.lake.manifest.Ownership;
import dev.leat.pipeline.Stream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The lake's files as the file system has them. */
public class LakeFolder {

    /** Bytes; a disk with less room than this counts as full. */
    private static final int PROBE = 1 << 20;

    private final Path location;

    public LakeFolder(Path location) {
        this.location = location.toAbsolutePath().normalize();
    }

    public Path resolve(String relative) {
        return location.resolve(relative);
    }

    public String relative(Path file) {
        return location.relativize(file).toString().replace('\\', '/');
    }

    public void prepare(Path folder) throws IOException {
        Files.createDirectories(folder);
    }

    /** Gives a file that is complete and on the disk its name; survives a power cut once this returns. */
    public void publish(Path temporary, Path complete) throws IOException {
        Files.move(temporary, complete, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel folder = FileChannel.open(complete.getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    /**
     * Writes a file to the disk and deletes it. What a crash leaves of it, the partition's next owner sweeps.
     *
     * @throws IOException it can't
     */
    public void requireWritable(Stream stream, int partition) throws IOException {
        Path folder = location.resolve(stream.name());
        prepare(folder);
        Path probe = folder.resolve(new FileName(partition, 0, 0).temporary());
        try (FileChannel file = FileChannel.open(
                probe, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE)) {
            ByteBuffer bytes = ByteBuffer.allocate(PROBE);
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            file.force(true);
        }
    }

    public void delete(Path file) throws IOException {
        Files.deleteIfExists(file);
    }

    /**
     * Deletes what earlier owners of the partition wrote and couldn't commit. Ownership must be taken first, and the
     * manifest read after that: then no earlier owner can make another of its files count.
     *
     * @param counting the manifest's paths
     * @return how many files were deleted
     */
    public int sweep(Ownership owner, Set<String> counting) throws IOException {
        Path folder = location.resolve(owner.stream().name());
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        List<Path> strays = new ArrayList<>();
        for (Path child : names(folder)) {
            for (Path file : Files.isDirectory(child) ? names(child) : List.of(child)) {
                if (isOfEarlierOwner(file, owner) && !counting.contains(relative(file))) {
                    strays.add(file);
                }
            }
        }
        for (Path stray : strays) {
            delete(stray);
        }
        return strays.size();
    }

    /** Names only: the lanes of other partitions rename and delete files here all the time, and a walk would trip. */
    private static List<Path> names(Path folder) throws IOException {
        List<Path> names = new ArrayList<>();
        try (DirectoryStream<Path> listed = Files.newDirectoryStream(folder)) {
            listed.forEach(names::add);
        }
        return names;
    }

    private static boolean isOfEarlierOwner(Path file, Ownership owner) {
        Optional<FileName> name = FileName.parse(file.getFileName().toString());
        return name.isPresent()
                && name.get().partition() == owner.partition()
                && name.get().epoch() < owner.epoch();
    }
}
