package dev.leat.view.release;

import dev.leat.schema.topic.Decoded;
import dev.leat.schema.wire.Records;

/** Decodes records of a topic's partition again, with the columns that the views have now. May wait for the registry. */
@FunctionalInterface
public interface EventDecoder {

    Decoded decode(String topic, int partition, Records records);
}
