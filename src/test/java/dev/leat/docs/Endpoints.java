package dev.leat.docs;

import com.tngtech.archunit.core.domain.JavaClass;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.resteasy.reactive.RestQuery;

/** The endpoints of our resources, as {@code GET /api/views/{view}}, with the names of their parameters. */
final class Endpoints {

    private static final List<Class<? extends Annotation>> METHODS =
            List.of(GET.class, POST.class, PUT.class, DELETE.class);

    private Endpoints() {}

    static Map<String, Set<String>> all() {
        Map<String, Set<String>> endpoints = new TreeMap<>();
        for (JavaClass type : Product.CLASSES) {
            if (type.isAnnotatedWith(Path.class)) {
                Class<?> resource = type.reflect();
                for (Method method : resource.getDeclaredMethods()) {
                    for (Class<? extends Annotation> verb : METHODS) {
                        if (method.isAnnotationPresent(verb)) {
                            endpoints.put(verb.getSimpleName() + " " + path(resource, method), parameters(method));
                        }
                    }
                }
            }
        }
        return endpoints;
    }

    private static String path(Class<?> resource, Method method) {
        String root = resource.getAnnotation(Path.class).value();
        String path = method.isAnnotationPresent(Path.class)
                ? root + "/" + method.getAnnotation(Path.class).value()
                : root;
        return path.replaceAll("\\{(\\w+):[^}]*}", "{$1}");
    }

    private static Set<String> parameters(Method method) {
        return Stream.of(method.getParameters())
                .flatMap(parameter -> parameter.isAnnotationPresent(BeanParam.class)
                        ? Stream.of(parameter.getType().getFields())
                                .filter(field -> field.isAnnotationPresent(RestQuery.class))
                                .map(Field::getName)
                        : Stream.of(parameter)
                                .filter(p -> p.isAnnotationPresent(RestQuery.class))
                                .map(Parameter::getName))
                .collect(Collectors.toSet());
    }
}
