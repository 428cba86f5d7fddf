package io.github.fovea.train;

import io.github.fovea.error.MalformedFileException;
import io.github.fovea.media.AtomicOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;

/// Training, saved: enough to go on as if it had never stopped.
///
/// The file: `FOVTRAIN`, version, length of the fingerprint, fingerprint, steps done, nanoseconds trained, number of
/// trained numbers, number of parameters, number of notes, then as float32 the trained numbers, both moments, and the
/// averaged parameters, as float64 the notes; last a CRC-32C of all before. Little endian. Patches are drawn by seed
/// and step, so no random state is kept.
///
/// @param fingerprint the options it belongs to
/// @param steps       steps done
/// @param nanos       time spent
/// @param trained     trained numbers
/// @param mean        first moments
/// @param square      second moments
/// @param average     averaged parameters of the graph
/// @param notes       what else whoever trains must know to go on
record Checkpoint(
        String fingerprint, long steps, long nanos, float[] trained, float[] mean, float[] square, float[] average,
        double[] notes) {
    private static final byte[] MAGIC = "FOVTRAIN".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 2;
    private static final int MAX_NOTES = 1 << 20;

    /// Writes the file, whole or not at all.
    void write(Path file) throws IOException {
        byte[] words = fingerprint.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(sizeBytes(words.length, trained.length, average.length, notes.length))
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(MAGIC).putInt(VERSION).putInt(words.length).put(words).putLong(steps).putLong(nanos)
                .putInt(trained.length).putInt(average.length).putInt(notes.length);
        for (float[] part : new float[][] {trained, mean, square, average}) {
            for (float value : part) {
                bytes.putFloat(value);
            }
        }
        for (double note : notes) {
            bytes.putDouble(note);
        }
        CRC32C sum = new CRC32C();
        sum.update(bytes.array(), 0, bytes.position());
        bytes.putInt((int) sum.getValue());
        AtomicOutput.write(file, true, part -> Files.write(part, bytes.array()));
    }

    private static int sizeBytes(int words, int trained, int parameters, int notes) {
        long size = MAGIC.length + 8L + words + 16 + 12 + 4L * (3L * trained + parameters) + 8L * notes + 4;
        return Math.toIntExact(size);
    }

    /// {@return the training that a file holds}
    ///
    /// @param file        the file
    /// @param fingerprint the options that it must belong to
    /// @param trained     how many trained numbers there must be
    /// @param parameters  how many parameters there must be
    /// @throws IOException if the file is damaged or belongs to other options
    static Checkpoint read(Path file, String fingerprint, int trained, int parameters) throws IOException {
        String where = file.toString();
        long length = Files.size(file);
        byte[] words = fingerprint.getBytes(StandardCharsets.UTF_8);
        if (length > Integer.MAX_VALUE || length < MAGIC.length + 8) {
            throw new MalformedFileException(where, 0, "a checkpoint of " + length + " bytes; delete it to start anew");
        }
        byte[] content = Files.readAllBytes(file);
        ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        byte[] magic = new byte[MAGIC.length];
        bytes.get(magic);
        int version = bytes.getInt();
        if (!Arrays.equals(magic, MAGIC) || version != VERSION) {
            throw new MalformedFileException(where, 0, "not a training checkpoint of version " + VERSION
                    + "; delete it to start anew");
        }
        int count = bytes.getInt();
        if (count < 0 || count > bytes.remaining()) {
            throw new MalformedFileException(where, bytes.position() - 4, "a text of " + count + " bytes in a file of "
                    + length + "; delete it to start anew");
        }
        byte[] found = new byte[count];
        bytes.get(found);
        if (!Arrays.equals(found, words)) {
            throw new MalformedFileException(where, bytes.position() - count, "the checkpoint belongs to \""
                    + new String(found, StandardCharsets.UTF_8) + "\", training now is \"" + fingerprint
                    + "\"; use the same options or another file");
        }
        int notes = length < sizeBytes(count, 0, 0, 0) ? 0 : bytes.getInt(bytes.position() + 24);
        if (notes < 0 || notes > MAX_NOTES || length != sizeBytes(count, trained, parameters, notes)) {
            throw new MalformedFileException(where, length, "the file has " + length + " bytes, wanted "
                    + sizeBytes(count, trained, parameters, Math.clamp(notes, 0, MAX_NOTES))
                    + "; it was cut off, delete it to start anew");
        }
        CRC32C sum = new CRC32C();
        sum.update(content, 0, content.length - 4);
        if (bytes.getInt(content.length - 4) != (int) sum.getValue()) {
            throw new MalformedFileException(where, -1, "the checksum does not match; delete the file to start anew");
        }
        long steps = bytes.getLong();
        long nanos = bytes.getLong();
        if (bytes.getInt() != trained || bytes.getInt() != parameters) {
            throw new MalformedFileException(where, bytes.position() - 8, "numbers of another network, wanted "
                    + trained + " trained and " + parameters + " parameters; delete it to start anew");
        }
        bytes.getInt(); // the notes, counted above
        float[] numbers = floats(bytes, trained);
        float[] mean = floats(bytes, trained);
        float[] square = floats(bytes, trained);
        float[] average = floats(bytes, parameters);
        double[] values = new double[notes];
        for (int i = 0; i < notes; i++) {
            values[i] = bytes.getDouble();
        }
        return new Checkpoint(fingerprint, steps, nanos, numbers, mean, square, average, values);
    }

    private static float[] floats(ByteBuffer bytes, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = bytes.getFloat();
        }
        return values;
    }
}
