package dev.leat.view.redrive;

import dev.leat.postgres.Tx;
import dev.leat.schema.topic.Rejected;
import dev.leat.view.deadletter.DeadLetters;
import dev.leat.view.deadletter.NewDeadLetter;
import dev.leat.view.deadletter.NewParkedEvent;
import dev.leat.view.deadletter.ParkedEvents;
import dev.leat.view.deadletter.ParkedKeys.Scope;
import dev.leat.view.redrive.StoredEvents.Stored;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What has become of letters and parked events that were tried again.
 *
 * @param letters that were tried
 * @param parked events that were tried
 * @param rejected what still became no row, by offset
 * @param refused by views
 * @param held what waits behind letters that stay
 * @param repeats how many letters turned out to be repeats
 * @param evicted how many letters were given up
 */
record Settlement(
        List<Stored> letters,
        List<Stored> parked,
        Map<Long, Rejected> rejected,
        List<NewDeadLetter> refused,
        List<NewParkedEvent> held,
        int repeats,
        int evicted) {

    private static final String RESOLVE = """
            UPDATE leat.dead_letter SET resolution = 'redriven', resolved_at = now(), last_attempt = now(),
                attempts = attempts + 1
            WHERE id = ANY($1::bigint[])""";
    private static final String SAVE_FAILURE = """
            UPDATE leat.dead_letter SET last_attempt = now(), attempts = attempts + 1, reason = $2, message = $3
            WHERE id = $1""";
    private static final String DELETE_PARKED = "DELETE FROM leat.parked_event WHERE id = ANY($1::bigint[])";

    RedriveOutcome saveInTransaction(Tx tx) {
        List<Long> resolved = new ArrayList<>();
        int dead = 0;
        int waiting = 0;
        for (Stored letter : letters) {
            Rejected again = rejected.get(letter.offset());
            if (again != null) {
                tx.execute(SAVE_FAILURE, Tuple.of(letter.id(), again.reason().name(), again.message()));
                dead++;
            } else if (isRefused(letter)) {
                dead++;
                if (letter.view() == null) {
                    // The views that refused it have letters of their own now.
                    resolved.add(letter.id());
                }
            } else if (isHeld(letter) && letter.view() != null) {
                waiting++;
            } else {
                resolved.add(letter.id());
                waiting += isHeld(letter) ? 1 : 0;
            }
        }
        List<Stored> released = parked.stream()
                .filter(event -> !rejected.containsKey(event.offset()))
                .toList();
        tx.execute(RESOLVE, Tuple.tuple().addValue(resolved.toArray(Long[]::new)));
        tx.execute(
                DELETE_PARKED,
                Tuple.tuple().addValue(released.stream().map(Stored::id).toArray(Long[]::new)));
        DeadLetters.saveInTransaction(tx, refused);
        ParkedEvents.saveInTransaction(
                tx, held.stream().filter(h -> !isLetterOfView(h)).toList());
        int applied = (int) released.stream()
                .filter(event -> !isRefused(event) && !isHeld(event))
                .count();
        return new RedriveOutcome(letters.size() - dead - waiting - repeats, dead, waiting, evicted, applied, repeats);
    }

    private boolean isRefused(Stored stored) {
        return refused.stream()
                .anyMatch(r -> r.record().offset() == stored.offset() && stored.isFor(r.stream(), r.view()));
    }

    private boolean isHeld(Stored stored) {
        return held.stream()
                .anyMatch(h -> h.record().offset() == stored.offset() && stored.isFor(h.stream(), h.view()));
    }

    /** Such a letter waits as the letter that it is. */
    private boolean isLetterOfView(NewParkedEvent held) {
        return letters.stream()
                .anyMatch(letter -> letter.offset() == held.record().offset()
                        && new Scope(held.stream(), held.view()).equals(letter.scope()));
    }
}
