package dev.nightsafe.core.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpellingTest {
    private static final List<String> KNOWN = List.of("branch", "git_token", "git_url", "vaults");

    @Test
    void a_slip_finds_what_was_meant() {
        assertThat(Spelling.nearest("brnch", KNOWN)).contains("branch");
        assertThat(Spelling.nearest("gitUrl", KNOWN)).contains("git_url");
        assertThat(Spelling.nearest("git-token", KNOWN)).contains("git_token");
        assertThat(Spelling.nearest("vault", KNOWN)).contains("vaults");
    }

    @Test
    void something_else_finds_nothing_and_gets_the_list() {
        assertThat(Spelling.nearest("colour", KNOWN)).isEmpty();
        assertThat(Spelling.nearest("b".repeat(100_000), KNOWN)).isEmpty();
        assertThat(Spelling.hint("colour", KNOWN)).isEqualTo("known: branch, git_token, git_url, vaults");
    }
}
