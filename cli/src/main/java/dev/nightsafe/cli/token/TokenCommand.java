package dev.nightsafe.cli.token;

import dev.nightsafe.cli.platform.CommandGroup;
import dev.nightsafe.cli.platform.Table;
import dev.nightsafe.cli.platform.Text;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nightsafe token}. */
@Command(
        name = "token",
        addMethodSubcommands = false,
        header = "API tokens for people and automation.",
        description = "%nA token works in one workspace, may do what its role and permissions say, and expires.",
        footer = """
            %nExamples:
              nightsafe token create ci --role operator --expires-days 30 > token
              nightsafe token list
              nightsafe token revoke 0198c3a2-...""")
public final class TokenCommand extends CommandGroup {
    /** As the API spells them. */
    enum RoleName {
        OWNER,
        OPERATOR,
        VIEWER;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Command(
            name = "create",
            header = "Make a token.",
            description = "%nThe token is shown this once, alone on standard output. It never gets more than you have.",
            footer = """
                %nExamples:
                  nightsafe token create ci --role operator
                  nightsafe token create depositor --permission secret.deposit --expires-days 7""")
    void create(
            @Parameters(paramLabel = "NAME", description = "What it is for.") String name,
            @Option(names = "--role", paramLabel = "ROLE", description = "owner, operator or viewer.") @Nullable
                    RoleName role,
            @Option(
                            names = "--permission",
                            paramLabel = "PERMISSION",
                            description = "One more, for example vault.release; may be repeated.")
                    @Nullable
                    List<String> permissions,
            @Option(
                            names = "--expires-days",
                            paramLabel = "N",
                            description = "1 to 365 (90); at most as long as your own.")
                    @Nullable
                    Integer days) {
        ConsoleApi.NewToken wanted =
                new ConsoleApi.NewToken(name, role == null ? null : role.toString(), permissions, days);
        ConsoleApi.CreatedToken created = session().console().post(wanted, ConsoleApi.CreatedToken.class, "tokens");
        output().show(created, made -> {
            terminal()
                    .say("token " + Text.oneLine(made.info().name()) + " works until "
                            + Text.time(made.info().expiresAt()) + "; it isn't shown again");
            terminal().out().println(Text.oneLine(made.token()));
        });
    }

    @Command(name = "list", header = "List tokens, with when they were used last; never the tokens themselves.")
    void list() {
        List<ConsoleApi.Token> tokens = session().console().list(ConsoleApi.Token.class, "", "tokens");
        output().list(tokens, "no tokens; nightsafe token create NAME", all -> {
            Table table = new Table("NAME", "STATE", "WORKSPACE", "EXPIRES", "LAST USED", "ID", "PERMISSIONS");
            all.forEach(token -> table.row(
                    token.name(),
                    token.revokedAt() == null ? "valid" : "revoked",
                    token.workspace() == null ? "all" : token.workspace(),
                    Text.time(token.expiresAt()),
                    token.lastUsedAt() == null ? "never" : Text.time(token.lastUsedAt()),
                    token.id(),
                    String.join(" ", token.permissions())));
            output().table(table);
        });
    }

    @Command(name = "revoke", header = "Make a token invalid, from the next request on.")
    void revoke(@Parameters(paramLabel = "ID", description = "The token's id, from 'token list'.") String id) {
        session().console().delete("tokens", id);
        output().done("token " + id + " revoked", "token", id, "revoked", true);
    }
}
