package dev.nightsafe.cli.platform;

import java.io.Console;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The person at the terminal. */
public interface Keyboard {
    /** False when standard input or output is no terminal; then nothing may be asked. */
    boolean isPresent();

    /** Asks for a line without echo. Whoever asks wipes the answer. Null at the end of input. */
    char @Nullable [] readHidden(String prompt);

    /** Asks for a line. Null at the end of input. */
    @Nullable
    String readLine(String prompt);

    /** How the terminal's bytes become characters. */
    Charset charset();

    /** The terminal of this process. */
    static Keyboard ofProcess() {
        return new OfProcess(System.console());
    }

    /** @param console null where standard input or output is no terminal */
    record OfProcess(@Nullable Console console) implements Keyboard {
        @Override
        public boolean isPresent() {
            return console != null && console.isTerminal();
        }

        @Override
        public char @Nullable [] readHidden(String prompt) {
            return console == null ? null : console.readPassword("%s", prompt);
        }

        @Override
        public @Nullable String readLine(String prompt) {
            return console == null ? null : console.readLine("%s", prompt);
        }

        @Override
        public Charset charset() {
            return console == null ? StandardCharsets.US_ASCII : console.charset();
        }
    }
}
