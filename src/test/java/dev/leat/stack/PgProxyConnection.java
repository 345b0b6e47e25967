package dev.leat.stack;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One client of a {@link PgProxy}, on three threads: one reads the client all the time, so that its death is noticed even
 * while it is held; one forwards what was read; one forwards Postgres's answers.
 */
final class PgProxyConnection {

    private static final int SSL_REQUEST = 80877103;
    private static final int GSS_ENCRYPTION_REQUEST = 80877104;
    private static final int CANCEL_REQUEST = 80877102;
    private static final PgMessage END = new PgMessage(new byte[0]);

    private final PgProxy proxy;
    private final Socket client;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final BlockingQueue<PgMessage> fromClient = new LinkedBlockingQueue<>();
    private final PgStatements statements = new PgStatements();
    private final Queue<HeldAnswer> heldAnswers = new ConcurrentLinkedQueue<>();

    // How often Postgres will say that it is ready for more: once after the start, then once for each request. Counted
    // by the thread that forwards, before it does.
    private final AtomicLong requests = new AtomicLong(1);

    // Set before the threads that use it start, and read by whoever closes.
    private volatile Socket server;

    /** @param after how many requests are answered before the one that is meant */
    private record HeldAnswer(long after, FaultPoint point, PgStatement statement) {}

    PgProxyConnection(PgProxy proxy, Socket client) {
        this.proxy = proxy;
        this.client = client;
    }

    /** Serves the client until it, Postgres, or somebody else closes the connection. */
    void serve() {
        try {
            client.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(new BufferedInputStream(client.getInputStream(), 1 << 16));
            PgMessage first = readFirst(in);
            server = proxy.connect();
            server.setTcpNoDelay(true);
            if (closed.isDone()) {
                // Closed meanwhile, when there was no server to close yet.
                server.close();
            }
            server.getOutputStream().write(first.bytes());
            if (first.code() == CANCEL_REQUEST) {
                // Postgres answers by closing, after it has signalled.
                server.getInputStream().readAllBytes();
                return;
            }
            Thread.ofVirtual().name("pg-proxy-to-server").start(() -> untilClosed(this::forward));
            Thread.ofVirtual().name("pg-proxy-to-client").start(() -> untilClosed(this::answer));
            while (true) {
                fromClient.add(PgMessage.read(in));
            }
        } catch (IOException e) {
            // One of the two is gone; so will be the other.
        } finally {
            close();
        }
    }

    /** Answers requests for encryption, which we don't offer, until the client says what it wants. */
    private PgMessage readFirst(DataInputStream in) throws IOException {
        PgMessage first = PgMessage.readUntyped(in);
        while (first.code() == SSL_REQUEST || first.code() == GSS_ENCRYPTION_REQUEST) {
            client.getOutputStream().write('N');
            first = PgMessage.readUntyped(in);
        }
        return first;
    }

    private void forward() throws IOException, InterruptedException {
        OutputStream out = new BufferedOutputStream(server.getOutputStream(), 1 << 16);
        for (PgMessage message = fromClient.take(); message != END; message = fromClient.take()) {
            Optional<PgStatement> begun = statements.begunBy(message);
            if (begun.isPresent()) {
                // What came before this statement isn't held with it.
                out.flush();
                hold(begun.get());
            }
            if (closed.isDone()) {
                return;
            }
            if (message.type() == 'Q' || message.type() == 'S') {
                requests.incrementAndGet();
            }
            out.write(message.bytes());
            if (fromClient.isEmpty()) {
                out.flush();
            }
        }
    }

    private void hold(PgStatement statement) {
        proxy.before(statement).ifPresent(point -> point.hold(this, statement));
        proxy.answerTo(statement).ifPresent(point -> heldAnswers.add(new HeldAnswer(requests.get(), point, statement)));
    }

    private void answer() throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(server.getInputStream(), 1 << 16));
        OutputStream out = new BufferedOutputStream(client.getOutputStream(), 1 << 16);
        long answered = 0;
        while (true) {
            PgMessage message = PgMessage.read(in);
            HeldAnswer held = heldAnswers.peek();
            if (held != null && answered >= held.after() && isEndOfStatement(message)) {
                heldAnswers.remove();
                out.flush();
                held.point().hold(this, held.statement());
            }
            if (closed.isDone()) {
                return;
            }
            if (message.type() == 'Z') {
                answered++;
            }
            out.write(message.bytes());
            if (in.available() == 0) {
                out.flush();
            }
        }
    }

    /** A command's completion, an error, an empty query, or as many rows as the client asked for. */
    private static boolean isEndOfStatement(PgMessage message) {
        return "CEIs".indexOf(message.type()) >= 0;
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private void untilClosed(Work work) {
        try {
            work.run();
        } catch (IOException e) {
            // One of the two is gone; so will be the other.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close();
        }
    }

    CompletableFuture<Void> closed() {
        return closed;
    }

    /** Both sides. Any thread. */
    void close() {
        closed.complete(null);
        fromClient.add(END);
        closeQuietly(client);
        closeQuietly(server);
        proxy.forget(this);
    }

    private static void closeQuietly(Socket socket) {
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                // It is closed as far as it goes.
            }
        }
    }
}
