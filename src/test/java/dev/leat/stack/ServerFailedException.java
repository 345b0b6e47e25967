package dev.leat.stack;

import java.nio.file.Path;

/** A server of the local stack didn't start or didn't answer; the message holds the reason and the end of its log. */
final class ServerFailedException extends RuntimeException {
    ServerFailedException(String message) {
        super(message);
    }

    ServerFailedException(String server, String reason, Path log) {
        super(server + " " + reason + "; the end of its log (" + log + "):\n" + TiedProcess.tail(log, 15));
    }
}
