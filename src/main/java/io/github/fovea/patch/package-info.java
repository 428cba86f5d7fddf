/// Level 4: cutting pictures into parts that are computed on their own. Takes a picture's size, a plan and a budget of
/// memory, gives tiles whose results put together equal the whole picture's result bit for bit.
package io.github.fovea.patch;
