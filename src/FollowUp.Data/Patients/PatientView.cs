using FollowUp.Data.Concurrency;
using FollowUp.Data.Planning;
using FollowUp.Data.Rows;
using NodaTime;

namespace FollowUp.Data.Patients;

/// <summary>A patient as clients see them.</summary>
public sealed record PatientView
{
    public required string Clinic { get; init; }
    public required string Id { get; init; }
    public required string FirstName { get; init; }

    /// <summary>E.164.</summary>
    public required string Phone { get; init; }
    public required string Language { get; init; }
    public required string TimeZone { get; init; }
    public required bool EssentialsOnly { get; init; }

    /// <summary>What the patient agrees to now. Empty after an opt-out.</summary>
    public required IReadOnlyList<ConsentKind> Consents { get; init; }

    /// <summary>No planned text goes to the patient: they, or somebody on their number, said so.</summary>
    public required bool OptedOut { get; init; }

    /// <summary>The carrier cannot deliver texts to the number.</summary>
    public required bool Unreachable { get; init; }

    /// <summary>Somebody has answered that the number is theirs and not the patient's.</summary>
    public required bool WrongNumber { get; init; }

    /// <summary>Every word on consents, oldest first.</summary>
    public required IReadOnlyList<ConsentView> ConsentHistory { get; init; }

    /// <summary>Names this state of the patient, see <see cref="Precondition"/>. It changes with everything that is shown of them.</summary>
    public string Tag => EntityTag.Of(string.Join(
        '\n',
        [
            Clinic, Id, FirstName, Phone, Language, TimeZone, $"{EssentialsOnly} {OptedOut} {Unreachable} {WrongNumber}",
            .. ConsentHistory.Select(entry => $"{entry.Kind} {entry.Granted} {entry.Source} {entry.At.ToUnixTimeTicks()} {entry.Method} {entry.Evidence} {entry.Wording}"),
        ]));

    /// <summary>The ids alone.</summary>
    public override string ToString() => $"{Clinic}:{Id}";

    internal static PatientView Of(PatientRow row, IEnumerable<ConsentRow> history, IReadOnlySet<NumberMark> marks)
    {
        var entries = history.OrderBy(entry => entry.Id).ToList();
        var state = ConsentState.Of(entries);
        var optedOut = state.OptedOut || marks.Contains(NumberMark.OptedOut);
        return new PatientView
        {
            Clinic = row.ClinicId,
            Id = row.Id,
            FirstName = row.FirstName,
            Phone = row.Phone,
            Language = row.Language,
            TimeZone = row.TimeZone,
            EssentialsOnly = row.EssentialsOnly,
            Consents = optedOut ? [] : [.. Enum.GetValues<ConsentKind>().Where(kind => state.Entry(kind)?.Granted == true)],
            OptedOut = optedOut,
            Unreachable = marks.Contains(NumberMark.Unreachable),
            WrongNumber = marks.Contains(NumberMark.WrongNumber),
            ConsentHistory = [.. entries.Select(ConsentView.Of)],
        };
    }
}

/// <summary>One word on one consent.</summary>
/// <param name="Evidence">What it is known from: the SID of a text, the carrier's code, or staff's own words.</param>
/// <param name="Method">How it was given.</param>
/// <param name="Wording">What the patient was shown.</param>
public sealed record ConsentView(
    ConsentKind Kind, bool Granted, ConsentSource Source, string? Method, string? Wording, string? Evidence, Instant At)
{
    internal static ConsentView Of(ConsentRow row) =>
        new(row.Kind, row.Granted, row.Source, row.Method, row.Wording, row.Evidence, row.At);
}
