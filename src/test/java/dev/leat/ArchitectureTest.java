package dev.leat;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/** Keeps the arrows between packages as the house has them. */
class ArchitectureTest {

    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.leat");

    /** The package {@code view} without those beneath it. */
    private static final String VIEW_ITSELF = "view itself";

    @Test
    void pipeline_imports_nothing_of_ours() {
        only("pipeline").check(PRODUCT);
    }

    @Test
    void schema_imports_pipeline() {
        only("schema", "pipeline").check(PRODUCT);
    }

    @Test
    void view_imports_pipeline_and_schema() {
        only("view", "pipeline", "schema").check(PRODUCT);
    }

    @Test
    void statements_and_writers_know_no_lanes() {
        only("view.statement", "pipeline", "schema").check(PRODUCT);
        only("view.writer", "view.statement", "pipeline", "schema").check(PRODUCT);
        only("view.fold", "view.writer", "view.statement", "pipeline", "schema").check(PRODUCT);
        only("view.sql", "view.statement", "view.writer", "view.outbox", "view.time", "pipeline", "schema")
                .check(PRODUCT);
    }

    @Test
    void the_outbox_knows_no_lanes() {
        only("view.outbox", "view.statement", "pipeline", "schema").check(PRODUCT);
    }

    @Test
    void event_time_knows_no_lanes() {
        only("view.time", "view.statement", "pipeline", "schema").check(PRODUCT);
    }

    @Test
    void what_stands_in_postgres_is_known_to_all_who_work_on_it() {
        only("view.standing", "view.statement", "pipeline", "schema").check(PRODUCT);
    }

    @Test
    void dead_letters_know_no_transaction_that_buries_them() {
        only("view.deadletter", "view.standing", "view.statement", "pipeline", "schema")
                .check(PRODUCT);
    }

    @Test
    void repeats_know_no_views() {
        only("view.repeats", "view.statement", "pipeline", "schema").check(PRODUCT);
    }

    @Test
    void tables_know_no_lanes() {
        only(
                        "view.table",
                        "view.standing",
                        "view.sql",
                        "view.fold",
                        "view.writer",
                        "view.time",
                        "view.outbox",
                        "view.statement",
                        "pipeline",
                        "schema")
                .check(PRODUCT);
    }

    @Test
    void a_redrive_applies_as_lanes_do() {
        only(
                        "view.redrive",
                        VIEW_ITSELF,
                        "view.deadletter",
                        "view.repeats",
                        "view.table",
                        "view.standing",
                        "view.time",
                        "view.writer",
                        "view.statement",
                        "pipeline",
                        "schema")
                .check(PRODUCT);
    }

    @Test
    void a_rebuild_applies_as_lanes_do() {
        only(
                        "view.rebuild",
                        VIEW_ITSELF,
                        "view.deadletter",
                        "view.table",
                        "view.standing",
                        "view.sql",
                        "view.time",
                        "view.writer",
                        "view.statement",
                        "pipeline",
                        "schema")
                .check(PRODUCT);
    }

    @Test
    void lanes_know_neither_redrives_nor_rebuilds() {
        only(
                        VIEW_ITSELF,
                        "view.deadletter",
                        "view.repeats",
                        "view.table",
                        "view.standing",
                        "view.sql",
                        "view.time",
                        "view.writer",
                        "view.statement",
                        "pipeline",
                        "schema")
                .check(PRODUCT);
    }

    @Test
    void no_rooms_of_view_know_each_other_in_a_circle() {
        slices().matching("dev.leat.view.(*)..").should().beFreeOfCycles().check(PRODUCT);
    }

    @Test
    void lake_imports_pipeline_and_schema() {
        only("lake", "pipeline", "schema").check(PRODUCT);
    }

    @Test
    void ingest_imports_what_it_feeds() {
        only("ingest", "pipeline", "schema", "view", "lake").check(PRODUCT);
    }

    @Test
    void query_imports_pipeline_schema_and_view() {
        only("query", "pipeline", "schema", "view").check(PRODUCT);
    }

    @Test
    void demo_imports_nothing_but_generated_contracts_and_what_folds_are_written_with() {
        only("demo", "taxi", "view.fold").check(PRODUCT);
    }

    @Test
    void nobody_imports_ops() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.leat.ops..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.leat.ops..")
                .check(PRODUCT);
    }

    @Test
    void the_local_stack_is_no_part_of_the_product() {
        noClasses()
                .should()
                .resideInAPackage("dev.leat.stack..")
                .allowEmptyShould(true)
                .check(PRODUCT);
    }

    @Test
    void there_are_no_drawers_for_odds_and_ends() {
        noClasses()
                .should()
                .resideInAnyPackage("..util..", "..common..", "..dto..", "..model..", "..service..", "..impl..")
                .check(PRODUCT);
    }

    private static ArchRule only(String name, String... others) {
        DescribedPredicate<JavaClass> allowed = within(name);
        for (String other : others) {
            allowed = allowed.or(within(other));
        }
        DescribedPredicate<JavaClass> outside = DescribedPredicate.not(resideInAPackage("dev.leat.."));
        return classes()
                .that(within(name))
                .should()
                .onlyDependOnClassesThat(outside.or(allowed))
                .allowEmptyShould(true);
    }

    private static DescribedPredicate<JavaClass> within(String name) {
        return resideInAPackage(name.equals(VIEW_ITSELF) ? "dev.leat.view" : "dev.leat." + name + "..");
    }
}
