package dev.nightsafe.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.nightsafe.core.audit.SeenHead;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.fuzz.Bounds;
import dev.nightsafe.protocol.console.AuditEnd;
import dev.nightsafe.protocol.console.AuditLine;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.internal.InternalApi;
import dev.nightsafe.protocol.keeper.KeeperApi;
import dev.nightsafe.protocol.keeper.KeptHead;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Every record that travels or is read from a file; which one, the first byte says. */
class BodyFuzzTest {
    private static final List<Class<?>> RECORDS = records();

    @FuzzTest
    void body(byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        Class<?> type = RECORDS.get((bytes[0] & 0xff) % RECORDS.size());
        byte[] json = java.util.Arrays.copyOfRange(bytes, 1, bytes.length);
        Bounds.parsed(() -> (Object) Json.read(json, type), ProblemCode.BAD_REQUEST)
                .ifPresent(record -> {
                    byte[] written = Json.write(record);
                    assertThat(Json.write(Json.read(written, type))).isEqualTo(written);
                    if (record instanceof AuditLine line) {
                        Bounds.parsed(line::event, ProblemCode.BAD_REQUEST)
                                .ifPresent(event -> event.event().isIntact());
                    }
                });
    }

    @FuzzTest
    void heads(byte[] bytes) {
        Bounds.text(bytes)
                .ifPresent(text -> Bounds.parsed(() -> SeenHead.list(text), NightsafeException.class::isInstance)
                        .ifPresent(heads ->
                                assertThat(SeenHead.list(SeenHead.text(heads))).isEqualTo(heads)));
    }

    private static List<Class<?>> records() {
        List<Class<?>> records = new ArrayList<>(List.of(AuditLine.class, AuditEnd.class, KeptHead.class));
        for (Class<?> api : List.of(ConsoleApi.class, KeeperApi.class, InternalApi.class)) {
            Stream.of(api.getDeclaredClasses())
                    .filter(Class::isRecord)
                    .filter(type -> type.getTypeParameters().length == 0)
                    .sorted((one, other) -> one.getName().compareTo(other.getName()))
                    .forEach(records::add);
        }
        return List.copyOf(records);
    }
}
