using System.Text.Json;
using System.Text.Json.Serialization;
using FollowUp.Data.Context;
using FollowUp.Data.Sessions.Lists;

namespace FollowUp.Data.Bulk;

/// <summary>A filter as it is kept with a command, for the reader: what was searched for may be a name or a number, and is left out.</summary>
internal static class BulkFilterText
{
    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static string Write(SessionFilter filter) => JsonSerializer.Serialize(
        new
        {
            state = filter.States.Order().Select(EnumText.Of),
            filter.Plan,
            filter.Step,
            dueBefore = filter.DueBefore is { } before ? StoreText.Instant.Format(before) : null,
            searched = filter.Search is null ? (bool?)null : true,
        },
        s_options);
}
