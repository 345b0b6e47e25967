package dev.leat.endtoend;

import dev.leat.stack.LeatProcess;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/** A test that fails says what each process that it started has logged last. */
final class ProcessLogs implements BeforeEachCallback, TestExecutionExceptionHandler {

    private static final List<LeatProcess> STARTED = new CopyOnWriteArrayList<>();

    static void add(LeatProcess process) {
        STARTED.add(process);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        STARTED.clear();
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        STARTED.forEach(process -> failure.addSuppressed(new LastLines(process)));
        throw failure;
    }

    private static final class LastLines extends Exception {
        LastLines(LeatProcess process) {
            super("\n" + process.tail(), null, false, false);
        }
    }
}
