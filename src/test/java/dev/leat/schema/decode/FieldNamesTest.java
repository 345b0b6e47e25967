package dev.leat.schema.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.Seeds;
import dev.leat.pipeline.Stream.Nested;
import dev.leat.schema.RandomContract;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.names.FieldNames;
import dev.leat.schema.names.Leaf;
import dev.leat.schema.names.VersionNames;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** Which column each field goes into, version after version. A field is written as {@code name<alias:type}. */
class FieldNamesTest {

    @Test
    void a_field_that_is_renamed_twice_stays_in_its_column() {
        assertThat(columns("a", "b<a", "c<b")).containsExactly("{a=a}", "{b=a}", "{c=a}");
        assertThat(columns("a", "b<a", "c<a<b", "a<c")).containsExactly("{a=a}", "{b=a}", "{c=a}", "{a=a}");
    }

    @Test
    void what_was_decided_stays_when_the_process_begins_anew_after_each_version() {
        FieldNames names = FieldNames.NONE;
        for (String version : List.of("a", "b<a", "c<b", "c,b")) {
            names = FieldNames.of(names.with(leaves(version)).decisions());
        }

        assertThat(names.columnsOf(leaves("c<b"))).containsEntry("c", "a");
        assertThat(names.columnsOf(leaves("c,b"))).containsEntry("c", "a").containsEntry("b", "b");
    }

    @Test
    void a_new_field_under_a_name_that_another_has_left_gets_a_column_of_its_own() {
        assertThat(columns("a", "b<a", "b<a,a", "c<b,a"))
                .containsExactly("{a=a}", "{b=a}", "{a=a_2, b=a}", "{a=a_2, c=a}");
    }

    @Test
    void a_field_that_comes_back_goes_on_in_its_column_if_that_can_hold_it() {
        assertThat(columns("a,b", "b", "b,a:long")).containsExactly("{a=a, b=b}", "{b=b}", "{a=a, b=b}");
        assertThat(columns("a,b", "b", "b,a:string")).containsExactly("{a=a, b=b}", "{b=b}", "{a=a_2, b=b}");
    }

    @Test
    void a_rename_onto_a_name_that_was_given_up_earlier_goes_on_in_the_renamed_fields_column() {
        assertThat(columns("a,b", "b", "a<b")).containsExactly("{a=a, b=b}", "{b=b}", "{a=b}");
    }

    @Test
    void a_rename_onto_a_field_that_is_there_is_unclear() {
        assertUnclear("a,b", "b<a");
        assertUnclear("a,b", "a<b,b<a");
        assertUnclear("a,b", "b<a,a");
    }

    @Test
    void an_unclear_version_changes_nothing_for_those_after_it() {
        FieldNames names = FieldNames.NONE.with(leaves("a,b"));
        assertThatThrownBy(() -> names.with(leaves("b<a"))).isInstanceOf(ContractException.class);

        assertThat(names.with(leaves("b,c<a")).columnsOf(leaves("b,c<a"))).containsEntry("c", "a");
    }

    @Test
    void a_version_that_a_later_one_makes_fit_is_decided_then_and_not_when_somebody_asks_again() {
        // Given the first version is unfit until its name is an alias
        String tooLong = "x".repeat(64);
        List<List<Leaf>> versions = Stream.of(tooLong + ",e,f", "b<" + tooLong + ",e", "b<" + tooLong + ",f<e", "b,f,g")
                .map(FieldNamesTest::leaves)
                .toList();

        // When
        FieldNames step = FieldNames.NONE;
        for (int known = 1; known <= versions.size(); known++) {
            step = VersionNames.decided(FieldNames.of(step.decisions()), versions.subList(0, known), unfit -> {});
        }
        FieldNames atOnce = VersionNames.decided(FieldNames.NONE, versions, unfit -> {});

        // Then
        assertThat(step.decisions()).isEqualTo(atOnce.decisions());
        assertThat(versions.stream().map(v -> new TreeMap<>(atOnce.columnsOf(v)).toString()))
                .containsExactly("{e=e, f=f, " + tooLong + "=b}", "{b=b, e=e}", "{b=b, f=e}", "{b=b, f=e, g=g}");
    }

    @Test
    void a_version_that_has_the_fields_of_an_older_one_again_is_the_one_before_the_next() {
        // Given
        List<List<Leaf>> versions = Stream.of("k", "k,a", "k", "k,a:string")
                .map(FieldNamesTest::leaves)
                .toList();

        // When
        FieldNames step = FieldNames.NONE;
        for (int known = 1; known <= versions.size(); known++) {
            step = VersionNames.decided(FieldNames.of(step.decisions()), versions.subList(0, known), unfit -> {});
        }
        FieldNames atOnce = VersionNames.decided(FieldNames.NONE, versions, unfit -> {});

        // Then
        assertThat(step.decisions()).isEqualTo(atOnce.decisions());
        assertThat(atOnce.columnsOf(versions.getLast())).containsEntry("a", "a_2");
    }

    @Test
    void what_is_decided_does_not_depend_on_when_versions_are_read() {
        long first = Seeds.first();
        for (long seed = first; seed < first + Seeds.runs(200); seed++) {
            // Given
            Random random = new Random(seed);
            RandomContract contract = new RandomContract(random);
            for (int i = 0; i < 12; i++) {
                contract.step();
            }
            List<List<Leaf>> versions = contract.versions().stream()
                    .map(version -> RecordFields.of(version, Nested.FLAT).leaves())
                    .toList();

            // When
            FieldNames step = FieldNames.NONE;
            for (int known = 1; known < versions.size(); known += random.nextInt(4)) {
                step = VersionNames.decided(FieldNames.of(step.decisions()), versions.subList(0, known), unfit -> {});
            }
            step = VersionNames.decided(FieldNames.of(step.decisions()), versions, unfit -> {});
            FieldNames atOnce = VersionNames.decided(FieldNames.NONE, versions, unfit -> {});

            // Then
            assertThat(step.decisions())
                    .as("-Dleat.seed=%s %s", seed, contract.versions())
                    .isEqualTo(atOnce.decisions());
        }
    }

    @Test
    void an_alias_of_an_older_version_is_no_name_of_a_newer_field() {
        // Given
        String tooLong = "x".repeat(64);
        List<List<Leaf>> versions = Stream.of("a," + tooLong + "<b", "a", "b<a", "b,c<" + tooLong)
                .map(FieldNamesTest::leaves)
                .toList();

        // When
        FieldNames names = VersionNames.decided(FieldNames.NONE, versions, unfit -> {});

        // Then
        assertThat(names.columnsOf(versions.getFirst())).containsEntry("a", "a").containsEntry(tooLong, "c");
    }

    @Test
    void a_field_that_an_unfit_version_has_not_got_any_more_has_ended() {
        // Given
        String tooLong = "x".repeat(64);
        List<List<Leaf>> versions = Stream.of("a,b", "b," + tooLong, "a:string,b:long")
                .map(FieldNamesTest::leaves)
                .toList();

        // When
        FieldNames names = VersionNames.decided(FieldNames.NONE, versions, unfit -> {});

        // Then
        assertThat(names.columnsOf(versions.getLast()))
                .containsEntry("a", "a_2")
                .containsEntry("b", "b");
    }

    @Test
    void aliases_that_a_contract_always_had_are_no_renames() {
        assertThat(columns("a,b<a", "a,b<a,c")).containsExactly("{a=a, b=b}", "{a=a, b=b, c=c}");
        assertThat(columns("b<a", "a")).containsExactly("{b=b}", "{a=b}");
        assertThat(columns("b<a", "b<a,a")).containsExactly("{b=b}", "{a=a, b=b}");
    }

    @Test
    void the_fields_of_a_renamed_record_stay_in_their_columns() {
        assertThat(columns("r{a,b}", "s{a,b<c}<r", "s{x<a}"))
                .containsExactly("{r_a=r_a, r_b=r_b}", "{s_a=r_a, s_b=r_b}", "{s_x=r_a}");
    }

    @Test
    void a_field_with_the_name_of_a_field_in_a_record_is_refused() {
        assertThatThrownBy(() -> columns("r{a},r_a"))
                .isInstanceOf(ContractException.class)
                .hasMessage("two of its fields would become the column r_a; rename one");
    }

    @Test
    void a_name_that_no_column_can_have_is_refused_and_a_rename_away_from_it_is_free() {
        FieldNames names = FieldNames.NONE.with(leaves("a"));
        assertThatThrownBy(() -> names.with(leaves("a,xmin")))
                .isInstanceOf(ContractException.class)
                .hasMessage(
                        "field xmin: the name of its column, xmin, is the name of a column that every table in Postgres"
                                + " has itself");
        assertThatThrownBy(() -> names.with(leaves("a,r{" + "x".repeat(62) + "}")))
                .isInstanceOf(ContractException.class)
                .hasMessageEndingWith(", has 64 bytes, and a name in Postgres has at most 63");
        assertThat(names.with(leaves("a,x_min<xmin")).columnsOf(leaves("a,x_min<xmin")))
                .containsEntry("x_min", "x_min");
        // What is in a column that can be named may be called anything.
        assertThat(names.with(leaves("xmin<a")).columnsOf(leaves("xmin<a"))).containsEntry("xmin", "a");
    }

    private static void assertUnclear(String before, String after) {
        assertThatThrownBy(() -> columns(before, after))
                .isInstanceOf(ContractException.class)
                .hasMessageContaining(" has the alias ")
                .hasMessageContaining("the version before has two fields of these names");
    }

    /** The columns of each version, decided one after the other. */
    private static List<String> columns(String... versions) {
        FieldNames names = FieldNames.NONE;
        for (String version : versions) {
            names = names.with(leaves(version));
        }
        FieldNames all = names;
        return java.util.stream.Stream.of(versions)
                .map(version -> new TreeMap<>(all.columnsOf(leaves(version))).toString())
                .toList();
    }

    private static List<Leaf> leaves(String version) {
        return RecordFields.of(new Schema.Parser().parse(record("V", version)), Nested.FLAT)
                .leaves();
    }

    private static String record(String name, String fields) {
        StringBuilder json = new StringBuilder("{\"type\": \"record\", \"name\": \"" + name + "\", \"fields\": [");
        String comma = "";
        for (String field : fields.split(",(?![^{]*})")) {
            String inner = field.contains("{") ? field.substring(field.indexOf('{') + 1, field.indexOf('}')) : null;
            String[] parts =
                    field.replaceFirst("\\{.*}", "").replaceFirst(":.*", "").split("<");
            String type = inner != null
                    ? record("R", inner)
                    : "\"" + (field.contains(":") ? field.substring(field.indexOf(':') + 1) : "int") + "\"";
            json.append(comma)
                    .append("{\"name\": \"")
                    .append(parts[0])
                    .append("\", \"type\": ")
                    .append(type);
            json.append(", \"aliases\": [");
            for (int i = 1; i < parts.length; i++) {
                json.append(i > 1 ? ", " : "").append('"').append(parts[i]).append('"');
            }
            json.append("]}");
            comma = ", ";
        }
        return json.append("]}").toString();
    }
}
