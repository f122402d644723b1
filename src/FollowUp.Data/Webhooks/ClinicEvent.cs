using System.Globalization;
using NodaTime;

namespace FollowUp.Data.Webhooks;

/// <summary>Something that a clinic's own systems may want to know: ids and states, never a name, a number or words.</summary>
/// <param name="Clinic">Whose event it is.</param>
/// <param name="Key">What makes it one of its kind, of ids: the same thing is the same event, for every address and at every try.</param>
internal sealed record ClinicEvent(ClinicEventKind Kind, string Clinic, string Key)
{
    public string? Patient { get; init; }
    public string? Session { get; init; }

    /// <summary>The session before, for <see cref="ClinicEventKind.Rebooked"/>.</summary>
    public string? EarlierSession { get; init; }
    public string? Step { get; init; }

    /// <summary>What a text is for.</summary>
    public string? TextKind { get; init; }

    /// <summary>Twilio's SID of the text.</summary>
    public string? Message { get; init; }
    public int? ErrorCode { get; init; }

    public string Id => $"{Clinic}.{EnumText.Of(Kind)}.{Key}";

    /// <param name="sequence">Its place among the events of the address: a receiver that misses one has missed something.</param>
    public CloudEvent ToCloudEvent(long sequence, Instant at) => new()
    {
        Id = Id,
        Source = $"/clinics/{Clinic}",
        Type = $"followup.{EnumText.Of(Kind)}",
        Time = at,
        Subject = Session is not null ? $"sessions/{Session}" : Patient is not null ? $"patients/{Patient}" : null,
        Sequence = sequence.ToString("D12", CultureInfo.InvariantCulture),
        Data = new { Patient, Session, EarlierSession, Step, kind = TextKind, Message, ErrorCode },
    };
}
