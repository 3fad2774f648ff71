package dev.nightsafe.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TextTest {

    @Test
    void what_others_wrote_can_not_change_the_terminal() {
        assertThat(Text.oneLine("a\u001b[2Jb\nc\u202Ed\u0085")).isEqualTo("a\\u001b[2Jb\\u000ac\\u202ed\\u0085");
        assertThat(Text.lines("a\n\tb\r\u0007")).isEqualTo("a\n\tb\\u000d\\u0007");
        assertThat(Text.oneLine("größer 🔑")).isEqualTo("größer 🔑");
    }

    @Test
    void a_table_is_aligned_by_characters_and_has_no_space_at_line_ends() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new Table("KEY", "VALUE")
                .row("größer", "🔑 x")
                .row("a\nb", "")
                .print(new PrintStream(out, true, StandardCharsets.UTF_8), Style.PLAIN, " ");
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(" KEY       VALUE\n größer    🔑 x\n a\\u000ab\n");
    }

    @Test
    void colours_need_a_terminal_and_no_color_unset() {
        Keyboard present = new dev.nightsafe.cli.fake.FakeKeyboard(System.err, "");
        Keyboard absent = new dev.nightsafe.cli.fake.FakeKeyboard(System.err);
        assertThat(Style.of(Map.of("TERM", "xterm"), present).isLive()).isTrue();
        assertThat(Style.of(Map.of("TERM", "xterm", "NO_COLOR", ""), present).isLive())
                .isTrue();
        assertThat(Style.of(Map.of("TERM", "xterm", "NO_COLOR", "1"), present).isLive())
                .isFalse();
        assertThat(Style.of(Map.of("TERM", "dumb"), present).isLive()).isFalse();
        assertThat(Style.of(Map.of("TERM", "xterm"), absent).isLive()).isFalse();
    }
}
