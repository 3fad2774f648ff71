package dev.nightsafe.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.nightsafe.core.access.Route;
import dev.nightsafe.core.access.Routes;
import dev.nightsafe.protocol.Problem;
import dev.nightsafe.protocol.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The description of one of the keeper's APIs, and whether an answer keeps to it. */
final class Spec {
    static final Spec RUNNERS = new Spec("keeper-api.yaml", Routes.KEEPER);
    static final Spec INTERNAL = new Spec("keeper-internal.yaml", Routes.INTERNAL);

    private final List<Route> routes;
    private final JsonNode root;
    private final SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private final Map<JsonNode, Schema> schemas = new ConcurrentHashMap<>();

    private Spec(String file, List<Route> routes) {
        this.routes = routes;
        try {
            root = Json.MAPPER.valueToTree(new Load(LoadSettings.builder().build())
                    .loadFromString(Files.readString(Path.of("..", "spec", file))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code GET /path} of each operation. */
    List<String> operations() {
        return root.get("paths")
                .propertyStream()
                .flatMap(path -> path.getValue()
                        .propertyStream()
                        .map(Map.Entry::getKey)
                        .filter(name -> !name.equals("parameters"))
                        .map(method -> method.toUpperCase(Locale.ROOT) + " " + path.getKey()))
                .toList();
    }

    /** Throws unless the answer is one that the description has. */
    void check(String method, String path, Wire.Answer answer) {
        if (answer.status() >= 400) {
            assertThat(answer.header("content-type")).isEqualTo(Problem.MEDIA_TYPE);
            assertThat(errors(root.at("/components/schemas/Problem"), Json.readTree(answer.body())))
                    .isEmpty();
            assertThat(answer.problem().status()).isEqualTo(answer.status());
            return;
        }
        JsonNode responses = operation(method, path).orElseThrow().path("responses");
        JsonNode response = responses.path(Integer.toString(answer.status()));
        assertThat(response.isObject())
                .as("%s %s answers %s", method, path, answer.status())
                .isTrue();
        JsonNode content = response.path("content").path("application/json");
        if (content.isMissingNode()) {
            assertThat(answer.body()).isEmpty();
            return;
        }
        assertThat(answer.header("content-type")).isEqualTo("application/json");
        assertThat(errors(content.get("schema"), Json.readTree(answer.body())))
                .as("%s %s", method, path)
                .isEmpty();
    }

    private Optional<JsonNode> operation(String method, String path) {
        String bare = path.replaceFirst("\\?.*", "");
        return routes.stream()
                .filter(route -> route.method().equals(method)
                        && bare.matches(route.path().replaceAll("\\{[a-z]+}", "[^/]+")))
                .map(route -> root.get("paths").get(route.path()).get(method.toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    private List<String> errors(JsonNode schema, JsonNode instance) {
        return schemas.computeIfAbsent(schema, this::compile).validate(instance).stream()
                .map(Object::toString)
                .toList();
    }

    private Schema compile(JsonNode schema) {
        ObjectNode whole = ((ObjectNode) schema).deepCopy();
        whole.set("components", root.get("components"));
        return registry.getSchema(whole);
    }
}
