package dev.nightsafe.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.access.Routes;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.database.engine.Engine;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.http.ResponseEntity;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;

/** No answer has a field that could hold a stored secret's value. */
class ResponseRecordsTest {
    /** What answers may be made of besides records, lists and maps of texts. */
    private static final Set<Type> LEAVES =
            Set.of(String.class, long.class, Long.class, int.class, Integer.class, boolean.class, Boolean.class);

    /** Where the caller's own JSON comes back: a queue's file and deployment, a task's payload, result and report. */
    private static final Set<String> OWN_JSON = Set.of(
            "Queue.definition",
            "Queue.deployment",
            "Task.payload",
            "Task.result",
            "Task.report",
            "AuditEvent.details",
            "AuditLine.details");

    @TempDir
    Path home;

    @Test
    void what_answers_are_made_of_has_no_place_for_a_value() throws IOException {
        Set<Class<?>> records = new LinkedHashSet<>();
        try (RunningConsole console = new RunningConsole(home, Engine.SQLITE)) {
            var methods = console.console
                    .context()
                    .getBean(RequestMappingHandlerMapping.class)
                    .getHandlerMethods();
            assertThat(methods).hasSameSizeAs(Routes.CONSOLE);
            methods.values().forEach(method -> collect(method.getMethod().getGenericReturnType(), "a route", records));
        }
        assertThat(records)
                .contains(ConsoleApi.Vault.class, ConsoleApi.SecretEntry.class, ConsoleApi.PlainEntry.class)
                .doesNotContain(ConsoleApi.Deposit.class);
        for (Class<?> record : records) {
            for (RecordComponent component : record.getRecordComponents()) {
                boolean plain = record == ConsoleApi.PlainEntry.class
                        && component.getName().equals("plainValue");
                assertThat(component
                                .getName()
                                .toLowerCase(java.util.Locale.ROOT)
                                .matches(".*(value|box|plain|cipher|sealed).*"))
                        .as(record.getSimpleName() + "." + component.getName())
                        .isEqualTo(plain);
            }
        }
    }

    private static void collect(Type type, String where, Set<Class<?>> records) {
        if (type instanceof ParameterizedType generic) {
            assertThat(generic.getRawType())
                    .as(where)
                    .isIn(List.of(ConsoleApi.Items.class, List.class, Map.class, ResponseEntity.class));
            if (generic.getRawType() == Map.class) {
                assertThat(OWN_JSON).contains(where);
            } else if (generic.getActualTypeArguments()[0] != byte[].class) {
                collect(generic.getActualTypeArguments()[0], where, records);
            }
        } else if (type instanceof Class<?> plain && plain.isRecord()) {
            if (records.add(plain)) {
                for (RecordComponent component : plain.getRecordComponents()) {
                    collect(component.getGenericType(), plain.getSimpleName() + "." + component.getName(), records);
                }
            }
        } else if (type instanceof Class<?> sealed && sealed.isSealed()) {
            for (Class<?> permitted : sealed.getPermittedSubclasses()) {
                collect(permitted, where, records);
            }
        } else if (type == JsonNode.class) {
            assertThat(OWN_JSON).contains(where);
        } else if (type != void.class) {
            assertThat(type).as(where).isIn(LEAVES).isNotEqualTo(SecretBytes.class);
        }
    }
}
