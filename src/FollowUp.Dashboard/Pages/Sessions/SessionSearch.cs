using FollowUp.Core.Contacts;
using FollowUp.Dashboard.Words;
using FollowUp.Data;
using FollowUp.Data.Sessions.Lists;
using NodaTime;
using NodaTime.Text;

namespace FollowUp.Dashboard.Pages.Sessions;

/// <summary>What to search sessions for.</summary>
/// <param name="Text">The beginning of a name or id, or the end of a number.</param>
/// <param name="DueBefore">On the clinic's calendar.</param>
public sealed record SessionSearch(string? Text, SessionState? State, string? Plan, string? Step, LocalDate? DueBefore, SessionOrder Order)
{
    /// <summary>The fields whose values make no sense. A list may leave them out; whatever acts on the list must not.</summary>
    public IReadOnlyList<string> Unread { get; init; } = [];

    public bool IsEmpty => this is { Text: null, State: null, Plan: null, Step: null, DueBefore: null };

    /// <summary>Everything but what was typed to find somebody.</summary>
    internal static SessionSearch Read(Func<string, string?> value)
    {
        List<string> unread = [];
        return new SessionSearch(
            null,
            Parse("state", text => EnumText.TryParse<SessionState>(text, out var state) ? state : (SessionState?)null),
            Parse("plan", text => Identifier.IsValid(text) ? text : null),
            Parse("step", text => Identifier.IsValid(text) ? text : null),
            Parse("due-before", text => LocalDatePattern.Iso.Parse(text) is { Success: true, Value: var date } ? date : (LocalDate?)null),
            Parse("sort", text => EnumText.TryParse<SessionOrder>(text, out var order) ? order : (SessionOrder?)null) ?? SessionOrder.DueSoonestFirst)
        {
            Unread = unread,
        };

        T? Parse<T>(string field, Func<string, T?> parse)
        {
            if (value(field) is not { } text)
            {
                return default;
            }

            var parsed = parse(text);
            if (parsed is null)
            {
                unread.Add(field);
            }

            return parsed;
        }
    }

    internal SessionFilter ToFilter(ClinicTime time) => new()
    {
        Search = Text,
        States = State is { } state ? new HashSet<SessionState> { state } : [],
        Plan = Plan,
        Step = Step,
        DueBefore = DueBefore is { } date ? time.StartOf(date) : null,
    };

    /// <param name="token">What is searched for, sealed.</param>
    internal string Address(string page, string? token)
    {
        var query = string.Join('&', Fields(token).Select(field => $"{field.Name}={Uri.EscapeDataString(field.Value)}"));
        return query.Length == 0 ? page : $"{page}?{query}";
    }

    /// <summary>What <see cref="Read"/> reads, of those that say something.</summary>
    internal IEnumerable<(string Name, string Value)> Fields(string? token) =>
        new (string Name, string? Value)[]
        {
            ("find", token),
            ("state", State is { } state ? EnumText.Of(state) : null),
            ("plan", Plan),
            ("step", Step),
            ("due-before", DueBefore is { } date ? LocalDatePattern.Iso.Format(date) : null),
            ("sort", Order == SessionOrder.DueSoonestFirst ? null : EnumText.Of(Order)),
        }.Where(pair => pair.Value is not null).Select(pair => (pair.Name, pair.Value!));
}
