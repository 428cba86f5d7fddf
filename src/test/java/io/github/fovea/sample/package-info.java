/// Test side only: the program that paints the bundled sample picture `io/github/fovea/sample/harbour.png`. Nothing but
/// seeds and formulas comes in, an RGB picture goes out; no foreign picture, font or texture is used.
package io.github.fovea.sample;
