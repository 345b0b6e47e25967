package dev.leat.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;

/**
 * Whether the first event may be applied: our own tables, the contracts and the views' tables exist. Start-up says so
 * once for all streams but those that are parked, and for each of these when it can go on; whoever applies or sends events
 * waits for it. Any thread.
 */
@ApplicationScoped
public class ViewsReady {

    private final CompletableFuture<Void> ready = new CompletableFuture<>();

    // By stream; each is completed when the stream isn't parked any more.
    private final Map<String, CompletableFuture<Void>> parked = new ConcurrentHashMap<>();

    public void complete() {
        ready.complete(null);
    }

    /** Before the others are ready: no lane of the stream may open. */
    public void park(String stream) {
        parked.computeIfAbsent(stream, s -> new CompletableFuture<>());
    }

    public void unpark(String stream) {
        CompletableFuture<Void> waited = parked.remove(stream);
        if (waited != null) {
            waited.complete(null);
        }
    }

    /** Those of the streams that are parked now. */
    public List<String> parked(Collection<String> streams) {
        return streams.stream().filter(parked::containsKey).toList();
    }

    public boolean isReady() {
        return ready.isDone();
    }

    public CompletionStage<Void> whenReady() {
        return ready.minimalCompletionStage();
    }

    /** When all of these may be applied. */
    public CompletionStage<Void> whenReady(Collection<String> streams) {
        return ready.thenCompose(done -> CompletableFuture.allOf(
                streams.stream().map(parked::get).filter(Objects::nonNull).toArray(CompletableFuture[]::new)));
    }

    /** Blocks until views are ready, or until the caller is closed. */
    public void await(CompletableFuture<Void> orClosed) throws InterruptedException {
        try {
            CompletableFuture.anyOf(ready, orClosed).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
