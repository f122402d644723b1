using System.Text.Json;
using System.Text.Json.Serialization;

namespace FollowUp.Workflows.Contracts;

/// <summary>
/// Tells a session's orchestration that the truth in the store has changed. What it means is read from the store, so that a signal which is
/// lost or comes twice does no harm.
/// </summary>
/// <param name="What">What happened, for a reader of the history: changed, cancelled, consent and so on.</param>
[JsonConverter(typeof(TolerantReader))]
public sealed record Signal(string? What = null)
{
    /// <summary>A payload that cannot be read fails an instance beyond any catch, so every JSON there is reads as a signal.</summary>
    private sealed class TolerantReader : JsonConverter<Signal>
    {
        public override Signal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty(nameof(What), out var what) && what.ValueKind == JsonValueKind.String
                    ? new Signal(what.GetString())
                    : new Signal();
        }

        public override void Write(Utf8JsonWriter writer, Signal value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            writer.WriteString(nameof(What), value.What);
            writer.WriteEndObject();
        }
    }
}
