package dev.leat;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keeps the arrows between packages, and between files, as the house has them. */
class ArchitectureTest {

    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.leat");

    /** A package with more files than this is divided. */
    private static final int FILES_IN_A_PACKAGE = 16;

    /** The inside of this one is designed anew together with what it can do. */
    private static final Set<String> LARGE = Set.of("view.sql");

    /** What a package, with those beneath it, may import beside itself; from the bottom to the top. */
    private static final Map<String, List<String>> ARROWS = arrows();

    private static Map<String, List<String>> arrows() {
        Map<String, List<String>> arrows = new LinkedHashMap<>();
        arrows.put("retry", List.of());
        arrows.put("failure", List.of());
        arrows.put("postgres", List.of("failure"));
        arrows.put("pipeline", List.of());
        arrows.put("schema", List.of("pipeline", "retry", "failure"));
        arrows.put("catalog", List.of("schema", "pipeline", "postgres", "failure"));
        arrows.put("view.writer", below("catalog", "schema", "pipeline", "postgres"));
        arrows.put("view.outbox", below("catalog", "schema", "pipeline", "postgres"));
        arrows.put("view.time", below("catalog", "schema", "pipeline", "postgres"));
        arrows.put("view.deduplication", below("catalog", "schema", "pipeline", "postgres"));
        arrows.put("view.deadletter", below("view.outbox", "catalog", "schema", "pipeline", "postgres"));
        arrows.put("view.sql", below("view.writer", "view.outbox", "view.time", "catalog"));
        arrows.put("view.fold", below("view.writer", "catalog"));
        arrows.put("view.table", below("view.sql", "view.fold", "view.writer", "view.outbox", "view.time", "catalog"));
        arrows.put(
                "view.lane",
                below(
                        "view.deadletter",
                        "view.deduplication",
                        "view.table",
                        "view.sql",
                        "view.writer",
                        "view.time",
                        "catalog"));
        arrows.put(
                "view.redrive",
                below(
                        "view.lane",
                        "view.deadletter",
                        "view.deduplication",
                        "view.table",
                        "view.writer",
                        "view.time",
                        "catalog"));
        arrows.put(
                "view.rebuild",
                below("view.lane", "view.deadletter", "view.table", "view.sql", "view.writer", "view.time", "catalog"));
        arrows.put(
                "view.release",
                below("view.lane", "view.deadletter", "view.table", "view.sql", "view.writer", "view.time", "catalog"));
        arrows.put("lake", List.of("schema", "pipeline", "postgres", "retry", "failure"));
        arrows.put("ingest", below("view", "catalog", "lake", "retry"));
        arrows.put("relay", below("view", "catalog", "retry"));
        arrows.put("http", List.of("pipeline"));
        arrows.put("query", below("http", "view", "catalog", "retry"));
        // A producer like any other, and an example of a fold.
        arrows.put("demo", List.of("taxi", "view.fold", "retry"));
        return arrows;
    }

    private static List<String> below(String... named) {
        return Stream.concat(Stream.of(named), Stream.of("schema", "pipeline", "postgres", "failure"))
                .distinct()
                .toList();
    }

    static Set<String> rooms() {
        return ARROWS.keySet();
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void a_package_imports_what_it_may(String room) {
        DescribedPredicate<JavaClass> allowed = within(room);
        for (String other : ARROWS.get(room)) {
            allowed = allowed.or(within(other));
        }
        DescribedPredicate<JavaClass> outside = DescribedPredicate.not(resideInAPackage("dev.leat.."));
        classes()
                .that(within(room))
                .should()
                .onlyDependOnClassesThat(outside.or(allowed))
                .check(PRODUCT);
    }

    @Test
    void every_package_has_its_arrows() {
        Set<String> top = Set.of("app", "ops", "taxi", "envelope");
        Set<String> unknown = packages().keySet().stream()
                .filter(name -> Stream.concat(ARROWS.keySet().stream(), top.stream())
                        .noneMatch(room -> name.equals(room) || name.startsWith(room + ".")))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(unknown).isEmpty();
    }

    @Test
    void no_packages_know_each_other_in_a_circle() {
        slices().matching("dev.leat.(**)").should().beFreeOfCycles().check(PRODUCT);
    }

    @Test
    void no_files_know_each_other_in_a_circle() {
        slices().assignedFrom(new SliceAssignment() {
                    @Override
                    public SliceIdentifier getIdentifierOf(JavaClass type) {
                        return isOurs(type) ? SliceIdentifier.of(file(type)) : SliceIdentifier.ignore();
                    }

                    @Override
                    public String getDescription() {
                        return "files";
                    }
                })
                .should()
                .beFreeOfCycles()
                .check(PRODUCT);
    }

    @Test
    void nobody_imports_ops_or_app() {
        for (String top : List.of("ops", "app")) {
            noClasses()
                    .that(DescribedPredicate.not(within("ops").or(within("app"))))
                    .should()
                    .dependOnClassesThat(within(top))
                    .check(PRODUCT);
        }
    }

    @Test
    void a_large_package_is_divided() {
        Map<String, Integer> large = new TreeMap<>();
        packages().forEach((name, files) -> {
            if (files.size() > FILES_IN_A_PACKAGE && !LARGE.contains(name)) {
                large.put(name, files.size());
            }
        });

        assertThat(large).isEmpty();
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

    /** The files of each package, its name without {@code dev.leat}. */
    private static Map<String, Set<String>> packages() {
        return PRODUCT.stream()
                .filter(ArchitectureTest::isOurs)
                .collect(Collectors.groupingBy(
                        type -> type.getPackageName().replaceFirst("^dev\\.leat\\.?", ""),
                        TreeMap::new,
                        Collectors.mapping(ArchitectureTest::file, Collectors.toCollection(TreeSet::new))));
    }

    /** Not what Avro has generated, and no package's description. */
    private static boolean isOurs(JavaClass type) {
        return !type.getPackageName().equals("dev.leat.taxi")
                && !type.getPackageName().equals("dev.leat.envelope")
                && !type.getSimpleName().equals("package-info");
    }

    /** The outermost class, which has the file's name. */
    private static String file(JavaClass type) {
        String name = type.getName();
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }

    private static DescribedPredicate<JavaClass> within(String name) {
        return resideInAPackage("dev.leat." + name + "..");
    }
}
