/** Signing in and out. */
@NullMarked
package dev.nightsafe.cli.signin;

import org.jspecify.annotations.NullMarked;
