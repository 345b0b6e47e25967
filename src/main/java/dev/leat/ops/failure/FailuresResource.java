package dev.leat.ops.failure;

import dev.leat.failure.Scope;
import dev.leat.http.Problem;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Lists what fails now, in all instances, and resumes what rests. Runs on the event loop and never blocks it. */
@Path("/api/failures")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "failures", description = "What fails now, what that stops, and how to resume it")
public class FailuresResource {

    private final Instances instances;

    FailuresResource(Instances instances) {
        this.instances = instances;
    }

    /** What fails now, from the widest scope to the narrowest. */
    record FailureList(List<SeenFailure> failures) {}

    /** @param instances in how many it rested; others than the one that answers resume it within seconds */
    record Resumed(String scope, String name, int instances) {}

    @GET
    @Operation(
            operationId = "failures",
            summary = "What fails now",
            description = "In all instances: what is stopped, by what, since when, and whether it waits to be resumed.")
    @APIResponse(responseCode = "200", description = "The failures; none when all is well")
    public FailureList failures() {
        return new FailureList(instances.failures());
    }

    @POST
    @Path("{scope}/{name: .+}/resume")
    @Operation(
            operationId = "resumeFailure",
            summary = "Resume what rests",
            description =
                    "It is tried again, in whichever instance it rests; nothing is lost or applied twice by that.")
    @APIResponse(responseCode = "200", description = "It is tried again")
    @APIResponse(responseCode = "400", description = "No such scope; says which there are")
    @APIResponse(responseCode = "404", description = "Nothing of that scope and name rests; says what does")
    public Uni<Resumed> resume(@PathParam("scope") String scope, @PathParam("name") String name) {
        Scope resumed = new Scope(kind(scope), name);
        return instances.resume(resumed).map(there -> {
            if (there == 0) {
                throw nothingRests(resumed);
            }
            return new Resumed(scope, name, there);
        });
    }

    private static Scope.Kind kind(String label) {
        return Arrays.stream(Scope.Kind.values())
                .filter(kind -> kind.label().equals(label))
                .findFirst()
                .orElseThrow(() -> Problem.badParameter(
                        "scope",
                        "there is no scope '" + label + "'; there are "
                                + String.join(
                                        ", ",
                                        Arrays.stream(Scope.Kind.values())
                                                .map(Scope.Kind::label)
                                                .toList())));
    }

    private Problem nothingRests(Scope scope) {
        List<String> resting = instances.failures().stream()
                .filter(SeenFailure::rests)
                .map(failure -> failure.scope().label() + "/" + failure.name())
                .distinct()
                .toList();
        return new Problem(
                        404,
                        "nothing-rests",
                        "Nothing rests there",
                        "nothing of " + scope + " waits to be resumed; "
                                + (resting.isEmpty()
                                        ? "nothing at all does"
                                        : "what does: " + String.join(", ", resting)))
                .with("resting", resting);
    }
}
