package dev.leat.view.time;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** All views that close, whoever knows them. */
@ApplicationScoped
class ClosingViews {

    private final Iterable<ClosableViews> known;

    @jakarta.inject.Inject
    ClosingViews(@Any Instance<ClosableViews> known) {
        this.known = known;
    }

    ClosingViews(List<ClosableViews> known) {
        this.known = known;
    }

    List<ClosableView> all() {
        List<ClosableView> all = new ArrayList<>();
        known.forEach(some -> all.addAll(some.closableViews()));
        return all;
    }

    void lookAgain() {
        known.forEach(ClosableViews::lookAgain);
    }

    /** Those that any of these streams changes. */
    List<ClosableView> of(Collection<String> streams) {
        return all().stream()
                .filter(view -> view.streams().stream().anyMatch(streams::contains))
                .toList();
    }

    /** Whether anybody needs to know how far a stream has come. */
    boolean need(String stream) {
        return !of(List.of(stream)).isEmpty();
    }
}
