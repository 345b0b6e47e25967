package dev.leat.query.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.leat.catalog.ViewTable;
import dev.leat.query.Operator;
import dev.leat.schema.types.Column;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** All views that can be asked about. */
record ViewList(List<Description> views) {

    static ViewList of(Collection<ViewTable> views) {
        return new ViewList(views.stream().map(Description::of).toList());
    }

    /**
     * One view.
     *
     * @param key names of the columns that identify a row
     * @param undeclaredSince since when nothing keeps the view current, because the instance that started last doesn't
     *     declare it; null, and left out, for one that is kept
     */
    record Description(
            String name,
            String kind,
            List<String> streams,
            List<String> key,
            List<Field> columns,
            Links links,

            @JsonProperty("undeclared_since") @JsonInclude(JsonInclude.Include.NON_NULL)
            Instant undeclaredSince) {

        static Description of(ViewTable view) {
            return new Description(
                    view.name(),
                    view.kind(),
                    view.streams(),
                    view.key(),
                    view.columns().stream().map(Field::of).toList(),
                    Links.of(view),
                    view.leftAt());
        }
    }

    /**
     * One column.
     *
     * @param type as Postgres calls it
     * @param doc what the contract says of it; empty if nothing
     * @param operators what it can be filtered by
     */
    record Field(String name, String type, boolean nullable, String doc, List<String> operators) {

        static Field of(Column column) {
            return new Field(
                    column.name(),
                    column.type().postgres(),
                    !column.required(),
                    column.doc(),
                    Operator.of(column.type()).stream().map(Operator::word).toList());
        }
    }

    /**
     * Where its rows are.
     *
     * @param row a template, with the key's columns in braces
     */
    record Links(String rows, String row) {

        static Links of(ViewTable view) {
            String rows = "/api/views/" + view.name();
            return new Links(rows, rows + "/{" + String.join("}/{", view.key()) + "}");
        }
    }
}
