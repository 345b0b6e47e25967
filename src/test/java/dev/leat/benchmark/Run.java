package dev.leat.benchmark;

import dev.leat.stack.Database;
import java.nio.file.Path;

/**
 * One contender at one task.
 *
 * @param database empty
 * @param folder empty
 */
record Run(String name, Task task, RideTopic topic, Servers servers, Database database, Path folder) {

    Path lake() {
        return folder.resolve("lake");
    }
}
