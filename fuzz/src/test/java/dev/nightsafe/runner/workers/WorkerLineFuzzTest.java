package dev.nightsafe.runner.workers;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.nightsafe.fuzz.Bounds;
import dev.nightsafe.protocol.json.Json;

class WorkerLineFuzzTest {
    /** It never fails, and what it takes can be passed on. */
    @FuzzTest
    void workerLine(byte[] bytes) {
        Bounds.parsed(() -> WorkerMessage.read(bytes), _ -> false).ifPresent(message -> {
            if (message instanceof WorkerMessage.Reply reply) {
                byte[] passedOn = Json.write(reply.result());
                assertThat(Json.readTree(passedOn)).isEqualTo(reply.result());
            }
        });
    }
}
