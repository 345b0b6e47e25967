package dev.leat.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/** Answers a {@link Problem} of any resource as RFC 9457 lays it out. */
@Provider
public class ProblemMapper implements ExceptionMapper<Problem> {

    private static final String PROBLEM_JSON = "application/problem+json";

    private final ObjectMapper json;

    ProblemMapper(ObjectMapper json) {
        this.json = json;
    }

    @Override
    public Response toResponse(Problem problem) {
        try {
            // Written here: the resource may promise another type than JSON, and a problem is JSON all the same.
            return Response.status(problem.status())
                    .type(PROBLEM_JSON)
                    .entity(json.writeValueAsString(problem.document()))
                    .build();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a problem holds texts, numbers and lists of them", e);
        }
    }
}
