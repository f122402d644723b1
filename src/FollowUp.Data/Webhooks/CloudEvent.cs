using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using NodaTime;

namespace FollowUp.Data.Webhooks;

/// <summary>An event in the structured JSON form of CloudEvents 1.0 (github.com/cloudevents/spec).</summary>
internal sealed record CloudEvent
{
    public const string MediaType = "application/cloudevents+json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.Default,
    };

    /// <summary>Unique with <see cref="Source"/>: a receiver that has seen it drops it.</summary>
    public required string Id { get; init; }
    public required string Source { get; init; }
    public required string Type { get; init; }
    public required Instant Time { get; init; }
    public string? Subject { get; init; }

    /// <summary>CloudEvents' own extension of this name: a later event of the source has one that sorts behind it.</summary>
    public string? Sequence { get; init; }

    /// <summary>Ids only.</summary>
    public required object Data { get; init; }

    public string ToJson() => JsonSerializer.Serialize(
        new { specversion = "1.0", Id, Source, Type, time = Time.ToString(), Subject, Sequence, datacontenttype = "application/json", Data }, Json);
}
