/** What every command stands on: terminal, session, output, failures. Imports no feature. */
@NullMarked
package dev.nightsafe.cli.platform;

import org.jspecify.annotations.NullMarked;
