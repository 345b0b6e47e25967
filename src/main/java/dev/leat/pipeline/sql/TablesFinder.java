package dev.leat.pipeline.sql;

import java.util.Objects;
import java.util.stream.Stream;
import net.sf.jsqlparser.expression.ArrayExpression;
import net.sf.jsqlparser.util.TablesNamesFinder;

/** JSqlParser's finder of tables, which fails at slices without an end, as {@code x[2:]}. */
public class TablesFinder extends TablesNamesFinder<Void> {

    @Override
    public <S> Void visit(ArrayExpression array, S context) {
        Stream.of(
                        array.getObjExpression(),
                        array.getIndexExpression(),
                        array.getStartIndexExpression(),
                        array.getStopIndexExpression())
                .filter(Objects::nonNull)
                .forEach(expression -> expression.accept(this, context));
        return null;
    }
}
