package dev.leat.stack;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * One message of PostgreSQL's protocol, version 3: a type, a length of 4 bytes that counts itself, and the content.
 * Source: PostgreSQL, chapter "Frontend/Backend Protocol", section "Message Formats".
 */
record PgMessage(byte[] bytes) {

    private static final int HEADER = 5;
    private static final int MAX_LENGTH = 1 << 30;

    /** @throws EOFException when the peer is gone */
    static PgMessage read(DataInputStream in) throws IOException {
        byte type = in.readByte();
        int length = in.readInt();
        if (length < 4 || length > MAX_LENGTH) {
            throw new IOException("not PostgreSQL's protocol: a message of " + length + " bytes");
        }
        byte[] bytes = new byte[1 + length];
        ByteBuffer.wrap(bytes).put(type).putInt(length);
        in.readFully(bytes, HEADER, length - 4);
        return new PgMessage(bytes);
    }

    /** The first message of a connection, which has no type. */
    static PgMessage readUntyped(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 8 || length > 1 << 16) {
            throw new IOException("not PostgreSQL's protocol: a first message of " + length + " bytes");
        }
        byte[] bytes = new byte[length];
        ByteBuffer.wrap(bytes).putInt(length);
        in.readFully(bytes, 4, length - 4);
        return new PgMessage(bytes);
    }

    char type() {
        return (char) bytes[0];
    }

    /** Of an untyped message: a protocol version, or the code of a request. */
    int code() {
        return ByteBuffer.wrap(bytes).getInt(4);
    }

    /** The n-th of the zero-terminated strings that the content begins with, from 0. */
    String string(int n) {
        int begin = HEADER;
        for (int skipped = 0; skipped < n; skipped++) {
            begin = end(begin) + 1;
        }
        return new String(bytes, begin, end(begin) - begin, StandardCharsets.UTF_8);
    }

    private int end(int from) {
        int end = from;
        while (bytes[end] != 0) {
            end++;
        }
        return end;
    }
}
