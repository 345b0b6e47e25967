package dev.leat.query.graphql;

import io.quarkus.arc.profile.IfBuildProfile;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.FileSystemAccess;
import io.vertx.ext.web.handler.StaticHandler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.file.Path;

/**
 * Serves GraphiQL at {@code /graphql-ui} in dev mode. Its files are laid under {@code target/graphiql} by the build and
 * are on no class path, so that the production artifact has neither them nor this bean.
 */
@ApplicationScoped
@IfBuildProfile("dev")
class GraphiQl {

    private static final Path FILES = Path.of("target", "graphiql", "META-INF", "resources", "graphql-ui");

    void serve(@Observes Router router) {
        router.route("/graphql-ui").order(0).handler(context -> {
            if (context.request().path().endsWith("/")) {
                context.next();
            } else {
                context.redirect("/graphql-ui/");
            }
        });
        router.route("/graphql-ui/*")
                .order(1)
                .handler(StaticHandler.create(
                        FileSystemAccess.ROOT, FILES.toAbsolutePath().toString()));
    }
}
