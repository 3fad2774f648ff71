package dev.nightsafe.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.protocol.Problem;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.local.LocalApi;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LocalSocketTest extends KeeperTestCase {
    private String name;
    private String id;
    private ConsoleRole.Vault vault;

    @BeforeEach
    void deposit() {
        name = "team-" + workspace.substring(24);
        id = console.workspace(name);
        vault = console.vault(id, "api-keys");
    }

    @Test
    void get_answers_the_values_bytes_as_they_are() {
        byte[] value = new byte[1 << 20];
        new Random(1).nextBytes(value);
        console.deposit(vault, "BLOB", value, true);
        LocalClient.Reply reply = get(name, "api-keys", "BLOB");
        assertThat(reply.answer().value()).isEqualTo(new LocalApi.Value("api-keys", "BLOB", 1, true, value.length));
        assertThat(reply.value()).isEqualTo(value);
    }

    @Test
    void I2_get_is_audited_with_the_user_before_it_is_answered() {
        console.deposit(vault, "K", "v");
        get(name, "api-keys", "K");
        ConsoleApi.AuditEvent event = console.audit(id).getLast();
        assertThat(event.action()).isEqualTo("local.get");
        assertThat(event.actor()).isEqualTo("local:" + System.getProperty("user.name"));
        assertThat(event.details()).containsEntry("secret", "api-keys/K@1");
    }

    @Test
    void I2_an_export_has_all_of_a_vault_and_is_audited_before_it_is_answered() {
        console.deposit(vault, "K", "first");
        console.deposit(vault, "A.b", "second");
        LocalClient.Reply reply = LocalClient.ask(home, new LocalApi.Request(LocalApi.EXPORT, name, "api-keys", null));
        assertThat(reply.answer().export()).isEqualTo(new LocalApi.Export(2));
        String text = new String(reply.value(), StandardCharsets.UTF_8);
        assertThat(text).containsSubsequence("\"A.b\"", "\n", "second", "\"K\"", "\n", "first");
        ConsoleApi.AuditEvent event = console.audit(id).getLast();
        assertThat(event.action()).isEqualTo("local.export");
        assertThat(event.details()).containsEntry("secrets", "api-keys/A.b@1 api-keys/K@1");
        assertThat(problem(LocalClient.ask(home, new LocalApi.Request(LocalApi.EXPORT, name, "none", null)))
                        .code())
                .isEqualTo("vault-not-found");
    }

    @Test
    void what_is_not_there_is_not_found() {
        assertThat(problem(get("nobody", "api-keys", "K")).code()).isEqualTo("vault-not-found");
        assertThat(problem(get(name, "none", "K")).detail()).isEqualTo("vault not found: 'none'");
        assertThat(problem(get(name, "api-keys", "K")).code()).isEqualTo("not-found");
    }

    @Test
    void a_box_that_the_console_did_not_accept_is_refused() {
        console.deposit(vault, "K", "v");
        console.sql("UPDATE secret SET accepted_mac = ? WHERE vault_id = ?", new byte[32], vault.id());
        assertThat(problem(get(name, "api-keys", "K")).code()).isEqualTo("secret-unreadable");
    }

    @Test
    void what_is_no_request_is_refused() {
        for (String line : new String[] {"\n", "{}\n", "[]\n", "{\"op\":\"dump\"}\n", "x".repeat(4096)}) {
            LocalClient.Reply reply = LocalClient.ask(home, line.getBytes(StandardCharsets.UTF_8));
            assertThat(problem(reply).code()).isEqualTo("bad-request");
        }
    }

    @Test
    void keys_status_names_versions_and_root() {
        LocalApi.KeysStatus keys = Objects.requireNonNull(
                LocalClient.ask(home, new LocalApi.Request(LocalApi.KEYS_STATUS, null, null, null))
                        .answer()
                        .keys());
        assertThat(keys.vaultsEnabled()).isTrue();
        assertThat(keys.source()).isEqualTo("file");
        assertThat(keys.rootFingerprint()).isEqualTo(keeper.rootFingerprint());
        assertThat(keys.versions()).extracting(LocalApi.MasterVersion::version).containsExactly(1);
    }

    private LocalClient.Reply get(String workspaceName, String vaultName, String key) {
        return LocalClient.ask(home, new LocalApi.Request(LocalApi.GET, workspaceName, vaultName, key));
    }

    private static Problem problem(LocalClient.Reply reply) {
        assertThat(reply.value()).isEmpty();
        return Objects.requireNonNull(reply.answer().problem());
    }
}
