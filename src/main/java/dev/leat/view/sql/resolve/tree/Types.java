package dev.leat.view.sql.resolve.tree;

import java.util.List;
import java.util.Optional;

/** The type of an expression. Source: PostgreSQL, nodes/nodeFuncs.c, exprType. */
final class Types {

    private static final long BOOLEAN = 16;

    /** Each node has at most one of them. */
    private static final List<String> FIELDS = List.of(
            "vartype",
            "consttype",
            "funcresulttype",
            "opresulttype",
            "aggtype",
            "wintype",
            "resulttype",
            "casetype",
            "coalescetype",
            "minmaxtype",
            "array_typeid",
            "row_typeid",
            "refrestype",
            "paramtype",
            "typeId",
            "type");

    private Types() {}

    /** Its OID; 0 where the tree doesn't say. */
    static long of(PgNode expression) {
        switch (expression.name()) {
            case "BOOLEXPR", "NULLTEST", "BOOLEANTEST", "SCALARARRAYOPEXPR", "ROWCOMPAREEXPR" -> {
                return BOOLEAN;
            }
            case "COLLATEEXPR" -> {
                return expression.node("arg").map(Types::of).orElse(0L);
            }
            case "SUBLINK" -> {
                return expression
                        .node("subselect")
                        .filter(s -> expression.number("subLinkType") == 4)
                        .flatMap(s -> s.nodes("targetList").getFirst().node("expr"))
                        .map(Types::of)
                        .orElse(0L);
            }
            default -> {
                return FIELDS.stream()
                        .filter(field -> expression.text(field).isPresent())
                        .findFirst()
                        .map(expression::number)
                        .or(() -> returning(expression))
                        .orElse(0L);
            }
        }
    }

    /** What a constructor of JSON returns. */
    private static Optional<Long> returning(PgNode json) {
        return json.node("returning").map(returning -> returning.number("typid"));
    }
}
