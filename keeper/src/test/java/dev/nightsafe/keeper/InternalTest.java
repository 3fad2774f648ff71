package dev.nightsafe.keeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.internal.InternalApi;
import dev.nightsafe.protocol.link.Link;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class InternalTest extends KeeperTestCase {
    @Test
    void the_console_is_told_the_root_and_that_vaults_are_enabled() {
        InternalApi.Status status =
                console.keeper().send("GET", "/internal/v1/status", null, null).as(InternalApi.Status.class);
        assertThat(status.vaultsEnabled()).isTrue();
        assertThat(status.reason()).isEmpty();
        assertThat(status.rootFingerprint()).isEqualTo(keeper.rootFingerprint());
    }

    @Test
    void I5_nobody_without_the_consoles_certificate_is_answered() throws GeneralSecurityException {
        Path other = home.resolve("other");
        Link.create(other.resolve("console"), other.resolve("keeper"));
        SSLContext none = SSLContext.getInstance("TLSv1.3");
        none.init(null, new TrustManager[] {new TrustsAnyone()}, null);
        SSLContext another = trustingAnyone(other.resolve("console"));
        for (SSLContext client : List.of(none, another)) {
            try (Wire stranger =
                    new Wire(Spec.INTERNAL, URI.create("https://127.0.0.1:" + keeper.internalPort()), client)) {
                assertThatThrownBy(() -> stranger.send("GET", "/internal/v1/status", null, null))
                        .isInstanceOf(UncheckedIOException.class);
            }
        }
        assertThat(console.keeper()
                        .send("GET", "/internal/v1/status", null, null)
                        .status())
                .isEqualTo(200);
    }

    /** Another console's key and certificate, whoever the server is. */
    private static SSLContext trustingAnyone(Path folder) {
        Path swapped = folder.resolveSibling("swapped");
        Link.create(folder, swapped);
        return Link.clientContext(folder);
    }

    @Test
    void an_older_TLS_is_refused() throws GeneralSecurityException {
        SSLContext old = SSLContext.getInstance("TLSv1.2");
        old.init(null, new TrustManager[] {new TrustsAnyone()}, null);
        try (Wire stranger = new Wire(Spec.INTERNAL, URI.create("https://127.0.0.1:" + keeper.internalPort()), old)) {
            assertThatThrownBy(() -> stranger.send("GET", "/internal/v1/status", null, null))
                    .isInstanceOf(UncheckedIOException.class);
        }
    }

    @Test
    void runners_are_listed_by_name_and_only_their_workspaces() {
        runner("b", "*");
        runner("a", "x");
        assertThat(list(workspace)).extracting(ConsoleApi.Runner::name).containsExactly("a", "b");
        assertThat(list(workspace)).allMatch(runner -> runner.state().equals("offline"));
        assertThat(list("other")).isEmpty();
    }

    private List<ConsoleApi.Runner> list(String of) {
        return console.keeper()
                .send("GET", "/internal/v1/runners?workspaceId=" + of, null, null)
                .as(Runners.class)
                .items();
    }

    private record Runners(List<ConsoleApi.Runner> items) {}

    @Test
    void I6_a_runner_of_another_workspace_is_not_found_like_one_that_does_not_exist() {
        String id = runner("a", "*").id();
        for (String runner : List.of(id, "none")) {
            console.keeper()
                    .send("GET", "/internal/v1/runners/" + runner + "?workspaceId=other", null, null)
                    .refusedWith(ProblemCode.NOT_FOUND);
            console.keeper()
                    .send(
                            "POST",
                            "/internal/v1/runners/" + runner + "/revoke",
                            new InternalApi.Asked("other", "a"),
                            null)
                    .refusedWith(ProblemCode.NOT_FOUND);
        }
        assertThat(list(workspace).getFirst().state()).isEqualTo("offline");
    }

    @Test
    void revoking_twice_is_one_event() {
        String id = runner("a", "*").id();
        console.revoke(workspace, id);
        assertThat(console.revoke(workspace, id).state()).isEqualTo("revoked");
        assertThat(console.audit(workspace))
                .filteredOn(event -> event.action().equals("runner.revoke"))
                .hasSize(1);
    }

    @Test
    void the_audit_is_the_workspaces_own_and_the_chain_is_whole() {
        runner("a", "*");
        assertThat(console.audit("other")).isEmpty();
        List<ConsoleApi.AuditEvent> events = console.audit(workspace);
        assertThat(events)
                .extracting(ConsoleApi.AuditEvent::action)
                .containsExactly("enrolment-token.create", "runner.enrol");
        assertThat(events.getFirst().seq()).isLessThan(events.getLast().seq());
        InternalApi.Verification verification = console.keeper()
                .send("GET", "/internal/v1/audit/verification", null, null)
                .as(InternalApi.Verification.class);
        assertThat(verification.chain().brokenAt()).isNull();
        assertThat(verification.chain().events()).isGreaterThanOrEqualTo(2);
        assertThat(verification.chain().auditKey()).startsWith("sha256:");
        String other = verification.chain().chain() + ":1:" + "0".repeat(64);
        assertThat(console.keeper()
                        .send("GET", "/internal/v1/audit/verification?seen=" + other, null, null)
                        .as(InternalApi.Verification.class)
                        .chain()
                        .brokenAt())
                .isEqualTo(1);
    }

    private static final class TrustsAnyone implements X509TrustManager {
        @Override
        public void checkClientTrusted(java.security.cert.X509Certificate @Nullable [] chain, @Nullable String type) {}

        @Override
        public void checkServerTrusted(java.security.cert.X509Certificate @Nullable [] chain, @Nullable String type) {}

        @Override
        public java.security.cert.X509Certificate[] getAcceptedIssuers() {
            return new java.security.cert.X509Certificate[0];
        }
    }
}
