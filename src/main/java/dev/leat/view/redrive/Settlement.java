package dev.leat.view.redrive;

import dev.leat.postgres.Tx;
import dev.leat.schema.topic.Rejected;
import dev.leat.view.deadletter.DeadLetter;
import dev.leat.view.deadletter.DeadLetters;
import dev.leat.view.deadletter.ParkedEvent;
import dev.leat.view.deadletter.ParkedEvents;
import dev.leat.view.deadletter.SideOutput;
import dev.leat.view.deadletter.StoredEvent;
import dev.leat.view.deadletter.WaitingEvents;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What has become of letters and parked events that were tried again.
 *
 * @param letters that were tried
 * @param parked events that were tried
 * @param rejected what still became no row, by offset
 * @param side what views refused, and what waits for letters that stay
 * @param duplicates how many letters turned out to be duplicates
 * @param evicted how many letters were given up
 */
record Settlement(
        List<DeadLetter> letters,
        List<ParkedEvent> parked,
        Map<Long, Rejected> rejected,
        SideOutput side,
        int duplicates,
        int evicted) {

    RedriveOutcome saveInTransaction(Tx tx) {
        List<Long> resolved = new ArrayList<>();
        int dead = 0;
        int waiting = 0;
        for (DeadLetter letter : letters) {
            Rejected again = rejected.get(letter.offset);
            if (again != null) {
                DeadLetters.saveFailureInTransaction(tx, letter.id, again);
                dead++;
            } else if (isRefused(letter)) {
                dead++;
                if (letter.view == null) {
                    // The views that refused it have letters of their own now.
                    resolved.add(letter.id);
                }
            } else if (isParked(letter) && letter.view != null) {
                waiting++;
            } else {
                resolved.add(letter.id);
                waiting += isParked(letter) ? 1 : 0;
            }
        }
        List<ParkedEvent> released = parked.stream()
                .filter(event -> !rejected.containsKey(event.offset))
                .toList();
        DeadLetters.resolveInTransaction(tx, resolved);
        ParkedEvents.deleteInTransaction(
                tx, released.stream().map(event -> event.id).toList());
        DeadLetters.saveInTransaction(tx, side.deadLetters());
        ParkedEvents.saveInTransaction(
                tx,
                side.parkedEvents().stream()
                        .filter(event -> !isLetterOfView(event))
                        .toList());
        WaitingEvents.saveInTransaction(tx, side.waitingEvents());
        int applied = (int) released.stream()
                .filter(event -> !isRefused(event) && !isParked(event))
                .count();
        return new RedriveOutcome(
                letters.size() - dead - waiting - duplicates, dead, waiting, evicted, applied, duplicates);
    }

    private boolean isRefused(StoredEvent tried) {
        return isAmong(side.deadLetters(), tried);
    }

    private boolean isParked(StoredEvent tried) {
        return isAmong(side.parkedEvents(), tried);
    }

    private static boolean isAmong(List<? extends StoredEvent> aside, StoredEvent tried) {
        return aside.stream().anyMatch(e -> e.offset == tried.offset && tried.isFor(e.stream, e.view));
    }

    /** Such a letter waits as the letter that it is. */
    private boolean isLetterOfView(ParkedEvent event) {
        return letters.stream()
                .anyMatch(
                        letter -> letter.offset == event.offset && event.scope().equals(letter.scope()));
    }
}
