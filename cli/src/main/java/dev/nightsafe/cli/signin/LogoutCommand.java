package dev.nightsafe.cli.signin;

import dev.nightsafe.cli.platform.CliCommand;
import dev.nightsafe.cli.platform.Profile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;

/** {@code nightsafe logout}. */
@Command(
        name = "logout",
        header = "Forget the console, its root and the token on this machine.",
        description = "%nThe token itself stays valid until it expires; 'nightsafe token revoke' ends it.")
public final class LogoutCommand extends CliCommand implements Runnable {
    @Override
    public void run() {
        Path home = session().home();
        boolean token = delete(home.resolve(LoginCommand.TOKEN_FILE));
        boolean signedIn = delete(Profile.file(home)) || token;
        output().done(signedIn ? "signed out" : "nobody was signed in", "signedOut", signedIn);
        if (Files.exists(Profile.firstToken(home))) {
            terminal()
                    .say("the console of this machine keeps its first token in " + Profile.firstToken(home)
                            + "; commands here go on using it");
        }
    }

    private static boolean delete(Path file) {
        try {
            return Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("can't delete " + file, e);
        }
    }
}
