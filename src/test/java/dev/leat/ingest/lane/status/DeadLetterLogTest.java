package dev.leat.ingest.lane.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.view.deadletter.DeadLetter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeadLetterLogTest {

    private final AtomicLong nanos = new AtomicLong();
    private final DeadLetterLog log = new DeadLetterLog(nanos::get);
    private final List<String> lines = new ArrayList<>();
    private final Handler listener = new Handler() {
        @Override
        public void publish(LogRecord line) {
            lines.add(
                    line.getMessage().contains("%")
                            ? String.format(line.getMessage(), line.getParameters())
                            : line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        Logger.getLogger(DeadLetterLog.class.getName()).addHandler(listener);
    }

    @AfterEach
    void leave() {
        Logger.getLogger(DeadLetterLog.class.getName()).removeHandler(listener);
    }

    private static DeadLetter letter(String stream, String reason, long offset) {
        DeadLetter letter = new DeadLetter();
        letter.topic = "taxi";
        letter.stream = stream;
        letter.reason = reason;
        letter.offset = offset;
        letter.message = "type taxi.Fare belongs to no stream";
        return letter;
    }

    @Test
    void three_thousand_of_one_kind_are_two_lines() {
        // When
        for (int offset = 0; offset < 3_364; offset++) {
            log.log(letter(null, "UNDECLARED_TYPE", offset));
        }
        nanos.set(Duration.ofSeconds(59).toNanos());
        log.summarize();
        assertThat(lines)
                .containsExactly(
                        "dead letter topic=taxi partition=0 offset=0 stream=null view=null reason=UNDECLARED_TYPE"
                                + " error=type taxi.Fare belongs to no stream");
        nanos.set(Duration.ofSeconds(60).toNanos());
        log.summarize();
        log.summarize();

        // Then
        assertThat(lines)
                .hasSize(2)
                .last()
                .isEqualTo(
                        "dead letters count=3363 topic=taxi stream=null view=null reason=UNDECLARED_TYPE last partition=0"
                                + " offset=3363");
    }

    @Test
    void each_kind_has_its_first_line_and_a_quiet_one_has_it_again() {
        log.log(letter("rides", "UNDECODABLE", 1));
        log.log(letter("rides", "MISSING_KEY", 2));
        log.log(letter("zones", "UNDECODABLE", 3));
        assertThat(lines).hasSize(3);

        nanos.set(Duration.ofMinutes(1).toNanos());
        log.summarize();
        log.log(letter("rides", "UNDECODABLE", 4));

        assertThat(lines).hasSize(4).last().asString().contains("offset=4");
    }
}
