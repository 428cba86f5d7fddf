/// Level 0: the two kinds of trouble that are nobody's programming error, a malformed file and an unavailable part of the
/// machine. Each says where, what was found, what was wanted, and what to do.
package io.github.fovea.error;
