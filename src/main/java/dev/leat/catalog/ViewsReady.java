package dev.leat.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/**
 * Whether the first event may be applied: our own tables, the contracts and the views' tables exist. Start-up says so
 * once; whoever applies or sends events waits for it. Any thread.
 */
@ApplicationScoped
public class ViewsReady {

    private final CompletableFuture<Void> ready = new CompletableFuture<>();

    public void complete() {
        ready.complete(null);
    }

    public boolean isReady() {
        return ready.isDone();
    }

    public CompletionStage<Void> whenReady() {
        return ready.minimalCompletionStage();
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
