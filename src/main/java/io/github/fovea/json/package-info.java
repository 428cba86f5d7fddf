/// Level 1: JSON. Texts of untrusted files come in and trees read within limits go out; fields come in and texts go
/// out.
package io.github.fovea.json;
