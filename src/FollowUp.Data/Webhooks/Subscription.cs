using System.Text.Json;

namespace FollowUp.Data.Webhooks;

/// <summary>What a clinic's own systems can be told; spelled in kebab case in JSON and in the store.</summary>
public enum ClinicEventKind
{
    /// <summary>Twilio has taken a text.</summary>
    Sent,
    Delivered,

    /// <summary>A text was refused or not delivered.</summary>
    Failed,

    /// <summary>A text of a patient has come in.</summary>
    Replied,

    /// <summary>A later session of the same plan has been booked.</summary>
    Rebooked,

    /// <summary>A patient's words may mean trouble.</summary>
    RedFlag,
    OptedOut,

    /// <summary>A session was called off.</summary>
    Cancelled,

    /// <summary>A session's texts are done.</summary>
    Completed,
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
