package dev.leat.lake.nativeimage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Locale;
import java.util.Properties;
import java.util.ResourceBundle;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the native build is told of other libraries is true of those on the class path, where no native build runs. */
class SubstitutionsTest {

    private static final String METADATA = "/META-INF/native-image/dev.leat/leat/";

    static Stream<Class<?>> substitutions() {
        return new ClassFileImporter()
                .importPackages("dev.leat.lake.nativeimage").stream()
                        .filter(c -> c.isAnnotatedWith(TargetClass.class))
                        .map(JavaClass::reflect);
    }

    @ParameterizedTest
    @MethodSource("substitutions")
    void what_is_substituted_is_there(Class<?> substitution) throws ReflectiveOperationException {
        Class<?> target = target(substitution.getAnnotation(TargetClass.class));
        int members = 0;
        for (Method method : substitution.getDeclaredMethods()) {
            if (method.isAnnotationPresent(Substitute.class)) {
                Method there = target.getDeclaredMethod(method.getName(), method.getParameterTypes());
                assertThat(there.getReturnType()).isEqualTo(method.getReturnType());
                assertThat(java.lang.reflect.Modifier.isStatic(there.getModifiers()))
                        .isEqualTo(java.lang.reflect.Modifier.isStatic(method.getModifiers()));
                members++;
            }
        }
        for (Constructor<?> constructor : substitution.getDeclaredConstructors()) {
            if (constructor.isAnnotationPresent(Substitute.class)) {
                assertThat(target.getDeclaredConstructor(constructor.getParameterTypes()))
                        .isNotNull();
                members++;
            }
        }
        assertThat(members).isPositive();
    }

    private static Class<?> target(TargetClass annotation) throws ClassNotFoundException {
        return annotation.className().isEmpty() ? annotation.value() : Class.forName(annotation.className());
    }

    @Test
    void what_is_initialized_at_run_time_is_there() throws IOException {
        Properties properties = new Properties();
        try (InputStream in = getClass().getResourceAsStream(METADATA + "native-image.properties")) {
            properties.load(in);
        }
        String prefix = "--initialize-at-run-time=";
        String names = Arrays.stream(properties.getProperty("Args").split(" "))
                .filter(arg -> arg.startsWith(prefix))
                .findFirst()
                .orElseThrow()
                .substring(prefix.length());

        assertThat(names.split(",")).allSatisfy(SubstitutionsTest::assertOnClassPath);
    }

    /** A class, or a package of which a folder is on the class path. */
    private static void assertOnClassPath(String name) {
        ClassLoader loader = SubstitutionsTest.class.getClassLoader();
        assertThat(Stream.of(name.replace('.', '/') + ".class", name.replace('.', '/') + "/")
                        .anyMatch(path -> loader.getResource(path) != null))
                .as(name)
                .isTrue();
    }

    @Test
    void bundles_that_the_image_keeps_are_there() throws IOException {
        JsonNode metadata;
        try (InputStream in = getClass().getResourceAsStream(METADATA + "resource-config.json")) {
            metadata = new ObjectMapper().readTree(in);
        }

        assertThat(metadata.get("bundles")).hasSize(5).allSatisfy(bundle -> assertThatCode(
                        () -> ResourceBundle.getBundle(bundle.get("name").asText(), Locale.ROOT))
                .doesNotThrowAnyException());
    }
}
