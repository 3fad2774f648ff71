package dev.nightsafe.core.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightsafe.core.Seeds;
import dev.nightsafe.core.problem.NightsafeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CommandLineTest {
    private static final String LETTERS = "ab'\"\\ \t\n$`*|>#;&ü~";

    @Test
    void words_are_split_at_blanks() {
        assertThat(CommandLine.split("  python   main.py\t--port\n8080 "))
                .containsExactly("python", "main.py", "--port", "8080");
    }

    @Test
    void quotes_keep_blanks_and_join_what_touches() {
        assertThat(CommandLine.split("a 'b c' \"d e\" f'g h'\"i\"j")).containsExactly("a", "b c", "d e", "fg hij");
        assertThat(CommandLine.split("a '' \"\"")).containsExactly("a", "", "");
    }

    @Test
    void a_backslash_quotes_one_character_as_in_a_shell() {
        assertThat(CommandLine.split("a\\ b \\' \\\\ 'c\\d'")).containsExactly("a b", "'", "\\", "c\\d");
        assertThat(CommandLine.split("\"\\\" \\\\ \\$ \\` \\n\"")).containsExactly("\" \\ $ ` \\n");
        assertThat(CommandLine.split("a\\\nb \"c\\\nd\"")).containsExactly("ab", "cd");
    }

    @Test
    void nothing_is_expanded() {
        assertThat(CommandLine.split("$HOME ~ *.py | > x && `id` $(id) #c {a,b}"))
                .containsExactly("$HOME", "~", "*.py", "|", ">", "x", "&&", "`id`", "$(id)", "#c", "{a,b}");
    }

    @Test
    void what_is_not_closed_or_names_no_program_is_refused() {
        for (String bad : List.of(
                "", "  ", "'", "a 'b", "a \"b", "a \"b\\\"", "a\\", "''", "'' a", "a\0b", "'a\0'", "\"\0\"", "\\\0")) {
            assertThatThrownBy(() -> CommandLine.split(bad)).isInstanceOf(NightsafeException.class);
        }
    }

    @Test
    void words_that_were_quoted_come_back() {
        Seeds.forEach(2_000, random -> {
            List<String> words = new ArrayList<>(List.of("program"));
            StringBuilder command = new StringBuilder("program");
            for (int i = 0; i < random.nextInt(6); i++) {
                String word = word(random);
                words.add(word);
                command.append(' ').append(quoted(word, random));
            }
            assertThat(CommandLine.split(command.toString())).isEqualTo(words);
        });
    }

    private static String word(Random random) {
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < random.nextInt(8); i++) {
            word.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return word.toString();
    }

    private static String quoted(String word, Random random) {
        return random.nextBoolean()
                ? "'" + word.replace("'", "'\\''") + "'"
                : "\"" + word.replaceAll("[$`\"\\\\]", "\\\\$0") + "\"";
    }
}
