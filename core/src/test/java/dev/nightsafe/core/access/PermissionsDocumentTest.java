package dev.nightsafe.core.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code docs/permissions.md} is made of the permission table ({@code -Ddocs.update=true} writes it anew). */
class PermissionsDocumentTest {
    private static final Path DOCUMENT = Path.of("../docs/permissions.md");

    @Test
    void docs_permissions_md_says_what_the_table_says() throws IOException {
        String document = document();
        if (Boolean.getBoolean("docs.update")) {
            Files.writeString(DOCUMENT, document);
        }
        assertThat(Files.readString(DOCUMENT)).isEqualTo(document);
    }

    private static String document() {
        return """
                # Permissions

                From the permission table in `core` (`core.access`). There is no permission to read a value. But who may both release
                (`vault.release`) and let runners in (`runner.manage`) can enrol a runner of their own, and a runner gets what is
                released to its queues at its site: so an enrolment token asks for both, and each enrolment and grant is audited.
                A server answers no route that isn't here.

                ## Roles

                """
                + roles()
                + """

                `workspace.create` is not of one workspace: only a token for every workspace can have it.
                """
                + listener("Console", Routes.CONSOLE)
                + listener("Keeper, for runners", Routes.KEEPER)
                + listener("Keeper, for the console", Routes.INTERNAL);
    }

    private static String roles() {
        StringBuilder table = new StringBuilder("| permission |");
        Arrays.stream(Role.values())
                .forEach(role -> table.append(' ')
                        .append(role.name().toLowerCase(Locale.ROOT))
                        .append(" |"));
        table.append("\n| --- |").append(" --- |".repeat(Role.values().length)).append('\n');
        for (Permission permission : Permission.values()) {
            table.append("| `").append(permission.id()).append("` |");
            for (Role role : Role.values()) {
                table.append(role.permissions().contains(permission) ? " yes |" : "  |");
            }
            table.append('\n');
        }
        return table.toString();
    }

    private static String listener(String name, List<Route> routes) {
        return "\n## " + name + "\n\n| method | path | asks for |\n| --- | --- | --- |\n"
                + routes.stream()
                        .map(route ->
                                "| " + route.method() + " | `" + route.path() + "` | " + gate(route.gate()) + " |\n")
                        .collect(Collectors.joining());
    }

    private static String gate(Gate gate) {
        return switch (gate) {
            case Gate.Open open -> "anyone";
            case Gate.SignedIn signedIn -> "any valid token";
            case Gate.Needs needs ->
                needs.permissions().stream()
                        .map(permission -> "`" + permission.id() + "`")
                        .collect(Collectors.joining(", "));
            case Gate.EnrolmentToken token -> "a signature by an enrolment token's key";
            case Gate.Assertion assertion -> "an assertion signed by a runner's key";
            case Gate.Runner runner -> "a runner's access token";
            case Gate.Console console -> "the console's certificate";
        };
    }
}
