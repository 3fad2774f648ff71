package dev.nightsafe.runner.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.queue.Disclosure.Errors;
import java.util.List;
import org.junit.jupiter.api.Test;

class ErrorTextTest {
    private static final String PYTHON = """
            Traceback (most recent call last):
              File "/srv/main.py", line 4, in <module>
                total(accounts["4711"])
              File "/srv/main.py", line 2, in total
                return secret_formula(x)
            ValueError: no such account
            """;
    private static final String PYTHON_SDK = "ValueError: no such account\n\n" + PYTHON;
    private static final String JAVA = """
            java.lang.IllegalStateException: no such account
            \tat com.example.Main.total(Main.java:4)
            Caused by: java.io.IOException: secret_formula
            \tat com.example.Main.read(Main.java:9)
            """;
    private static final String JAVASCRIPT = "RangeError: no such account\n    at secret_formula (/srv/main.js:3:1)\n";
    private static final String SYNTAX =
            "  File \"main.py\", line 1\n    secret_formula(\n                  ^\nSyntaxError: '(' was never closed";

    @Test
    void a_message_leaves_without_the_lines_of_the_source() {
        for (String text : List.of(PYTHON, PYTHON_SDK, JAVA, JAVASCRIPT)) {
            assertThat(ErrorText.of(text, Errors.MESSAGE))
                    .contains("no such account")
                    .doesNotContain("secret_formula")
                    .doesNotContain("/srv")
                    .doesNotContain("\n");
        }
        assertThat(ErrorText.of(SYNTAX, Errors.MESSAGE)).isEqualTo("SyntaxError: '(' was never closed");
        assertThat(ErrorText.of("disk is full\nof cats", Errors.MESSAGE)).isEqualTo("disk is full\nof cats");
    }

    @Test
    void of_a_type_nothing_else_leaves() {
        assertThat(ErrorText.of(PYTHON, Errors.TYPE)).isEqualTo("ValueError");
        assertThat(ErrorText.of(PYTHON_SDK, Errors.TYPE)).isEqualTo("ValueError");
        assertThat(ErrorText.of(JAVA, Errors.TYPE)).isEqualTo("java.lang.IllegalStateException");
        assertThat(ErrorText.of("KeyboardInterrupt", Errors.TYPE)).isEqualTo("KeyboardInterrupt");
    }

    @Test
    void what_names_no_class_is_only_an_error() {
        for (String text : List.of(
                "customer4711: unknown",
                "Miller: Error",
                "",
                "\n\n",
                "Errors happen",
                "Meier Error: x",
                "x".repeat(200) + "Error")) {
            assertThat(ErrorText.of(text, Errors.TYPE)).isEqualTo("error");
        }
    }

    @Test
    void a_traceback_leaves_as_it_is() {
        assertThat(ErrorText.of(PYTHON, Errors.TRACEBACK)).isEqualTo(PYTHON);
    }

    @Test
    void a_traceback_that_nothing_follows_leaves_nothing() {
        assertThat(ErrorText.of(
                        "Traceback (most recent call last):\n  File \"a.py\", line 1\n    secret()", Errors.MESSAGE))
                .isEqualTo("error");
    }
}
