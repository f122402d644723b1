using System.Text.Json;

namespace FollowUp.Data.Webhooks;

/// <summary>What a clinic's own systems can be told; spelled in kebab case in JSON and in the store.</summary>
public enum ClinicEventKind
{
    /// <summary>Twilio has taken a text to a patient.</summary>
    Sent,
    Delivered,

    /// <summary>A text to a patient was refused or not delivered.</summary>
    Failed,

    /// <summary>A patient has written.</summary>
    Replied,

    /// <summary>A later session of the same patient and plan has been booked.</summary>
    Rebooked,

    /// <summary>A session was called off, by the patient's answer or by the clinic.</summary>
    Cancelled,

    /// <summary>What somebody has written may be about a symptom.</summary>
    RedFlag,

    /// <summary>A patient has said no to texts.</summary>
    OptedOut,
}

/// <summary>A web address of a clinic, and which events it gets.</summary>
/// <param name="Url">Absolute.</param>
/// <param name="Events">Not empty, each once.</param>
public sealed record Subscription(string Url, IReadOnlyList<ClinicEventKind> Events)
{
    internal static string Write(IReadOnlyList<Subscription> subscriptions) => JsonSerializer.Serialize(
        subscriptions.Select(subscription => new Stored(subscription.Url, [.. subscription.Events.Select(EnumText.Of)])), JsonSerializerOptions.Web);

    internal static IReadOnlyList<Subscription> Read(string text) =>
        [.. JsonSerializer.Deserialize<IReadOnlyList<Stored>>(text, JsonSerializerOptions.Web)!
            .Select(stored => new Subscription(stored.Url, [.. stored.Events.Select(EnumText.Parse<ClinicEventKind>)]))];

    /// <summary>Outlives the code that wrote it: members are added if need be, never renamed or removed.</summary>
    private sealed record Stored(string Url, IReadOnlyList<string> Events);
}
