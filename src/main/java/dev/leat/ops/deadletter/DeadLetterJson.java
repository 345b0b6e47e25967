package dev.leat.ops.deadletter;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.leat.view.deadletter.DeadLetter;
import java.time.OffsetDateTime;

/** The JSON form of a dead letter. Key, value and the headers' values are base64 of the record's bytes. */
record DeadLetterJson(
        long id,
        String stream,
        String view,
        String topic,
        int partition,
        long offset,
        @JsonProperty("event_timestamp") OffsetDateTime eventTimestamp,
        String reason,
        String message,
        @JsonProperty("schema_id") Long schemaId,
        byte[] key,
        byte[] value,
        @JsonRawValue String headers,
        @JsonProperty("first_attempt") OffsetDateTime firstAttempt,
        @JsonProperty("last_attempt") OffsetDateTime lastAttempt,
        int attempts,
        boolean parks,
        @JsonInclude(JsonInclude.Include.NON_NULL) CopyJson copy,
        @JsonInclude(JsonInclude.Include.NON_NULL) String resolution,

        @JsonInclude(JsonInclude.Include.NON_NULL) @JsonProperty("resolved_at")
        OffsetDateTime resolvedAt) {

    /**
     * Its copy; missing where its stream names no topic for copies.
     *
     * @param reason why it can't be sent; missing unless it is set aside
     */
    record CopyJson(
            String topic,
            CopyState state,
            @JsonInclude(JsonInclude.Include.NON_NULL) String reason) {

        static CopyJson of(DeadLetter letter) {
            if (letter.copyTo == null) {
                return null;
            }
            CopyState state = letter.copyRefused != null
                    ? CopyState.SET_ASIDE
                    : letter.copiedAt == null ? CopyState.WAITING : CopyState.SENT;
            return new CopyJson(letter.copyTo, state, letter.copyRefused);
        }
    }

    /** Lower case in JSON. */
    enum CopyState {
        @JsonProperty("waiting")
        WAITING,
        @JsonProperty("sent")
        SENT,
        @JsonProperty("set_aside")
        SET_ASIDE
    }

    static DeadLetterJson of(DeadLetter letter) {
        return new DeadLetterJson(
                letter.id,
                letter.stream,
                letter.view,
                letter.topic,
                letter.partition,
                letter.offset,
                letter.eventTimestamp,
                letter.reason,
                letter.message,
                letter.schemaId,
                letter.key,
                letter.value,
                letter.headers,
                letter.firstAttempt,
                letter.lastAttempt,
                letter.attempts,
                letter.parks,
                CopyJson.of(letter),
                letter.resolution,
                letter.resolvedAt);
    }
}
