package dev.nightsafe.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.access.Permission;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.database.console.QueueRepository;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.json.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;

class QueuesTest extends ConsoleTest {
    private final String queues = base + "/queues";

    static Map<String, Object> queue(String... vaults) {
        return queueOf("https://git.example/code.git", vaults);
    }

    static Map<String, Object> queueOf(String gitUrl, String... vaults) {
        return Map.of(
                "priority",
                1,
                "deployment",
                Map.of("git_url", gitUrl, "startup_cmd", "python main.py", "vaults", List.of(vaults)));
    }

    @Test
    void a_queue_with_tasks_that_have_not_ended_is_deleted_by_force_only_which_cancels_them() {
        apply("busy", queue());
        console.call("POST", queues + "/busy/tasks", console.first(), Map.of("payload", 1));
        assertThat(console.call("DELETE", queues + "/busy", console.first(), null)
                        .is(ProblemCode.QUEUE_IN_USE)
                        .detail())
                .contains("'busy'", "pending", "cancels them");
        show("busy");
        assertThat(console.call("DELETE", queues + "/busy?force=true", console.first(), null)
                        .status())
                .isEqualTo(204);
        assertThat(console.keeper.requests).anyMatch(request -> request.matches("POST .*/queues/.*/cancel .*"));
        console.call("GET", queues + "/busy", console.first(), null).is(ProblemCode.QUEUE_NOT_FOUND);
    }

    @Test
    void a_queue_is_applied_listed_shown_and_deleted() {
        ConsoleApi.QueueApplied applied = apply("summarize", queue());
        assertThat(applied.created()).isTrue();
        assertThat(applied.queue().revision()).isEqualTo(1);
        assertThat(applied.queue().definition()).containsKey("deployment");

        ConsoleApi.Items<ConsoleApi.Queue> all =
                console.call("GET", queues, console.first(), null).as(new TypeReference<>() {});
        assertThat(all.items()).singleElement().isEqualTo(show("summarize"));

        assertThat(console.call("DELETE", queues + "/summarize", console.first(), null)
                        .status())
                .isEqualTo(204);
        console.call("GET", queues + "/summarize", console.first(), null).is(ProblemCode.QUEUE_NOT_FOUND);
    }

    @Test
    void it_keeps_its_id_and_gets_a_revision_only_by_a_change() {
        ConsoleApi.QueueApplied first = apply("q", queue());
        ConsoleApi.QueueApplied same = apply("q", queue());
        ConsoleApi.QueueApplied other = apply("q", queueOf("https://git.example/other.git"));

        assertThat(same.changed()).isFalse();
        assertThat(same.queue()).isEqualTo(first.queue());
        assertThat(other.changed()).isTrue();
        assertThat(other.created()).isFalse();
        assertThat(other.queue().id()).isEqualTo(first.queue().id());
        assertThat(other.queue().revision()).isEqualTo(2);
        assertThat(other.queue().deploymentDigest()).isNotEqualTo(first.queue().deploymentDigest());
    }

    @Test
    void a_vault_that_does_not_exist_is_named_with_its_queue() {
        String detail = console.call("PUT", queues + "/q", console.first(), queue("nowhere"))
                .is(ProblemCode.VAULT_NOT_FOUND)
                .detail();
        assertThat(detail).contains("'nowhere'", "'q'");
        console.call("GET", queues + "/q", console.first(), null).is(ProblemCode.QUEUE_NOT_FOUND);
    }

    @Test
    void another_workspaces_vault_is_not_there() {
        console.workspace("other");
        console.vault("other", "theirs");
        console.call("PUT", queues + "/q", console.first(), queue("theirs")).is(ProblemCode.VAULT_NOT_FOUND);
    }

    @Test
    void vaults_resolve_to_ids_of_this_workspace() {
        String id = console.vault(workspace, "v").id();
        apply("q", queue("v"));
        Deployment stored = Deployment.fromMap(Json.MAPPER.readValue(
                console.database()
                        .read(handle -> QueueRepository.byName(handle, workspaceId(), "q")
                                .orElseThrow())
                        .deployment(),
                new TypeReference<>() {}));
        assertThat(stored.allVaults()).containsExactly(new Deployment.VaultRef("v", id));
    }

    @Test
    void who_may_release_releases_by_applying() {
        console.vault(workspace, "one");
        console.vault(workspace, "two");
        ConsoleApi.QueueApplied applied = apply("q", queue("one", "two"));
        assertThat(applied.released()).containsExactly("one", "two");
        assertThat(applied.notReleased()).isEmpty();
        assertThat(apply("q", queue("one", "two")).released()).isEmpty();

        ConsoleApi.QueueApplied moved = apply("q", queueOf("https://git.example/other.git", "one"));
        assertThat(moved.released()).containsExactly("one");
        assertThat(rules("one")).singleElement().satisfies(rule -> {
            assertThat(rule.gitUrl()).isEqualTo("https://git.example/other.git");
            assertThat(rule.current()).isTrue();
        });
        assertThat(rules("two")).as("the queue doesn't name it any more").isEmpty();
    }

    @Test
    void who_may_not_release_is_told_what_lacks_consent() {
        console.vault(workspace, "v");
        String editor = console.token(workspace, Permission.QUEUE_EDIT);
        ConsoleApi.QueueApplied applied =
                console.call("PUT", queues + "/q", editor, queue("v")).as(ConsoleApi.QueueApplied.class);
        assertThat(applied.released()).isEmpty();
        assertThat(applied.notReleased()).containsExactly("v");
        assertThat(rules("v")).isEmpty();

        apply("q", queue("v"));
        assertThat(show("q").notReleased()).isEmpty();
        ConsoleApi.QueueApplied hijacked = console.call(
                        "PUT", queues + "/q", editor, queueOf("https://git.example/evil.git", "v"))
                .as(ConsoleApi.QueueApplied.class);
        assertThat(hijacked.notReleased()).containsExactly("v");
        assertThat(rules("v"))
                .singleElement()
                .satisfies(rule -> assertThat(rule.current()).isFalse());
    }

    @Test
    void applying_does_not_widen_a_release_to_more_sites() {
        console.vault(workspace, "v");
        String editor = console.token(workspace, Permission.QUEUE_EDIT);
        console.call("PUT", queues + "/q", editor, queue("v"));
        console.call(
                "POST",
                base + "/vaults/v/release-rules",
                console.first(),
                new ConsoleApi.NewReleaseRule("q", console.deployment(workspace, "q"), "berlin", null));

        apply("q", queueOf("https://git.example/other.git", "v"));
        assertThat(rules("v")).singleElement().satisfies(rule -> {
            assertThat(rule.site()).isEqualTo("berlin");
            assertThat(rule.current()).isTrue();
        });
    }

    @Test
    void a_name_that_differs_only_in_case_is_taken() {
        apply("queue", queue());
        console.call("PUT", queues + "/QUEUE", console.first(), queue()).is(ProblemCode.ALREADY_EXISTS);
    }

    @Test
    void a_queue_that_says_nothing_useful_is_refused_with_what_to_write() {
        String detail = console.call("PUT", queues + "/q", console.first(), Map.of("priority", 1))
                .is(ProblemCode.INVALID_QUEUE)
                .detail();
        assertThat(detail).contains("deployment");
        console.call("PUT", queues + "/q", console.first(), "[]").is(ProblemCode.INVALID_QUEUE);
        console.call("PUT", queues + "/a.b", console.first(), queue()).is(ProblemCode.INVALID_NAME);
    }

    @Test
    void what_applying_did_is_in_the_audit_in_one_commit() {
        console.vault(workspace, "v");
        apply("q", queue("v"));
        ConsoleApi.Items<ConsoleApi.AuditEvent> events = console.call(
                        "GET", base + "/audit?chain=console", console.first(), null)
                .as(new TypeReference<>() {});
        List<ConsoleApi.AuditEvent> last = events.items().stream()
                .filter(event -> event.action().matches("queue.apply|release.allow"))
                .toList();
        assertThat(last).extracting(ConsoleApi.AuditEvent::action).containsExactly("queue.apply", "release.allow");
        assertThat(last)
                .extracting(ConsoleApi.AuditEvent::at)
                .containsOnly(last.getFirst().at());
        assertThat(last.getLast().details()).containsEntry("vault", "v").containsEntry("queue", "q");
    }

    private ConsoleApi.QueueApplied apply(String name, Map<String, Object> definition) {
        return console.call("PUT", queues + "/" + name, console.first(), definition)
                .as(ConsoleApi.QueueApplied.class);
    }

    private ConsoleApi.Queue show(String name) {
        return console.call("GET", queues + "/" + name, console.first(), null).as(ConsoleApi.Queue.class);
    }

    private List<ConsoleApi.ReleaseRule> rules(String vault) {
        return console.call("GET", base + "/vaults/" + vault, console.first(), null)
                .as(ConsoleApi.Vault.class)
                .releaseRules();
    }

    private String workspaceId() {
        return console.vault(workspace, "for-the-id").workspaceId();
    }
}
