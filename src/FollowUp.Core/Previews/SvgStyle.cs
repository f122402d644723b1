namespace FollowUp.Core.Previews;

/// <summary>The looks of the picture: one palette for light and one for dark, each readable on its page (WCAG AA, 4.5 to 1 for words).</summary>
internal static class SvgStyle
{
    public const string Css = """

        .course-timeline { --page: #ffffff; --ink: #1c2430; --soft: #566172; --rule: #d9dee6; --band: #e8f0e4; --on-mark: #ffffff; --visit: #1c2430; --on-visit: #ffffff;
          --preparation: #2f62b5; --reminder: #6f4bb0; --aftercare: #12775a; --check-in: #0f7286; --rebooking: #b04d0c; --results: #76660a; --maintenance: #a82c66;
          font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; font-size: 13px; }
        @media (prefers-color-scheme: dark) {
          .course-timeline { --page: #14181f; --ink: #e8ecf2; --soft: #a3adbb; --rule: #343c48; --band: #26352b; --on-mark: #10141a; --visit: #e8ecf2; --on-visit: #14181f;
            --preparation: #8ab4ff; --reminder: #c0a3ff; --aftercare: #5fd3ad; --check-in: #62cfe4; --rebooking: #ffab70; --results: #dccb5c; --maintenance: #ff93c2; } }
        .course-timeline .page { fill: var(--page); }
        .course-timeline .heading { fill: var(--ink); font-size: 19px; font-weight: 600; }
        .course-timeline .note, .course-timeline .tick, .course-timeline .legend { fill: var(--soft); }
        .course-timeline .tick { font-size: 12px; }
        .course-timeline .kind { fill: var(--mark); font-weight: 600; text-anchor: end; }
        .course-timeline .window { fill: var(--band); }
        .course-timeline .month, .course-timeline .lane { stroke: var(--rule); stroke-width: 1; }
        .course-timeline .month { stroke-dasharray: 2 4; }
        .course-timeline .axis { stroke: var(--soft); stroke-width: 1; }
        .course-timeline .visit-line { stroke: var(--visit); stroke-width: 1.5; opacity: .55; }
        .course-timeline .visit { fill: var(--visit); }
        .course-timeline .visit-number { fill: var(--on-visit); font-size: 14px; font-weight: 600; text-anchor: middle; }
        .course-timeline .visit-date { fill: var(--ink); text-anchor: middle; }
        .course-timeline .sent { fill: var(--mark); stroke: var(--page); stroke-width: 1.5; }
        .course-timeline .dropped { fill: var(--page); stroke: var(--mark); stroke-width: 1.5; stroke-dasharray: 3 2; }
        .course-timeline .count { fill: var(--on-mark); font-size: 11px; font-weight: 600; text-anchor: middle; }
        .course-timeline .count-dropped { fill: var(--mark); font-size: 11px; font-weight: 600; text-anchor: middle; }
        .course-timeline .legend-mark { --mark: var(--soft); }
        .course-timeline .preparation { --mark: var(--preparation); }
        .course-timeline .reminder { --mark: var(--reminder); }
        .course-timeline .aftercare { --mark: var(--aftercare); }
        .course-timeline .check-in { --mark: var(--check-in); }
        .course-timeline .rebooking { --mark: var(--rebooking); }
        .course-timeline .results { --mark: var(--results); }
        .course-timeline .maintenance { --mark: var(--maintenance); }

        """;
}
