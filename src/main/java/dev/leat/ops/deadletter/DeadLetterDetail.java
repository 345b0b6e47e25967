package dev.leat.ops.deadletter;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.leat.schema.Contracts;
import dev.leat.schema.registry.RegistryOutage;
import dev.leat.schema.topic.Inspection;
import dev.leat.schema.types.codec.StringCodec;
import dev.leat.view.deadletter.DeadLetter;
import java.util.function.Supplier;

/**
 * A dead letter with its bytes decoded.
 *
 * @param parkedEvents how many events are parked behind it
 * @param decodedKey what the key's bytes mean; null without a key
 * @param decodedValue what the value's bytes mean; null without a value
 */
record DeadLetterDetail(
        @JsonUnwrapped DeadLetterJson letter,
        @JsonProperty("parked_events") long parkedEvents,
        @JsonProperty("decoded_key") Decoded decodedKey,
        @JsonProperty("decoded_value") Decoded decodedValue) {

    /**
     * @param type the Avro type that the bytes name
     * @param json the value, if it can be decoded
     * @param text the bytes as UTF-8, if they are no framed Avro but text
     * @param problem why they can't be decoded
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Decoded(String type, @JsonRawValue String json, String text, String problem) {}

    /** Blocks: the registry may have to be asked. If it doesn't answer, that is the problem. */
    static DeadLetterDetail of(DeadLetter letter, long parkedEvents, Contracts contracts) {
        return new DeadLetterDetail(
                DeadLetterJson.of(letter),
                parkedEvents,
                decoded(letter.key, () -> contracts.inspectKey(letter.record())),
                decoded(letter.value, () -> contracts.inspectValue(letter.record())));
    }

    private static Decoded decoded(byte[] bytes, Supplier<Inspection> look) {
        if (bytes == null) {
            return null;
        }
        try {
            Inspection inspection = look.get();
            return inspection.type() == null
                    ? new Decoded(null, null, StringCodec.utf8(bytes).orElse(null), inspection.problem())
                    : new Decoded(inspection.type(), inspection.json(), null, inspection.problem());
        } catch (RegistryOutage e) {
            return new Decoded(null, null, null, e.getMessage());
        }
    }
}
