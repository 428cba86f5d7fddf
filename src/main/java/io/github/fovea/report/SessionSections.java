package io.github.fovea.report;

import io.github.fovea.adapt.OperatingPoint;
import io.github.fovea.adapt.PointLadder;
import io.github.fovea.pipeline.SessionLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// What happened in a session that kept a frame rate, as sections of a page: figures, frames in time, operating point,
/// load and quality second by second, and a table of the points.
public final class SessionSections {
    private SessionSections() {}

    /// A session to show.
    ///
    /// @param wantedRate  frames per second that were to be held
    /// @param ladder      the operating points
    /// @param counts      what happened in all
    /// @param timeline    what happened by second
    /// @param injected    busy threads of a load that was made on purpose, by second of the timeline; empty where there
    ///                    was none
    /// @param psnr        measured PSNR-Y of each frame in dB, in order; empty where the large video is not known
    public record Session(double wantedRate, PointLadder ladder, SessionLog.Counts counts,
            List<SessionLog.Second> timeline, List<Integer> injected, List<Double> psnr) {
        /// Copies the lists.
        public Session {
            timeline = List.copyOf(timeline);
            injected = List.copyOf(injected);
            psnr = List.copyOf(psnr);
        }
    }

    /// {@return the sections, in order}
    ///
    /// @param session the session
    public static List<Section> of(Session session) {
        List<Section> sections = new ArrayList<>();
        sections.add(facts(session));
        if (!session.timeline().isEmpty()) {
            sections.add(frames(session));
            sections.add(point(session));
            sections.add(new Section.Lines("Longest frame",
                    "From a frame's arrival to its end, by second; the deadline is one period of the frame rate.", "s",
                    "ms", List.of(line(session, "longest frame", second -> second.worstNanos() / 1e6),
                    line(session, "deadline", _ -> 1000 / session.wantedRate()))));
            sections.add(load(session));
            sections.add(quality(session));
        }
        sections.add(points(session));
        return sections;
    }

    private static String format(String form, Object... values) {
        return String.format(Locale.ROOT, form, values);
    }

    private static Section facts(Session session) {
        SessionLog.Counts counts = session.counts();
        long frames = Math.max(1, counts.frames());
        // A video file is enlarged faster than it plays; rules on switches are about seconds of the video.
        double seconds = Math.max(counts.elapsedNanos() / 1e9, frames / session.wantedRate());
        List<Section.Fact> facts = new ArrayList<>(List.of(
                new Section.Fact("frames", String.valueOf(counts.frames()), format("%.1f a second, %.4g wanted",
                        counts.framesPerSecond(), session.wantedRate())),
                new Section.Fact("in time", counts.frames() == 0 ? "-"
                        : format("%.2f %%", 100.0 * (counts.frames() - counts.late()) / frames),
                        counts.late() + " late"),
                new Section.Fact("rescued", String.valueOf(counts.rescued()),
                "by bicubic, since nothing else would have come in time"), new Section.Fact("switches",
                String.valueOf(counts.switches()), format("%.2f a second of the video",
                        counts.switches() / seconds)),
                new Section.Fact("a frame took", format("%.1f ms", counts.medianNanos() / 1e6),
                format("median; 99 %% %.1f ms",
                        counts.highNanos() / 1e6))));
        if (Double.isFinite(counts.meanPsnr())) {
            facts.add(new Section.Fact("expected quality", format("%.2f dB", counts.meanPsnr()),
                    "as the points were measured in training"));
        }
        if (counts.starved() > 0) {
            facts.add(new Section.Fact("starved", String.valueOf(counts.starved()),
                    "at bicubic, because memory was short"));
        }
        if (!session.psnr().isEmpty()) {
            facts.add(new Section.Fact("measured quality",
                    format("%.2f dB", session.psnr().stream().mapToDouble(d -> d).average()
                    .orElse(Double.NaN)), "mean PSNR-Y of the frames against the reference"));
        }
        return new Section.Facts("The session", facts);
    }

    private static Section.Line line(Session session, String name, ToDoubleFunction<SessionLog.Second> value) {
        return new Section.Line(name, session.timeline().stream().mapToDouble(SessionLog.Second::second).toArray(),
                session.timeline().stream().mapToDouble(value).toArray());
    }

    private static Section frames(Session session) {
        return new Section.Lines("Frames by second",
                "The last second may be a part of one. A video is enlarged as fast as the machine can where nothing "
                + "makes it wait.", "s", "frames", List.of(line(session, "frames", SessionLog.Second::frames),
                line(session, "late", SessionLog.Second::late), line(session, "wanted", _ -> session.wantedRate())));
    }

    private static Section point(Session session) {
        return new Section.Lines("Operating point",
                "Its number in the table below, at the end of each second; 0 is bicubic.", "s", "point",
                List.of(line(session, "point", second -> number(session.ladder(), second.point())),
                line(session, "bicubic", _ -> 0), line(session, "largest", _ -> session.ladder().size() - 1)));
    }

    private static double number(PointLadder ladder, String name) {
        for (int i = 0; i < ladder.size(); i++) {
            if (ladder.get(i).name().equals(name)) {
                return i;
            }
        }
        return Double.NaN;
    }

    private static Section load(Session session) {
        List<Section.Line> lines = new ArrayList<>();
        lines.add(line(session, "processors that other programs kept busy", SessionLog.Second::othersBusy));
        if (!session.injected().isEmpty()) {
            double[] x = new double[session.injected().size()];
            double[] y = new double[x.length];
            for (int i = 0; i < x.length; i++) {
                x[i] = i;
                y[i] = session.injected().get(i);
            }
            lines.add(new Section.Line("busy threads injected", x, y));
        }
        return new Section.Lines("Load", "", "s", "processors, threads", lines);
    }

    private static Section quality(Session session) {
        List<Section.Line> lines = new ArrayList<>();
        lines.add(line(session, "expected", SessionLog.Second::psnr));
        if (!session.psnr().isEmpty()) {
            double[] x = new double[session.timeline().size()];
            double[] y = new double[x.length];
            int begin = 0;
            for (int i = 0; i < x.length; i++) {
                x[i] = session.timeline().get(i).second();
                int end = Math.min(session.psnr().size(), begin + session.timeline().get(i).frames());
                y[i] = session.psnr().subList(begin, end).stream().mapToDouble(d -> d).average().orElse(Double.NaN);
                begin = end;
            }
            lines.add(new Section.Line("measured against the reference", x, y));
        }
        return new Section.Lines("Quality",
                "PSNR-Y, mean of the frames of each second. What is expected was measured on other material; its "
                + "differences tell, not its height.", "s", "dB", lines);
    }

    private static Section points(Session session) {
        List<List<String>> rows = new ArrayList<>();
        PointLadder ladder = session.ladder();
        long frames = Math.max(1, session.counts().frames());
        for (int i = 0; i < ladder.size(); i++) {
            OperatingPoint point = ladder.get(i);
            long count = session.counts().framesByPoint().getOrDefault(point.name(), 0L);
            rows.add(List.of(i + " " + point.name(), format("%.2f", point.predictedNanos() / 1e6),
                    format("%,d", point.macsPerPixel()), format("%.2f", point.psnr()), String.valueOf(count),
                    format("%.1f %%", 100.0 * count / frames)));
        }
        return new Section.Table("Operating points", "Times as measured on this machine before the first frame.",
                List.of("point", "ms", "MACs per LR pixel", "expected dB", "frames", "share"), rows);
    }
}
