package dev.nightsafe.cli.signin;

import dev.nightsafe.cli.platform.CliCommand;
import dev.nightsafe.cli.platform.Profile;
import dev.nightsafe.cli.platform.Text;
import dev.nightsafe.protocol.console.ConsoleApi;
import picocli.CommandLine.Command;

/** {@code nightsafe whoami}. */
@Command(name = "whoami", header = "Show who you are, where, and what you may do.")
public final class WhoamiCommand extends CliCommand implements Runnable {
    @Override
    public void run() {
        ConsoleApi.WhoAmI whoami = session().console().whoami();
        output().show(whoami, me -> {
            output().field("Token", me.name() + " (" + me.tokenId() + ")");
            output().field("Server", session().server());
            output().field("Workspaces", me.workspace() == null ? "all" : me.workspace());
            output().field("In use", session().workspace());
            output().field("Permissions", String.join(" ", me.permissions()));
            output().field("Expires", Text.time(me.expiresAt()));
            output().field(
                            "Pinned root",
                            session().ownProfile().map(Profile::root).orElse("none"));
        });
    }
}
