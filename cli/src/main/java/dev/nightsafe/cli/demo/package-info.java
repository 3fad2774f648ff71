/** The way of a secret, shown end to end. */
@NullMarked
package dev.nightsafe.cli.demo;

import org.jspecify.annotations.NullMarked;
