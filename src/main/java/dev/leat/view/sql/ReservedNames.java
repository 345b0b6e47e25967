package dev.leat.view.sql;

import java.util.regex.Pattern;

/** Names that columns of ours have, in what a SELECT reads or in the state. Other names may begin with _ too. */
final class ReservedNames {

    private static final Pattern OWN =
            Pattern.compile("_(partition|offset|timestamp|time|deleted|deleted_since|visible|version|row|all|at"
                    + "|joined_partition|joined_offset|matched|group|window|window_end|s[0-9]+)");

    private ReservedNames() {}

    static boolean has(String column) {
        return OWN.matcher(column).matches();
    }
}
