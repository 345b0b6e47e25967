package dev.leat.docs;

import com.tngtech.archunit.core.domain.JavaClass;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The keys of our configuration, found from the interfaces that they are mapped to. */
final class Keys {

    private static final Map<String, Optional<String>> ALL = find();

    private Keys() {}

    /** Each key's default; those of a map end with {@code .*}. */
    static Map<String, Optional<String>> all() {
        return ALL;
    }

    private static Map<String, Optional<String>> find() {
        Map<String, Optional<String>> keys = new TreeMap<>();
        for (JavaClass type : Product.CLASSES) {
            if (type.isAnnotatedWith(ConfigMapping.class)) {
                Class<?> mapped = type.reflect();
                add(mapped, mapped.getAnnotation(ConfigMapping.class).prefix(), keys);
            }
        }
        return keys;
    }

    private static void add(Class<?> type, String prefix, Map<String, Optional<String>> keys) {
        for (Method method : type.getDeclaredMethods()) {
            String key = prefix + "."
                    + method.getName().replaceAll("(?<=[a-z0-9])([A-Z])", "-$1").toLowerCase();
            if (method.getReturnType().isInterface() && method.getReturnType().getEnclosingClass() == type) {
                add(method.getReturnType(), key, keys);
            } else if (method.getReturnType() == Map.class) {
                keys.put(key + ".*", Optional.empty());
            } else {
                keys.put(
                        key,
                        Optional.ofNullable(method.getAnnotation(WithDefault.class))
                                .map(WithDefault::value));
            }
        }
    }
}
