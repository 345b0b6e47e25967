package dev.leat.query.graphql;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.leat.http.Problem;
import java.util.Map;

/** The parameters of a GraphQL request, as GraphQL over HTTP names them. */
record GraphQlRequest(String query, String operationName, Map<String, Object> variables) {

    private static final TypeReference<Map<String, Object>> VARIABLES = new TypeReference<>() {};

    /** From a POST's body; a {@link Problem} if it isn't a request. */
    static GraphQlRequest of(ObjectMapper json, String body) {
        try {
            JsonNode request = tree(json, body);
            if (request == null || !request.isObject()) {
                throw malformed("the body must be a JSON object with a 'query'");
            }
            return new GraphQlRequest(
                    text(request, "query"), text(request, "operationName"), variables(json, request.get("variables")));
        } catch (JsonProcessingException e) {
            throw malformed("the body is not JSON");
        }
    }

    /** From a GET's parameters, of which variables are JSON. */
    static GraphQlRequest of(ObjectMapper json, String query, String operationName, String variables) {
        try {
            JsonNode values = variables == null ? null : tree(json, variables);
            return new GraphQlRequest(present(query), operationName, variables(json, values));
        } catch (JsonProcessingException e) {
            throw malformed("'variables' is not JSON");
        }
    }

    /** A decimal among the variables must keep its digits. */
    private static JsonNode tree(ObjectMapper json, String text) throws JsonProcessingException {
        return json.reader()
                .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .readTree(text);
    }

    private static String text(JsonNode request, String name) {
        JsonNode value = request.get(name);
        if (value != null && !value.isTextual() && !value.isNull()) {
            throw malformed("'" + name + "' must be a string");
        }
        String text = value == null || value.isNull() ? null : value.textValue();
        return name.equals("query") ? present(text) : text;
    }

    private static String present(String query) {
        if (query == null || query.isBlank()) {
            throw malformed("'query' is missing");
        }
        return query;
    }

    private static Map<String, Object> variables(ObjectMapper json, JsonNode variables) throws JsonProcessingException {
        if (variables == null || variables.isNull()) {
            return Map.of();
        }
        if (!variables.isObject()) {
            throw malformed("'variables' must be an object");
        }
        return json.readerFor(VARIABLES)
                .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .readValue(variables.toString());
    }

    private static Problem malformed(String detail) {
        return new Problem(400, "malformed-request", "Not a GraphQL request", detail);
    }
}
