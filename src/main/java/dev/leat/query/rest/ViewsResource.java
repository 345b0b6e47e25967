package dev.leat.query.rest;

import dev.leat.catalog.ViewTable;
import dev.leat.http.Limits;
import dev.leat.query.Answer;
import dev.leat.query.QueryableViews;
import dev.leat.query.ViewProblems;
import dev.leat.query.ViewQuery;
import dev.leat.query.ViewReader;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Views and their rows. Runs on the event loop and never blocks it. */
@Path("/api/views")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "views", description = "Read models that Leat keeps current")
public class ViewsResource {

    /** {@code api}, {@code views} and the view's name. */
    private static final int SEGMENTS_BEFORE_KEY = 3;

    private static final String FILTERS = """
            Every other parameter is a filter on a column, and all must hold: `vendor_id=2` for equality, or \
            `column.operator=value` with one of `eq`, `ne`, `lt`, `lte`, `gt`, `gte`, `in` (values with commas \
            between), `is_null` (`true` or `false`). A column called `order` or `limit` is reached as `order.eq`. \
            Which columns and operators there are: `GET /api/views`.""";

    private final QueryableViews views;
    private final ViewReader reader;
    private final Limits limits;

    ViewsResource(QueryableViews views, ViewReader reader, Limits limits) {
        this.views = views;
        this.reader = reader;
        this.limits = limits;
    }

    @GET
    @Operation(operationId = "views", summary = "All views", description = "With their keys, columns and operators.")
    @APIResponse(responseCode = "200", description = "The views")
    @APIResponse(responseCode = "404", description = "This process doesn't have the role 'query'")
    public Uni<ViewList> views() {
        return Uni.createFrom().item(() -> ViewList.of(views.all()));
    }

    @GET
    @Path("{view}")
    @Operation(operationId = "rows", summary = "Rows of a view", description = FILTERS)
    @Parameter(name = "view", in = ParameterIn.PATH, description = "Name of the view", example = "rides_latest")
    @Parameter(
            name = "order",
            in = ParameterIn.QUERY,
            description = "Columns with commas between, each with `.asc` (if none) or `.desc`; the key decides between"
                    + " equals, and alone when this is missing",
            example = "total_amount.desc,ride_id",
            schema = @Schema(type = SchemaType.STRING))
    @Parameter(
            name = "limit",
            in = ParameterIn.QUERY,
            description = "Most rows of the answer: `leat.query.default-limit` (100) if missing, at most"
                    + " `leat.query.max-limit` (10000)",
            schema = @Schema(type = SchemaType.INTEGER))
    @APIResponse(responseCode = "200", description = "The rows, and how fresh they are")
    @APIResponse(responseCode = "400", description = "Unknown column or operator, or a wrong value; says what exists")
    @APIResponse(responseCode = "404", description = "Unknown view; says which exist")
    @APIResponse(responseCode = "503", description = "Postgres doesn't answer, or not in time")
    public Uni<ViewRows> rows(@PathParam("view") String name, @Context UriInfo uri) {
        return views.view(name)
                .chain(view -> reader.read(RestQuery.parse(view, uri.getQueryParameters(), limits)))
                .map(answer -> ViewRows.of(name, answer));
    }

    @GET
    @Path("{view}/{key: .+}")
    @Operation(
            operationId = "row",
            summary = "One row of a view",
            description = "By its key; the parts of a compound key are path segments in the key's order, as"
                    + " `/api/views/rides_log/0/42`. A slash inside of a part is `%2F`.")
    @Parameter(name = "view", in = ParameterIn.PATH, description = "Name of the view", example = "rides_latest")
    @Parameter(name = "key", in = ParameterIn.PATH, description = "The row's key")
    @APIResponse(responseCode = "200", description = "The row, and how fresh it is")
    @APIResponse(responseCode = "400", description = "The key has too many or too few parts, or one of a wrong type")
    @APIResponse(responseCode = "404", description = "Unknown view, or no row with that key")
    @APIResponse(responseCode = "503", description = "Postgres doesn't answer, or not in time")
    public Uni<ViewRow> row(@PathParam("view") String name, @PathParam("key") String path, @Context UriInfo uri) {
        List<String> key = KeyPath.parse(uri.getRequestUri(), SEGMENTS_BEFORE_KEY);
        return views.view(name).chain(view -> reader.read(ViewQuery.byKey(view, view.columns(), key))
                .map(answer -> only(view, path, answer)));
    }

    private static ViewRow only(ViewTable view, String path, Answer answer) {
        if (answer.rows().isEmpty()) {
            throw ViewProblems.noRow(view, path);
        }
        return new ViewRow(view.name(), answer.rows().getFirst(), answer.fresh());
    }
}
