package dev.leat.ingest.rebuild;

import dev.leat.view.rebuild.Rebuilds;
import org.jboss.logging.Logger;

/** How fast a rebuild is: saved in Postgres every second, logged every tenth. For one thread. */
final class RebuildSpeed {

    private static final Logger LOG = Logger.getLogger(RebuildSpeed.class);
    private static final long SAVE_EVERY = 1_000_000_000L;
    private static final int LOG_EVERY = 10;

    private final String view;
    private final Rebuilds rebuilds;
    private long since = System.nanoTime();
    private long events;
    private int saved;

    RebuildSpeed(String view, Rebuilds rebuilds) {
        this.view = view;
        this.rebuilds = rebuilds;
    }

    void applied(int more) {
        events += more;
        long passed = System.nanoTime() - since;
        if (passed < SAVE_EVERY) {
            return;
        }
        rebuilds.saveRate(view, events * 1e9 / passed);
        events = 0;
        since = System.nanoTime();
        if (saved++ % LOG_EVERY == 0) {
            rebuilds.find(view)
                    .ifPresent(r -> LOG.infof(
                            "rebuilding view=%s done=%d todo=%d rate=%.0f left=%s",
                            view, r.done(), r.todo(), r.rate(), r.left()));
        }
    }
}
