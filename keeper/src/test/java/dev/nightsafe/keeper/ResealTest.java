package dev.nightsafe.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.sealing.DepositBinding;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.internal.InternalApi;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ResealTest extends KeeperTestCase {
    private ConsoleRole.Vault vault;

    @BeforeEach
    void deposit() {
        vault = console.vault(workspace, "v");
        console.deposit(vault, "K", "value-of-1");
    }

    @Test
    void an_older_value_comes_back_as_the_version_it_was_sealed_anew_for() {
        InternalApi.StoredBox first = console.stored(vault, "K", 3);
        console.deposit(vault, "K", "value-of-2");
        ConsoleRole.Queue queue = console.queue(workspace, "q", deployment(vault));
        console.allow(vault, queue);
        RunnerRole runner = runner("r1", "q");
        assertThat(runner.values(runner.lease(), null)).containsExactly("v/K@2=value-of-2");

        accept(3, first);
        assertThat(runner.values(runner.lease(), null)).containsExactly("v/K@3=value-of-1");
    }

    @Test
    void it_is_audited_with_versions_and_lock_and_without_a_value() {
        accept(2, console.stored(vault, "K", 2));
        ConsoleApi.AuditEvent event = console.audit(workspace).getLast();
        assertThat(event.action()).isEqualTo("secret.reseal");
        assertThat(event.actor()).isEqualTo(ConsoleRole.ACTOR);
        assertThat(event.details())
                .containsEntry("secrets", "v/K@1 as @2")
                .containsEntry("lock", vault.lock().id());
        assertThat(event.toString()).doesNotContain("value-of");
    }

    @Test
    void a_box_that_the_console_did_not_accept_is_refused_and_so_are_all_with_it() {
        console.deposit(vault, "L", "value-of-L");
        InternalApi.StoredBox good = console.stored(vault, "L", 2);
        InternalApi.StoredBox own = console.stored(vault, "K", 2);
        int events = console.audit(workspace).size();
        for (InternalApi.StoredBox bad : List.of(
                changed(own, "K", 1, own.box(), own.mac().replace(own.mac().charAt(0), other(own.mac())), true),
                changed(own, "L", 1, own.box(), own.mac(), true),
                changed(own, "K", 2, own.box(), own.mac(), true),
                changed(own, "K", 1, good.box(), own.mac(), true),
                changed(own, "K", 1, own.box(), own.mac(), false))) {
            assertThat(reseal(workspace, vault, vault.lock().id(), good, bad)
                            .refusedWith(ProblemCode.SECRET_UNREADABLE))
                    .contains("not what the console accepted");
        }
        assertThat(console.audit(workspace)).hasSize(events);
    }

    @Test
    void nothing_is_sealed_to_a_lock_of_another_vault() {
        ConsoleRole.Vault other = console.vault(workspace, "w");
        reseal(workspace, vault, other.lock().id(), console.stored(vault, "K", 2))
                .refusedWith(ProblemCode.SECRET_UNREADABLE);
        reseal(workspace, other, other.lock().id(), console.stored(vault, "K", 2))
                .refusedWith(ProblemCode.SECRET_UNREADABLE);
    }

    @Test
    void a_vault_of_another_workspace_is_not_there_and_versions_do_not_go_back() {
        String elsewhere = console.workspace("elsewhere-" + workspace);
        reseal(elsewhere, vault, vault.lock().id(), console.stored(vault, "K", 2))
                .refusedWith(ProblemCode.VAULT_NOT_FOUND);
        reseal(workspace, vault, vault.lock().id(), console.stored(vault, "K", 0))
                .refusedWith(ProblemCode.BAD_REQUEST);
        reseal(workspace, vault, vault.lock().id()).refusedWith(ProblemCode.BAD_REQUEST);
    }

    private void accept(long version, InternalApi.StoredBox box) {
        InternalApi.Resealed resealed =
                reseal(workspace, vault, vault.lock().id(), box).as(InternalApi.Resealed.class);
        console.accept(
                vault,
                new DepositBinding(vault.workspace(), vault.id(), box.key(), version, box.secret()),
                Base64.getDecoder().decode(resealed.boxes().getFirst()));
    }

    private Wire.Answer reseal(String ofWorkspace, ConsoleRole.Vault of, String lock, InternalApi.StoredBox... boxes) {
        return console.keeper()
                .send(
                        "POST",
                        "/internal/v1/vaults/" + of.id() + "/reseal",
                        new InternalApi.Reseal(ofWorkspace, ConsoleRole.ACTOR, lock, new ArrayList<>(List.of(boxes))),
                        null);
    }

    private static InternalApi.StoredBox changed(
            InternalApi.StoredBox of, String key, long version, String box, String mac, boolean secret) {
        return new InternalApi.StoredBox(
                key, version, of.suite(), of.lock(), box, mac, of.origin(), secret, of.expiresAt(), of.toVersion());
    }

    private static char other(String base64) {
        return base64.charAt(0) == 'A' ? 'B' : 'A';
    }
}
