package dev.leat.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.core.domain.JavaClass;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Path;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** All answers in JSON have names of one form. */
class AnswersTest {

    private static final String SNAKE_CASE = "[a-z][a-z0-9]*(_[a-z0-9]+)*";

    private final ObjectMapper json = new ObjectMapper();

    // Names by our own types that answers are made of.
    private final Map<String, TreeSet<String>> names = new TreeMap<>();

    @Test
    void every_name_in_an_answer_is_in_snake_case() {
        for (JavaClass type : Product.CLASSES) {
            if (type.isAnnotatedWith(Path.class)) {
                for (Method method : type.reflect().getDeclaredMethods()) {
                    if (Modifier.isPublic(method.getModifiers())) {
                        walk(json.constructType(answer(method.getGenericReturnType())));
                    }
                }
            }
        }

        assertThat(names)
                .containsKeys(
                        "dev.leat.ops.stream.StreamState",
                        "dev.leat.ops.stream.TopicJson$Partition",
                        "dev.leat.ops.view.RebuildJson",
                        "dev.leat.query.rest.ViewList$Description");
        assertThat(names)
                .allSatisfy((type, its) -> assertThat(its).describedAs(type).allSatisfy(name -> assertThat(name)
                        .matches(SNAKE_CASE)));
    }

    private static Type answer(Type returned) {
        return returned instanceof ParameterizedType generic && generic.getRawType() == Uni.class
                ? generic.getActualTypeArguments()[0]
                : returned;
    }

    private void walk(JavaType type) {
        type.getBindings().getTypeParameters().forEach(this::walk);
        if (type.isEnumType()
                || !type.getRawClass().getName().startsWith("dev.leat.")
                || names.containsKey(type.getRawClass().getName())) {
            return;
        }
        TreeSet<String> its = new TreeSet<>();
        names.put(type.getRawClass().getName(), its);
        BeanDescription bean = json.getSerializationConfig().introspect(type);
        bean.findProperties().forEach(property -> {
            if (property.couldSerialize()) {
                its.add(property.getName());
                walk(property.getPrimaryType());
            }
        });
    }
}
