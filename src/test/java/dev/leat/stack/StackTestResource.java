package dev.leat.stack;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/** Gives a {@code @QuarkusTest} the shared local stack and an empty database of its own. */
public final class StackTestResource implements QuarkusTestResourceLifecycleManager {
    @Override
    public Map<String, String> start() {
        var stack = LocalStack.shared().whole();
        return stack.config(stack.createDatabase("app_" + Long.toString(System.nanoTime(), 36)));
    }

    /** Nothing: the servers serve other tests of this JVM, and end with it. */
    @Override
    public void stop() {}
}
