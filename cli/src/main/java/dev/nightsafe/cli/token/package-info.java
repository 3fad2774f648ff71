/** API tokens. */
@NullMarked
package dev.nightsafe.cli.token;

import org.jspecify.annotations.NullMarked;
