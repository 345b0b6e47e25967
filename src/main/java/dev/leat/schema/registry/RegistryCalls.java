package dev.leat.schema.registry;

import com.microsoft.kiota.ApiException;
import dev.leat.failure.Unavailable;
import dev.leat.schema.contract.ContractException;
import io.apicurio.registry.rest.client.models.ProblemDetails;
import io.apicurio.registry.rest.client.models.RuleViolationProblemDetails;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Calls to Apicurio's client: bounds their time, and sorts what they fail with. Thread-safe. */
final class RegistryCalls {

    static final int CONFLICT = 409;

    private static final int NOT_FOUND = 404;
    private static final int BAD_REQUEST = 400;
    private static final int UNPROCESSABLE = 422;
    private static final Set<Integer> REFUSALS = Set.of(BAD_REQUEST, CONFLICT, UNPROCESSABLE);

    private static final int INTERNAL_ERROR = 500;
    private static final int TIMED_OUT = 408;
    private static final int TOO_MANY = 429;

    private static final int ATTEMPTS = 2;

    private final String url;
    private final Duration timeout;

    /** @param timeout of one attempt */
    RegistryCalls(String url, Duration timeout) {
        this.url = url;
        this.timeout = timeout;
    }

    /**
     * Empty for "not found"; the registry's own refusals pass. What says that it is unavailable is an outage; everything else
     * passes too, and is nobody's outage: a missing right, an answer that nobody understands.
     */
    <T> Optional<T> ask(Supplier<T> call) {
        try {
            return Optional.of(answer(call));
        } catch (ApiException e) {
            if (e.getResponseStatusCode() == NOT_FOUND) {
                return Optional.empty();
            }
            if (REFUSALS.contains(e.getResponseStatusCode())) {
                throw e;
            }
            throw isUnavailable(e.getResponseStatusCode())
                    ? outage("answers " + e.getResponseStatusCode(), e)
                    : new IllegalStateException("registry " + url + " answers " + e.getResponseStatusCode(), e);
        } catch (ContractException | RegistryOutage e) {
            throw e;
        } catch (RuntimeException e) {
            throw Unavailable.is(e) ? outage("doesn't answer: " + Unavailable.message(e), e) : e;
        }
    }

    /** The client gives no status where the connection was lost. */
    private static boolean isUnavailable(int status) {
        return status == 0 || status >= INTERNAL_ERROR || status == TIMED_OUT || status == TOO_MANY;
    }

    /**
     * Asks a second time when there is no answer: the client has been seen to lose one, and then waits for ever. Every call
     * may be made twice.
     */
    private <T> T answer(Supplier<T> call) {
        for (int attempt = 1; ; attempt++) {
            try {
                return Deadline.await(call, timeout);
            } catch (TimeoutException e) {
                if (attempt == ATTEMPTS) {
                    throw outage("doesn't answer within " + timeout, e);
                }
            }
        }
    }

    RegistryOutage outage(String what, Throwable cause) {
        return new RegistryOutage("registry " + url + " " + what, cause);
    }

    /** The reason of a refusal. Which kind of problem reports it depends on the registry's version. */
    static String reason(ApiException e) {
        return switch (e) {
            case RuleViolationProblemDetails problem when problem.getTitle() != null -> problem.getTitle();
            case ProblemDetails problem
            when problem.getTitle() != null ->
                problem.getResponseStatusCode() == UNPROCESSABLE && problem.getDetail() != null
                        ? problem.getTitle() + ": " + problem.getDetail()
                        : problem.getTitle();
            default -> e.getMessage();
        };
    }
}
