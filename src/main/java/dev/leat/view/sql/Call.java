package dev.leat.view.sql;

import java.util.Locale;
import net.sf.jsqlparser.expression.AnalyticExpression;
import net.sf.jsqlparser.expression.AnalyticType;
import net.sf.jsqlparser.expression.Function;

/**
 * A call of a function in a SELECT.
 *
 * @param name in small letters, without a schema
 * @param place of all of it, FILTER included
 * @param arguments what is between its parentheses, without DISTINCT
 * @param rest what follows them
 * @param isWindow whether it is one of SQL's window functions: {@code … OVER (…)}
 */
record Call(String name, TextSpan place, TextSpan arguments, TextSpan rest, boolean isDistinct, boolean isWindow) {

    static Call of(SelectText text, Function function) {
        return of(text, function.getName(), TextSpan.of(function), function.isDistinct(), false);
    }

    static Call of(SelectText text, AnalyticExpression call) {
        boolean window = call.getType() == AnalyticType.OVER || call.getType() == AnalyticType.WITHIN_GROUP_OVER;
        return of(text, call.getName(), TextSpan.of(call), call.isDistinct(), window);
    }

    private static Call of(SelectText text, String name, TextSpan place, boolean distinct, boolean window) {
        TextSpan inner = text.tokens().parenthesised(place);
        TextSpan arguments = distinct ? text.tokens().after(inner, "DISTINCT") : inner;
        return new Call(
                name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT),
                place,
                arguments,
                new TextSpan(inner.end() + 1, place.end()),
                distinct,
                window);
    }
}
