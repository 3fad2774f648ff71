package dev.nightsafe.cli;

import dev.nightsafe.cli.fake.FakeKeyboard;
import dev.nightsafe.cli.platform.Style;
import dev.nightsafe.cli.platform.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** One command that was run in this process, and what it wrote. */
public record Ran(int code, byte[] outBytes, String err) {

    public String out() {
        return new String(outBytes, StandardCharsets.UTF_8);
    }

    /** Gathers what a command gets. */
    public static Builder with(Map<String, String> environment) {
        return new Builder(environment);
    }

    public static final class Builder {
        private final Map<String, String> environment;
        private byte[] in = new byte[0];
        private String[] typed = new String[0];

        Builder(Map<String, String> environment) {
            this.environment = new HashMap<>(environment);
        }

        public Builder in(String text) {
            return in(text.getBytes(StandardCharsets.UTF_8));
        }

        public Builder in(byte[] bytes) {
            in = bytes;
            return this;
        }

        public Builder typing(String... answers) {
            typed = answers;
            return this;
        }

        public Builder variable(String name, String value) {
            environment.put(name, value);
            return this;
        }

        public Ran run(String... arguments) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            PrintStream errors = new PrintStream(err, true, StandardCharsets.UTF_8);
            Terminal terminal = new Terminal(
                    new ByteArrayInputStream(in),
                    new PrintStream(out, false, StandardCharsets.UTF_8),
                    errors,
                    environment,
                    new FakeKeyboard(errors, typed),
                    Style.PLAIN);
            int code = Cli.run(terminal, arguments);
            errors.flush();
            return new Ran(code, out.toByteArray(), err.toString(StandardCharsets.UTF_8));
        }
    }
}
