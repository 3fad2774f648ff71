package dev.nightsafe.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.fuzz.Bounds;

class QueueFuzzTest {
    @FuzzTest
    void queueFile(byte[] bytes) {
        Bounds.text(bytes)
                .flatMap(text -> Bounds.parsed(() -> QueueYaml.parse("queues.yaml", text), ProblemCode.INVALID_QUEUE))
                .ifPresent(queues -> queues.forEach(QueueFuzzTest::assertSame));
    }

    @FuzzTest
    void queueBody(byte[] bytes) {
        Bounds.text(bytes)
                .flatMap(text -> Bounds.parsed(() -> QueueYaml.parseOne("q", text), ProblemCode.INVALID_QUEUE))
                .ifPresent(QueueFuzzTest::assertSame);
    }

    @FuzzTest
    void commandAndGitUrl(byte[] bytes) {
        Bounds.text(bytes).ifPresent(text -> {
            Bounds.parsed(() -> CommandLine.split(text), ProblemCode.INVALID_QUEUE);
            Bounds.parsed(() -> GitUrl.require(text), ProblemCode.INVALID_QUEUE);
        });
    }

    /** What the API shows of a queue makes the same queue, and its deployment has one digest. */
    private static void assertSame(QueueDefinition queue) {
        QueueDefinition again = QueueYaml.parseOne(queue.name(), CanonicalJson.write(queue.definition()));
        assertThat(again).isEqualTo(queue);
        assertThat(Deployment.fromMap(queue.deployment().toMap()).digest())
                .isEqualTo(queue.deployment().digest());
    }
}
