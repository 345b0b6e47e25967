package dev.leat.view.sql;

import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A row a group and window, until the window is final. Later events change nothing; they are saved as late. */
abstract class WindowsPlan extends GroupsPlan {

    static final Column FINAL = new Column(
            "final", ColumnType.of(ColumnType.Kind.BOOLEAN), true, "Whether nothing can change the row any more");

    final GroupedWindow window;
    final WindowBatch batch;
    final FinalWindows finalWindows;
    private final List<Column> own;

    /** @param own what readers see besides the SELECT's columns, in order */
    WindowsPlan(FinalWindows finalWindows, GroupedWindow window, List<Column> own) {
        super(finalWindows.validated(), finalWindows.groups(), finalWindows.state(), finalWindows.distinct());
        this.window = window;
        this.batch = new WindowBatch(validated, window, BatchRelation.of(validated, window.stream()));
        this.finalWindows = finalWindows;
        this.own = own;
        own.forEach(this::requireFree);
    }

    private void requireFree(Column column) {
        if (validated.names().contains(column.name())) {
            throw validated
                    .text()
                    .source()
                    .complaint("a view with windows has a column `" + column.name()
                            + "` of its own; call yours otherwise");
        }
    }

    @Override
    public final List<Column> columns() {
        return validated.columnsAnd(own);
    }

    @Override
    public final Optional<String> visible() {
        return Optional.of(finalWindows.visible());
    }

    @Override
    public final Optional<EmittedRows> emission() {
        return finalWindows.emission();
    }

    @Override
    public final List<String> retainedState() {
        return finalWindows.retainedState(called() + "s");
    }

    @Override
    public final Map<String, String> rules() {
        Map<String, String> rules = groups.description();
        own.forEach(column -> rules.put(column.name(), rule(column)));
        return rules;
    }

    /** How one of the plan's own columns is kept. */
    String rule(Column own) {
        return "whether the view is closed through the " + called() + "'s end";
    }

    /** What a reader calls one of them. */
    abstract String called();
}
