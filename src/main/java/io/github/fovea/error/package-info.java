/// Level 0: the kinds of trouble that are nobody's programming error: a malformed file, an output that cannot be
/// created, and an unavailable part of the machine. Each says where, what was found, what was wanted, and what to do.
/// Beside them how messages list names.
package io.github.fovea.error;
