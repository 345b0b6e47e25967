package dev.leat.endtoend;

import dev.leat.stack.Deadline;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Waits for a state, however long the machine takes for it. No test says how fast it must come. */
final class Waits {

    static final Duration AT_MOST = Deadline.GENEROUS;

    private Waits() {}

    static ConditionFactory await() {
        return Awaitility.await().atMost(AT_MOST);
    }

    /** @param state names what is waited for, for the message of a test that waits in vain */
    static ConditionFactory await(String state) {
        return Awaitility.await(state).atMost(AT_MOST);
    }
}
