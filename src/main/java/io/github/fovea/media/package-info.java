/// Level 4: bytes to frames and frames to bytes. Image files, Y4M streams and, through ffmpeg, every other video come
/// in; frames with what their file said about them go out, and the same the other way round, never leaving half a file.
package io.github.fovea.media;
