package io.github.fovea.media;

import io.github.fovea.error.MalformedFileException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a video file holds, as ffprobe tells.
///
/// @param file            the file
/// @param container       ffmpeg's names of the container
/// @param tags            what the file says of itself in words, by its own names
/// @param startSeconds    time at which the file starts
/// @param durationSeconds length of the file, or -1
/// @param streams         its streams
/// @param chapters        number of chapters
/// @param video           the video stream to upscale: the first that is no cover picture
/// @param frameRate       frames per second of that stream; the average where the rate is variable
/// @param variableRate    whether its frames are not evenly spaced in time
/// @param frameCount      frames of that stream that the file holds, or -1 where unknown
/// @param promisedFrames  frames that its header promises, more than `frameCount` where the file is cut off; -1 where
///                        unknown
/// @param fieldOrder      progressive or interlaced, as the first frame says
/// @param mastering       what HDR10 says of the display, as the first frame says
public record VideoProbe(Path file, String container, Map<String, String> tags, double startSeconds,
                         double durationSeconds, List<MediaStream> streams, int chapters, MediaStream video, Ratio frameRate,
                         boolean variableRate, long frameCount, long promisedFrames,
                         FieldOrder fieldOrder, MasteringMetadata mastering) {
    private static final List<Ratio> USUAL_RATES = List.of(new Ratio(24000, 1001), new Ratio(24, 1), new Ratio(25, 1),
            new Ratio(30000, 1001), new Ratio(30, 1), new Ratio(48, 1), new Ratio(50, 1), new Ratio(60000, 1001),
            new Ratio(60, 1), new Ratio(100, 1), new Ratio(120000, 1001), new Ratio(120, 1), new Ratio(12, 1),
            new Ratio(15, 1), new Ratio(10, 1));

    private static final double LEAST_OFFSET = 0.0005;
    /// PQ and HLG.
    private static final Set<String> HDR_TRANSFERS = Set.of("smpte2084", "arib-std-b67");

    /// Those that tell a player which streams to show; all of them are known to ffmpeg 4 already.
    private static final List<String> DISPOSITIONS = List.of("default", "dub", "original", "comment", "lyrics",
            "karaoke", "forced", "hearing_impaired", "visual_impaired", "clean_effects");

    /// Copies list and tags.
    public VideoProbe {
        tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
        streams = List.copyOf(streams);
    }

    /// {@return the time that studios count from the first frame on, `01:00:00:00` say; empty where none is stated}
    String timecode() {
        // QuickTime has a track of its own for it, which ffmpeg finds for the video where the two are linked.
        return Stream.concat(Stream.of(video), streams.stream().filter(stream -> stream.type().equals("data")))
                .map(stream -> stream.tag("timecode")).filter(code -> !code.isEmpty()).findFirst().orElse("");
    }

    /// {@return seconds by which the picture starts after what starts first, mostly the sound; 0 where it is too little to
    /// be written down}
    double pictureOffset() {
        double offset = video.startSeconds() - startSeconds;
        return offset > LEAST_OFFSET ? offset : 0;
    }

    /// Asks ffprobe. The time stamps of all packets are read (not decoded) to tell whether the rate is variable,
    /// because headers do not tell; so the file is read once from end to end.
    ///
    /// @param tools the programs
    /// @param file  the file
    /// @return what it holds
    /// @throws MalformedFileException if ffprobe cannot make sense of the file or there is no video in it
    /// @throws IOException            if the file cannot be read
    public static VideoProbe read(FfmpegTools tools, Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString(), null, "no such file");
        }
        if (Files.isDirectory(file)) {
            throw new IOException(file + ": is a folder, wanted a video file");
        }
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + ": is a pipe or a device, and a video is read more than once; save it to a "
                    + "file first, or give .y4m to fovea upscale -");
        }
        FileNames.check(file);
        if (Files.size(file) == 0) {
            throw new MalformedFileException(file.toString(), 0, "the file is empty, wanted a video");
        }
        Map<String, Object> root;
        try (ChildProcess child = ChildProcess.start(List.of(tools.ffprobe().toString(), "-v", "error",
                "-protocol_whitelist", "file", "-show_streams", "-show_format", "-show_chapters", "-of", "json", "-i",
                FfmpegTools.url(file)))) {
            child.stdin().close();
            byte[] json = answer(child, file);
            if (child.waitFor() != 0) {
                throw new MalformedFileException(file.toString(), -1, "not a video that ffmpeg can read, or cut off: "
                        + FfmpegErrors.brief(withoutName(child.errors(), file)) + "; the file begins with "
                        + FileStart.shown(file));
            }
            root = ProbeFields.parse(json, file + ": what ffprobe says");
        }
        Map<String, Object> format = ProbeFields.child(root, "format");
        List<MediaStream> streams = new ArrayList<>();
        for (Map<String, Object> stream : ProbeFields.children(root, "streams")) {
            streams.add(stream(stream));
        }
        String container = ProbeFields.text(format, "format_name");
        // ffmpeg plays any text as a terminal's output, if the name ends so.
        MediaStream video = streams.stream().filter(s -> s.type().equals("video") && !s.attachedPicture()).findFirst()
                .filter(s -> s.width() > 0 && s.height() > 0 && !container.equals("tty"))
                .orElseThrow(() -> new MalformedFileException(file.toString(), -1, "no video stream in the file ("
                + container
                        + " with " + streams.size() + " streams)"));
        boolean interlaced = !video.fieldOrder().isEmpty() && !video.fieldOrder().equals("progressive");
        boolean hdr = HDR_TRANSFERS.contains(video.colorTransfer());
        Map<String, Object> first = interlaced || hdr ? firstFrame(tools, file, video) : Map.of();
        FieldOrder fields = interlaced ? fields(first)
                : video.fieldOrder().isEmpty() ? FieldOrder.UNSPECIFIED : FieldOrder.PROGRESSIVE;
        Rate rate = rate(tools, file, video);
        return new VideoProbe(file, container, ProbeFields.texts(format, "tags"),
                ProbeFields.decimal(format, "start_time", 0), ProbeFields.decimal(format, "duration", -1), streams, ProbeFields.children(root, "chapters").size(),
                video, rate.ratio, rate.variable, rate.frames,
                promisedFrames(format, video, rate), fields, MasteringMetadata.of(first));
    }

    /// What ffprobe says. More than the limit is refused here: nobody would read the rest, and it would wait for ever.
    private static byte[] answer(ChildProcess child, Path file) throws IOException {
        byte[] json = child.stdout().readNBytes(ProbeFields.MAX_BYTES);
        if (json.length == ProbeFields.MAX_BYTES) {
            throw new MalformedFileException(file.toString(), -1, "ffprobe says more about it than the "
                    + (ProbeFields.MAX_BYTES >> 20) + " MB that are read; bring it to another container without its tags "
                    + "(ffmpeg -i FILE -map 0:v -map 0:a? -map_metadata -1 -c copy NEW.mkv)");
        }
        return json;
    }

    private static long promisedFrames(Map<String, Object> format, MediaStream video, Rate rate) {
        if (video.frameCount() >= 0) {
            return Math.max(rate.frames, video.frameCount() - rate.hidden);
        }
        if (rate.variable && !rate.complained) {
            // Times rate is no count of frames that come now and then, and ffprobe complains of a file that breaks off.
            return rate.frames;
        }
        double seconds = video.durationSeconds() >= 0 ? video.durationSeconds() : ProbeFields.decimal(format,
                "duration", -1);
        return Math.max(rate.frames, seconds < 0 ? -1 : (long) (seconds * rate.ratio.value()));
    }

    static String withoutName(String message, Path file) {
        return message.replace(FfmpegTools.url(file) + ": ", "");
    }

    private static MediaStream stream(Map<String, Object> map) {
        Map<String, Object> disposition = ProbeFields.child(map, "disposition");
        int rotation = 0;
        for (Map<String, Object> side : ProbeFields.children(map, "side_data_list")) {
            // ffprobe states degrees anticlockwise.
            double degrees = -ProbeFields.decimal(side, "rotation", 0);
            long quarters = Math.round(degrees / 90);
            // By other angles ffmpeg turns a picture within its own width and height.
            if (Math.floorMod(quarters, 4) != 0 && Math.abs(degrees - quarters * 90) < 1) {
                rotation = Math.floorMod(quarters, 4) * 90;
            }
        }
        return new MediaStream((int) ProbeFields.number(map, "index", 0), ProbeFields.text(map, "codec_type"),
                ProbeFields.text(map, "codec_name"), ProbeFields.text(map, "codec_tag_string"),
                (int) ProbeFields.number(map, "width", 0),
                (int) ProbeFields.number(map, "height", 0), ProbeFields.text(map, "pix_fmt"), known(map, "color_range"),
                known(map, "color_space"), known(map, "color_transfer"), known(map, "color_primaries"),
                known(map, "chroma_location"), known(map, "field_order"),
                Ratio.parse(ProbeFields.text(map, "sample_aspect_ratio")).orElse(Ratio.UNKNOWN),
                Ratio.parse(ProbeFields.text(map, "r_frame_rate")).orElse(Ratio.UNKNOWN),
                Ratio.parse(ProbeFields.text(map, "avg_frame_rate")).orElse(Ratio.UNKNOWN),
                Ratio.parse(ProbeFields.text(map, "time_base")).orElse(Ratio.UNKNOWN),
                ProbeFields.number(map, "nb_frames", -1), ProbeFields.decimal(map, "start_time", 0),
                ProbeFields.decimal(map, "duration", -1), rotation, ProbeFields.number(disposition, "attached_pic",
                0) == 1, disposition(disposition), ProbeFields.texts(map, "tags"));
    }

    private static String disposition(Map<String, Object> flags) {
        String set = DISPOSITIONS.stream().filter(name -> ProbeFields.number(flags, name, 0) == 1)
                .collect(Collectors.joining("+"));
        return set.isEmpty() ? "0" : set;
    }

    private static String known(Map<String, Object> map, String name) {
        String text = ProbeFields.text(map, name);
        return text.equals("unknown") || text.equals("unspecified") || text.equals("reserved") ? "" : text;
    }

    /// What ffprobe says of the first decoded frame; empty where there is none.
    private static Map<String, Object> firstFrame(FfmpegTools tools, Path file, MediaStream video)
            throws IOException {
        try (ChildProcess child = ChildProcess.start(List.of(tools.ffprobe().toString(), "-v", "error",
                "-protocol_whitelist", "file", "-select_streams", String.format(Locale.ROOT, "%d", video.index()),
                "-read_intervals", "%+#1", "-show_entries",
                "frame=interlaced_frame,top_field_first:frame_side_data", "-of", "json", "-i",
                FfmpegTools.url(file)))) {
            child.stdin().close();
            byte[] json = answer(child, file);
            List<Map<String, Object>> frames = child.waitFor() != 0 ? List.of()
                    : ProbeFields.children(ProbeFields.parse(json, file + ": what ffprobe says"), "frames");
            return frames.isEmpty() ? Map.of() : frames.getFirst();
        }
    }

    /// Containers and ffmpeg disagree on what their two-letter field orders mean; decoded frames are clear.
    private static FieldOrder fields(Map<String, Object> frame) {
        return frame.isEmpty() ? FieldOrder.UNSPECIFIED
                : ProbeFields.number(frame, "interlaced_frame", 0) == 0 ? FieldOrder.PROGRESSIVE
                : ProbeFields.number(frame, "top_field_first", 0) == 1 ? FieldOrder.TOP_FIRST
                : FieldOrder.BOTTOM_FIRST;
    }

    /// Even or not, how many packets are shown and hidden, and whether ffprobe complained of them.
    private record Rate(Ratio ratio, boolean variable, long frames, long hidden, boolean complained) {
    }

    private static Rate rate(FfmpegTools tools, Path file, MediaStream video) throws IOException {
        Ratio average = video.averageRate();
        Ratio base = video.baseRate();
        // The header is not enough: Matroska states one frame duration for videos of variable rate, too.
        Stamps found = stamps(tools, file, video);
        long[] stamps = found.shown;
        if (stamps.length < 2 || !video.timeBase().isKnown()) {
            Ratio any = average.isKnown() ? average : base.isKnown() ? base : new Ratio(25, 1);
            return new Rate(any, false, found.packets, found.hidden, found.complained);
        }
        List<Ratio> candidates = new ArrayList<>(USUAL_RATES);
        candidates.addAll(0, List.of(average, base));
        for (Ratio candidate : candidates) {
            if (candidate.isKnown() && isEven(stamps, video.timeBase(), candidate)) {
                return new Rate(candidate, false, found.packets, found.hidden, found.complained);
            }
        }
        double seconds = (stamps[stamps.length - 1] - stamps[0]) * video.timeBase().value();
        // Where the container does not count frames, the header's average is what one frame's length would give.
        Ratio measured = average.isKnown() && (video.frameCount() >= 0 || seconds <= 0) ? average
                : new Ratio(Math.clamp(Math.round((stamps.length - 1) / seconds * 1000), 1, Integer.MAX_VALUE), 1000);
        return new Rate(measured, true, found.packets, found.hidden, found.complained);
    }

    private static boolean isEven(long[] stamps, Ratio timeBase, Ratio rate) {
        double tick = timeBase.value();
        for (int i = 0; i < stamps.length; i++) {
            // Containers round each time stamp to a tick; two neighbours may be rounded different ways.
            if (Math.abs((stamps[i] - stamps[0]) * tick - i / rate.value()) > 1.01 * tick) {
                return false;
            }
        }
        return true;
    }

    /// Sorted time stamps, none where a packet has none; shown packets; packets hidden by an edit list; whether ffprobe complained.
    private record Stamps(long[] shown, long packets, long hidden, boolean complained) {
    }

    private static Stamps stamps(FfmpegTools tools, Path file, MediaStream video) throws IOException {
        try (ChildProcess child = ChildProcess.start(List.of(tools.ffprobe().toString(), "-v", "error",
                "-protocol_whitelist", "file", "-select_streams", String.format(Locale.ROOT, "%d", video.index()),
                "-show_entries", "packet=pts,flags", "-of", "csv=p=0", "-i", FfmpegTools.url(file)))) {
            child.stdin().close();
            long[] stamps = new long[1024];
            int count = 0;
            long hidden = 0;
            boolean missing = false;
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(child.stdout(),
                    StandardCharsets.UTF_8))) {
                String line;
                while ((line = reader.readLine()) != null) {
                    int comma = line.indexOf(',');
                    String text = (comma < 0 ? line : line.substring(0, comma)).strip();
                    // Flag D: cut away by an edit list, so never shown.
                    if (text.isEmpty()) {
                        continue;
                    }
                    if (comma >= 0 && line.indexOf('D', comma) >= 0) {
                        hidden++;
                        continue;
                    }
                    if (count == stamps.length) {
                        stamps = Arrays.copyOf(stamps, 2 * count);
                    }
                    try {
                        stamps[count++] = Long.parseLong(text);
                    } catch (NumberFormatException e) {
                        // "N/A": raw streams carry no time.
                        missing = true;
                    }
                }
            }
            if (child.waitFor() != 0) {
                throw new MalformedFileException(file.toString(), -1, "its packets cannot be read: "
                        + FfmpegErrors.brief(withoutName(child.errors(), file)));
            }
            stamps = Arrays.copyOf(stamps, missing ? 0 : count);
            Arrays.sort(stamps);
            return new Stamps(stamps, count, hidden, !child.errors().isEmpty());
        }
    }
}
