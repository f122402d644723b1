using System.Text.Json.Serialization;

namespace FollowUp.EndToEnd.Tests.Support;

/// <summary>A session as the API tells it.</summary>
internal sealed record SessionAnswer(string Session, string InstanceId, string State, NextAnswer? Next, IReadOnlyList<StepAnswer> Timeline)
{
    public bool HasEnded => State is "completed" or "cancelled" or "opted-out" or "failed";
}

internal sealed record NextAnswer(string Step, DateTimeOffset DueAt);

internal sealed record StepAnswer(
    string Step,
    string Kind,
    DateTimeOffset DueAt,
    string State,
    string? Reason,
    string? Text,
    string? MessageSid,
    DateTimeOffset? SentAt,
    DateTimeOffset? DeliveredAt);

/// <summary>A text as Twilio's list tells it.</summary>
internal sealed record TwilioText(
    [property: JsonPropertyName("sid")] string Sid,
    [property: JsonPropertyName("to")] string To,
    [property: JsonPropertyName("body")] string Body,
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("direction")] string Direction = "outbound-api");
