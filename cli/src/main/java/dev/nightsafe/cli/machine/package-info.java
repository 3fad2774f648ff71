/** All parts on this machine: up, down, status. */
@NullMarked
package dev.nightsafe.cli.machine;

import org.jspecify.annotations.NullMarked;
