package dev.leat.schema.envelope;

import dev.leat.schema.contract.ContractException;
import dev.leat.schema.types.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The columns that an envelope adds to those of the row in it.
 *
 * @param unwrap the stream's setting
 */
record WrapperColumns(String unwrap, List<Column> columns) {

    Set<String> names() {
        return columns.stream().map(Column::name).collect(Collectors.toSet());
    }

    /**
     * The row's columns, and then these.
     *
     * @throws ContractException when the row has one of these names
     */
    List<Column> behind(List<Column> ofRow, String type) {
        Set<String> own = names();
        List<Column> all = new ArrayList<>(ofRow);
        for (Column column : ofRow) {
            if (own.contains(column.name())) {
                throw new ContractException("column " + column.name() + " of " + type
                        + " has the name of one that `unwrap: " + unwrap + "` makes");
            }
        }
        all.addAll(columns);
        return all;
    }
}
