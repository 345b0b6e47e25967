package dev.leat.view.time;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** All closable views, of all beans that know some. */
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

    void refresh() {
        known.forEach(ClosableViews::refresh);
    }

    /** Those that batches of any of these streams must not change meanwhile. */
    List<ClosableView> of(Collection<String> streams) {
        return all().stream()
                .filter(view -> view.streams().stream().anyMatch(streams::contains))
                .toList();
    }

    /** Whether a view needs the stream's watermark. */
    boolean need(String stream) {
        return all().stream().anyMatch(view -> view.timedBy().contains(stream));
    }
}
