package dev.leat.query;

import dev.leat.stack.StackTestResource;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.List;
import java.util.Map;

/** The application as one that only answers queries, on an empty database of the local stack. */
public final class QueryRole implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of("leat.roles", "query", "leat.query.refresh", "200ms");
    }

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(StackTestResource.class));
    }
}
