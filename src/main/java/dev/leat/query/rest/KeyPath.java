package dev.leat.query.rest;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** The parts of a key in a path, one segment each; a slash inside of a part is written {@code %2F}. */
final class KeyPath {

    private KeyPath() {}

    /** The parts after the segments that come before the key. */
    static List<String> parse(URI uri, int segmentsBefore) {
        // Not the decoded path: in it a slash of a part can't be told from one between parts.
        return Stream.of(uri.getRawPath().split("/", -1))
                .skip(1L + segmentsBefore)
                .map(KeyPath::decoded)
                .toList();
    }

    /** A plus sign in a path is a plus sign, unlike in a query string. */
    private static String decoded(String segment) {
        return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
