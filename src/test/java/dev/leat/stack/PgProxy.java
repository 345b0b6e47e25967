package dev.leat.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/**
 * Stands in front of Postgres on a free loopback port and knows which statement each client executes, so that a test can
 * hold a client just before a statement, or just before the answer to it, and then let it go on, cut it off, or kill it.
 * Forwards everything else as it is, cancel requests included; encryption is declined.
 *
 * <p>A statement is recognised where Postgres is given its parameters ({@code Bind}) or, without parameters, its text
 * ({@code Query}). That it was prepared before may have reached Postgres; that changes nothing there.
 *
 * <p>Safe for several threads.
 */
public final class PgProxy implements AutoCloseable {

    private final Database database;
    private final ServerSocket listener;
    private final Set<PgProxyConnection> connections = ConcurrentHashMap.newKeySet();
    private final List<FaultPoint> before = new CopyOnWriteArrayList<>();
    private final List<FaultPoint> answers = new CopyOnWriteArrayList<>();
    private volatile long refusesUntil = System.nanoTime();

    private PgProxy(Database database, ServerSocket listener) {
        this.database = database;
        this.listener = listener;
    }

    /** Listens until it is closed. */
    public static PgProxy to(Database database) {
        try {
            PgProxy proxy = new PgProxy(database, new ServerSocket(0, 200, InetAddress.getLoopbackAddress()));
            Thread.ofVirtual().name("pg-proxy").start(proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same database, seen through the proxy. */
    public Database database() {
        return new Database(
                database.host(), listener.getLocalPort(), database.name(), database.user(), database.password());
    }

    /** Holds clients before such a statement is forwarded: Postgres doesn't execute it. */
    public FaultPoint holdBefore(Predicate<PgStatement> which) {
        return add(before, which);
    }

    /** Forwards such statements and holds Postgres's answer: it has executed the statement, and the client doesn't know. */
    public FaultPoint holdAnswer(Predicate<PgStatement> which) {
        return add(answers, which);
    }

    private static FaultPoint add(List<FaultPoint> points, Predicate<PgStatement> which) {
        FaultPoint point = new FaultPoint(which);
        points.add(point);
        return point;
    }

    /** Drops every connection at once; what Postgres had been sent may be executed or not. */
    public void cutAll() {
        connections.forEach(PgProxyConnection::close);
    }

    /** From now on, and for so long, new connections are closed as soon as they are made. */
    public void refuseFor(Duration time) {
        refusesUntil = System.nanoTime() + time.toNanos();
    }

    /** How many connections there are now. */
    public int connections() {
        return connections.size();
    }

    /** Cuts all connections, and serves no new ones. */
    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            cutAll();
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                if (System.nanoTime() - refusesUntil < 0) {
                    client.close();
                } else {
                    PgProxyConnection connection = new PgProxyConnection(this, client);
                    connections.add(connection);
                    Thread.ofVirtual().name("pg-proxy-from-client").start(connection::serve);
                }
            } catch (IOException e) {
                // The listener is closed, or a client has gone before it was served.
            }
        }
    }

    Socket connect() throws IOException {
        return new Socket(database.host(), database.port());
    }

    Optional<FaultPoint> before(PgStatement statement) {
        return catching(before, statement);
    }

    Optional<FaultPoint> answerTo(PgStatement statement) {
        return catching(answers, statement);
    }

    private static Optional<FaultPoint> catching(Collection<FaultPoint> points, PgStatement statement) {
        return points.stream().filter(point -> point.catches(statement)).findFirst();
    }

    void forget(PgProxyConnection connection) {
        connections.remove(connection);
    }
}
