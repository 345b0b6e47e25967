package dev.leat.view.sql;

import java.util.Locale;
import net.sf.jsqlparser.expression.AnalyticExpression;
import net.sf.jsqlparser.expression.AnalyticType;
import net.sf.jsqlparser.expression.Function;

/**
 * A call of a function as it stands in a SELECT.
 *
 * @param name in small letters, without a schema
 * @param place of all of it, FILTER included
 * @param arguments what stands between its parentheses, without DISTINCT
 * @param rest what stands behind them
 * @param isWindow whether it is one of SQL's window functions: {@code … OVER (…)}
 */
record Call(String name, Span place, Span arguments, Span rest, boolean isDistinct, boolean isWindow) {

    static Call of(SelectText text, Function function) {
        return of(text, function.getName(), Span.of(function), function.isDistinct(), false);
    }

    static Call of(SelectText text, AnalyticExpression call) {
        boolean window = call.getType() == AnalyticType.OVER || call.getType() == AnalyticType.WITHIN_GROUP_OVER;
        return of(text, call.getName(), Span.of(call), call.isDistinct(), window);
    }

    private static Call of(SelectText text, String name, Span place, boolean distinct, boolean window) {
        Span inner = text.parenthesised(place);
        Span arguments = distinct ? text.behind(inner, "DISTINCT") : inner;
        return new Call(
                name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT),
                place,
                arguments,
                new Span(inner.end() + 1, place.end()),
                distinct,
                window);
    }
}
