package dev.leat.view.deadletter;

import dev.leat.postgres.Tx;
import dev.leat.schema.types.Rows;
import java.util.ArrayList;
import java.util.List;

/**
 * What a transaction passes over: dead letters, and the events that wait for them. An event of a parked key never passes
 * an earlier one of its key.
 *
 * <p>For one transaction, on its thread. A transaction that is rolled back leaves nothing of it.
 */
public final class SideOutput {

    private final KeyGate gate;
    private final EventRecords records;
    private final List<DeadLetter> deadLetters = new ArrayList<>();
    private final List<ParkedEvent> parkedEvents = new ArrayList<>();
    private final List<WaitingEvent> waitingEvents = new ArrayList<>();

    /**
     * @param gate the keys that are parked; gets those that are parked here
     * @param records those of the events
     */
    public SideOutput(KeyGate gate, EventRecords records) {
        this.gate = gate;
        this.records = records;
    }

    public EventRecords records() {
        return records;
    }

    /** Takes it, and parks its key where it parks. */
    public void add(DeadLetter letter) {
        deadLetters.add(letter);
        if (letter.parks) {
            gate.park(letter.key, letter.scope(), letter.offset);
        }
    }

    /**
     * Parks an event.
     *
     * @param view null for all views of the stream
     */
    public void park(long offset, String stream, String view) {
        parkedEvents.add(ParkedEvent.of(records.record(offset), stream, view));
    }

    /**
     * Keeps an event until the right side of the view's join has come as far.
     *
     * @param alone whether it comes out of its partition's order
     */
    public void await(Rows rows, int row, String view, boolean alone) {
        waitingEvents.add(WaitingEvent.of(records.record(rows.offset(row)), rows, row, view, alone));
    }

    /** Whether an event waits here for the right side of the view's join. */
    public boolean awaits(String view) {
        return waitingEvents.stream().anyMatch(event -> event.view.equals(view));
    }

    /**
     * Whether the event has to wait.
     *
     * @param view null asks whether it waits whatever the view
     */
    public boolean blocks(long offset, String stream, String view) {
        return gate.blocks(records.key(offset), offset, stream, view);
    }

    /** Whether no event has to wait. */
    public boolean isOpen() {
        return gate.isOpen();
    }

    public List<DeadLetter> deadLetters() {
        return deadLetters;
    }

    public List<ParkedEvent> parkedEvents() {
        return parkedEvents;
    }

    public List<WaitingEvent> waitingEvents() {
        return waitingEvents;
    }

    /** The lane's parked keys once this is committed. */
    public ParkedKeys parkedKeys() {
        return gate.parkedKeys();
    }

    public void saveInTransaction(Tx tx) {
        DeadLetters.saveInTransaction(tx, deadLetters);
        ParkedEvents.saveInTransaction(tx, parkedEvents);
        WaitingEvents.saveInTransaction(tx, waitingEvents);
    }
}
