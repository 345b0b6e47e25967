package dev.leat.view.lane.apply;

import dev.leat.view.deadletter.SideOutput;
import dev.leat.view.writer.OrderedEvents;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Which events go on, and which wait for a dead letter of their key. */
public record ParkingFilter(OrderedEvents events, SideOutput side) {

    /** Those that may go to the views of their stream. The others wait, whatever the view, and are parked. */
    public int[] parkForStream(int[] wanted) {
        return park(wanted, this::isBlocked, null);
    }

    /** The same after {@link #parkForStream}, for a view of several streams: what waits is parked already. */
    public int[] withoutParked(int[] wanted) {
        return side.isOpen()
                ? wanted
                : IntStream.of(wanted).filter(event -> !isBlocked(event)).toArray();
    }

    /** Those that may go to this view. The others are parked for it. */
    int[] parkForView(NamedWriter view, int[] wanted) {
        return park(wanted, event -> isBlocked(view, event), view.name());
    }

    private int[] park(int[] wanted, IntPredicate isBlocked, String view) {
        if (side.isOpen()) {
            return wanted;
        }
        int[] blocked = IntStream.of(wanted).filter(isBlocked).toArray();
        for (int event : blocked) {
            side.park(events.offset(event), events.stream(event).name(), view);
        }
        return IntStream.of(wanted).filter(isBlocked.negate()).toArray();
    }

    /** Whether the event waits for an earlier one of its key, of any stream that the view takes. */
    boolean isBlocked(NamedWriter view, int event) {
        return view.view().streams().stream()
                .anyMatch(stream -> side.blocks(events.offset(event), stream, view.name()));
    }

    private boolean isBlocked(int event) {
        return side.blocks(events.offset(event), events.stream(event).name(), null);
    }
}
