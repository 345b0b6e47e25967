package dev.leat.view.sql;

import dev.leat.view.sql.resolve.GroupItem;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * What a SELECT is grouped by, one of several, as Postgres has understood it: a name is the input's column first, and only then
 * that of the result.
 *
 * @param place in the text
 * @param item index of what is selected; empty where it isn't
 */
record GroupedBy(TextSpan place, OptionalInt item) {

    static List<GroupedBy> of(ValidatedSelect validated) {
        List<GroupItem> meant = validated.resolution().groups();
        List<TextSpan> places = places(validated.text());
        List<GroupedBy> all = new ArrayList<>();
        for (int i = 0; i < meant.size(); i++) {
            // What is named twice, Postgres has once.
            TextSpan place = places.get(places.size() == meant.size() ? i : 0);
            all.add(new GroupedBy(place, meant.get(i).column()));
        }
        return all;
    }

    /** Each by itself, those of {@code (a, b)} too. */
    private static List<TextSpan> places(SelectText text) {
        List<TextSpan> places = new ArrayList<>();
        text.groups().forEach(group -> addPlaces(text, group, places));
        return places;
    }

    private static void addPlaces(SelectText text, TextSpan group, List<TextSpan> places) {
        TextSpan within = text.tokens().unwrapped(group);
        if (within.equals(group)) {
            places.add(group);
        } else {
            text.commaSeparated(within).forEach(each -> addPlaces(text, each, places));
        }
    }
}
