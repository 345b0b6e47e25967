package dev.leat.schema;

import dev.leat.failure.Failure;
import dev.leat.failure.Failures;
import dev.leat.failure.Scope;
import dev.leat.pipeline.Stream;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Says which streams have a newest version that doesn't fit the existing views. That prevents nothing: events of older
 * versions and other streams go on.
 */
@ApplicationScoped
class NewestVersions {

    private static final Logger LOG = Logger.getLogger(NewestVersions.class);

    private final Failures failures;

    NewestVersions(Failures failures) {
        this.failures = failures;
    }

    /** @param unfit why it is; empty when it isn't */
    void learnt(Stream stream, Optional<String> unfit) {
        Scope scope = Scope.newestVersion(stream.name());
        unfit.ifPresentOrElse(
                why -> {
                    if (failures.of(scope).isEmpty()) {
                        LOG.warnf(
                                "the newest contract is unfit: its events become dead letters stream=%s error=%s",
                                stream.name(), why);
                    }
                    failures.report(
                            scope,
                            Failure.Cause.UNFIT,
                            "the newest contract is unfit, its events become dead letters: " + why);
                },
                () -> failures.over(scope));
    }
}
