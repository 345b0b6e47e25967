package dev.leat.view.lane;

import dev.leat.schema.types.Rows;
import dev.leat.view.deadletter.NewDeadLetter;
import dev.leat.view.deadletter.ParkedKeys;
import java.util.List;
import java.util.Map;

/**
 * What a transaction has done, once it is committed.
 *
 * @param rows what the lake takes: every event but repeats and those that became no row
 * @param letters the dead letters that it wrote
 * @param repeats how many repeats it dropped, by stream; streams without any aren't named
 * @param late how many events came too late, by view; views without any aren't named
 * @param waiting how many events it parked behind dead letters
 * @param parked the lane's parked keys from now on
 */
public record Applied(
        List<Rows> rows,
        List<NewDeadLetter> letters,
        Map<String, Integer> repeats,
        Map<String, Long> late,
        int waiting,
        ParkedKeys parked) {}
